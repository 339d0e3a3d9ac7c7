"""The full-text index of PostgreSQL: a `tsvector` of each story."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from bot.search.query import Query
from store.ports import Connection, Connections, TextIndex
from store.postgres.ts_query import query_expression, story_vector

_PUT = """
    INSERT INTO story_texts (story, words) SELECT row, CAST(? AS TSVECTOR) FROM stories WHERE id = ?
    ON CONFLICT (story) DO UPDATE SET words = excluded.words
"""
_FEW = 3_000
"""Matches that are found and put in order sooner than stories in their order are looked into."""

_MOVE_PENDING = "SELECT gin_clean_pending_list('story_texts_by_word')"


class TsvectorIndex(TextIndex):
    """Searches by `tsquery` (https://www.postgresql.org/docs/current/textsearch.html)."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    def matches(self, expression: str, count: int | None, limit: str = "") -> str:
        if count is None or count > _FEW:
            return f"stories_fts({expression})"
        return f"newest_few_fts({expression}, {limit or 'NULL'})"

    @override
    def expression(self, query: Query, *, title: bool = False) -> str:
        return query_expression(query, title=title)

    @override
    async def update(self, writer: Connection, stories: Sequence[Mapping[str, Any]]) -> None:
        vectors = await asyncio.to_thread(lambda: [(story_vector(s), s["id"]) for s in stories])
        await writer.executemany(_PUT, vectors)

    @override
    async def merge(self, *, is_begun: bool) -> bool:
        """Moves what was written into the index proper; until then, each search reads it as a list.

        PostgreSQL does so by itself once that list is long
        (https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE).
        """
        del is_begun  # all of it is moved at once
        await self._connections.rows(_MOVE_PENDING)
        return False
