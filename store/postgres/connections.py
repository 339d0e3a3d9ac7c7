"""Connections to one PostgreSQL database: a pool, and the turns of those that write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool

from bot.errors import StoreBusyError, StoreError
from bot.monitoring.model import DiskSpace
from bot.precedence import comes_second
from bot.turns import Turns
from store.moments import Moment
from store.ports import ANSWER_PATIENCE, Connection, Row, Values
from store.postgres.connection import PostgresConnection
from store.postgres.errors import map_errors
from store.postgres.rows import PostgresRow, SumLoader, TextDumper, make_rows
from store.postgres.text_index import TsvectorIndex

MOST = 6
"""Connections of a process, beside one for each lock that it holds."""

MOST_SECOND = MOST - 2
"""Those of them that may be lent at once to read what comes second (`bot.precedence`)."""

WRITE_LOCK = 0x44544C4E_0001
"""The advisory lock of those who write alone; the first four bytes are `DTLN`."""

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_CONNECT_IN = 10  # seconds
_IDLE_FOR = 6_000  # milliseconds between two statements of a transaction
# A line that was cut is noticed within some ten seconds; see libpq's list of parameters,
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS.
_KEEPALIVE = {
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_DIRECTORY_SIZE = "SELECT pg_database_size(current_database())"


class PostgresConnections:
    """All connections of a process to one database; implements `store.ports.Connections`.

    Of all processes, one at a time is in a transaction that is alone, as it is with SQLite: it
    holds an advisory lock (https://www.postgresql.org/docs/current/explicit-locking.html).
    """

    keeps_plans = False
    """False: see `store.postgres.connection`."""

    def __init__(self, url: str) -> None:
        """Makes them for the database at a URL, `postgresql://user:password@host/database`."""
        with map_errors("of the configuration"):
            known = conninfo_to_dict(url)
        self.name = describe(known)
        self.conninfo = make_conninfo(url, **_defaults(known))
        self.commits = 0
        self._writes = 0  # of stories that this process was told of
        self._is_told = False
        self.text_index = TsvectorIndex(self)
        self._is_suspect = False
        self._writing = asyncio.Lock()
        self._turns = Turns(MOST)  # the pool would refuse who waits, though others get on
        self._second = Turns(MOST_SECOND)
        self._pool: AsyncConnectionPool[AsyncConnection[PostgresRow]] = AsyncConnectionPool(
            self.conninfo,
            connection_class=AsyncConnection[PostgresRow],
            min_size=1,
            max_size=MOST,
            timeout=_CONNECT_IN,
            open=False,
            configure=prepare_session,
            kwargs={"autocommit": True, "row_factory": make_rows},
        )

    def moment(self) -> Moment:
        """Returns the moment; see `Connections.moment`."""
        told = self._writes if self._is_told else None
        return Moment(self.commits, told, time.monotonic())

    def hear_of_stories(self, *, is_told: bool) -> None:
        """Notes that stories may have been written.

        Args:
            is_told: True where the store tells of each such write from now on, until it is noted
                that it does not.
        """
        self._writes += 1
        self._is_told = is_told

    async def open(self) -> None:
        """Connects to a database that has answered already, and is up to date.

        Raises:
            StoreError: The server does not answer any more.
        """
        with map_errors(self.name):
            await self._pool.open(wait=True, timeout=_CONNECT_IN)

    async def aclose(self) -> None:
        """Closes every connection; a write that is under way is finished first."""
        async with self._writing:
            await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresConnection]:
        """Lends a connection to read with; see `Connections.reading`."""
        with map_errors(self.name):
            async with self._lent(ANSWER_PATIENCE, to_read=True) as connection:
                yield PostgresConnection(connection)

    async def rows(
        self, statement: str, values: Values = (), *, seconds: float | None = None
    ) -> list[Row]:
        """Runs a query, and returns its rows; once more where the connection was lost."""
        with map_errors(self.name):
            for _ in range(MOST):
                async with self._lent(ANSWER_PATIENCE, to_read=True) as connection:
                    try:
                        lent = PostgresConnection(connection)
                        async with asyncio.timeout(seconds):
                            return [*await lent.execute_fetchall(statement, values)]
                    except psycopg.OperationalError:
                        if not connection.broken:
                            raise
        raise StoreBusyError(f"the store {self.name} does not answer")

    @asynccontextmanager
    async def transaction(
        self, patience: float | None = None, *, alone: bool = True
    ) -> AsyncIterator[PostgresConnection]:
        """Lends a connection in a transaction; see `Connections.transaction`."""
        with map_errors(self.name):
            async with self._turn(patience, alone=alone), self._lent(patience) as connection:
                async with connection.transaction():
                    if patience is not None:
                        milliseconds = round(patience * 1_000)
                        await connection.execute(f"SET LOCAL lock_timeout = {milliseconds}")
                    if alone:
                        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
                    yield PostgresConnection(connection)
                self.commits += 1

    @asynccontextmanager
    async def _turn(self, patience: float | None, *, alone: bool) -> AsyncIterator[None]:
        """Waits for the writes of this process, so that these need no connection to wait with."""
        if not alone:
            yield
            return
        try:
            async with asyncio.timeout(patience):
                await self._writing.acquire()
        except TimeoutError as error:
            raise self._busy() from error
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def _lent(
        self, patience: float | None, *, to_read: bool = False
    ) -> AsyncIterator[AsyncConnection[PostgresRow]]:
        """Lends a connection; to read, what comes second leaves some to what goes before it.

        Who writes does not wait so: others may wait for that write.
        """
        if self._pool.closed:
            raise StoreError(f"the store {self.name} is closed")
        patience = patience or _CONNECT_IN
        turns = (self._second, self._turns) if to_read and comes_second() else (self._turns,)
        await self._take(turns, patience)
        try:
            if self._is_suspect:  # where one connection was lost, others may have been
                self._is_suspect = False
                await self._pool.check()
            # Not `pool.connection`, which commits what needs no commit here.
            connection = await self._pool.getconn(timeout=patience)
            try:
                yield connection
            except psycopg.OperationalError:
                self._is_suspect |= connection.broken
                raise
            finally:
                await self._pool.putconn(connection)
        finally:
            _end(turns)

    async def _take(self, turns: Sequence[Turns], patience: float) -> None:
        """Takes a turn of each, or none."""
        for at, one in enumerate(turns):
            try:
                await one.take(patience)
            except BaseException as error:
                _end(turns[:at])
                if isinstance(error, TimeoutError):
                    raise self._busy() from error
                raise

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(f"the store {self.name} is busy")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[PostgresConnection]:
        """Lends a connection in a transaction that reads; see `Connections.snapshot`."""
        with map_errors(self.name):
            async with self._lent(None, to_read=True) as connection, connection.transaction():
                await connection.execute(_SNAPSHOT)
                yield PostgresConnection(connection)

    async def renumber(self, writer: Connection, table: str, column: str) -> None:
        """Sets the column's sequence; see `Connections.renumber`."""
        if column:
            await writer.execute(
                f"SELECT setval(pg_get_serial_sequence(?, ?), greatest(max({column}), 1),"
                f" max({column}) IS NOT NULL) FROM {table}",
                (table, column),
            )

    async def give_back(self, pages: int) -> int:
        """Leaves that to PostgreSQL, whose autovacuum does it."""
        del pages
        return 0

    async def disk_space(self) -> DiskSpace:
        """Measures the database; what is free where it lies, the server does not tell."""
        (row,) = await self.rows(_DIRECTORY_SIZE)
        return DiskSpace(row[0], None)


def _end(turns: Iterable[Turns]) -> None:
    for one in turns:
        one.end()


async def prepare_session(connection: AsyncConnection[Any]) -> None:
    """Has a connection read sums as numbers, write texts that hold a NUL, and compile no queries.

    The server ends it where it stops within a transaction: a process that is stopped there would
    keep all others from writing.
    """
    # Both take longer than any of them: to compile one, and to start others to help with it.
    await connection.execute("SET jit = off")
    await connection.execute("SET max_parallel_workers_per_gather = 0")
    await connection.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_FOR}")
    connection.adapters.register_dumper(str, TextDumper)
    connection.adapters.register_loader("numeric", SumLoader)


def describe(known: dict[str, Any]) -> str:
    """Names a database for people, without user and password."""
    host = known.get("host") or known.get("hostaddr") or ""
    port = f":{known['port']}" if known.get("port") else ""
    return f"postgresql://{host}{port}/{known.get('dbname') or ''}"


def _defaults(known: dict[str, Any]) -> dict[str, Any]:
    wanted = {"application_name": "dateline", "connect_timeout": _CONNECT_IN, **_KEEPALIVE}
    return {name: value for name, value in wanted.items() if name not in known}
