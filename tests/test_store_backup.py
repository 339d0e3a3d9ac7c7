"""Backups of a store that is used, their restoration, and backups that were copied over it."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outboxes import PLATFORM
from posting import HALL, ROOM
from store_files import (
    LATER,
    crash_copy,
    damage,
    fill,
    fill_with_posts,
    insert_plain,
    poll,
    titles,
)
from stores import file_content, names_beside
from stories import NOW, batch, story

from bot.errors import NotAStoreError, StoreBusyError, StoreDamagedError, StoreError
from bot.logins.ports import LINK_FOR, ApiToken, LoginSession, Visitor
from bot.posting.model import RESTORED, State
from bot.search.query import Since
from store.files import beside
from store.maintenance import SqliteFiles
from store.schema import STEPS
from store.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday.db"


@pytest.fixture
def files(path: Path, copy: Path) -> SqliteFiles:
    copy.parent.mkdir()
    return SqliteFiles(path)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Backups


async def test_a_backup_is_a_whole_private_copy_of_a_store_that_is_in_use(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("only in the log")]))
        await files.backup(copy)
        await store.ingest.write(batch([story("later")]))

    assert names_beside(copy) == [copy.name]
    assert _mode(copy) == 0o600
    assert await titles(copy) == {"only in the log"}
    assert await titles(path) == {"only in the log", "later"}


async def test_a_backup_is_never_written_over_a_file_unless_that_is_asked_for(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill(path, "a")
    copy.write_text("mine")

    with pytest.raises(StoreError, match="exists already"):
        await files.backup(copy)
    assert copy.read_text() == "mine"

    await files.backup(copy, force=True)
    assert await titles(copy) == {"a"}
    with pytest.raises(StoreError, match="store itself"):
        await files.backup(path, force=True)


async def test_there_is_no_backup_of_what_is_damaged_or_not_there(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        await files.backup(copy)
    await fill(path, "a")
    damage(path, "settings")

    with pytest.raises(StoreDamagedError):
        await files.backup(copy)
    assert names_beside(copy) == []


# Restoration


async def test_a_restored_backup_stands_in_the_place_of_the_store_which_is_kept(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill(path, "monday")
    await files.backup(copy)
    before = file_content(copy)
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("tuesday")]))
        crashed = crash_copy(path, path.parent / "crashed")

    aside = await SqliteFiles(crashed).restore(copy, LATER)

    assert aside
    assert names_beside(crashed) == [crashed.name, aside.name, f"{aside.name}-wal"]
    assert await titles(crashed) == {"monday"}
    assert await titles(aside) == {"monday", "tuesday"}
    assert (file_content(copy), _mode(crashed)) == (before, 0o600)


async def test_no_backup_lets_anybody_in_at_the_desk(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    visitor = Visitor("x", "1", "Ada", "own")
    session = LoginSession("key", visitor, LATER, LATER)
    async with await SqliteStore.open(path) as store:
        await store.logins.add_session(session)
        await store.logins.add_link("link", visitor, LATER + LINK_FOR)
        await store.logins.add_token(ApiToken("report", replace(session, key="token")))
        await files.backup(copy)
        assert await store.logins.session("key") == session
    async with await SqliteStore.open(copy) as restored:
        assert await restored.logins.session("key") is None
        assert await restored.logins.token("token") is None
        assert await restored.logins.take_link("link", LATER) is None


async def test_a_store_behind_a_link_is_replaced_where_it_is(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill(path, "a")
    await files.backup(copy)
    link = copy.parent / "link.db"
    link.symlink_to(path)
    aside = await SqliteFiles(link).restore(copy, LATER)

    assert link.is_symlink()
    assert aside
    assert aside.parent == path.parent
    assert await titles(link) == {"a"}


async def test_a_backup_is_restored_where_there_is_no_store(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill(path, "a")
    await files.backup(copy)

    assert await SqliteFiles(path.parent / "new" / "dateline.db").restore(copy, LATER) is None
    assert await titles(path.parent / "new" / "dateline.db") == {"a"}


async def test_nothing_is_posted_twice_after_a_restoration(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill_with_posts(path)
    await files.backup(copy)
    await files.restore(copy, LATER)

    async with await SqliteStore.open(path) as store:
        for chat in (ROOM, HALL):
            (post,) = await store.outbox.of_chat(chat, 9)
            assert (post.state, post.reason, post.done) == (State.FAILED, RESTORED, LATER)
        await poll(store, story("Posted since the backup", published=NOW + timedelta(hours=1)))
        assert await store.outbox.next_due(PLATFORM, LATER) is None

        await poll(store, story("New", published=LATER))
        assert await store.outbox.next_due(PLATFORM, LATER) == LATER


async def test_a_digest_that_was_waiting_is_given_up_with_its_stories(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill_with_posts(path)
    async with await SqliteStore.open(path) as store:
        assert await store.outbox.put_off(PLATFORM, Since(LATER, LATER.date()), LATER, "old")
        assert await store.outbox.gather(PLATFORM, LATER + timedelta(days=2))
    await files.backup(copy)
    await files.restore(copy, LATER)

    async with await SqliteStore.open(path) as store:
        assert await store.outbox.next_due(PLATFORM, LATER) is None
        assert all(post.done for post in await store.outbox.of_chat(ROOM, 9))


async def test_who_asks_for_it_has_everything_posted(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill_with_posts(path)
    await files.backup(copy)
    await files.restore(copy, LATER, post=True)

    async with await SqliteStore.open(path) as store:
        assert [one.state for one in await store.outbox.of_chat(ROOM, 9)] == [State.DUE]
        await poll(store, story("Since the backup", published=LATER))
        assert len(await store.outbox.of_chat(ROOM, 9)) == 2


@pytest.mark.parametrize("trouble", ["damaged", "no store", "missing"])
async def test_what_is_no_whole_backup_is_refused_and_the_store_left_alone(
    path: Path, copy: Path, files: SqliteFiles, trouble: str
) -> None:
    await fill(path, "a")
    if trouble == "damaged":
        await files.backup(copy)
        damage(copy, "stories")
    elif trouble == "no store":
        copy.write_text("A diary.\n" * 1_000)
    before = file_content(path)

    kind = {"damaged": StoreDamagedError, "no store": NotAStoreError}.get(trouble, StoreError)
    with pytest.raises(kind, match=copy.name):
        await files.restore(copy, LATER)
    assert file_content(path) == before
    assert names_beside(path) == ["backups", path.name]


async def test_an_older_backup_is_brought_up_to_date_at_the_next_start(
    path: Path, files: SqliteFiles, copy: Path
) -> None:
    async with await SqliteStore.open(copy, STEPS[:-1]):
        pass
    insert_plain(copy, story("old"))
    await files.restore(copy, LATER)
    assert await titles(path) == {"old"}


@contextmanager
def _in_use(path: Path) -> Iterator[None]:
    """Another process has the store open."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate("")


