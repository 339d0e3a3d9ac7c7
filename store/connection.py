"""Connections to one SQLite file: a writer behind a lock, and a few readers."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.errors import StoreBusyError, StoreError, StoreGoneError
from bot.monitoring.model import DiskSpace
from bot.precedence import comes_second
from bot.turns import Turns
from store.errors import map_errors
from store.files import (
    FileIdentity,
    check_identity,
    create_private,
    gone,
    identify,
    measure_space,
)
from store.fts_index import FtsIndex
from store.high_water import HighWaterMark, is_other
from store.moments import Moment
from store.ports import ANSWER_PATIENCE, Connection, Row, Values
from store.wal import check_log, read_commits

READERS = 3
BUSY_TIMEOUT_MS = 10_000
_READER_CACHE = 2_048  # KiB of pages; more answers no sooner, since the system has the file at hand
_WRITER_CACHE = 2_048  # KiB: what is written lies close together; more would grow with the store

_INTERRUPTED_EVERY = 0.01  # seconds
_UNREADABLE = -1  # less than every count of transactions

_T = TypeVar("_T")

_IN_USE_LOCK = threading.Lock()
_IN_USE: Counter[FileIdentity | None] = Counter()
"""Connections of this process, by file: to close a file beside them releases their locks."""


class SqliteConnections:
    """All connections to one file. Open them with `open_all`, and always close them.

    Coroutines that share a connection share its transaction, so one writes at a time, and whoever
    writes holds the writer for the whole transaction.
    """

    is_new = False
    """True when the file had no tables before it was opened."""

    keeps_plans = True
    """True: the module `sqlite3` keeps the statements that were run last."""

    counts_commits = False
    """True once the schema is known to have the table `commits`; see `store.wal`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mark = HighWaterMark(path)
        self.text_index = FtsIndex(self)
        self._identity: FileIdentity | None = None
        self._at_rest: int | None = None  # the count of transactions in the file, without its log
        self._is_suspect = False
        self._gone: StoreGoneError | None = None
        self._writer: aiosqlite.Connection | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._free: list[aiosqlite.Connection] = []
        self._turns = Turns(READERS)
        self._second = Turns(READERS - 1)  # of what comes second
        self._writing = asyncio.Lock()
        self.commits = 0
        """Transactions that were committed through these connections."""

    def moment(self) -> Moment:
        """Returns the moment; see `Connections.moment`. The file tells nobody of writes."""
        return Moment(self.commits, None, time.monotonic())

    @property
    def writer(self) -> aiosqlite.Connection:
        """The one connection that writes.

        Raises:
            StoreError: The store is closed.
        """
        if self._gone is not None:
            raise self._gone
        if self._writer is None:
            raise StoreError(f"the store {self.path} is closed")
        return self._writer

    async def open_writer(self) -> aiosqlite.Connection:
        """Opens the connection that writes; nothing is changed in a file that is there yet."""
        with map_errors(self.path):
            await asyncio.to_thread(self._prepare_file)
            self._writer = await _connect(self.path, BUSY_TIMEOUT_MS, _WRITER_CACHE)
        return self._writer

    def _prepare_file(self) -> None:
        create_private(self.path)
        with _IN_USE_LOCK:
            identity = identify(self.path)
            if not _IN_USE[identity]:
                check_log(self.path)
            # When opening fails, aiosqlite leaves a thread behind that trips over a closed event
            # loop; so what cannot be opened is found without it.
            sqlite3.connect(self.path).close()
            _IN_USE[identity] += 1
            self._identity = identity

    async def check_in_place(self) -> None:
        """Makes sure that the file is where it was opened; else refuses every further use.

        Raises:
            StoreGoneError: It was deleted, moved or replaced.
        """
        try:
            await asyncio.to_thread(check_identity, self.path, self._identity)
            await asyncio.to_thread(self._check_content)
        except StoreGoneError as error:
            self._gone = error
            raise

    def _check_content(self) -> None:
        """Makes sure that no other file was copied over the one that is open.

        What stands in the file itself never goes back. One look may come while SQLite writes there.
        """
        found = read_commits(self.path)
        count = found[1] if found else _UNREADABLE
        is_overwritten = is_other(count, self._at_rest)
        if is_overwritten and self._is_suspect:
            raise gone(self.path, "overwritten by another file")
        self._is_suspect = is_overwritten
        if found and not is_overwritten:
            self._at_rest = count

    async def open_readers(self) -> None:
        """Opens the connections that read, once the file is known to be in order."""
        with map_errors(self.path):
            for _ in range(READERS):
                patience = round(ANSWER_PATIENCE * 1_000)
                reader = await _connect(self.path, patience, _READER_CACHE)
                self._readers.append(reader)
                await reader.execute("PRAGMA query_only = ON")
                self._free.append(reader)

    async def release_memory(self) -> None:
        """Gives the pages back that connections keep; none that is in use is waited for."""
        with map_errors(self.path):
            for one in (*self._free, self.writer):
                await one.execute_fetchall("PRAGMA shrink_memory")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lends a reader in a transaction; see `Connections.snapshot`."""
        async with self.reading() as reader:
            await reader.execute("BEGIN")
            try:
                yield reader
            finally:
                await reader.rollback()

    async def renumber(self, writer: Connection, table: str, column: str) -> None:
        """Does nothing: SQLite follows the numbers that it is given."""

    async def give_back(self, pages: int) -> int:
        """Gives free pages back to the disk; see `Connections.give_back`."""
        async with self.transaction() as writer:
            await writer.execute_fetchall(f"PRAGMA incremental_vacuum({pages})")
            (row,) = await writer.execute_fetchall("PRAGMA freelist_count")
            (mode,) = await writer.execute_fetchall("PRAGMA auto_vacuum")
        return int(row[0]) if mode[0] else 0

    async def disk_space(self) -> DiskSpace:
        """Measures the file with those beside it; see `Connections.disk_space`."""
        return await asyncio.to_thread(measure_space, self.path)

    async def aclose(self) -> None:
        """Closes every connection; without that, their threads would keep the process alive."""
        async with self._writing:  # a write that is under way is finished first
            readers, self._readers = self._readers, []
            for connection in (*readers, self._writer):
                if connection is not None:
                    await connection.close()
            self._writer = None
            self.mark.close()
            if self._identity:
                with _IN_USE_LOCK:
                    _IN_USE[self._identity] -= 1
                self._identity = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lends a connection to read with, for as long as the block lasts.

        Raises:
            StoreBusyError: All of them are in use, or the file is locked, and stay so.
        """
        if self._gone is not None:
            raise self._gone
        if not self._readers:
            raise StoreError(f"the store {self.path} is closed")
        async with self._turn():
            reader = self._free.pop()
            try:
                with map_errors(self.path):
                    yield reader
            finally:
                self._free.append(reader)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Holds a turn to read; what comes second leaves a reader to what goes before it."""
        second = self._held(self._second) if comes_second() else nullcontext()
        async with second, self._held(self._turns):
            yield

    @asynccontextmanager
    async def _held(self, turns: Turns) -> AsyncIterator[None]:
        try:
            await turns.take(ANSWER_PATIENCE)
        except TimeoutError as error:
            raise self._busy() from error
        try:
            yield
        finally:
            turns.end()

    async def rows(
        self, sql: str, values: Values = (), *, seconds: float | None = None
    ) -> list[Row]:
        """Runs a query on a reader, and returns its rows; see `Connections.rows`.

        After a cancellation the statement is ended before the reader is lent again.
        """
        async with self.reading() as reader, asyncio.timeout(seconds):
            try:
                return list(await reader.execute_fetchall(sql, values))
            except asyncio.CancelledError:
                await asyncio.shield(_interrupt(reader))
                raise

    @asynccontextmanager
    async def transaction(
        self, patience: float | None = None, *, alone: bool = True
    ) -> AsyncIterator[aiosqlite.Connection]:
        """Lends the writer in a transaction; see `Connections.transaction`.

        One alone writes to a file, whatever was asked.
        """
        del alone
        await self._in_time(self._writing.acquire(), patience)
        try:
            writer = self.writer
            with map_errors(self.path):
                try:
                    await self._begin(writer, patience)
                    yield writer
                    count = await self._count(writer)
                    await writer.commit()
                    self.commits += 1
                    if count:
                        self.mark.write(count)
                except BaseException:
                    # Shielded, so that a task cancelled twice still leaves no transaction open.
                    await asyncio.shield(writer.rollback())
                    raise
        finally:
            self._writing.release()

    async def _count(self, writer: aiosqlite.Connection) -> int:
        """Counts the transaction; returns 0 where the schema does not count."""
        if not self.counts_commits:
            return 0
        counted = "UPDATE commits SET count = count + 1 RETURNING count"
        (row,) = await writer.execute_fetchall(counted)
        return int(row[0])

    async def _begin(self, writer: aiosqlite.Connection, patience: float | None) -> None:
        if patience is None:
            await writer.execute("BEGIN IMMEDIATE")
            return
        await writer.execute(f"PRAGMA busy_timeout = {round(patience * 1_000)}")
        try:
            await writer.execute("BEGIN IMMEDIATE")
        finally:
            await writer.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    async def _in_time(self, turn: Awaitable[_T], patience: float | None) -> _T:
        try:
            async with asyncio.timeout(patience):
                return await turn
        except TimeoutError as error:
            raise self._busy() from error

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(f"the store {self.path} is busy")


async def _interrupt(reader: aiosqlite.Connection) -> None:
    """Ends a statement: again and again, since SQLite forgets it where none has begun yet.

    A connection runs one after the other: the next one has an answer when that has ended.
    """
    following = asyncio.ensure_future(reader.execute_fetchall("SELECT 1"))
    while not following.done():
        await reader.interrupt()
        await asyncio.wait((following,), timeout=_INTERRUPTED_EVERY)
    if not following.cancelled():
        following.exception()  # it may have been interrupted itself


async def _connect(path: Path, busy_timeout: int, cache: int) -> aiosqlite.Connection:
    # Autocommit, so that a transaction begins where this code says and nowhere else.
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in _pragmas(busy_timeout, cache):
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


def _pragmas(busy_timeout: int, cache: int) -> Iterable[str]:
    yield f"PRAGMA busy_timeout = {busy_timeout}"
    yield "PRAGMA synchronous = FULL"  # a post that was marked as sent stays marked in a power cut
    yield "PRAGMA foreign_keys = ON"
    yield f"PRAGMA cache_size = -{cache}"  # KiB; above zero they would be pages
