"""What only the SQLite store has: locks, a disk that fills, damage, the plans of its queries."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from datetime import time
from pathlib import Path

import pytest
from stories import CHAT, NOW, batch, day, story

from bot.errors import StoreBusyError, StoreError, StoreFullError
from bot.ingest.batch import StoryBatch
from bot.model import Action, Topic
from bot.search.query import Filter, Since, parse
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import daily
from store.chats import SqlChats
from store.connection import READERS, SqliteConnections
from store.ingest import SqlIngest
from store.integrity import check_integrity
from store.migrations import prepare
from store.search import SqlSearch
from store.sqlite import SqliteStore
from store.stories import SqlStories

RAIL = Topic("Rail", "rail")
SINCE = Since(day("2026-01-01"), day("2026-01-01").date())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
async def connections(path: Path) -> AsyncIterator[SqliteConnections]:
    """Connections to a store of two stories, one of them on a topic."""
    opened = SqliteConnections(path)
    try:
        await prepare(opened)
        await opened.open_readers()
        await SqlIngest(opened).set_topics([RAIL])
        stories = [story("Rail strike", "old"), story("Tram", "old")]
        await SqlIngest(opened).write(batch(stories, [RAIL]))
        yield opened
    finally:
        await opened.aclose()


@pytest.fixture
def other(path: Path, connections: SqliteConnections) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    del connections  # opened first
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def _titles(connections: SqliteConnections) -> set[str]:
    return {one.title for one in (await SqlStories(connections).latest(Filter(), 9, 0)).stories}


def _large() -> StoryBatch:
    return batch(story(f"Large {n}", f"word{n} " * 2_000) for n in range(200))


# Settings


async def test_the_writer_is_safe_in_a_power_cut_and_waits_for_others(
    connections: SqliteConnections,
) -> None:
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }.items():
        (row,) = await connections.writer.execute_fetchall(f"PRAGMA {pragma}")
        assert (pragma, row[0]) == (pragma, value)


async def test_no_reader_can_write(connections: SqliteConnections) -> None:
    async with AsyncExitStack() as taken:
        readers = [await taken.enter_async_context(connections.reading()) for _ in range(READERS)]
        assert len(set(map(id, readers))) == READERS
        for reader in readers:
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await reader.execute("DELETE FROM stories")

    with pytest.raises(StoreError, match="cannot be written to"):
        await connections.rows("DELETE FROM stories")
    assert await _titles(connections) == {"Rail strike", "Tram"}


async def test_reads_see_what_was_there_and_wait_for_no_write(
    connections: SqliteConnections,
) -> None:
    async with connections.transaction() as writer:
        await writer.execute("DELETE FROM stories")
        titles = await asyncio.wait_for(_titles(connections), timeout=5)

    assert titles == {"Rail strike", "Tram"}
    assert await _titles(connections) == set()


# Another process holds the file


async def test_memory_is_given_back_beside_reads_and_a_write_which_go_on(
    connections: SqliteConnections,
) -> None:
    async with connections.reading() as reader, connections.transaction() as writer:
        await reader.execute_fetchall("BEGIN")
        before = await reader.execute_fetchall("SELECT count(*) FROM notes")
        await writer.execute("INSERT INTO notes VALUES ('a', 'b')")
        await connections.release_memory()
        assert await reader.execute_fetchall("SELECT count(*) FROM notes") == before
        await reader.rollback()
    (row,) = await connections.rows("SELECT value FROM notes WHERE name = 'a'")
    assert row[0] == "b"


async def test_a_write_that_waits_in_vain_says_so_and_succeeds_later(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    await connections.writer.execute("PRAGMA busy_timeout = 30")
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreBusyError, match="in use by another process"):
        await SqlIngest(connections).write(batch([story("Late")]))
    assert await _titles(connections) == {"Rail strike", "Tram"}

    other.execute("ROLLBACK")
    await SqlIngest(connections).write(batch([story("Late")]))
    assert await _titles(connections) == {"Rail strike", "Tram", "Late"}


async def test_a_write_waits_until_another_process_is_done(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN EXCLUSIVE")
    writing = asyncio.create_task(SqlIngest(connections).write(batch([story("Late")])))
    await asyncio.sleep(0.1)
    assert not writing.done()

    other.execute("ROLLBACK")
    await writing
    assert "Late" in await _titles(connections)


# The disk fills, or fails


@pytest.mark.slow
async def test_a_store_that_cannot_grow_says_so_and_keeps_what_it_has(
    connections: SqliteConnections,
) -> None:
    (used,) = await connections.writer.execute_fetchall("PRAGMA page_count")
    await connections.writer.execute(f"PRAGMA max_page_count = {used[0] + 20}")

    with pytest.raises(StoreFullError, match="the disk is full"):
        await SqlIngest(connections).write(_large())

    assert await _titles(connections) == {"Rail strike", "Tram"}
    assert await check_integrity(connections) == []

    await connections.writer.execute("PRAGMA max_page_count = 1000000")
    await SqlIngest(connections).write(_large())
    assert len(await SqlIngest(connections).fingerprints("wire")) == 202
    assert await check_integrity(connections) == []


# Damage


async def test_a_whole_store_has_no_check_integrity(connections: SqliteConnections) -> None:
    assert await check_integrity(connections) == []


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "INSERT INTO stories_fts (rowid, title, place, body) VALUES (999, 'ghost', '', '')",
            id="a ghost",
        ),
        pytest.param(
            "INSERT INTO stories_fts (stories_fts, rowid, title, place, body)"
            " SELECT 'delete', row, title, place, body FROM stories WHERE title = 'Tram'",
            id="a story left out",
        ),
        pytest.param("DELETE FROM stories_fts_data WHERE id > 10", id="a lost segment"),
        pytest.param(
            "UPDATE stories_fts_docsize SET sz = x'00' WHERE id = 1", id="sizes that are wrong"
        ),
    ],
)
async def test_a_full_text_index_that_strays_is_found(
    connections: SqliteConnections, other: sqlite3.Connection, statement: str
) -> None:
    other.execute(statement)

    found = await check_integrity(connections)
    assert len(found) == 1
    assert found[0].startswith("the full-text index: ")
    assert await _titles(connections) == {"Rail strike", "Tram"}  # and the store is open still


async def test_a_row_that_points_nowhere_is_found(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    other.execute("INSERT INTO story_topics VALUES (1, 0, 999)")  # its foreign keys are off

    assert await check_integrity(connections) == [
        "a row of story_topics points to a row of stories that is not there"
    ]


async def test_an_index_that_lost_a_row_is_found(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    other.execute("PRAGMA writable_schema = ON")
    other.execute(
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX stories_by_time ON stories (row)'"
        " WHERE name = 'stories_by_time'"
    )
    other.execute("PRAGMA schema_version = 1000")

    found = await check_integrity(connections)
    assert found
    assert all(one.startswith("the file: ") and "stories_by_time" in one for one in found)


# Plans


@pytest.mark.parametrize(
    ("within", "walked"),
    [
        pytest.param(Filter(), "INDEX stories_by_time", id="latest"),
        pytest.param(Filter(since=SINCE), "INDEX stories_by_time", id="since"),
        pytest.param(Filter(source="wire"), "story_sources USING PRIMARY KEY", id="source"),
        pytest.param(
            Filter(None, "wire", SINCE), "story_sources USING PRIMARY KEY", id="source, since"
        ),
        pytest.param(Filter(topic="Rail"), "story_topics USING PRIMARY KEY", id="topic"),
    ],
)
async def test_a_page_is_chosen_by_walking_an_index_and_nothing_is_sorted(
    connections: SqliteConnections, other: sqlite3.Connection, within: Filter, walked: str
) -> None:
    page, *_ = await _asked(connections, within)
    plan = _chosen(other, page)

    assert walked in plan[0]
    assert [step for step in plan if "TEMP B-TREE" in step] == []


async def _asked(connections: SqliteConnections, within: Filter) -> list[str]:
    """The statements, values in place, that a listing asks the database; the page's first."""
    asked: list[str] = []
    async with connections.reading() as reader:  # the one that is handed out next
        await reader.set_trace_callback(asked.append)
    await SqlStories(connections).latest(within, 5, 0)
    return asked


