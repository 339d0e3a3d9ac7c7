"""The full-text index of PostgreSQL: a `tsvector` of each story."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from bot.search.query import Query
from store.ports import Connection, TextIndex
from store.postgres.ts_query import query_expression, story_vector

_PUT = """
    INSERT INTO story_texts (story, words) SELECT row, CAST(? AS TSVECTOR) FROM stories WHERE id = ?
    ON CONFLICT (story) DO UPDATE SET words = excluded.words
"""


class TsvectorIndex(TextIndex):
    """Searches by `tsquery` (https://www.postgresql.org/docs/current/textsearch.html)."""

    @override
    def expression(self, query: Query, *, title: bool = False) -> str:
        return query_expression(query, title=title)

    @override
    async def update(self, writer: Connection, stories: Sequence[Mapping[str, Any]]) -> None:
        vectors = await asyncio.to_thread(lambda: [(story_vector(s), s["id"]) for s in stories])
        await writer.executemany(_PUT, vectors)

    @override
    async def merge(self, *, is_begun: bool) -> bool:
        """Leaves that to PostgreSQL."""
        del is_begun
        return False
