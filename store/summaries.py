"""Summaries that were made by an older method, found and replaced."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from bot.ingest.ports import SummaryStore
from bot.ingest.summaries.model import KeptSummary
from store.codec import to_story
from store.outdated import count_outdated, outdated_stories
from store.ports import Connections, Row

_METHOD = "summary_method"

# No trigger looks at these columns, and no revision is raised: searches remember no summaries.
_REPLACE = """
    UPDATE stories SET summary = ?, given_summary = ?, summary_method = ?
    WHERE id = ? AND content = ?
"""


class SqlSummaries(SummaryStore):
    """Implements `bot.ingest.ports.SummaryStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def count_outdated(self, method: str) -> int:
        return await count_outdated(self._connections, _METHOD, method)

    @override
    async def outdated(self, method: str, after: int, limit: int) -> Sequence[KeptSummary]:
        rows = await outdated_stories(self._connections, _METHOD, method, after, limit)
        return [_kept(row) for row in rows]

    @override
    async def replace(self, remade: Sequence[KeptSummary]) -> None:
        values = [
            (one.story.summary, one.given, one.method, one.story.id, one.content) for one in remade
        ]
        async with self._connections.transaction() as writer:
            await writer.executemany(_REPLACE, values)


def _kept(row: Row) -> KeptSummary:
    return KeptSummary(
        row["row"], to_story(row), row["given_summary"], row["summary_method"], row["content"]
    )