_HOLD = """
import asyncio, sys
from pathlib import Path
from store.sqlite import SqliteStore

async def main():
    async with await SqliteStore.open(Path(sys.argv[1])):
        print("open", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


@pytest.mark.process
async def test_a_store_that_a_process_uses_is_not_replaced(
    path: Path, copy: Path, files: SqliteFiles
) -> None:
    await fill(path, "a")
    await files.backup(copy)
    with _in_use(path):
        with pytest.raises(StoreBusyError, match="in use; stop Dateline"):
            await files.restore(copy, LATER)
        with pytest.raises(StoreBusyError):
            await files.rescue(path.parent / "rescued.db")
        copy.unlink()
        await files.backup(copy)  # which may be made at any time
    await files.restore(copy, LATER)


# A backup that is copied over the store, beside an old log


async def test_a_backup_that_was_copied_beside_an_old_log_is_refused_and_can_be_restored(
    path: Path, copy: Path, files: SqliteFiles, tmp_path: Path
) -> None:
    await fill(path, "monday")
    await files.backup(copy)
    async with await SqliteStore.open(path) as store:
        for number in range(30):
            await store.ingest.write(batch([story(f"tuesday {number}", "text " * 500)]))
        crashed = crash_copy(path, tmp_path / "crashed")
    shutil.copyfile(copy, crashed)
    before = [file_content(beside(crashed, ending)) for ending in ("", "-wal")]

    with pytest.raises(StoreError, match=r"belongs to another file .* `dateline restore`"):
        await SqliteStore.open(crashed)
    assert [file_content(beside(crashed, ending)) for ending in ("", "-wal")] == before

    await SqliteFiles(crashed).restore(crashed, LATER)
    assert await titles(crashed) == {"monday"}


async def test_a_copy_made_by_other_means_is_told_from_the_log_as_well(
    path: Path, copy: Path, files: SqliteFiles, tmp_path: Path
) -> None:
    del files
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("monday")]))
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for title in ("tuesday", "wednesday"):
            await store.ingest.write(batch([story(title)]))
        with closing(sqlite3.connect(path)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        await store.ingest.write(batch([story("thursday")]))
        crashed = crash_copy(path, tmp_path / "crashed")
    shutil.copyfile(copy, crashed)

    with pytest.raises(StoreError, match="belongs to another file"):
        await SqliteStore.open(crashed)


@settings(max_examples=20, deadline=None)
@given(
    steps=st.lists(
        st.sampled_from(["write", "large", "PASSIVE", "FULL", "RESTART", "TRUNCATE", "reopen"]),
        max_size=12,
    )
)
async def test_a_store_opens_with_its_own_log_whenever_it_crashed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("store")
    path = folder / "dateline.db"
    store = await SqliteStore.open(path)
    try:
        for number, step in enumerate(steps):
            if step == "reopen":
                await store.aclose()
                store = await SqliteStore.open(path)
            elif step in {"write", "large"}:
                text = "text " * (2_000 if step == "large" else 1)
                await store.ingest.write(batch([story(f"s{number}", text)]))
            else:
                with closing(sqlite3.connect(path)) as other:
                    other.execute(f"PRAGMA wal_checkpoint({step})")
            crashed = crash_copy(path, folder / str(number))
            expected = {f"s{n}" for n, one in enumerate(steps[: number + 1]) if one in _WRITES}
            assert await titles(crashed) == expected
    finally:
        await store.aclose()


_WRITES = {"write", "large"}
