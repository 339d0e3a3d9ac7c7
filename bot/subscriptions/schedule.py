"""The schedule of a subscription: its timetable and its quiet hours."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.subscriptions.wall_clock import DAY, is_left_out, moment_of, next_hour, to_the_minute

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As a person would type them, from Monday on."""

WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
"""Weekdays, counted from Monday as 0."""

EIGHT = time(8)
"""The time of a digest where nobody names another."""

_HOURS, _LONGEST_MONTH = 24, 31


class Rhythm(StrEnum):
    """Rhythms of a timetable."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_TIMED = frozenset({Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.MONTHLY})


@dataclass(frozen=True, slots=True)
class Timetable:
    """Timetable of posts: each story as it comes, or what has gathered, at a time.

    What means nothing to a rhythm is not kept, so what means the same is equal.

    Attributes:
        rhythm: How often.
        times: The local times of a day, to the minute, for daily, weekly and monthly.
        weekdays: The days of a week, counted from Monday as 0, for weekly.
        day: The day of a month, for monthly; in a month that is shorter, its last day.
        hours: Every how many hours of the local clock, from midnight on, for hourly.
    """

    rhythm: Rhythm = Rhythm.AT_ONCE
    times: tuple[time, ...] = (EIGHT,)
    weekdays: tuple[int, ...] = (0,)
    day: int = 1
    hours: int = 1

    def __post_init__(self) -> None:
        is_weekly = self.rhythm is Rhythm.WEEKLY
        times = self.times if self.rhythm in _TIMED else ()
        kept = {
            "times": tuple(sorted({*map(to_the_minute, times)})) or (EIGHT,),
            "weekdays": tuple(sorted({*self.weekdays})) if is_weekly else (0,),
            "day": self.day if self.rhythm is Rhythm.MONTHLY else 1,
            "hours": self.hours if self.rhythm is Rhythm.HOURLY else 1,
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)
        self._check()
        if self.weekdays == tuple(range(len(WEEKDAYS))):
            object.__setattr__(self, "rhythm", Rhythm.DAILY)
            object.__setattr__(self, "weekdays", (0,))

    def _check(self) -> None:
        if not self.weekdays or not {*self.weekdays} <= {*range(len(WEEKDAYS))}:
            raise ValueError(f"there are no weekdays {self.weekdays}")
        if not 1 <= self.day <= _LONGEST_MONTH:
            raise ValueError(f"no month has a day {self.day}")
        if not 1 <= self.hours < _HOURS:
            raise ValueError(f"a day is not divided by {self.hours} hours")

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """Returns the first time after `after`, in UTC; for what is posted at once, `after` itself.

        A time that the clocks leave out on a day is the moment right after the gap; one that they
        show twice is the first. A day that a zone leaves out has no daily time.
        """
        if self.rhythm is Rhythm.AT_ONCE:
            return after.astimezone(UTC)
        if self.rhythm is Rhythm.HOURLY and self.hours == 1:
            return next_hour(after, zone)
        return next(moment for moment in self._moments(after, zone) if moment > after)

    def _moments(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Returns the times from the local day of `after` on."""
        day, clock = after.astimezone(zone).date(), self._clock()
        while True:
            if self._is_on(day, zone):
                yield from sorted({moment_of(day, at, zone) for at in clock})
            day += DAY

    def _clock(self) -> Sequence[time]:
        """Returns the times of a day on which there is anything."""
        if self.rhythm is Rhythm.HOURLY:
            return [time(hour) for hour in range(0, _HOURS, self.hours)]
        return self.times

    def _is_on(self, day: date, zone: ZoneInfo) -> bool:
        if self.rhythm is Rhythm.WEEKLY:
            return day.weekday() in self.weekdays
        if self.rhythm is Rhythm.MONTHLY:
            return day.day == min(self.day, monthrange(day.year, day.month)[1])
        return not is_left_out(day, zone)

    def __str__(self) -> str:
        """As a person would type it, and `parse_timetable` reads it."""
        clock = " ".join(f"{at:%H:%M}" for at in self.times)
        match self.rhythm:
            case Rhythm.HOURLY if self.hours > 1:
                return f"every {self.hours} hours"
            case Rhythm.DAILY:
                return f"daily {clock}"
            case Rhythm.WEEKLY:
                return f"{_days_text(self.weekdays)} {clock}"
            case Rhythm.MONTHLY:
                return f"monthly {ordinal(self.day)} {clock}"
        return self.rhythm.value


AT_ONCE = Timetable()


def hourly(hours: int = 1) -> Timetable:
    """Returns the timetable of every so many hours, counted from the local midnight."""
    return Timetable(Rhythm.HOURLY, hours=hours)


def daily(*times: time) -> Timetable:
    """Returns the timetable of some times of each day; at eight without any."""
    return Timetable(Rhythm.DAILY, times)


def weekly(weekdays: Iterable[int], *times: time) -> Timetable:
    """Returns the timetable of some weekdays, from Monday as 0; at eight without a time."""
    return Timetable(Rhythm.WEEKLY, times, tuple(weekdays))


def monthly(day: int, *times: time) -> Timetable:
    """Returns the timetable of a day of each month, or of its last one; at eight without a time."""
    return Timetable(Rhythm.MONTHLY, times, day=day)


def ordinal(number: int) -> str:
    """Returns a number as it is typed for a day: `1st`, `22nd`, `13th`."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number in {11, 12, 13} else ends.get(number % 10, 'th')}"


def _days_text(weekdays: tuple[int, ...]) -> str:
    if weekdays == WORKDAYS:
        return "weekdays"
    if weekdays == WEEKEND:
        return "weekends"
    return f"weekly {','.join(WEEKDAYS[day] for day in weekdays)}"


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
        object.__setattr__(self, "start", to_the_minute(self.start))
        object.__setattr__(self, "end", to_the_minute(self.end))
        if self.start == self.end:
            raise ValueError("quiet hours end at another time than they begin")

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Returns when they end, in UTC, if `now` lies in them; else None."""
        local = now.astimezone(zone)
        if not self._contains(local.time()):
            return None
        day = local.date() if local.time() < self.end else local.date() + DAY
        end = moment_of(day, self.end, zone)
        if end <= now:  # the clocks were put back after that, and show the same hour again
            end = moment_of(day, self.end, zone, fold=1)
        # What clocks leave out may reach to where quiet hours begin again.
        return self.until(end, zone) or end

    def _contains(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def __str__(self) -> str:
        """As a person would type it, and `parse_quiet` reads it: `22:00-07:00`."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"
