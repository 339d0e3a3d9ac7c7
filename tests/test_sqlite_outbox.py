"""What only the outbox in SQLite has: locks between processes, and the plans of its queries."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from outboxes import (
    EIGHT,
    HALL,
    NOW,
    PLATFORM,
    ROOM,
    at_once,
    claim_next,
    comes,
    fate,
    follow,
    later,
    posts_of,
    retitle,
    send_next,
)
from stories import story

from bot.errors import StoreError
from bot.model import Chat
from bot.posting.model import State
from bot.search.query import Since
from store.connection import READERS
from store.sqlite import SqliteStore

CASTLE = Chat("scripted", "castle")

_HOLDING = """
import asyncio, sys
from pathlib import Path
from store.sqlite import SqliteStore

async def main(path):
    async with await SqliteStore.open(path) as store:
        print(await store.outbox.lock_platform("scripted"), flush=True)
        sys.stdin.readline()

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    async with await SqliteStore.open(path) as opened:
        yield opened


@pytest.mark.process
async def test_a_killed_process_holds_nothing(store: SqliteStore, path: Path) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDING, str(path)], stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdout
        assert await asyncio.to_thread(process.stdout.readline) == "True\n"
        assert not await store.outbox.lock_platform("scripted")
        assert await store.outbox.lock_platform("other")
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        assert await store.outbox.lock_platform("scripted")


async def test_a_lock_that_cannot_be_made_is_no_other_process(
    store: SqliteStore, path: Path
) -> None:
    path.with_name("dateline.db.scripted.lock").mkdir()
    with pytest.raises(StoreError, match=r"scripted\.lock"):
        await store.outbox.lock_platform("scripted")
    path.with_name("dateline.db.other.lock").write_text("no database, but of no use otherwise")
    with pytest.raises(StoreError, match=r"other\.lock"):
        await store.outbox.lock_platform("other")


async def test_a_chat_moves_whole_or_not_at_all(store: SqliteStore, path: Path) -> None:
    one = await follow(store)
    kept = await comes(store, "A", at_once(one))
    await store.chats.set_setting(ROOM, "preview", "off")
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER stuck BEFORE UPDATE OF chat ON outbox"
            " BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        )
        other.commit()
    with pytest.raises(StoreError, match="stuck"):
        await store.chats.move(ROOM, CASTLE)
    assert await store.chats.settings(ROOM) == {"preview": "off"}
    assert await store.subscriptions.of(ROOM) == [one]
    assert await fate(store, kept) == (State.DUE, "")
    assert await store.subscriptions.of(CASTLE) == []


async def test_rows_and_stories_are_written_whole_or_not_at_all(
    store: SqliteStore, path: Path
) -> None:
    one, other_one = await follow(store), await follow(store, chat=HALL)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER stuck BEFORE INSERT ON outbox WHEN new.chat = 'scripted:hall'"
            " BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        )
        other.commit()
    new = story("A")
    with pytest.raises(StoreError, match="stuck"):
        await store.ingest.write(posts_of(new, at_once(one), at_once(other_one)))
    assert await store.stories.by_ids([new.id]) == []
    assert await store.outbox.of_chat(ROOM, 5) == []


# Plans


async def test_what_was_posted_is_never_looked_through(store: SqliteStore, path: Path) -> None:
    one = await follow(store)
    asked = await _traced(store)
    for title, to in {"A": at_once(one), "B": later(one), "C": later(one)}.items():
        await comes(store, title, to)
    await retitle(store, "A", "D")
    await claim_next(store)
    await store.outbox.recover(PLATFORM, NOW, dead=True)
    await send_next(store)
    await store.outbox.put_off(PLATFORM, Since(NOW, NOW.date()), NOW, "old")
    await store.outbox.gather(PLATFORM, EIGHT)
    await store.outbox.next_due(PLATFORM, NOW)
    await store.outbox.count_sent_since(one.id, NOW)
    await store.outbox.of_chat(ROOM, 5)
    await store.outbox.of_story(ROOM, "404")
    await store.outbox.prune(NOW)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW)
    await store.subscriptions.end(one.id, NOW)
    await store.chats.move(ROOM, CASTLE)
    with closing(sqlite3.connect(path)) as other:
        plans = {sql: _plan(other, sql) for sql in asked if "outbox" in sql}
    assert len(plans) > 20
    assert {sql: plan for sql, plan in plans.items() if _SCANS.search(plan)} == {}


_SCANS = re.compile(r"SCAN (outbox|whole|part|shown|other\b(?! VIRTUAL)|subscriptions)(?! USING)")


async def _traced(store: SqliteStore) -> list[str]:
    """The statements, values in place, that the store asks the database from now on."""
    asked: list[str] = []
    connections = store._connections  # noqa: SLF001 - it shows them to nobody
    await connections.writer.set_trace_callback(asked.append)
    async with AsyncExitStack() as taken:
        for _ in range(READERS):
            reader = await taken.enter_async_context(connections.reading())
            await reader.set_trace_callback(asked.append)
    return asked


def _plan(connection: sqlite3.Connection, sql: str) -> str:
    return "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
