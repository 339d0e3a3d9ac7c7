"""The command line over a PostgreSQL database: loading, asking, checking, copying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from postgres_server import databases, find_binaries

from bot.cli.main import main

pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(not find_binaries(), reason="PostgreSQL's server is not installed"),
]

_CONFIG = """
[store]
url = "env:STORE"

[[sources]]
id = "gull"
name = "The Gull"
kind = "archive"
path = "gull.txt"
"""
_ARCHIVE = """A lighthouse for Gullhaven

GULLHAVEN, Nov. 29, 2023—The council will build a lighthouse.

###
Ferries are late

GULLHAVEN, Nov. 28, 2023—Fog over the sound.
"""
_LATER = """
###
A bakery opens

GULLHAVEN, Nov. 30, 2023—It has bread.
"""


@pytest.fixture
def url() -> Iterator[str]:
    with databases().one() as lent:
        yield lent


class Command:
    """Runs the command line over one configuration."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._url = url
        (folder / "config.toml").write_text(_CONFIG, "utf-8")
        (folder / "gull.txt").write_text(_ARCHIVE, "utf-8")

    def run(self, *arguments: str, url: str = "", code: int = 0) -> str:
        config = ["--config", str(self.folder / "config.toml")]
        environ = {"STORE": url or self._url}
        result = CliRunner().invoke(main, [*config, *arguments], env=environ)
        assert result.exit_code == code, result.output
        return result.output


@pytest.fixture
def command(tmp_path: Path, url: str) -> Command:
    return Command(tmp_path, url)


def test_stories_are_loaded_asked_for_and_checked(command: Command) -> None:
    assert "2 new" in command.run("load")
    assert "A lighthouse for Gullhaven" in command.run("ask", "/search lighthose")
    assert "Ferries are late" in command.run("ask", "/latest")
    assert "intact" in command.run("check", "--store")
    assert "Stories  2 " in command.run("status")


def test_a_store_is_moved_into_a_file_and_back(command: Command) -> None:
    command.run("load")
    assert "each compared" in command.run("copy", "--from", "postgresql", "--to", "sqlite")
    assert (command.folder / "dateline.db").exists()
    with databases().one() as other:
        assert "each compared" in command.run(
            "copy", "--from", "sqlite", "--to", "postgresql", url=other
        )
        assert "0 new" in command.run("load", url=other)
        assert "A lighthouse" in command.run("ask", "/search lighthouse", url=other)


def test_what_cannot_be_moved_or_reached_is_told(command: Command) -> None:
    assert "there is no store" in command.run(
        "copy", "--from", "sqlite", "--to", "postgresql", code=4
    )
    command.run("copy", "--from", "sqlite", "--to", "sqlite", code=2)
    nowhere = "postgresql://desk:correct-horse@127.0.0.1:1/dateline"
    told = command.run("ask", "/latest", url=nowhere, code=4)
    assert "does not answer" in told
    assert "correct-horse" not in told


def test_a_backup_is_put_back_or_into_another_database_or_a_file(command: Command) -> None:
    command.run("load")
    backup = command.folder / "monday.db"
    assert "a complete copy" in command.run("backup", str(backup))
    assert backup.stat().st_mode & 0o777 == 0o600
    assert not [one for one in command.folder.iterdir() if one.name.startswith(".")]

    (command.folder / "gull.txt").write_text(_ARCHIVE + _LATER, "utf-8")
    assert "1 new" in command.run("load")
    (command.folder / "gull.txt").write_text(_ARCHIVE, "utf-8")
    told = command.run("restore", str(backup))
    assert "restored from" in told
    assert "the first check of each source posts nothing" in " ".join(told.split())
    assert "intact" in command.run("check", "--store")
    assert "A bakery opens" not in command.run("ask", "/latest")
    assert "A lighthouse" in command.run("ask", "/search lighthose")

    (kept,) = command.folder.glob("dateline.db.replaced-*")
    assert kept.name in told
    command.run("restore", str(kept))
    assert "A bakery opens" in command.run("ask", "/search bakery")

    with databases().one() as other:
        assert "restored from" in command.run("restore", str(backup), url=other)
        assert "A lighthouse" in command.run("ask", "/search lighthouse", url=other)


def test_a_backup_replaces_a_file_only_by_force(command: Command) -> None:
    command.run("load")
    backup, other = command.folder / "monday.db", command.folder / "no-store.db"
    command.run("backup", str(backup))
    was = backup.stat()
    assert "--force" in command.run("backup", str(backup), code=4)
    assert backup.stat() == was
    command.run("backup", "--force", str(backup))
    assert backup.stat().st_ino != was.st_ino
    other.write_text("no store", "utf-8")
    command.run("restore", str(other), code=4)
    assert "A lighthouse" in command.run("ask", "/search lighthouse")
    assert "its server's own tools" in command.run("rescue", str(command.folder / "new.db"), code=4)
