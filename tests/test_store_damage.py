"""Stores that are damaged, gone, busy, readable by others, or on a full disk."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from outboxes import follow
from posting import ROOM
from small_disk import fill_disk, mounted
from store_files import damage, fill, fill_with_posts, titles
from stores import file_content, names_beside
from stories import CHAT, batch, story

from bot.chat.rate_limit import QuestionLimiter, ReplyGuard
from bot.chat.store_watch import report_on_start, watch_store
from bot.clock import SystemClock
from bot.errors import StoreDamagedError, StoreError, StoreFullError, StoreGoneError
from bot.i18n import load
from bot.reply import Reply
from bot.search.ports import START
from bot.search.query import Filter
from store.connection import READERS
from store.files import beside
from store.maintenance import SqliteFiles
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

LIMIT = 3.0  # seconds that a reader waits at most


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


# Damage


@pytest.mark.parametrize("table", ["subscriptions", "settings", "stories", "stories_fts_data"])
async def test_a_damaged_store_is_refused_with_what_to_do(path: Path, table: str) -> None:
    await fill_with_posts(path)
    damage(path, table)
    before = file_content(path)

    with pytest.raises(StoreDamagedError, match=r"`dateline restore BACKUP`.*`dateline rescue"):
        await SqliteStore.open(path)
    assert file_content(path) == before


async def test_a_store_that_was_cut_off_is_refused(path: Path) -> None:
    await fill(path, "a", "b")
    os.truncate(path, path.stat().st_size - 4096)
    with pytest.raises(StoreDamagedError, match="is damaged"):
        await SqliteStore.open(path)


async def test_what_can_be_read_of_a_damaged_store_is_saved(path: Path, tmp_path: Path) -> None:
    await fill_with_posts(path)
    many = [f"Story {number}" for number in range(200)]
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story(one, "text " * 300) for one in many]))
    damage(path, "stories")
    before = file_content(path)

    saved = await SqliteFiles(path).rescue(tmp_path / "rescued.db")

    assert file_content(path) == before
    assert saved["subscriptions"] == saved["posts, sent or waiting"] == 2
    assert saved["settings of chats"] == saved["sources"] == 1
    assert 190 <= saved["stories"] < 202
    await _assert_is_rescued(tmp_path / "rescued.db", saved["stories"])


async def _assert_is_rescued(path: Path, stories: int) -> None:
    there = await titles(path)
    assert len(there) == stories
    async with await SqliteStore.open(path) as store:
        assert len(await store.subscriptions.of(ROOM)) == 1
        assert await store.chats.settings(ROOM) == {"preview": "off"}
        assert (await store.sources.states())["wire"].loaded_at is None  # posts nothing it had
        words = await store.search.words_since(START)
        assert words.counts["story"] == len(there - {"Due", "Waits"})
        await follow(store, "other")  # and goes on


async def test_subscriptions_around_the_damage_are_saved(path: Path, tmp_path: Path) -> None:
    async with await SqliteStore.open(path) as store:
        for number in range(200):
            await follow(store, f"source {number}")
    damage(path, "subscriptions")

    saved = await SqliteFiles(path).rescue(tmp_path / "rescued.db")
    assert 150 < saved["subscriptions"] < 200
    async with await SqliteStore.open(tmp_path / "rescued.db") as store:
        assert len(await store.subscriptions.of(ROOM)) == saved["subscriptions"]


async def test_a_rescue_needs_a_store_and_a_new_file(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        await SqliteFiles(path).rescue(tmp_path / "rescued.db")
    path.write_bytes(b"SQLite format 3\0" + b"\xa5" * 50_000)
    with pytest.raises(StoreError):
        await SqliteFiles(path).rescue(tmp_path / "rescued.db")
    with pytest.raises(StoreError, match="exists already"):
        await SqliteFiles(path).rescue(path)
    assert names_beside(path) == [path.name]


# Gone


async def test_a_store_that_is_replaced_or_deleted_is_used_no_more(path: Path) -> None:
    async with await SqliteStore.open(path) as store:
        await store.check_in_place()
        path.rename(beside(path, ".moved"))
        path.write_bytes(b"")
        with pytest.raises(StoreGoneError, match="replaced by another file"):
            await store.check_in_place()
        for use in (
            store.stories.latest(Filter(), 1),
            store.ingest.write(batch([story("a")])),
            store.chats.set_setting(CHAT, "preview", "off"),
        ):
            with pytest.raises(StoreGoneError):
                await use


async def test_the_end_of_a_store_ends_what_runs(path: Path) -> None:
    stop = asyncio.Event()
    async with await SqliteStore.open(path) as store:
        async with watch_store(store, stop, every=0.01):
            await asyncio.sleep(0.05)
            assert not stop.is_set()
        with pytest.raises(StoreGoneError, match="deleted"):
            await _serve_until_deleted(store, path, stop)


async def _serve_until_deleted(store: SqliteStore, path: Path, stop: asyncio.Event) -> None:
    async with watch_store(store, stop, every=0.01):
        path.unlink()
        await stop.wait()


@pytest.mark.parametrize("by", ["an older copy", "a backup", "something else", "nothing"])
async def test_a_store_that_is_copied_over_is_noticed_and_used_no_more(path: Path, by: str) -> None:
    copy, stop = path.with_name("copy.db"), asyncio.Event()
    await fill(path, "a")
    if by == "a backup":
        await SqliteFiles(path).backup(copy)
    elif by == "an older copy":
        shutil.copyfile(path, copy)
    else:
        copy.write_text("A diary.\n" * 9_000 if by == "something else" else "")
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("b")]))
        _checkpoint(path)
        with pytest.raises(StoreGoneError, match="overwritten"):
            await _serve_until_overwritten(store, path, copy, stop)
        with pytest.raises(StoreGoneError):
            await store.ingest.write(batch([story("c")]))


async def _serve_until_overwritten(
    store: SqliteStore, path: Path, copy: Path, stop: asyncio.Event
) -> None:
    async with watch_store(store, stop, every=0.01):
        await asyncio.sleep(0.1)
        shutil.copyfile(copy, path)
        await stop.wait()


def _checkpoint(path: Path) -> None:
    """Has all that lies in the log written to the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def test_a_store_that_is_written_to_is_not_taken_for_another(path: Path) -> None:
    stop = asyncio.Event()
    async with await SqliteStore.open(path) as store, watch_store(store, stop, every=0.001):
        for number in range(150):
            await store.ingest.write(batch([story(f"story {number}", "text " * 2_000)]))
            if number % 10 == 0:
                _checkpoint(path)
        assert not stop.is_set()


