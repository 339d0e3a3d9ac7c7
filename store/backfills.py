"""Keeps how far the backfills of sources are, a note for each."""

from __future__ import annotations

import json

from typing_extensions import override

from bot.ingest.backfill import BackfillProgress, BackfillStore
from store.codec import to_micros, to_time
from store.ports import Connections

_PREFIX = "backfill "


class SqlBackfills(BackfillStore):
    """Implements `bot.ingest.backfill.BackfillStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def progress(self, source: str) -> BackfillProgress:
        rows = await self._connections.rows(
            "SELECT value FROM notes WHERE name = ?", (_PREFIX + source,)
        )
        if not rows:
            return BackfillProgress()
        oldest, added, is_done = json.loads(rows[0]["value"])
        return BackfillProgress(None if oldest is None else to_time(oldest), added, is_done)

    @override
    async def keep_progress(self, source: str, progress: BackfillProgress) -> None:
        oldest = None if progress.oldest is None else to_micros(progress.oldest)
        value = json.dumps([oldest, progress.added, progress.is_done])
        async with self._connections.transaction() as writer:
            await writer.execute(
                "INSERT INTO notes (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (_PREFIX + source, value),
            )
