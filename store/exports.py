"""Reads all stories in parts, as their sources gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from bot.exchange.ports import ExportStore
from bot.ingest.results import StoryRecord
from store.ports import Connections
from store.shared_stories import to_record
from store.stories import STORY

_RECORDS = f"""
    SELECT kept.*, sketch FROM
        ({STORY} WHERE stories.row > ? ORDER BY stories.row LIMIT ?) AS kept
    LEFT JOIN story_keys ON story_keys.story = kept.row ORDER BY kept.row
"""


class SqlExports(ExportStore):
    """Implements `bot.exchange.ports.ExportStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def records(self, after: int, limit: int) -> Sequence[tuple[int, StoryRecord]]:
        rows = await self._connections.rows(_RECORDS, (after, limit))
        return [
            (row["row"], replace(to_record(row), given_summary=row["given_summary"]))
            for row in rows
        ]
