"""Atoms of time expressions: single times, as the functions that read them return them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.search.time_expressions.calendar import Calendar, Period
from bot.search.time_expressions.tokens import Tokens


class Certainty(IntEnum):
    """The certainty that a time is meant where nothing but its own words says so."""

    PART = 0  # none by itself: `oct`, `q3`; one behind a preposition or before a year
    WORD = 1  # a word that mostly means something else: `may`, `march`
    BARE = 2  # a word that may mean something else: `october`, `2023`, `friday`
    NAMED = 3  # a time by the calendar: `october 2023`; titles name such times
    SURE = 4  # a time by the clock: `last week`


@dataclass(frozen=True, slots=True)
class Atom:
    """A time.

    Attributes:
        period: The period.
        after: The place of the first token behind it.
        certainty: How sure it is.
        of_year: Its month and its day (None for the whole month), where no year was named.
    """

    period: Period
    after: int
    certainty: Certainty = Certainty.SURE
    of_year: tuple[int, int | None] | None = None


Reader = Callable[[Tokens, int, Calendar], Atom | None]
"""Reads the time that stands at a place; None where none of its kind does."""


def longest(readers: Sequence[Reader], tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """Reads the longest of the times that can stand at a place."""
    if not tokens.may_begin(at):  # as most words of a question
        return None
    found = [atom for read in readers if (atom := read(tokens, at, calendar))]
    return max(found, key=lambda atom: (atom.after, atom.certainty), default=None)
