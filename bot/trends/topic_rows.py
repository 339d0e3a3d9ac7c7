"""Sparklines of topics, to stand beside their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.trends.periods import WEEK, make_period
from bot.trends.ports import TrendStore
from bot.trends.sparkline import sparkline

WEEKS = 8
"""Weeks that a sparkline shows, the last one up to today."""


async def topic_sparklines(
    counts: TrendStore, topics: Sequence[str], now: datetime, zone: ZoneInfo
) -> Mapping[str, str]:
    """Returns a sparkline of the last weeks by the name of each topic that had stories then.

    Raises:
        StoreError: The stories cannot be counted.
    """
    if not topics:
        return {}
    period = make_period(now.astimezone(zone).date(), WEEKS * WEEK, zone, step=WEEK)
    counted = await counts.topic_counts(topics, period.spans)
    return {topic: sparkline(row) for topic, row in zip(topics, counted, strict=True) if any(row)}
