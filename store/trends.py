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
        CAST(json_extract(value, '$[0]') AS BIGINT) AS first,
        CAST(json_extract(value, '$[1]') AS BIGINT) AS "end",
        CAST(json_extract(value, '$[2]') AS BIGINT) AS starts,
        CAST(json_extract(value, '$[3]') AS BIGINT) AS ends,
        CAST(json_extract(value, '$[4]') AS BIGINT) AS outer_start,
        CAST(json_extract(value, '$[5]') AS BIGINT) AS inner_start,
        CAST(json_extract(value, '$[6]') AS BIGINT) AS inner_end,
        CAST(json_extract(value, '$[7]') AS BIGINT) AS outer_end
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
        {stories} published >= inner_start AND published < inner_end)
        + {stories} published >= outer_start AND published < inner_start
            AND published >= CASE WHEN {is_date} THEN first ELSE starts END)
        + {stories} published >= inner_end AND published < outer_end
            AND published < CASE WHEN {is_date} THEN "end" ELSE ends END)
    )"""


_OF_TOPIC = _count("story_topics", "topic = topics.row")
_OF_SOURCE = _count("story_sources", "source = :source")
_BUSIEST = f"""
    WITH {_SPANS}
    SELECT name, stories FROM
        (SELECT name, key, {_OF_TOPIC} AS stories FROM topics, spans) AS counted
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
    return json.dumps([_edges(one) for one in spans])


def _edges(span: DaySpan) -> tuple[int, ...]:
    """The dates of a span, its times, and the outer and inner ones of both."""
    first, end = _midnight(span.first), _midnight(span.end)
    starts, ends = to_micros(span.starts), to_micros(span.ends)
    start, stop = sorted((first, starts)), sorted((end, ends))
    return (first, end, starts, ends, *start, *stop)


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time.min, UTC))
