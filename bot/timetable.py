"""When a chat wants to hear of what it follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Rhythm(StrEnum):
    """How often."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Timetable:
    """When stories are posted: each as it comes, or what has gathered, at a time.

    Attributes:
        rhythm: How often.
        at: The local time, for daily and weekly.
        weekday: The day, counted from Monday as 0, for weekly.
    """

    rhythm: Rhythm = Rhythm.AT_ONCE
    at: time = time(8)
    weekday: int = 0

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first time after `after`, in UTC; for what is posted at once, `after` itself."""
        raise NotImplementedError

    def __str__(self) -> str:
        """As a person would type it, and `parse_timetable` reads it."""
        raise NotImplementedError


AT_ONCE = Timetable()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day; from `start` up to `end`, which may be the next day's.

    Attributes:
        start: Local time.
        end: Local time; another than `start`.
    """

    start: time
    end: time

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When they end, in UTC, if `now` lies in them; else None."""
        raise NotImplementedError

    def __str__(self) -> str:
        """As a person would type it, and `parse_quiet` reads it: `22:00-07:00`."""
        raise NotImplementedError
