"""Older copies of a store, made by any means, that are put in its place: nothing comes twice."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from outboxes import PLATFORM
from posting import HALL, ROOM
from store_files import LATER, crash_copy, fill_with_posts, poll, titles
from stores import names_beside
from stories import NOW, batch, story

from bot.posting.model import RESTORED, State
from store.files import beside
from store.high_water import HighWaterMark, is_other
from store.maintenance import SqliteFiles
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

OLDER = "is an older copy of the one that was there"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


async def posts(path: Path, *stories: str) -> None:
    """A process posts on the store's platform, and files stories."""
    async with await SqliteStore.open(path) as store:
        assert await store.outbox.lock_platform(PLATFORM)
        await store.outbox.recover(PLATFORM, NOW, dead=True)
        for one in stories:
            await store.ingest.write(batch([story(one)]))


def put_back(copy: Path, path: Path) -> None:
    """An operator copies a file over the store, and cleans up beside it."""
    for ending in ("-wal", "-shm"):
        beside(path, ending).unlink(missing_ok=True)
    shutil.copyfile(copy, path)


def _by_sqlite(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


@pytest.mark.parametrize("means", ["cp", "sqlite", "backup", "cp while it runs"])
async def test_what_is_older_than_the_copy_is_not_posted_again(
    path: Path, tmp_path: Path, means: str, caplog: pytest.LogCaptureFixture
) -> None:
    copy = tmp_path / "copy.db"
    await fill_with_posts(path)
    await posts(path, "a")
    if means == "cp":
        shutil.copyfile(path, copy)
    elif means == "sqlite":
        _by_sqlite(path, copy)
    elif means == "backup":
        await SqliteFiles(path).backup(copy)
    else:
        async with await SqliteStore.open(path) as store:
            await store.ingest.write(batch([story("in the log")]))
            shutil.copyfile(path, copy)
    await posts(path, "b", "c", "d")
    put_back(copy, path)
    assert OLDER not in caplog.text

    async with await SqliteStore.open(path) as store:
        assert caplog.text.count(OLDER) == 1
        for chat in (ROOM, HALL):
            (post,) = await store.outbox.of_chat(chat, 9)
            assert (post.state, post.reason) == (State.FAILED, RESTORED)
        await poll(store, story("Since the copy", published=NOW + timedelta(hours=1)))
        assert await store.outbox.next_due(PLATFORM, LATER) is None
        await poll(store, story("New", published=LATER))
        assert await store.outbox.next_due(PLATFORM, LATER) == LATER
    await posts(path, "e")
    assert caplog.text.count(OLDER) == 1  # it is the store now


@pytest.mark.parametrize("what", ["restarts", "crash", "unused copy", "restored", "deleted"])
async def test_what_is_no_older_copy_posts_as_ever(
    path: Path, tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    copy = tmp_path / "copy.db"
    await fill_with_posts(path)
    await posts(path, "a")
    if what == "restarts":
        for title in "bcd":
            await posts(path, title)
    elif what == "crash":
        async with await SqliteStore.open(path) as store:
            await store.ingest.write(batch([story("in the log")]))
            crashed = crash_copy(path, tmp_path / "crashed")
            shutil.copyfile(beside(path, ".mark"), beside(crashed, ".mark"))
        path = crashed
    elif what == "unused copy":
        shutil.copyfile(path, copy)
        put_back(copy, path)
    elif what == "restored":
        await SqliteFiles(path).backup(copy)
        await posts(path, "b", "c")
        await SqliteFiles(path).restore(copy, LATER, post=True)
    else:
        path.unlink()
        await fill_with_posts(path)
    await posts(path, "last")
    async with await SqliteStore.open(path) as store:
        assert [one.state for one in await store.outbox.of_chat(ROOM, 9)] == [State.DUE]
    assert OLDER not in caplog.text
    assert "last" in await titles(path)


async def test_a_process_that_reads_beside_one_that_writes_is_not_misled(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await posts(path, "a")
    async with await SqliteStore.open(path) as writing:
        for number in range(20):
            await writing.ingest.write(batch([story(f"story {number}")]))
            async with await SqliteStore.open(path) as reading:
                await reading.chats.set_setting(ROOM, "preview", f"{number}")
    assert OLDER not in caplog.text


async def test_the_mark_is_private_and_comes_with_posting(path: Path) -> None:
    await fill_with_posts(path)
    assert names_beside(path) == [path.name]
    await posts(path)
    mark = beside(path, ".mark")
    assert mark.stat().st_mode & 0o777 == 0o600
    assert mark.stat().st_size == 8


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 8])
async def test_a_mark_that_is_none_hinders_nobody(path: Path, content: bytes) -> None:
    await posts(path, "a")
    beside(path, ".mark").write_bytes(content)
    await posts(path, "b")
    assert await titles(path) == {"a", "b"}


async def test_a_folder_in_the_place_of_the_mark_hinders_nobody(path: Path) -> None:
    beside(path, ".mark").mkdir()
    await posts(path, "a")
    assert await titles(path) == {"a"}


def test_the_mark_and_the_count(path: Path) -> None:
    mark = HighWaterMark(path)
    mark.open()
    assert mark.read() is None
    mark.write(5)
    mark.open(create=True)
    assert mark.read() is None
    mark.write(7)
    assert mark.read() == 7
    mark.close()
    mark.close()
    assert not is_other(7, None)
    assert [is_other(count, 7) for count in (6, 7, 8, 10**12)] == [True, False, False, True]
