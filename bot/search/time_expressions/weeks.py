"""Times counted in a larger one: `the first week of june`, `the week before last`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.search.time_expressions.atom import Atom, Certainty, Reader, longest
from bot.search.time_expressions.calendar import Calendar, Grain, Period
from bot.search.time_expressions.dates import DATE_READERS
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.word_lists import Kind

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "half": 6}
_GRAINS = {
    "day": Grain.DAY,
    "week": Grain.WEEK,
    "month": Grain.MONTH,
    "quarter": Grain.QUARTER,
    "half": Grain.SPAN,
}
_MIDDLE = 16  # the first day of a month's second half
_WEEKS_OF_MONTH = 4  # whole ones, counted from its first day
_MONTHS_OF_YEAR = 12


def _counted(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the first week of june`, `the last day of march`, `the last quarter of 2025`."""
    at = tokens.skip(at, Kind.THE)
    number = tokens.number(at, Kind.ORDINAL) or -(tokens.number(at, Kind.SIDE) == -1)
    joints = (Kind.OF, Kind.IN) if number > 0 else (Kind.OF,)  # "last week" alone is another time
    unit = "half" if tokens.has(at + 1, Kind.HALF) else tokens.unit(at + 1)
    if not (number and unit in _GRAINS and tokens.has(at + 2, *joints)):
        return None
    whole = longest(DATE_READERS, tokens, tokens.skip(at + 3, Kind.THE), calendar)
    period = _part(calendar, whole.period, unit, number) if whole else None
    return Atom(period, whole.after, Certainty.NAMED) if whole and period else None


def _part(calendar: Calendar, whole: Period, unit: str, number: int) -> Period | None:
    """Returns the day, week … of a month or a year with a number; -1 is the last."""
    first, end, grain = whole.first, whole.end, _GRAINS[unit]
    if first is None or end is None or whole.grain not in {Grain.MONTH, Grain.YEAR}:
        return None
    if unit in _MONTHS:
        if unit == "half" and whole.grain is Grain.MONTH and number in {1, -1, 2}:
            middle = first.replace(day=_MIDDLE)
            return Period(first, middle) if number == 1 else Period(middle, end)
        count = _MONTHS[unit]
        month = _MONTHS_OF_YEAR + 1 - count if number < 0 else 1 + (number - 1) * count
        if whole.grain is not Grain.YEAR or month > _MONTHS_OF_YEAR:
            return None
        return calendar.months(first.year, month, count, grain)
    if unit == "week" and number > _WEEKS_OF_MONTH:
        return None
    length = timedelta(days=_DAYS[unit])
    start = end - length if number < 0 else first + (number - 1) * length
    return Period(start, start + length, grain) if start + length <= end else None


def _before_last(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the week before last`, `the weekend before last`, `the year before last`."""
    at = tokens.skip(at, Kind.THE)
    unit = tokens.unit(at)
    if (
        unit is None
        or not tokens.has(at + 1, Kind.BEFORE)
        or tokens.number(at + 2, Kind.SIDE) != -1
    ):
        return None
    # A weekend that is to come is "this" one until it is Saturday.
    period = calendar.next_to(unit, -2)
    return Atom(period, at + 3) if period else None


WEEK_READERS: Sequence[Reader] = (_counted, _before_last)
"""Readers of times that are counted in a larger one."""