def _chosen(connection: sqlite3.Connection, sql: str, part: str = "chosen") -> list[str]:
    """Of the plan of a listing, the part that chooses the stories of the page.

    What is left sorts no more than a page.
    """
    steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    inside = {step[0] for step in steps if step[3] in {f"MATERIALIZE {part}", f"CO-ROUTINE {part}"}}
    chosen = []
    for number, parent, _, told in steps:
        if parent in inside:
            inside.add(number)
            chosen.append(str(told))
    return chosen


async def test_a_search_takes_the_newest_matches_without_sorting_them(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    asked: list[str] = []
    async with connections.reading() as reader:
        await reader.set_trace_callback(asked.append)
    await SqlSearch(connections).candidates(parse("rail"), Filter(), 5)

    (sql,) = (each for each in asked if "stories_fts(" in each)
    plan = " ".join(row[3] for row in other.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "SEARCH stories USING INTEGER PRIMARY KEY" in plan
    chosen = " ".join(_chosen(other, sql, "found"))
    assert "SCAN stories_fts VIRTUAL TABLE" in chosen
    assert "TEMP B-TREE" not in chosen


async def test_a_search_sorts_few_matches_rather_than_read_the_index_backwards(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    asked: list[str] = []
    async with connections.reading() as reader:
        await reader.set_trace_callback(asked.append)
    await SqlSearch(connections).candidates(parse("rail"), Filter(), 5, most=100)

    (sql,) = (each for each in asked if "stories_fts(" in each)
    chosen = " ".join(_chosen(other, sql, "found"))
    assert "SCAN stories_fts VIRTUAL TABLE INDEX 0:" in chosen  # 192: where it gives the order
    assert "TEMP B-TREE" in chosen


async def test_what_a_button_asked_for_more_than_a_year_ago_is_forgotten(
    connections: SqliteConnections, other: sqlite3.Connection
) -> None:
    old, used, new = Action("latest"), Action("topics"), Action("help")
    await SqlChats(connections).remember_actions({"#old": old, "#used": used})
    other.execute("UPDATE actions SET at = at - 367 * 24 * 3600 * 1000000")
    await SqlChats(connections).remember_actions({"#used": used, "#new": new})

    tokens = ("#old", "#used", "#new")
    assert [await SqlChats(connections).action(one) for one in tokens] == [None, used, new]
    other.execute("UPDATE actions SET at = at - 365 * 24 * 3600 * 1000000")
    await SqlChats(connections).remember_actions({})
    assert [await SqlChats(connections).action(one) for one in tokens] == [None, used, new]


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ('["at once", "08:00", 0]', "at once"),
        ('["hourly", "08:00", 0]', "hourly"),
        ('["daily", "18:30", 0]', "daily 18:30"),
        ('["weekly", "09:00", 4]', "weekly friday 09:00"),
    ],
)
async def test_a_timetable_of_one_time_and_one_weekday_is_read_as_it_was_written(
    path: Path, written: str, when: str
) -> None:
    async with await SqliteStore.open(path) as store:
        put = await store.subscriptions.put(
            Subscription(CHAT, TargetKind.SOURCE, "wire", daily(time(7), time(19)), made=NOW)
        )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE subscriptions SET timetable = ?", (written,))
    async with await SqliteStore.open(path) as store:
        (one,) = await store.subscriptions.of(CHAT)
        assert (one.id, str(one.when)) == (put.id, when)
