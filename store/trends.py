"""Counts of stories by topic, by source and by time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from typing_extensions import override

from bot.trends.periods import DaySpan
from bot.trends.ports import TrendStore
from store.codec import to_micros
from store.ports import Connections

_DAY = 24 * 3600 * 1_000_000  # microseconds

_SPANS = """
    spans AS (SELECT key AS place,
        json_extract(value, '$[0]') AS first, json_extract(value, '$[1]') AS "end",
        json_extract(value, '$[2]') AS starts, json_extract(value, '$[3]') AS ends
        FROM json_each(:spans))
"""


def _count(table: str, condition: str) -> str:
    """Returns the expression that counts the stories of a span, in an index by their time.

    A date without a time is its midnight in UTC, and counts on that date in every time zone. That
    needs no look at the stories: one that was published at that very moment counts there, too. It
    matters at the edges only, between a midnight in UTC and one in the zone.
    """
    stories = f"(SELECT count(*) FROM {table} WHERE {condition} AND"
    is_date = f"published % {_DAY} = 0"
    return f"""(
        {stories} published >= max(starts, first) AND published < min(ends, "end"))
        + {stories} published >= min(starts, first) AND published < max(starts, first)
            AND published >= iif({is_date}, first, starts))
        + {stories} published >= min(ends, "end") AND published < max(ends, "end")
            AND published < iif({is_date}, "end", ends))
    )"""


_OF_TOPIC = _count("story_topics", "topic = topics.row")
_OF_SOURCE = _count("story_sources", "source = :source")
_BUSIEST = f"""
    WITH {_SPANS}
    SELECT name, {_OF_TOPIC} AS stories FROM topics, spans
    WHERE stories > 0 ORDER BY stories DESC, key LIMIT :limit
"""
_BY_TOPIC = f"""
    WITH {_SPANS}
    SELECT asked.key AS asked, place, {_OF_TOPIC} AS stories
    FROM json_each(:topics) AS asked JOIN topics ON topics.key = asked.value CROSS JOIN spans
"""
_BY_SOURCE = f"WITH {_SPANS} SELECT {_OF_SOURCE} AS stories FROM spans ORDER BY place"


class SqlTrends(TrendStore):
    """Implements `bot.trends.ports.TrendStore` in SQL.

    Each span is counted in an index, so that only stories of the period are looked at.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def busiest_topics(self, span: DaySpan, limit: int) -> Sequence[str]:
        values = {"spans": _json([span]), "limit": limit}
        return [row["name"] for row in await self._connections.rows(_BUSIEST, values)]

    @override
    async def topic_counts(
        self, topics: Sequence[str], spans: Sequence[DaySpan]
    ) -> Sequence[Sequence[int]]:
        keys = json.dumps([topic.casefold() for topic in topics])
        rows = await self._connections.rows(_BY_TOPIC, {"spans": _json(spans), "topics": keys})
        counts: defaultdict[tuple[int, int], int] = defaultdict(int)
        counts.update({(row["asked"], row["place"]): row["stories"] for row in rows})
        return [[counts[asked, at] for at in range(len(spans))] for asked in range(len(topics))]

    @override
    async def source_counts(self, source: str, spans: Sequence[DaySpan]) -> Sequence[int]:
        values = {"spans": _json(spans), "source": source}
        return [row["stories"] for row in await self._connections.rows(_BY_SOURCE, values)]


def _json(spans: Sequence[DaySpan]) -> str:
    return json.dumps(
        [
            (*map(_midnight, (one.first, one.end)), *map(to_micros, (one.starts, one.ends)))
            for one in spans
        ]
    )


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time.min, UTC))
