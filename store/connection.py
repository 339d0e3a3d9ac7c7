"""Connections to one SQLite file: a writer behind a lock, and a few readers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import NotAStoreError, StoreBusyError, StoreError, StoreFullError

READERS = 3
BUSY_TIMEOUT_MS = 10_000
_IN_AT_ONCE = 500  # values of an IN
_INTERRUPTED_EVERY = 0.01  # seconds

Row = sqlite3.Row
Values = tuple[Any, ...] | dict[str, Any]

_KINDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreBusyError, "is in use by another process"),
    sqlite3.SQLITE_LOCKED: (StoreBusyError, "is in use by another process"),
    sqlite3.SQLITE_FULL: (StoreFullError, "cannot grow: the disk is full"),
    sqlite3.SQLITE_NOTADB: (NotAStoreError, "is no Dateline store"),
    sqlite3.SQLITE_CORRUPT: (StoreError, "is damaged; restore a backup, or move it away"),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "cannot be opened; is its folder there and writable?"),
    sqlite3.SQLITE_READONLY: (StoreError, "cannot be written to"),
    sqlite3.SQLITE_IOERR: (StoreError, "cannot be read or written: the disk fails"),
}


@contextmanager
def map_errors(path: Path) -> Iterator[None]:
    """Maps what SQLite raises to the core's errors, in words that a person understands."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        kind, trouble = _KINDS.get(code, (StoreError, f"cannot be used: {error}"))
        raise kind(f"the store {path} {trouble}") from error


class SqliteConnections:
    """All connections to one file. Open them with `open_all`, and always close them.

    Coroutines that share a connection share its transaction, so one writes at a time, and whoever
    writes holds the writer for the whole transaction.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: aiosqlite.Connection | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._free: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._writing = asyncio.Lock()

    @property
    def writer(self) -> aiosqlite.Connection:
        """The one connection that writes.

        Raises:
            StoreError: The store is closed.
        """
        if self._writer is None:
            raise StoreError(f"the store {self.path} is closed")
        return self._writer

    async def open_writer(self) -> aiosqlite.Connection:
        """Opens the connection that writes; nothing is changed in the file yet."""
        with map_errors(self.path):
            # When opening fails, aiosqlite leaves a thread behind that trips over a closed event
            # loop; so what cannot be opened is found without it.
            await asyncio.to_thread(lambda: sqlite3.connect(self.path).close())
            self._writer = await _connect(self.path)
            return self._writer

    async def open_readers(self) -> None:
        """Opens the connections that read, once the file is known to be in order."""
        with map_errors(self.path):
            for _ in range(READERS):
                reader = await _connect(self.path)
                self._readers.append(reader)
                await reader.execute("PRAGMA query_only = ON")
                self._free.put_nowait(reader)

    async def aclose(self) -> None:
        """Closes every connection; without that, their threads would keep the process alive."""
        async with self._writing:  # a write that is under way is finished first
            readers, self._readers = self._readers, []
            for connection in (*readers, self._writer):
                if connection is not None:
                    await connection.close()
            self._writer = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lends a connection to read with, for as long as the block lasts."""
        if not self._readers:
            raise StoreError(f"the store {self.path} is closed")
        reader = await self._free.get()
        try:
            with map_errors(self.path):
                yield reader
        finally:
            self._free.put_nowait(reader)

    async def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """Runs a query on a reader, and returns its rows.

        After a cancellation the statement is ended before the reader is lent again.
        """
        async with self.reading() as reader:
            running = asyncio.ensure_future(reader.execute_fetchall(sql, values))
            try:
                return list(await asyncio.shield(running))
            except asyncio.CancelledError:
                await asyncio.shield(_interrupt(reader, running))
                raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lends the writer in a transaction: committed at the end, or rolled back on any error."""
        async with self._writing:
            writer = self.writer
            with map_errors(self.path):
                try:
                    await writer.execute("BEGIN IMMEDIATE")
                    yield writer
                    await writer.commit()
                except BaseException:
                    # Shielded, so that a task cancelled twice still leaves no transaction open.
                    await asyncio.shield(writer.rollback())
                    raise


async def _interrupt(reader: aiosqlite.Connection, running: asyncio.Future[Iterable[Row]]) -> None:
    """Ends a statement: again and again, since SQLite forgets it where none has begun yet."""
    while not running.done():
        await reader.interrupt()
        await asyncio.wait((running,), timeout=_INTERRUPTED_EVERY)
    if not running.cancelled():
        running.exception()  # that it was interrupted is known


async def fetch_in(
    connection: aiosqlite.Connection,
    statement: str,
    wanted: Iterable[str | int],
    values: tuple[str | int, ...] = (),
) -> list[Row]:
    """Fetches the rows for which what a statement ends with is any of the wanted values.

    Args:
        connection: Where.
        statement: It ends with a column.
        wanted: Any number of them; asked for in parts, since a statement takes only so many.
        values: What the statement binds before.
    """
    rows: list[Row] = []
    left = iter(wanted)
    while part := tuple(islice(left, _IN_AT_ONCE)):
        marks = ", ".join("?" * len(part))
        rows += await connection.execute_fetchall(f"{statement} IN ({marks})", (*values, *part))
    return rows


async def _connect(path: Path) -> aiosqlite.Connection:
    # Autocommit, so that a transaction begins where this code says and nowhere else.
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in _pragmas():
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


def _pragmas() -> Iterable[str]:
    yield f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
    yield "PRAGMA synchronous = FULL"  # a post that was marked as sent stays marked in a power cut
    yield "PRAGMA foreign_keys = ON"
    yield "PRAGMA cache_size = -16384"  # KiB
