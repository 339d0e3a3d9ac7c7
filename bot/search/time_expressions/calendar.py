"""The calendar: periods of whole days, months and years, counted from a reader's today."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.search.query import Since

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years that a number of four digits may mean."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MONTHS_OF_YEAR = 12
_LEAP_CYCLE = 8  # years within which every date comes at least once


class Grain(Enum):
    """Lengths of periods, for their names: `October 2023` is of the grain MONTH."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    QUARTER = auto()
    YEAR = auto()
    SPAN = auto()


@dataclass(frozen=True, slots=True)
class Period:
    """A period of time; its days are those of the reader's zone.

    Attributes:
        first: Its first day; None where it has no beginning.
        end: The day after its last; None where it has no end.
        grain: Its length.
        opens: The time of its first day at which it begins.
        closes: The time of its last day at which it ends; None for midnight.
    """

    first: date | None
    end: date | None
    grain: Grain = Grain.SPAN
    opens: time = time.min
    closes: time | None = None

    def bounds(self, zone: ZoneInfo) -> tuple[Since | None, Since | None]:
        """Returns the bounds for a filter: since when, and before when."""
        since = before = None
        if self.first is not None:
            since = Since(_instant(self.first, self.opens, zone), self.first)
        if self.end is not None:
            closes = _instant(self.end, time.min, zone)
            if self.closes is not None:
                closes = _instant(self.end - _DAY, self.closes, zone)
            before = Since(closes, self.end)
        return since, before


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def hull(one: Period, other: Period) -> Period:
    """Returns the shortest period that holds both."""
    starts, ends = (one.first, other.first), (one.end, other.end)
    first = None if None in starts else min(filter(None, starts))
    end = None if None in ends else max(filter(None, ends))
    return Period(first, end)


