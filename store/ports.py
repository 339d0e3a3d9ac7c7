"""Ports of the store: what its statements need of a database, SQLite or PostgreSQL.

One text of each statement serves both. Values are bound to `?` or to `:name`; `fetch_in` binds any
number of them. What only PostgreSQL needs stands in a comment that begins with `/*!`. Times are
whole microseconds, truths are 0 and 1, lists are JSON in a TEXT.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import islice
from typing import Any, Protocol

from bot.monitoring.model import DiskSpace
from bot.search.query import Query
from store.moments import Moment

ANSWER_PATIENCE = 1.4
"""Seconds that an answer waits in which nobody gets on, before it says that the store is busy.

While others have their turns it waits for its own.
"""

_IN_AT_ONCE = 500  # values of an IN

Values = tuple[Any, ...] | dict[str, Any]


class Row(Protocol):
    """A row: its values in the order of the columns, or by the names of these."""

    def __getitem__(self, key: int | str, /) -> Any:
        """Returns a value by its place or by its column's name."""
        ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def keys(self) -> Iterable[str]:
        """Returns the names of the columns."""
        ...


class Cursor(Protocol):
    """The end of a statement: the rows that it returns, or changed."""

    @property
    def rowcount(self) -> int:
        """The number of rows that were inserted, updated or deleted."""
        ...

    def fetchone(self) -> Awaitable[Row | None]:
        """Returns the next row; None when there is none."""
        ...

    def fetchmany(self, size: int, /) -> Awaitable[Iterable[Row]]:
        """Returns the next rows, so many at most."""
        ...


class Connection(Protocol):
    """A connection, lent for a transaction or for reading."""

    def execute(self, statement: str, values: Values = ..., /) -> Awaitable[Cursor]:
        """Runs a statement."""
        ...

    def executemany(self, statement: str, values: Iterable[Values], /) -> Awaitable[Cursor]:
        """Runs a statement once for each of some values; the cursor counts the rows of all."""
        ...

    def execute_fetchall(self, statement: str, values: Values = ..., /) -> Awaitable[Iterable[Row]]:
        """Runs a statement, and returns its rows."""
        ...


class TextIndex(Protocol):
    """The full-text index of the stories. Statements search it as `stories_fts(expression)`.

    That gives the `rowid` of each story that matches.
    """

    def matches(self, expression: str, count: int | None, limit: str = "") -> str:
        """Returns the call of a function that gives the `rowid` of each story that matches.

        Args:
            expression: Where the expression is bound.
            count: How many stories match it at most; None where nobody knows.
            limit: Where it is bound how many are wanted, those that were added last; empty for all.
                There may be more all the same.
        """
        ...

    def expression(self, query: Query, *, title: bool = False) -> str:
        """Translates a query that is not empty; of titles only, if that is asked."""
        ...

    async def update(self, writer: Connection, stories: Sequence[Mapping[str, Any]]) -> None:
        """Indexes stories that were just written, given the values of their rows."""
        ...

    async def merge(self, *, is_begun: bool) -> bool:
        """Does a step of `SearchStore.merge_index`; `is_begun` when it goes on."""
        ...


class Connections(Protocol):
    """All connections to one store."""

    @property
    def text_index(self) -> TextIndex:
        """The full-text index."""
        ...

    @property
    def keeps_plans(self) -> bool:
        """True where a search is planned once, whatever its words: a longer text costs no more."""
        ...

    @property
    def commits(self) -> int:
        """Grows with each transaction that was committed through these connections."""
        ...

    def moment(self) -> Moment:
        """Returns the moment; what is read from now on is of this moment or a later one."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Lends a connection to read with, for as long as the block lasts.

        Raises:
            StoreBusyError: All of them are in use, or the store is locked, and stay so.
        """
        ...

    async def rows(
        self, statement: str, values: Values = (), *, seconds: float | None = None
    ) -> list[Row]:
        """Runs a query, and returns its rows.

        Args:
            statement: The query.
            values: What it binds.
            seconds: How long it may take, the wait for its turn left aside; None for any time.

        Raises:
            TimeoutError: It took longer than that, and was ended.
        """
        ...

    def transaction(
        self, patience: float | None = None, *, alone: bool = True
    ) -> AbstractAsyncContextManager[Connection]:
        """Lends a connection in a transaction: committed at the end, or rolled back on any error.

        Args:
            patience: Seconds to wait for other writes of this process and, once more, for those of
                others; None where nobody waits for an answer.
            alone: True where what is read in it must not be changed by others until it ends: one
                such transaction is open at a time. SQLite always has it so. False where the rows
                that it locks suffice.

        Raises:
            StoreBusyError: Others wrote for longer than that.
        """
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """Lends a connection that reads everything as it is at one moment."""
        ...

    async def renumber(self, writer: Connection, table: str, column: str) -> None:
        """Has the numbers that the database gives in a column go on behind the greatest there."""
        ...

    async def give_back(self, pages: int) -> int:
        """Gives so many free pages back to the disk; returns how many are left to give."""
        ...

    async def disk_space(self) -> DiskSpace:
        """Measures the store, and what is free where it lies."""
        ...

    async def aclose(self) -> None:
        """Closes every connection; a write that is under way is finished first."""
        ...


class PlatformLock(Protocol):
    """Locks platforms until it is closed or its process has ended, however that ended.

    A lock can be lost before, where others could not tell a silent process from a dead one. What
    was never locked cannot be lost: whoever asks for that is alone, such as a command.
    """

    async def acquire(self, platform: str) -> bool:
        """Locks a platform; returns False when another process has it locked.

        Raises:
            StoreError: It cannot be locked.
        """
        ...

    def holds(self, platform: str) -> bool:
        """Tells, without asking, if a platform that was locked is surely still locked."""
        ...

    def transaction(self, platform: str) -> AbstractAsyncContextManager[Connection]:
        """Lends a connection in a transaction that is committed only while the lock is held.

        What others do at the same time must be kept out by locking rows.

        Raises:
            PlatformLostError: The lock was lost.
        """
        ...

    async def is_held(self, writer: Connection, platform: str) -> bool:
        """Asks the database if a platform that was locked still is.

        Args:
            writer: The connection, in a transaction that is alone: whoever has the lock next begins
                with one, too, and so after this one has ended.
            platform: The platform.
        """
        ...

    async def aclose(self) -> None:
        """Releases all locks."""
        ...


async def fetch_in(
    connection: Connection,
    statement: str,
    wanted: Iterable[str | int],
    values: tuple[str | int, ...] = (),
    tail: str = "",
) -> list[Row]:
    """Fetches the rows for which what a statement ends with is any of the wanted values.

    Args:
        connection: Where.
        statement: It ends with a column.
        wanted: Any number of them; asked for in parts, since a statement takes only so many.
        values: What the statement binds before.
        tail: What follows.
    """
    rows: list[Row] = []
    left = iter(wanted)
    while part := tuple(islice(left, _IN_AT_ONCE)):
        marks = ", ".join("?" * len(part))
        rows += await connection.execute_fetchall(
            f"{statement} IN ({marks}) {tail}", (*values, *part)
        )
    return rows
