"""`dateline init`, in the tree and as a wheel installs it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.i18n import languages

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "config.example.toml").read_bytes()

pytestmark = pytest.mark.process


def dateline(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=folder,
        env={**os.environ, "DATELINE_CONFIG": "", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_it_writes_the_example_where_the_configuration_is_looked_for(tmp_path: Path) -> None:
    made = dateline(tmp_path, "init")
    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "config.toml").read_bytes() == EXAMPLE
    assert "dateline check " in made.stdout
    assert dateline(tmp_path, "check").returncode == 0


def test_it_goes_to_the_path_that_is_named_and_the_next_commands_name_it_too(
    tmp_path: Path,
) -> None:
    made = dateline(tmp_path, "init", "news.toml")
    assert (tmp_path / "news.toml").read_bytes() == EXAMPLE
    assert "dateline --config news.toml check " in made.stdout
    assert not (tmp_path / "config.toml").exists()


def test_it_goes_to_where_the_environment_says_that_the_configuration_is(tmp_path: Path) -> None:
    made = dateline(tmp_path, "init", DATELINE_CONFIG="other.toml")
    assert made.stdout.startswith("other.toml: written")
    assert (tmp_path / "other.toml").read_bytes() == EXAMPLE


@pytest.mark.parametrize("dangling", [False, True])
def test_it_never_overwrites(tmp_path: Path, *, dangling: bool) -> None:
    config = tmp_path / "config.toml"
    if dangling:
        config.symlink_to("mounted-later.toml")
    else:
        config.write_text("mine", "utf-8")
    refused = dateline(tmp_path, "init")
    assert refused.returncode == 3
    assert refused.stderr == "dateline: config.toml: exists already, and was not changed\n"
    assert config.is_symlink() if dangling else config.read_text("utf-8") == "mine"


def test_a_folder_that_does_not_exist_is_an_error_in_one_line(tmp_path: Path) -> None:
    refused = dateline(tmp_path, "init", "nowhere/config.toml")
    assert refused.returncode == 3
    assert refused.stderr.startswith("dateline: nowhere/config.toml: could not be written: ")
    assert refused.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's files as Linux does")
def test_a_full_disk_leaves_nothing_in_the_way_of_the_next_try(tmp_path: Path) -> None:
    command = f'ulimit -f 4; exec "{sys.executable}" -m bot.cli init'
    refused = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 - wherever the shell is
        cwd=tmp_path,
        env={**os.environ, "DATELINE_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 3
    assert refused.stderr == "dateline: config.toml: could not be written: File too large\n"
    assert [*tmp_path.iterdir()] == []
    assert dateline(tmp_path, "init").returncode == 0


def test_a_wheel_brings_the_example_and_the_languages_along(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed, home = tmp_path / "site-packages", tmp_path / "home"
    zipfile.ZipFile(wheel).extractall(installed)
    home.mkdir()

    made = dateline(home, "init", PYTHONPATH=str(installed))
    assert (made.returncode, made.stderr) == (0, "")
    assert (home / "config.toml").read_bytes() == EXAMPLE
    assert not [*installed.rglob("*.po"), *installed.rglob("*.pot")]
    speak = "from bot.i18n import languages, load; print(languages(), load('ja').gettext('Topics'))"
    said = subprocess.run(
        [sys.executable, "-P", "-c", speak],
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout == f"{languages()} トピック\n"
    (installed / "bot" / "config" / "example.toml").unlink()
    again = dateline(home, "init", "again.toml", PYTHONPATH=str(installed))
    assert again.returncode == 1, "the example came from the tree"
