"""Where an outbox lies whose life is played: in an SQLite file, or in a PostgreSQL database."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast

import psycopg
from outbox_model import Row
from postgres_server import databases

from bot.chat.ports import Store
from store.outbox.queue import SqlOutbox
from store.postgres.platform_lock import SessionLock
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

_COLUMNS = ", ".join(["row", *list(Row.__dataclass_fields__)[1:]])
_ROWS = f"SELECT {_COLUMNS} FROM outbox ORDER BY row"  # noqa: S608 - names of fields
_FOREVER = 3_600.0  # seconds of silence: no machine is too slow to keep a lock


class Site(Protocol):
    """A store that any number of processes open, seen from beside them."""

    async def open(self) -> Store:
        """Opens the store, as a process does."""
        ...

    def rows(self) -> dict[int, Row]:
        """Reads the whole outbox."""
        ...

    def remove(self, story: str) -> None:
        """Deletes a story."""
        ...


OpenSite = Callable[[], AbstractContextManager[Site]]


def _to_rows(found: Sequence[tuple[Any, ...]]) -> dict[int, Row]:
    return {one[0]: replace(Row(*one), chat=one[1].partition(":")[2]) for one in found}


class SqliteSite(Site):
    """A store in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def open(self) -> Store:
        return await SqliteStore.open(self._path)

    def rows(self) -> dict[int, Row]:
        with closing(sqlite3.connect(self._path)) as connection:
            return _to_rows(connection.execute(_ROWS).fetchall())

    def remove(self, story: str) -> None:
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("DELETE FROM stories WHERE id = ?", (story,))


class PostgresSite(Site):
    """A store in a database."""

    def __init__(self, url: str, connection: psycopg.Connection) -> None:
        self._url = url
        self._connection = connection

    async def open(self) -> Store:
        store = await PostgresStore.open(self._url)
        # The very same, but that time which passes between two steps of a test is no silence.
        lock = SessionLock(store._connections, _FOREVER)  # noqa: SLF001
        store.outbox = SqlOutbox(store._connections, lock)  # noqa: SLF001
        return cast(Store, store)

    def rows(self) -> dict[int, Row]:
        return _to_rows(self._connection.execute(_ROWS.encode()).fetchall())

    def remove(self, story: str) -> None:
        self._connection.execute("DELETE FROM stories WHERE id = %s", (story,))


def sqlite_sites(folder: Path, prepare: Callable[[Store], Awaitable[None]]) -> OpenSite:
    """Returns what lends a new store in a file each time."""
    template = folder / "template.db"

    async def make() -> None:
        async with await SqliteStore.open(template) as store:
            await prepare(store)

    asyncio.run(make())

    @contextmanager
    def lend() -> Iterator[Site]:
        with TemporaryDirectory() as own:
            yield SqliteSite(Path(shutil.copy(template, own)))

    return lend


def postgres_sites(folder: Path, prepare: Callable[[Store], Awaitable[None]]) -> OpenSite:
    """Returns what lends an empty database each time."""
    del folder

    async def make(site: Site) -> None:
        store = await site.open()
        await prepare(store)
        await store.aclose()

    @contextmanager
    def lend() -> Iterator[Site]:
        with databases().one() as url, psycopg.connect(url, autocommit=True) as connection:
            site = PostgresSite(url, connection)
            asyncio.run(make(site))
            yield site

    return lend
