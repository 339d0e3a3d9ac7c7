"""Files that are no store of ours, and places that none can be made in: left as they are."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from stores import file_content, names_beside

from bot.errors import NotAStoreError, StoreError, StoreNewerError
from store.schema import STEPS
from store.sqlite import SqliteStore

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256)) * 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


def _run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def test_a_newer_file_is_refused_with_both_versions_and_left_as_it_is(path: Path) -> None:
    async with await SqliteStore.open(path):
        pass
    _run(path, "PRAGMA user_version = 999")
    before = file_content(path)

    with pytest.raises(StoreNewerError) as refused:
        await SqliteStore.open(path)

    assert "999" in str(refused.value)
    assert f"knows {len(STEPS)})" in str(refused.value)
    assert file_content(path) == before
    assert names_beside(path) == ["dateline.db"]


@pytest.mark.parametrize(
    "statements",
    [
        ("PRAGMA application_id = 252006674", "CREATE TABLE messages (text)"),
        ("PRAGMA application_id = 252006674",),  # no table yet
        ("PRAGMA user_version = 1", "CREATE TABLE messages (text)"),
        ("PRAGMA user_version = 1",),
        ("CREATE TABLE stories (id)",),
    ],
)
async def test_another_programs_database_is_refused_and_left_as_it_is(
    path: Path, statements: tuple[str, ...]
) -> None:
    _run(path, *statements)
    before = file_content(path)

    with pytest.raises(NotAStoreError, match="other program") as refused:
        await SqliteStore.open(path)

    assert str(path) in str(refused.value)
    assert file_content(path) == before
    assert names_beside(path) == ["dateline.db"]


@pytest.mark.parametrize(
    "content",
    [b"A text.\n", b"Some notes on the town.\n" * 500, PNG, b"SQLite format 3"],
    ids=["short text", "long text", "picture", "nearly"],
)
async def test_what_is_no_database_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(NotAStoreError, match="no Dateline store") as refused:
        await SqliteStore.open(path)

    assert str(path) in str(refused.value)
    assert file_content(path) == content
    assert names_beside(path) == ["dateline.db"]


# A place where nothing can be opened


async def test_a_folder_is_no_store(tmp_path: Path) -> None:
    await _refused(tmp_path)
    assert names_beside(tmp_path / "any") == []


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")

    await _refused(file / "dateline.db")
    assert file.read_text() == "mine"


async def test_a_folder_that_cannot_be_written_to_is_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):  # nothing is locked for root, but for what the kernel keeps
        folder = Path("/proc/self")
        if not folder.exists():
            pytest.skip("this user may write everywhere")

    await _refused(folder / "dateline.db")
    await _refused(folder / "folder" / "dateline.db")


async def _refused(path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        await SqliteStore.open(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