def intersect(one: Period, other: Period) -> Period | None:
    """Returns what both periods share; None where they share nothing."""
    starts = [(p.first, p.opens) for p in (one, other) if p.first is not None]
    ends = [(p.end, p.closes or time.max) for p in (one, other) if p.end is not None]
    first, opens = max(starts, default=(None, time.min))
    end, closes = min(ends, default=(None, time.max))
    if first is not None and end is not None and first >= end:
        return None
    same = next((p for p in (one, other) if (p.first, p.end) == (first, end)), None)
    grain = same.grain if same else Grain.SPAN
    return Period(first, end, grain, opens, None if closes == time.max else closes)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A reader's calendar. All functions that make periods raise nothing: None is no such period.

    Attributes:
        now: The time, aware.
        zone: The reader's time zone.
        newest: The day of the newest story, where that is long ago; None otherwise. Days and months
            without a year are then counted back from it: an archive is read by its own time.
        month_first: True where `11/07` is a day of November.
    """

    now: datetime
    zone: ZoneInfo
    newest: date | None = None
    month_first: bool = False

    @property
    def today(self) -> date:
        """The reader's date."""
        return self.now.astimezone(self.zone).date()

    def day(self, year: int, month: int, day: int) -> Period | None:
        """Returns the day of a date."""
        try:
            first = date(year, month, day)
        except ValueError:
            return None
        return one_day(first)

    def month(self, year: int, month: int) -> Period:
        """Returns a month."""
        first = date(year, month, 1)
        return Period(first, _months_later(first, 1), Grain.MONTH)

    def months(self, year: int, month: int, count: int, grain: Grain = Grain.SPAN) -> Period:
        """Returns several months in a row; a month beyond the twelfth is of the next year."""
        first = _months_later(date(year, 1, 1), month - 1)
        return Period(first, _months_later(first, count), grain)

    def quarter(self, year: int, quarter: int) -> Period:
        """Returns a quarter, from 1 to 4, of a year."""
        return self.months(year, 3 * quarter - 2, 3, Grain.QUARTER)

    def year(self, year: int, count: int = 1) -> Period:
        """Returns a year, or several in a row."""
        grain = Grain.YEAR if count == 1 else Grain.SPAN
        return Period(date(year, 1, 1), date(year + count, 1, 1), grain)

    def week(self, day: date) -> Period:
        """Returns the week of a day, from its Monday to its Sunday."""
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + _WEEK, Grain.WEEK)

    def weekend(self, day: date) -> Period:
        """Returns the Saturday and the Sunday of a day's week."""
        saturday = day - timedelta(days=day.weekday()) + 5 * _DAY
        return Period(saturday, saturday + 2 * _DAY)

    def date_of_year(self, month: int, day: int | None, year: int | None = None) -> Period | None:
        """Returns a month or a day, of a year or else the last that has begun by now."""
        if year is not None:
            return self.month(year, month) if day is None else self.day(year, month, day)
        anchor = self.newest or self.today
        for back in range(_LEAP_CYCLE + 1):
            found = self.date_of_year(month, day, anchor.year - back)
            if found and found.first and found.first <= anchor:
                return found
        return None

    def weekday(self, weekday: int, before: date) -> Period:
        """Returns the last such day of the week before a day; 0 is Monday."""
        return one_day(before - timedelta(days=(before.weekday() - weekday - 1) % 7 + 1))

    def back(self, count: int, unit: str) -> date | None:
        """Returns the day so many days, weeks, weekends, months or years before today."""
        days = {"day": 1, "week": 7, "weekend": 7}
        try:
            if unit in days:
                return _known(self.today - timedelta(days=count * days[unit]))
            months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
            return _known(_months_later(self.today, -count * months))
        except (OverflowError, ValueError):
            return None

    def around(self, day: date, unit: str) -> Period:
        """Returns the day itself, or the calendar's week, month, quarter or year that it is in."""
        periods: Mapping[str, Callable[[], Period]] = {
            "week": lambda: self.week(day),
            "weekend": lambda: self.weekend(day),
            "month": lambda: self.month(day.year, day.month),
            "quarter": lambda: self.quarter(day.year, (day.month + 2) // 3),
            "year": lambda: self.year(day.year),
            "decade": lambda: self.year(day.year // 10 * 10, 10),
        }
        return periods.get(unit, lambda: one_day(day))()

    def next_to(self, unit: str, steps: int) -> Period | None:
        """Returns the week, month … that is so many steps from this one."""
        if unit == "weekend":
            return self._weekend(steps)
        day = self.back(-steps, unit)
        return self.around(day, unit) if day else None

    def _weekend(self, steps: int) -> Period:
        # Until Saturday, the last weekend is that of the week before, and this one is to come.
        return self.weekend(self.today + steps * _WEEK)

    def latest_weekend(self) -> Period:
        """Returns the weekend that it is or, from Monday to Friday, the one before."""
        this = self.weekend(self.today)
        return this if this.first and this.first <= self.today else self._weekend(-1)

    def hours_back(self, count: int, minutes: int = 60) -> Period | None:
        """Returns the time since so many hours ago; an hour may have any number of minutes."""
        try:
            then = (self.now - timedelta(minutes=count * minutes)).astimezone(self.zone)
        except OverflowError:
            return None
        return Period(then.date(), None, opens=then.time()) if _known(then.date()) else None


def one_day(day: date) -> Period:
    """Returns the period of one day."""
    return Period(day, day + _DAY, Grain.DAY)


def part_of(period: Period, part: int) -> Period:
    """Returns the early (0), middle (1) or late (2) third of a period; a short one is whole."""
    if period.first is None or period.end is None or period.end - period.first < _WEEK:
        return period
    first, end = period.first, period.end
    cuts = [first, *(_cut(period, third) for third in (1, 2)), end]
    return replace(period, first=cuts[part], end=cuts[part + 1], grain=Grain.SPAN)


def _cut(period: Period, third: int) -> date:
    first, end = period.first, period.end
    if first is None or end is None:
        raise AssertionError("an endless period has no thirds")
    if period.grain is Grain.MONTH:
        return first.replace(day=10 * third + 1)
    if period.grain is Grain.YEAR:
        return first.replace(month=4 * third + 1)
    return first + (end - first) * third // 3


def _months_later(day: date, months: int) -> date:
    """Returns the same day of another month, or the last one of that; as `date`, it may raise."""
    year, month = divmod(day.year * _MONTHS_OF_YEAR + day.month - 1 + months, _MONTHS_OF_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _known(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