@pytest.mark.process
async def test_to_watch_a_store_releases_no_lock(path: Path) -> None:
    taking = f"import pathlib, store.files as f\nwith f.unused(pathlib.Path({str(path)!r})): pass"
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("a")]))
        for _ in range(5):
            await store.check_in_place()
        taken = subprocess.run([sys.executable, "-c", taking], check=False, capture_output=True)
    assert b"StoreBusyError" in taken.stderr


async def test_a_new_store_is_told_of_at_the_start(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for expected in ("is new, so nothing is followed", "nothing is followed yet"):
        async with await SqliteStore.open(path) as store:
            await report_on_start(store, str(path))
            assert expected in caplog.messages[-1]
            caplog.clear()
    async with await SqliteStore.open(path) as store:
        await follow(store)
        await report_on_start(store, str(path))
    assert caplog.messages == []


# Busy


async def _assert_busy(work: object) -> None:
    began = time.monotonic()
    guard = ReplyGuard(load("en"), QuestionLimiter(SystemClock()))

    async def ask() -> Reply:
        await work  # type: ignore[misc]
        return Reply("latest")

    reply = await guard.reply_to(ask)
    assert not reply.ok
    assert "busy" in reply.text[0]
    assert time.monotonic() - began < LIMIT


async def test_an_answer_that_finds_no_free_reader_says_that_it_is_busy(path: Path) -> None:
    async with await SqliteStore.open(path) as store, AsyncExitStack() as taken:
        connections = store._connections  # noqa: SLF001 - as three slow searches do
        for _ in range(READERS):
            await taken.enter_async_context(connections.reading())
        await _assert_busy(store.stories.latest(Filter(), 1))
        await taken.aclose()
        assert (await store.stories.latest(Filter(), 1)).total == 0


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def test_an_answer_that_must_write_says_that_it_is_busy(
    path: Path, other: sqlite3.Connection
) -> None:
    async with await SqliteStore.open(path) as store:
        other.execute("BEGIN IMMEDIATE")
        await _assert_busy(store.chats.set_setting(CHAT, "preview", "off"))
        other.execute("ROLLBACK")
        async with store._connections.transaction():  # noqa: SLF001 - as a large poll does
            await _assert_busy(store.chats.set_setting(CHAT, "preview", "off"))
        await store.chats.set_setting(CHAT, "preview", "off")
        assert await store.chats.settings(CHAT) == {"preview": "off"}


# Permissions


async def test_all_files_of_a_store_are_private(path: Path) -> None:
    before = os.umask(0)
    try:
        async with await SqliteStore.open(path) as store:
            await store.ingest.write(batch([story("a")]))
            assert await store.outbox.lock_platform("telegram")
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    endings = ("", "-wal", "-shm", ".mark", ".telegram.lock")
    assert modes == {f"dateline.db{ending}": 0o600 for ending in endings}


async def test_a_store_that_others_can_read_gets_one_warning(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(path, "a")
    assert caplog.messages == []
    path.chmod(0o644)
    await fill(path, "b")
    (message,) = caplog.messages
    assert f"{path} can be read by others (mode 640)" in message
    assert path.stat().st_mode & 0o777 == 0o640  # its group may have been allowed on purpose


# A full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 KB that is full but for a few pages."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder, 600) as is_mounted:
        if not is_mounted:
            pytest.skip("only root may mount a disk")
        yield folder


@pytest.mark.process
@pytest.mark.parametrize("left", [0, 8_192, 40_000, 100_000])
async def test_a_full_disk_at_the_start_is_called_full(small_disk: Path, left: int) -> None:
    fill_disk(small_disk, left)
    with pytest.raises(StoreFullError, match=r"disk is full|No space left"):
        await SqliteStore.open(small_disk / "dateline.db")


@pytest.mark.process
async def test_a_store_on_a_full_disk_is_told_of_at_the_start(small_disk: Path) -> None:
    path = small_disk / "dateline.db"
    await fill(path, "a")
    fill_disk(small_disk)
    with pytest.raises(StoreFullError, match=r"disk is full|No space left"):
        await SqliteStore.open(path)


@pytest.mark.process
async def test_a_killed_process_leaves_a_store_that_opens(path: Path) -> None:
    command = [sys.executable, "-c", _WRITE, str(path)]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(5):
                process.stdout.readline()
            process.kill()
        assert await titles(path)


_WRITE = """
import asyncio, sys
sys.path.insert(0, "tests")
from pathlib import Path
from uuid import uuid4
from stories import batch, story
from store.sqlite import SqliteStore

async def main():
    async with await SqliteStore.open(Path(sys.argv[1])) as store:
        while True:
            await store.ingest.write(batch([story(uuid4().hex, "text " * 400)]))
            print(flush=True)

asyncio.run(main())
"""
