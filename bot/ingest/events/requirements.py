"""Requirements: how much more some stories must have in common than others, to tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from bot.ingest.events.contradictions import markets
from bot.ingest.events.deeds import deeds_of
from bot.ingest.events.headline_forms import NEWS, SERIES
from bot.ingest.events.terms import EventTerms

_FORM = 0.25  # where one reports and the other reviews, shows or answers
_SAME_FORM = 0.15  # where both review or show: two reviews are two
_SERIAL = 0.25  # where both are of a series: it has another issue every day
_HEDGE = 0.06  # where one says that it may be so
_MARKET = 0.15  # where one is about more markets
_NAMELESS, _ONE_NAMED = 0.04, 0.12  # where none of them names anybody, or only one does
_OTHER_NAMES = 0.08  # where each has a name that the other one lacks
_SAME_NAMES = -0.06  # where both have the same names, and more in common
_TOLD = 3  # words beside the names that are more
_SAME_DEED, _OTHER_DEED = -0.03, 0.09  # where they have a verb in common, or none of one's verbs
_FIGURE = -0.05  # where both count the same: few stories have a number in common

LEAST = _SAME_NAMES + _FIGURE + _SAME_DEED
"""The least that is required."""


def required(one: EventTerms, members: Sequence[EventTerms]) -> float:
    """Returns how much more, or less, a story must be like a development than others.

    Args:
        one: The terms of the story.
        members: Those of the development's stories, its first one first.
    """
    first = members[0]
    return sum(
        (
            _for_forms(one, first),
            _for_names(one, first),
            _for_other_names(one, members),
            _HEDGE if one.hedges != first.hedges else 0.0,
            _MARKET if markets(one) != markets(first) else 0.0,
            0.0 if set(one.figures).isdisjoint(first.figures) else _FIGURE,
            _for_deeds(one, first),
        )
    )


def _for_forms(one: EventTerms, other: EventTerms) -> float:
    if one.form != other.form:
        return _FORM
    if one.form == SERIES:
        return _SERIAL
    return 0.0 if one.form == NEWS else _SAME_FORM


def _for_deeds(one: EventTerms, other: EventTerms) -> float:
    """Asks for less where both main clauses have a verb, and for more where only one has it."""
    names = {*one.names, *other.names}
    mine, theirs = (deeds_of(each.main or each.title) - names for each in (one, other))
    if not mine and not theirs:
        return 0.0
    return _OTHER_DEED if mine.isdisjoint(theirs) else _SAME_DEED


def _for_names(one: EventTerms, other: EventTerms) -> float:
    if not one.names and not other.names:
        return _NAMELESS
    return 0.0 if one.names and other.names else _ONE_NAMED


def _for_other_names(one: EventTerms, members: Sequence[EventTerms]) -> float:
    first = members[0]
    known = set(chain.from_iterable(member.stems for member in members))
    fresh, missing = set(one.names) - known, set(first.names).difference(one.stems)
    if fresh or missing:
        return _OTHER_NAMES if fresh and missing else 0.0
    shared = set(one.title).intersection(first.title).difference(one.names, first.names)
    return _SAME_NAMES if one.names and len(shared) >= _TOLD else 0.0
