"""Times counted in a larger one: `the first week of june`, `the week before last`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.search.time_expressions.atom import Atom, Certainty, Reader, longest
from bot.search.time_expressions.calendar import Calendar, Grain, Period
from bot.search.time_expressions.dates import DATE_READERS
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.word_lists import Kind

_WEEK = timedelta(days=7)
_WEEKS_OF_MONTH = 4  # whole ones, counted from its first day
_LARGER = (Grain.MONTH, Grain.YEAR)


def _week_of(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the first week of june`, `the last week of 2025`: seven days from its first, or its last."""
    at = tokens.skip(at, Kind.THE)
    number = tokens.number(at, Kind.ORDINAL) or -(tokens.number(at, Kind.SIDE) == -1)
    joints = (Kind.OF, Kind.IN) if number > 0 else (Kind.OF,)  # "last week" alone is another time
    if not number or tokens.unit(at + 1) != "week" or not tokens.has(at + 2, *joints):
        return None
    whole = longest(DATE_READERS, tokens, tokens.skip(at + 3, Kind.THE), calendar)
    if whole is None or whole.period.grain not in _LARGER or number > _WEEKS_OF_MONTH:
        return None
    first, end = whole.period.first, whole.period.end
    if first is None or end is None:
        return None
    first = end - _WEEK if number < 0 else first + (number - 1) * _WEEK
    return Atom(Period(first, first + _WEEK, Grain.WEEK), whole.after, Certainty.NAMED)


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


WEEK_READERS: Sequence[Reader] = (_week_of, _before_last)
"""Readers of times that are counted in a larger one."""
