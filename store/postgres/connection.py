"""One connection to PostgreSQL, as the store's statements use it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import QueryNoTemplate

from store.ports import Values
from store.postgres.placeholders import translate
from store.postgres.rows import PostgresRow

# A search is planned for the very words each time: in the order of the stories until there are
# enough of a common word, by the index for a rare one. A plan for any words would read all stories.
_SEARCH = "stories_fts("


class PostgresConnection:
    """Runs statements; implements `store.ports.Connection`."""

    def __init__(self, connection: AsyncConnection[PostgresRow]) -> None:
        self._connection = connection

    async def execute(self, statement: str, values: Values = ()) -> AsyncCursor[PostgresRow]:
        """Runs a statement; see `Connection.execute`."""
        cursor = self._connection.cursor()
        prepare = False if _SEARCH in statement else None
        await cursor.execute(_query(statement), values, prepare=prepare)
        return cursor

    async def executemany(
        self, statement: str, values: Iterable[Values]
    ) -> AsyncCursor[PostgresRow]:
        """Runs a statement once for each of some values; see `Connection.executemany`."""
        cursor = self._connection.cursor()
        await cursor.executemany(_query(statement), [*values])
        return cursor

    async def execute_fetchall(self, statement: str, values: Values = ()) -> list[PostgresRow]:
        """Runs a statement, and returns its rows."""
        return await (await self.execute(statement, values)).fetchall()


def _query(statement: str) -> QueryNoTemplate:
    return cast(QueryNoTemplate, translate(statement))  # the type asks for literals
