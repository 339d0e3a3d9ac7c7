"""A connection that reads a SQLite file, in a thread of its own, and is waited for in two ways.

Most statements end in far less than a millisecond. To be told of that by the event loop takes as
long again: the thread wakes it through a socket, and it takes two turns until the task goes on. So
who is alone may wait for the thread itself, for a moment at most, and by the loop from then on.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Generic, Self, TypeVar

from store.ports import Row, Values

_T = TypeVar("_T")


class Job(Generic[_T]):
    """Something that a thread does for a task, which waits for it."""

    def __init__(self, work: Callable[[], _T]) -> None:
        """Makes a job of some work, for a task of the loop that runs."""
        self._work = work
        self._values: list[_T] = []
        self._error: BaseException | None = None
        self._loop = asyncio.get_running_loop()
        self._is_ended = False
        self._ended = Lock()  # held until it has ended
        self._ended.acquire()
        self._guard = Lock()
        self._future: asyncio.Future[None] | None = None  # of who waits by the loop

    def run(self) -> None:
        """Does the work, in the thread."""
        try:
            self._values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error
        with self._guard:
            self._is_ended = True
            future = self._future
        self._ended.release()
        if future is not None:
            with suppress(RuntimeError):  # nobody waits any more: the loop was closed
                self._loop.call_soon_threadsafe(_wake, future)

    def ends_within(self, seconds: float) -> bool:
        """Tells if it has ended in so many seconds, for which the loop stands still."""
        return seconds > 0 and self._ended.acquire(timeout=seconds)

    def value(self) -> _T:
        """Returns what the work gave, or raises what it raised, once it has ended."""
        if self._error is not None:
            raise self._error
        return self._values[0]

    async def result(self) -> _T:
        """Waits until it has ended, while the loop goes on; returns or raises as `value` does."""
        with self._guard:
            if not self._is_ended:
                self._future = self._loop.create_future()
        if self._future is not None:
            await self._future
        return self.value()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class ReadCursor:
    """The end of a statement; see `store.ports.Cursor`."""

    def __init__(self, reader: SqliteReader, cursor: sqlite3.Cursor) -> None:
        self._reader, self._cursor = reader, cursor

    @property
    def rowcount(self) -> int:
        """The number of rows that were changed: none, as SQLite tells it."""
        return self._cursor.rowcount

    async def fetchone(self) -> Row | None:
        """Returns the next row; None when there is none."""
        row: Row | None = await self._reader.do(self._cursor.fetchone)
        return row

    async def fetchmany(self, size: int, /) -> list[Row]:
        """Returns the next rows, so many at most."""
        return await self._reader.do(partial(self._cursor.fetchmany, size))


class SqliteReader:
    """Runs statements that read; implements `store.ports.Connection`. Always close it."""

    def __init__(self) -> None:
        """Makes one that is not open yet: use `open`."""
        self._jobs = SimpleQueue[Callable[[], None] | None]()
        self._connection: sqlite3.Connection | None = None

    @classmethod
    async def open(cls, path: Path, pragmas: Iterable[str]) -> Self:
        """Opens a file to read, and sets so much of the connection.

        Raises:
            sqlite3.Error: It cannot be read.
        """
        reader = cls()
        Thread(target=_work, args=(reader._jobs,), name="reader").start()
        try:
            reader._connection = await reader._put(partial(_connect, path, pragmas)).result()
        except BaseException:
            reader._jobs.put(None)
            raise
        return reader

    def _put(self, work: Callable[[], _T]) -> Job[_T]:
        job = Job(work)
        self._jobs.put(job.run)
        return job

    def fetch(self, statement: str, values: Values) -> Job[list[Row]]:
        """Begins a statement; returns the job of which the value is its rows.

        Raises:
            sqlite3.ProgrammingError: The connection is closed.
        """
        return self._put(partial(_fetch, self._open, statement, values))

    async def do(self, work: Callable[[], _T]) -> _T:
        """Does something in the thread."""
        return await self._put(work).result()

    async def execute(self, statement: str, values: Values = (), /) -> ReadCursor:
        """Runs a statement."""
        return ReadCursor(self, await self.do(partial(self._open.execute, statement, values)))

    async def executemany(self, statement: str, values: Iterable[Values], /) -> ReadCursor:
        """Runs a statement once for each of some values."""
        done = partial(self._open.executemany, statement, values)
        return ReadCursor(self, await self.do(done))

    async def execute_fetchall(self, statement: str, values: Values = (), /) -> list[Row]:
        """Runs a statement, and returns its rows."""
        return await self.fetch(statement, values).result()

    async def rollback(self) -> None:
        """Ends a transaction."""
        await self.do(self._open.rollback)

    async def set_trace_callback(self, told: Callable[[str], object] | None) -> None:
        """Tells of each statement from now on."""
        await self.do(partial(self._open.set_trace_callback, told))

    def interrupt(self) -> None:
        """Ends the statement that runs, if one does."""
        self._open.interrupt()

    async def close(self) -> None:
        """Closes it, once what was asked of it before is done."""
        closing, self._connection = self._put(self._open.close), None
        self._jobs.put(None)
        await closing.result()

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.ProgrammingError("the connection is closed")
        return self._connection


def _work(jobs: SimpleQueue[Callable[[], None] | None]) -> None:
    while (run := jobs.get()) is not None:
        run()
        del run  # so that nothing of it is kept until the next one comes


def _connect(path: Path, pragmas: Iterable[str]) -> sqlite3.Connection:
    # Autocommit, so that a transaction begins where this code says and nowhere else. It is closed
    # and interrupted from elsewhere; all else is done in the thread.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _fetch(connection: sqlite3.Connection, statement: str, values: Values) -> list[Row]:
    return connection.execute(statement, values).fetchall()
