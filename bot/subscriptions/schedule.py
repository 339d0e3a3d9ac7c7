"""The schedule of a subscription: its timetable and its quiet hours, and how people type them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As a person would type them, from Monday on."""

_EIGHT = time(8)
_DAY, _HOUR, _SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


class Rhythm(StrEnum):
    """Rhythms of a timetable."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Timetable:
    """Timetable of posts: each story as it comes, or what has gathered, at a time.

    What means nothing to a rhythm is not kept, so what means the same is equal.

    Attributes:
        rhythm: How often.
        at: The local time, to the minute, for daily and weekly.
        weekday: The day, counted from Monday as 0, for weekly.
    """

    rhythm: Rhythm = Rhythm.AT_ONCE
    at: time = _EIGHT
    weekday: int = 0

    def __post_init__(self) -> None:
        timed = self.rhythm in {Rhythm.DAILY, Rhythm.WEEKLY}
        object.__setattr__(self, "at", _to_the_minute(self.at) if timed else _EIGHT)
        if self.rhythm is not Rhythm.WEEKLY:
            object.__setattr__(self, "weekday", 0)
        if not 0 <= self.weekday < len(WEEKDAYS):
            raise ValueError(f"there is no weekday {self.weekday}")

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """Returns the first time after `after`, in UTC; for what is posted at once, `after` itself.

        A time that the clocks leave out on a day is the moment right after the gap; one that they
        show twice is the first. A day that a zone leaves out has no daily time.
        """
        if self.rhythm is Rhythm.AT_ONCE:
            return after.astimezone(UTC)
        if self.rhythm is Rhythm.HOURLY:
            return _next_hour(after, zone)
        return next(moment for moment in self._moments(after, zone) if moment > after)

    def _moments(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Returns the times from the local day of `after` on."""
        day = after.astimezone(zone).date()
        while True:
            if self._is_on(day, zone):
                yield _moment(day, self.at, zone)
            day += _DAY

    def _is_on(self, day: date, zone: ZoneInfo) -> bool:
        if self.rhythm is Rhythm.WEEKLY:
            return day.weekday() == self.weekday
        return _moment(day, time.min, zone) < _moment(day + _DAY, time.min, zone)

    def __str__(self) -> str:
        """As a person would type it, and `parse_timetable` reads it."""
        if self.rhythm is Rhythm.DAILY:
            return f"daily {self.at:%H:%M}"
        if self.rhythm is Rhythm.WEEKLY:
            return f"weekly {WEEKDAYS[self.weekday]} {self.at:%H:%M}"
        return self.rhythm.value


AT_ONCE = Timetable()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day; from `start` up to `end`, which may be the next day's.

    Attributes:
        start: Local time, to the minute.
        end: Local time, to the minute; another than `start`.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _to_the_minute(self.start))
        object.__setattr__(self, "end", _to_the_minute(self.end))
        if self.start == self.end:
            raise ValueError("quiet hours end at another time than they begin")

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Returns when they end, in UTC, if `now` lies in them; else None."""
        local = now.astimezone(zone)
        if not self._contains(local.time()):
            return None
        day = local.date() if local.time() < self.end else local.date() + _DAY
        end = _moment(day, self.end, zone)
        if end <= now:  # the clocks were put back after that, and show the same hour again
            end = _moment(day, self.end, zone, fold=1)
        # What clocks leave out may reach to where quiet hours begin again.
        return self.until(end, zone) or end

    def _contains(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def __str__(self) -> str:
        """As a person would type it, and `parse_quiet` reads it: `22:00-07:00`."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _to_the_minute(at: time) -> time:
    return time(at.hour, at.minute)


def _next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour of the local clock; where that is left out, the end of the gap."""
    local = after.astimezone(zone)
    past = local - local.replace(minute=0, second=0, microsecond=0)  # as the clock shows it
    return after.astimezone(UTC) + _HOUR - past


def _moment(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
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


_SHORT = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
_DAYS = {
    name: number
    for number, (day, short) in enumerate(zip(WEEKDAYS, _SHORT, strict=True))
    for name in (day, f"{day}s", *short.split())
}
_PLURALS = {f"{day}s" for day in WEEKDAYS}
_NAMED = {"noon": time(12), "midnight": time()}
_HALF, _WHOLE = 12, 24  # hours of a day

_TIME = r"noon|midnight|\d{1,2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?"
_PARTS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?)?")
_TIMED = re.compile(rf"(?P<what>[a-z ]+?)(?: (?P<sign>at )?(?P<at>{_TIME}))?")
_QUIET = re.compile(rf"(?:from )?({_TIME}) ?(?:[-–—−]|to|till|until) ?({_TIME})")
_HOUR_OF_HALF = re.compile(r"(?:[1-9]|1[0-2])(?:[:.]\d{2})?")


def parse_timetable(text: str) -> Timetable | None:
    """Returns the timetable that `text` means, or None when it means none.

    Understood: `at once`, `now`, `immediately`; `hourly`, `every hour`; `daily`, `daily 8`,
    `every day at 8:30pm`; `weekly`, `weekly mon`, `every friday at 18:00`, `mondays noon`. A
    weekday by itself needs a time that can be nothing else: `monday 9:00`, `monday at 9`.
    """
    typed = _plain(text)
    if typed in {"at once", "now", "immediately"}:
        return AT_ONCE
    if typed in {"hourly", "every hour"}:
        return Timetable(Rhythm.HOURLY)
    found = _TIMED.fullmatch(typed)
    at = _time(found["at"] or "8") if found else None
    if found is None or at is None:
        return None
    if found["what"] in {"daily", "every day"}:
        return Timetable(Rhythm.DAILY, at)
    sure = bool(found["sign"]) or not (found["at"] or "0").isdecimal()
    weekday = _weekday(found["what"].split(), sure=sure)
    return None if weekday is None else Timetable(Rhythm.WEEKLY, at, weekday)


def _weekday(what: list[str], *, sure: bool) -> int | None:
    """The weekday that words before a time mean; None for other words."""
    match what:
        case ["weekly"] | ["every", "week"]:
            return 0
        case ["weekly" | "every", day] | ["weekly", "on", day]:
            return _DAYS.get(day)
        case ["every", "week", day] | ["every", "week", "on", day]:
            return _DAYS.get(day)
        case [day] | ["on", day] if sure or day in _PLURALS:
            return _DAYS.get(day)  # `Friday 13` may be the name of a topic
    return None


def parse_quiet(text: str) -> Quiet | None:
    """Returns the quiet hours that `text` means, or None when it means none.

    Understood: `22-7`, `22:00–07:30`, `10pm-7am`, `22 to 7`, `midnight to noon`.
    """
    found = _QUIET.fullmatch(_plain(text))
    if found is None:
        return None
    typed = found.groups()
    halved = any(one.rstrip(".").endswith("m") for one in typed)
    if halved and any(map(_HOUR_OF_HALF.fullmatch, typed)):
        return None  # of `9am-5` nobody can tell which five is meant
    start, end = map(_time, typed)
    return None if start is None or end is None or start == end else Quiet(start, end)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _time(typed: str) -> time | None:
    """The time that was typed; None when there is no such time."""
    parts = _PARTS.fullmatch(typed)
    if parts is None:
        return _NAMED.get(typed)
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        if not 1 <= hour <= _HALF:
            return None
        hour = hour % _HALF + (_HALF if parts[3] == "p" else 0)
    try:
        return time(0 if (hour, minute) == (_WHOLE, 0) else hour, minute)
    except ValueError:
        return None
