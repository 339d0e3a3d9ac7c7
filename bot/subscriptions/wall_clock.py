"""Wall clocks: when the clocks of a time zone show a time, whatever they leave out or repeat."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


def to_the_minute(at: time) -> time:
    """Returns a time without its seconds."""
    return time(at.hour, at.minute)


def next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    """Returns the next full hour of the local clock; where that is left out, the end of the gap."""
    local = after.astimezone(zone)
    past = local - local.replace(minute=0, second=0, microsecond=0)  # as the clock shows it
    return after.astimezone(UTC) + _HOUR - past


def is_left_out(day: date, zone: ZoneInfo) -> bool:
    """Tells if a zone has no such day: it moved to the other side of the date line."""
    return moment_of(day, time.min, zone) >= moment_of(day + DAY, time.min, zone)


def moment_of(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """Returns when the clocks show a time on a day, in UTC; in a gap of theirs, when that ends.

    Of two such moments it is the second with a fold of 1 (PEP 495).
    """
    wall = datetime.combine(day, at)
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # In a gap, 0 reckons by the clock before it, and so comes out after it; 1 the other way.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    seconds = range((after - before) // _SECOND)
    return before + _SECOND * bisect_left(
        seconds, x=True, key=lambda n: (before + n * _SECOND).astimezone(zone).utcoffset() != offset
    )
