"""Forgets stories, remembers their keys, and gives the room back to the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from bot.ingest.retention import Keep, RetentionStore
from bot.posting.model import State
from store.codec import to_micros, to_time
from store.ports import Connection, Connections, Row
from store.vocabulary import uncount

_LAST = -(2**62)  # before every date
_PENDING = f"'{State.DUE}', '{State.SENDING}', '{State.WAITING}', '{State.PAUSED}'"

# What is to be posted, and what goes with a digest, or has joined a post, that is to be sent.
_WAITS = f"""
    EXISTS (SELECT 1 FROM outbox WHERE outbox.story = stories.id AND (state IN ({_PENDING})
        OR EXISTS (SELECT 1 FROM outbox AS whole
            WHERE whole.row IN (outbox.digest, outbox.leader) AND whole.done IS NULL)))
"""
# No other source that has it, of those in the configuration, wants to keep it. The last row stays:
# SQLite would give its number to another story.
_GOING = f"""
    SELECT row, id, key, source, title, place, body FROM stories
    WHERE source = :source AND published < :before AND row < (SELECT max(row) FROM stories)
        AND NOT {_WAITS}
        AND NOT EXISTS (SELECT 1 FROM story_copies JOIN json_each(:cutoffs) AS cutoffs
            ON json_extract(cutoffs.value, '$[0]') = story_copies.source
            WHERE story_copies.story = stories.row
                AND stories.published >= CAST(json_extract(cutoffs.value, '$[1]') AS BIGINT))
    ORDER BY published, row LIMIT :limit
"""
_REMEMBER = """
    INSERT INTO forgotten (source, key)
    SELECT source, key FROM stories WHERE row = :row
    UNION ALL SELECT source, key FROM story_copies WHERE story = :row
    ON CONFLICT DO NOTHING
"""
_NTH = "SELECT published FROM stories WHERE source = ? ORDER BY published DESC LIMIT 1 OFFSET ?"


class SqlRetention(RetentionStore):
    """Implements `bot.ingest.retention.RetentionStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def cutoff(self, source: str, keep: Keep, now: datetime) -> datetime | None:
        found = [now - keep.age] if keep.age else []
        if keep.number is not None:
            rows = await self._connections.rows(_NTH, (source, keep.number - 1))
            found += [to_time(row["published"]) for row in rows]
        return max(found, default=None)

    @override
    async def forget(self, cutoffs: Mapping[str, datetime | None], limit: int) -> int:
        micros = {one: to_micros(at) if at else _LAST for one, at in cutoffs.items()}
        cutoffs_of_all = json.dumps([*micros.items()])
        for source, before in micros.items():
            if before == _LAST:
                continue
            values = {"source": source, "before": before, "limit": limit}
            going = await self._connections.rows(_GOING, values | {"cutoffs": cutoffs_of_all})
            if going:
                async with self._connections.transaction() as writer:
                    return await _delete(writer, values | {"cutoffs": cutoffs_of_all})
        return 0

    @override
    async def give_back(self, pages: int) -> int:
        return await self._connections.give_back(pages)

    @override
    async def forgotten_keys(self, source: str) -> frozenset[str]:
        rows = await self._connections.rows("SELECT key FROM forgotten WHERE source = ?", (source,))
        return frozenset(row["key"] for row in rows)

    @override
    async def drop_keys(self, source: str, keys: Sequence[str]) -> None:
        if not keys:
            return
        async with self._connections.transaction() as writer:
            await writer.executemany(
                "DELETE FROM forgotten WHERE source = ? AND key = ?",
                [(source, key) for key in keys],
            )


async def _delete(writer: Connection, values: dict[str, object]) -> int:
    """Deletes what is going; asked for anew, since it may have been put into the outbox."""
    rows: list[Row] = list(await writer.execute_fetchall(_GOING, values))
    await uncount(writer, rows)
    going = [{"row": row["row"]} for row in rows]
    await writer.executemany(_REMEMBER, going)
    await writer.executemany("DELETE FROM stories WHERE row = :row", going)
    return len(rows)
