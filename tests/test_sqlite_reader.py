"""Connections that read a SQLite file: how their threads are waited for, and how they end."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from stores import open_sqlite

from bot.errors import StoreError
from store.connection import READERS, SqliteConnections
from store.reader import SqliteReader

_LONG = 60.0  # seconds; no wait is as long
_COUNT = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300000)
    SELECT count(*) FROM numbers
"""
_ENDLESS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)
    SELECT count(*) FROM numbers
"""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await (await open_sqlite(tmp_path / "dateline.db")).aclose()
    return tmp_path / "dateline.db"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteReader]:
    reader = await SqliteReader.open(path, ["PRAGMA query_only = ON"])
    try:
        yield reader
    finally:
        await reader.close()


@pytest.fixture
async def connections(path: Path) -> AsyncIterator[SqliteConnections]:
    made = SqliteConnections(path)
    await made.open_writer()
    await made.open_readers()
    yield made
    await made.aclose()


def loop_turns() -> list[int]:
    """A list that is longer once the event loop has had its turn."""
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    return turns


async def test_what_ends_in_time_needs_no_turn_of_the_loop(path: Path) -> None:
    async with opened(path) as reader:
        turns = loop_turns()
        job = reader.fetch("SELECT 1 AS one", ())
        assert job.ends_within(_LONG)
        assert [row["one"] for row in job.value()] == [1]
        assert turns == []


async def test_what_takes_longer_is_waited_for_by_the_loop(path: Path) -> None:
    async with opened(path) as reader:
        turns = loop_turns()
        job = reader.fetch(_COUNT, ())
        assert not job.ends_within(0)
        assert [row[0] for row in await job.result()] == [300_000]
        assert turns == [1]


async def test_what_has_ended_is_given_at_once(path: Path) -> None:
    async with opened(path) as reader:
        job = reader.fetch("SELECT 1", ())
        assert job.ends_within(_LONG)
        assert len(await job.result()) == 1


async def test_an_error_is_raised_by_whoever_waits(path: Path) -> None:
    async with opened(path) as reader:
        for sql in ("SELECT nothing", "DELETE FROM stories"):
            with pytest.raises(sqlite3.OperationalError):
                await reader.execute_fetchall(sql)
            job = reader.fetch(sql, ())
            assert job.ends_within(_LONG)
            with pytest.raises(sqlite3.OperationalError):
                job.value()


async def test_rows_are_fetched_one_by_one_and_in_parts(path: Path) -> None:
    async with opened(path) as reader:
        cursor = await reader.execute("SELECT value FROM json_each('[1, 2, 3, 4]')")
        first = await cursor.fetchone()
        assert first is not None
        assert first[0] == 1
        assert [row[0] for row in await cursor.fetchmany(2)] == [2, 3]
        assert [row[0] for row in await cursor.fetchmany(2)] == [4]
        assert await cursor.fetchone() is None


async def test_what_was_asked_before_the_end_is_answered_and_nothing_after(path: Path) -> None:
    before = set(threading.enumerate())
    reader = await SqliteReader.open(path, [])
    (thread,) = set(threading.enumerate()) - before
    job = reader.fetch(_COUNT, ())
    await reader.close()
    assert len(await job.result()) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await reader.execute_fetchall("SELECT 1")
    await asyncio.to_thread(thread.join)


async def test_what_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(sqlite3.OperationalError):
        await SqliteReader.open(tmp_path / "no folder" / "dateline.db", [])
    for thread in set(threading.enumerate()) - before:
        if thread.name == "reader":
            await asyncio.to_thread(thread.join)
    assert not [one for one in set(threading.enumerate()) - before if one.name == "reader"]


async def test_while_others_read_the_loop_goes_on(connections: SqliteConnections) -> None:
    async with connections.reading():
        turns = loop_turns()
        await connections.rows("SELECT 1")
        assert turns == [1]


async def test_the_loop_has_its_turn_after_a_few_statements(connections: SqliteConnections) -> None:
    turns = loop_turns()
    for _ in range(10):
        await connections.rows("SELECT 1")
    assert turns == [1]


async def test_a_statement_that_fails_takes_no_reader_along(connections: SqliteConnections) -> None:
    for _ in range(2 * READERS):
        with pytest.raises(StoreError):
            await connections.rows("SELECT nothing")
    async with AsyncExitStack() as taken:
        for _ in range(READERS):
            await taken.enter_async_context(connections.reading())


async def test_a_statement_without_end_is_ended_in_time(connections: SqliteConnections) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(TimeoutError):
            await connections.rows(_ENDLESS, seconds=0.01)
    assert [row[0] for row in await connections.rows("SELECT 1")] == [1]


async def test_a_cancelled_statement_is_ended_before_its_reader_is_lent_again(
    connections: SqliteConnections,
) -> None:
    tasks = [asyncio.create_task(connections.rows(_ENDLESS)) for _ in range(READERS)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in ended] == [asyncio.CancelledError] * READERS
    assert [row[0] for row in await connections.rows("SELECT 1")] == [1]
