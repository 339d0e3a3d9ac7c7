"""The full-text index of SQLite: a table of FTS5 that follows the stories by triggers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from bot.search.query import Query
from store.fts_merge import merge_step
from store.fts_query import match_query
from store.ports import Connection, TextIndex

if TYPE_CHECKING:
    from store.connection import SqliteConnections

_FEW = 3_000
"""Matches that are found sooner in the order in which they were added than from the last one on.

The index keeps each word's stories in that order; to read them the other way takes half as long
again, and pays only where most of them are not read at all.
"""


class FtsIndex(TextIndex):
    """Searches by FTS5 (https://www.sqlite.org/fts5.html)."""

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections

    @override
    def matches(self, expression: str, count: int | None, limit: str = "") -> str:
        del limit  # it goes through the stories in their order either way
        if count is None or count > _FEW:
            return f"stories_fts({expression})"
        # The limit, which is none, keeps SQLite from asking for them in the order of the statement.
        return f"(SELECT rowid FROM stories_fts({expression}) LIMIT -1)"

    @override
    def expression(self, query: Query, *, title: bool = False) -> str:
        return match_query(query, title=title)

    @override
    async def update(self, writer: Connection, stories: Sequence[Mapping[str, Any]]) -> None:
        """Does nothing: the triggers have done it."""

    @override
    async def merge(self, *, is_begun: bool) -> bool:
        return await merge_step(self._connections, is_begun=is_begun)
