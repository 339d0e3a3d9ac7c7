"""Periods of whole days, cut into spans of equal length in which stories are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7
"""Days."""

_DAY = timedelta(days=1)
_STEPS = {42: 1, 2 * 366: WEEK, 8 * 366: 4 * WEEK}  # days of a span, for so many days at most
_MOST_SPANS = 104
_SHORTEST = 7  # days of a period; of fewer there is nothing to see
_LONGEST = 60 * 366  # days; no news is older than the feeds and archives that bring it


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Some whole days in a row.

    Attributes:
        first: The first day.
        end: The day after the last.
        starts: The midnight before the first day, in some time zone.
        ends: The midnight after the last.
    """

    first: date
    end: date
    starts: datetime
    ends: datetime

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - _DAY


@dataclass(frozen=True, slots=True)
class TrendPeriod:
    """A period, the oldest span first.

    Attributes:
        spans: The spans, at least one.
        step: The days of each.
    """

    spans: tuple[DaySpan, ...]
    step: int

    @property
    def first(self) -> date:
        """The first day."""
        return self.spans[0].first

    @property
    def last(self) -> date:
        """The last day."""
        return self.spans[-1].last

    @property
    def whole(self) -> DaySpan:
        """The whole period as one span."""
        start, end = self.spans[0], self.spans[-1]
        return DaySpan(start.first, end.end, start.starts, end.ends)


def make_period(last: date, days: int, zone: ZoneInfo, *, step: int | None = None) -> TrendPeriod:
    """Makes a period that ends with a day, so that no span is cut short there.

    Args:
        last: The last day.
        days: How many days it has at least; it begins earlier where that fills a span.
        zone: The time zone in which days begin and end.
        step: The days of a span; None for days, weeks or more, so that there are not too many.
    """
    days = min(max(days, _SHORTEST), _LONGEST, last.toordinal() - WEEK * _MOST_SPANS)
    step = step or _step(days)
    count = max(1, -(-days // step))
    first = last + _DAY - timedelta(days=count * step)
    starts = (first + timedelta(days=at * step) for at in range(count))
    return TrendPeriod(tuple(_span(start, step, zone) for start in starts), step)


def _step(days: int) -> int:
    fitting = (step for most, step in _STEPS.items() if days <= most)
    return next(fitting, WEEK * -(-days // (WEEK * _MOST_SPANS)))


def _span(first: date, days: int, zone: ZoneInfo) -> DaySpan:
    end = first + timedelta(days=days)
    return DaySpan(first, end, _midnight(first, zone), _midnight(end, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
