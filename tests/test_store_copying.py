"""Copies of a store from SQLite to PostgreSQL and back: everything arrives, row by row."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from outboxes import at_once, comes, follow, later
from postgres_server import databases, find_binaries
from posting import HALL, ROOM
from stores import found, open_sqlite
from stories import NOW, READER, batch, story

from bot.errors import StoreError
from bot.ingest.results import LoadReport
from bot.model import Topic
from bot.search.query import Filter
from store.copying.copier import copy_store
from store.copying.tables import TABLES
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.process,
    pytest.mark.skipif(not find_binaries(), reason="PostgreSQL's server is not installed"),
]

_DERIVED = ("stories_fts", "sqlite_", "commits")
"""How tables of SQLite begin that are no content of a store."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with something of most kinds."""
    path = tmp_path_factory.mktemp("filled") / "dateline.db"

    async def fill() -> None:
        async with await open_sqlite(path) as store:
            await _fill(store)

    asyncio.run(fill())
    return path


@pytest.fixture
async def file(filled: Path, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    path = tmp_path / "dateline.db"
    shutil.copyfile(filled, path)
    async with await SqliteStore.open(path) as store:
        yield store


@pytest.fixture
def url() -> Iterator[str]:
    with databases().one() as lent:
        yield lent


@pytest.fixture
async def database(url: str) -> AsyncIterator[PostgresStore]:
    async with await PostgresStore.open(url) as store:
        yield store


def _nothing(_table: str, _done: int) -> None: ...


async def _copy(
    source: SqliteStore | PostgresStore,
    target: SqliteStore | PostgresStore,
    advance: Callable[[str, int], None] = _nothing,
) -> int:
    return await copy_store(source.connections, target.connections, advance, at_once=20)


async def _fill(store: SqliteStore) -> None:
    """Puts something of most kinds into a store: text of many scripts, times, posts, settings."""
    await store.ingest.set_topics([Topic("World", sources=frozenset({"wire"}))])
    told = [story("東京 no news", "Ça va, 'quoted' — ünïcode.\n\nTwo paragraphs: 100 % \\ok?")]
    await store.ingest.write(batch(told))
    await store.ingest.write(batch([story(f"Story {n}", f"Text {n}.") for n in range(47)]))
    await store.sources.finish_load(LoadReport("wire", NOW), "seen")
    await store.chats.set_setting(ROOM, "preview", "off")
    await store.chats.set_note("backfill wire", "[null, 1, false]")
    await store.chats.remember_catchup("telegram", READER, NOW)
    room, hall = await follow(store), await follow(store, chat=HALL)
    await comes(store, "Due", at_once(room))
    await comes(store, "Waits", later(hall))


async def test_everything_arrives_and_comes_back(
    file: SqliteStore, database: PostgresStore, tmp_path: Path
) -> None:
    rows = await _copy(file, database)
    again = await _copy(file, database)
    assert rows == again > 100

    everything = Filter()
    listed = await file.stories.latest(everything, 2_000)
    assert await database.stories.latest(everything, 2_000) == listed
    assert await found(database, "quoted") == await found(file, "quoted") == {"東京 no news"}
    assert await database.check() == []

    async with await SqliteStore.open(tmp_path / "back.db") as back:
        assert await _copy(database, back) == rows
        assert await back.check() == []  # its full-text index, too
        assert await back.stories.latest(everything, 2_000) == listed


async def test_what_is_written_afterwards_gets_new_numbers(
    file: SqliteStore, database: PostgresStore
) -> None:
    await _copy(file, database)
    last = await database.stories.last_place()
    await database.ingest.write(
        batch([story("After the move", published=NOW + timedelta(hours=1))])
    )
    assert await database.stories.last_place() > last
    assert (await follow(database, chat=ROOM)).id
    assert await database.check() == []


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM stories WHERE row % 3 = 0",
        "UPDATE settings SET value = 'on'",
        "INSERT INTO notes VALUES ('not from here', '')",
        "DELETE FROM words WHERE word < 's'",
        "DELETE FROM outbox",
    ],
)
async def test_a_copy_that_was_interrupted_or_spoilt_is_made_whole(
    file: SqliteStore, database: PostgresStore, url: str, damage: str
) -> None:
    await _copy(file, database)
    with closing(psycopg.connect(url, autocommit=True)) as other:
        other.execute(damage.encode())
    whole = await _copy(file, database)
    assert whole > 100
    assert await database.check() == []


async def test_a_copy_may_be_stopped_anywhere_and_goes_on(
    file: SqliteStore, database: PostgresStore
) -> None:

    def stop(table: str, done: int) -> None:
        if table == "stories" and done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await _copy(file, database, stop)
    assert 20 <= await database.stories.last_place() < 50
    assert await _copy(file, database) > 100


async def test_a_row_that_does_not_stay_as_it_was_is_told(
    file: SqliteStore, database: PostgresStore, url: str
) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as other:
        other.execute(
            "CREATE FUNCTION spoil() RETURNS TRIGGER LANGUAGE plpgsql AS"
            " $$ BEGIN new.value := 'other'; RETURN new; END $$"
        )
        other.execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON settings FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
        try:
            with pytest.raises(StoreError, match="1 rows of settings"):
                await _copy(file, database)
        finally:
            other.execute("DROP FUNCTION spoil CASCADE")


async def test_every_table_is_copied_with_the_same_columns(
    file: SqliteStore, database: PostgresStore
) -> None:
    known = {one.name for one in TABLES}
    rows = await file.connections.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    assert {row[0] for row in rows if not row[0].startswith(_DERIVED)} == known
    for name in sorted(known):
        columns = await file.connections.rows("SELECT name FROM pragma_table_info(?)", (name,))
        there = await database.connections.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ?", (name,)
        )
        assert {row[0] for row in columns} == {row[0] for row in there}, name
