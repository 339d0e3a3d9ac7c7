"""The activity of topics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.ingest.topics.activity import BEFORE, RECENT, TopicActivity
from bot.model import TopicOrigin
from store.codec import to_micros, to_time
from store.ports import Connections, Row

_ACTIVITY = """
    SELECT name,
        CASE WHEN subject <> '' AND search IS NULL AND sources = '[]' THEN 'subject'
            ELSE origin END AS origin,
        (SELECT count(*) FROM story_topics WHERE topic = topics.row) AS stories,
        (SELECT min(published) FROM story_topics WHERE topic = topics.row) AS first,
        (SELECT max(published) FROM story_topics WHERE topic = topics.row) AS last,
        (SELECT count(*) FROM story_topics
            WHERE topic = topics.row AND published > :recent AND published <= :now) AS recent,
        (SELECT count(*) FROM story_topics
            WHERE topic = topics.row AND published > :before AND published <= :recent) AS before
    FROM topics WHERE CAST(:key AS TEXT) IS NULL OR key = :key ORDER BY row
"""
_VOLUME = """
    SELECT count(*) FILTER (WHERE published > :recent) AS recent,
        count(*) FILTER (WHERE published <= :recent) AS before
    FROM stories WHERE published > :before AND published <= :now
"""


async def fetch_activity(
    connections: Connections, now: datetime, topic: str | None
) -> Sequence[TopicActivity]:
    """Returns how alive topics are; see `TopicStore.activity`."""
    recent = now - RECENT
    values = {
        "now": to_micros(now),
        "recent": to_micros(recent),
        "before": to_micros(recent - BEFORE),
        "key": topic.casefold() if topic else None,
    }
    rows = await connections.rows(_ACTIVITY, values)
    everything = (await connections.rows(_VOLUME, values))[0]
    growth = everything["recent"] / everything["before"] if everything["before"] else None
    return [_activity(row, growth) for row in rows]


def _activity(row: Row, growth: float | None) -> TopicActivity:
    return TopicActivity(
        row["name"],
        TopicOrigin(row["origin"]),
        row["stories"],
        to_time(row["first"]) if row["stories"] else None,
        to_time(row["last"]) if row["stories"] else None,
        row["recent"],
        row["recent"] if growth is None else row["before"] * growth,
    )
