"""What is installed is pinned with hashes, apart from what builds; advisories are looked up."""

from __future__ import annotations

import json
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from audit import affects, main, pins

ROOT = Path(__file__).parent.parent
BUILD = {"hatchling", "editables", "pathspec", "pluggy", "trove-classifiers"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def files() -> list[Path]:
    return sorted(ROOT.glob("requirements*.txt"))


def test_what_builds_the_project_is_not_among_what_it_runs_with() -> None:
    assert not BUILD & pins([ROOT / "requirements.txt"]).keys()
    for extra in PROJECT["project"]["optional-dependencies"]:
        assert not BUILD & pins([ROOT / f"requirements-{extra}.txt"]).keys()
    assert pins([ROOT / "requirements-build.txt"]).keys() >= BUILD


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_every_pin_has_hashes(file: Path) -> None:
    entries = [e for e in file.read_text("utf-8").split("\n") if e and not e.startswith((" ", "#"))]
    assert entries
    assert all("==" in entry and entry.endswith("\\") for entry in entries)


def test_every_extra_has_a_file_of_pins() -> None:
    for extra in PROJECT["project"]["optional-dependencies"]:
        assert (ROOT / f"requirements-{extra}.txt").exists()


def test_a_package_has_one_version_in_all_files() -> None:
    assert {name: found for name, found in pins(files()).items() if len(found) > 1} == {}


def advisory(**more: Any) -> dict[str, Any]:
    package = {"ecosystem": "PyPI", "name": "Some.Lib"}
    return {"id": "PYSEC-1", "summary": "bad", "affected": [{"package": package, **more}]}


@pytest.mark.parametrize(
    ("events", "version", "affected"),
    [
        ([{"introduced": "0"}, {"fixed": "1.2"}], "1.1", True),
        ([{"introduced": "0"}, {"fixed": "1.2"}], "1.2", False),
        ([{"introduced": "0"}, {"fixed": "1.10"}], "1.9", True),
        ([{"introduced": "2.0"}, {"fixed": "2.1"}], "1.9", False),
        ([{"introduced": "0"}], "9", True),
        ([{"introduced": "0"}, {"last_affected": "1.2"}], "1.2", True),
        ([{"introduced": "0"}, {"last_affected": "1.2"}], "1.3", False),
        ([{"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"}, {"fixed": "3"}], "1.5", False),
        ([{"fixed": "3"}, {"introduced": "2"}, {"introduced": "0"}, {"fixed": "1"}], "2.5", True),
    ],
)
def test_ranges_of_versions(events: list[dict[str, str]], version: str, *, affected: bool) -> None:
    found = advisory(ranges=[{"type": "ECOSYSTEM", "events": events}])
    assert affects(found, "some-lib", version) is affected
    assert not affects(found, "other", version)


def test_an_audit_reads_files_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("some-lib==1.0 ; x \\\n    --hash=x\n", "utf-8")
    assert main(["", str(tmp_path / "requirements.txt")]) == 2
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("PYSEC-1.json", json.dumps(advisory(versions=["1.0"])))
        gone = {**advisory(versions=["1.0"]), "id": "PYSEC-2", "withdrawn": "2026-01-01"}
        archive.writestr("PYSEC-2.json", json.dumps(gone))
    assert main([str(tmp_path / "all.zip"), str(tmp_path / "requirements.txt")]) == 1
    assert "some-lib 1.0: PYSEC-1: bad" in capsys.readouterr().out
    (tmp_path / "none").mkdir()
    assert main([str(tmp_path / "none"), str(tmp_path / "requirements.txt")]) == 2
    (tmp_path / "none" / "x.json").write_text(json.dumps(advisory(versions=["2.0"])), "utf-8")
    assert main([str(tmp_path / "none"), str(tmp_path / "requirements.txt")]) == 0
