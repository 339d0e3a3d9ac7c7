"""What a container image is built of: all that is copied is handed to the builder, and no more."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def copied() -> set[str]:
    """What the Dockerfile copies from the folder that the image is built in."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    copies = [line.split()[1:-1] for line in lines if line.startswith("COPY ")]
    return {name for names in copies if not names[0].startswith("--from=") for name in names}


def handed() -> set[str]:
    """What the builder is given; all else is ignored."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    return {line[1:] for line in rules if line.startswith("!")}


def test_the_builder_is_given_what_is_copied() -> None:
    assert copied() == handed()
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_what_the_wheel_is_made_of_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        wheel["hooks"]["custom"]["path"],
        project["project"]["readme"],
        *project["project"]["license-files"],
        Path(project["tool"]["hatch"]["version"]["path"]).parts[0],
    }
    assert needed <= copied()
