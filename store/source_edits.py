"""Sources that people added in a chat, and pauses of sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from typing_extensions import override

from bot.ingest.added_sources import (
    KEPT_REMOVED,
    AddedSource,
    EditStamp,
    SourceEdits,
    SourceEditStore,
)
from store.codec import to_micros, to_time
from store.ports import ANSWER_PATIENCE, Connections, Row

_PUT = """
    INSERT INTO added_sources (id, settings, at, platform, person, name, removed)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, at = excluded.at,
        platform = excluded.platform, person = excluded.person, name = excluded.name,
        removed = excluded.removed
"""
# What comes back or moves to another address is polled as a new source is: for the first time.
_BEGIN = """
    DELETE FROM sources WHERE id = :id AND NOT EXISTS (
        SELECT 1 FROM added_sources
        WHERE id = :id AND removed IS NULL AND json_extract(settings, '$.url') = :url
    )
"""
_REMOVE = (
    "UPDATE added_sources SET removed = :now WHERE id = :source AND removed IS NULL",
    "DELETE FROM paused_sources WHERE id = :source",
    "DELETE FROM sources WHERE id = :source",
    """
    DELETE FROM added_sources WHERE removed IS NOT NULL AND id NOT IN
        (SELECT id FROM added_sources WHERE removed IS NOT NULL
            ORDER BY removed DESC, id LIMIT :kept)
    """,
)


class SqlSourceEdits(SourceEditStore):
    """Implements `bot.ingest.added_sources.SourceEditStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def edits(self) -> SourceEdits:
        rows = self._connections.rows
        added = await rows("SELECT * FROM added_sources WHERE removed IS NULL ORDER BY at, id")
        gone = await rows(
            "SELECT * FROM added_sources WHERE removed IS NOT NULL ORDER BY removed DESC, id"
        )
        paused = await rows("SELECT * FROM paused_sources ORDER BY at, id")
        return SourceEdits(
            tuple(map(_source, added)),
            tuple(map(_source, gone)),
            {row["id"]: _stamp(row) for row in paused},
        )

    @override
    async def put(self, sources: Sequence[AddedSource]) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.executemany(_BEGIN, [{"id": one.id, "url": one.url} for one in sources])
            await writer.executemany(_PUT, [_values(one) for one in sources])

    @override
    async def remove(self, source: str, now: datetime) -> None:
        values = {"source": source, "now": to_micros(now), "kept": KEPT_REMOVED}
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            for statement in _REMOVE:
                await writer.execute(statement, values)

    @override
    async def pause(self, source: str, stamp: EditStamp) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute(
                "INSERT INTO paused_sources (id, at, platform, person, name)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                (source, *_stamp_values(stamp)),
            )

    @override
    async def resume(self, source: str) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute("DELETE FROM paused_sources WHERE id = ?", (source,))


def _values(one: AddedSource) -> tuple[Any, ...]:
    removed = None if one.removed is None else to_micros(one.removed)
    return (one.id, json.dumps(dict(one.settings)), *_stamp_values(one.added), removed)


def _stamp_values(stamp: EditStamp) -> tuple[int, str, str, str]:
    return (to_micros(stamp.at), stamp.platform, stamp.person, stamp.name)


def _source(row: Row) -> AddedSource:
    given = json.loads(row["settings"])
    settings = {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}
    removed = None if row["removed"] is None else to_time(row["removed"])
    return AddedSource(row["id"], settings, _stamp(row), removed)


def _stamp(row: Row) -> EditStamp:
    return EditStamp(to_time(row["at"]), row["platform"], row["person"], row["name"])
