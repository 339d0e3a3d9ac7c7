"""The reader of atoms: whichever single time stands at a place, or an early or late part of it."""

from __future__ import annotations

from dataclasses import replace

from bot.search.time_expressions.atom import Atom, Certainty, longest
from bot.search.time_expressions.calendar import Calendar, Grain, part_of
from bot.search.time_expressions.clock_times import CLOCK_READERS
from bot.search.time_expressions.dates import DATE_READERS
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.weeks import WEEK_READERS
from bot.search.time_expressions.word_lists import Kind

_READERS = (*DATE_READERS, *WEEK_READERS, *CLOCK_READERS)


def read_atom(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """Reads a time; the longest of those that can stand there."""
    at = at + 1 if tokens.has(at, Kind.SOMETIME) else at
    if not tokens.means_something(at):
        return None
    found = _edge(tokens, at, calendar) or longest(_READERS, tokens, at, calendar)
    if found and (tokens.text(found.after), tokens.text(found.after + 1)) == ("so", "far"):
        return replace(found, after=found.after + 2)
    return found


def _edge(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`early october`, `the end of 2023`, `mid-2023`."""
    at = tokens.skip(at, Kind.THE)
    part = tokens.number(at, Kind.EDGE)
    if part is None:
        return None
    at = tokens.skip(at + 1, Kind.OF, Kind.TO)  # a hyphen is read as "to"
    place = tokens.skip(at, Kind.THE)
    found = longest(_READERS, tokens, place, calendar)
    unit = tokens.unit(place)
    if found is None and place > at and unit in {"week", "month", "quarter", "year", "decade"}:
        found = Atom(calendar.around(calendar.today, unit), place + 1)
    if found is None or found.period.grain is Grain.DAY:
        return None
    certainty = max(found.certainty, Certainty.NAMED)
    return Atom(part_of(found.period, part), found.after, certainty)
