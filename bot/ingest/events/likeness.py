"""Likeness of two stories: by the words that they share, weighed by how rare these are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from bot.ingest.events.look_alikes import tell_opposites
from bot.ingest.events.terms import EventTerms

Rarity = Callable[[str], float]
"""Returns the rarity of a stem: its inverse document frequency."""

_TOLD = 0.44  # the cosine from which on two stories tell the same
_ELSEWHERE = 0.1  # more where one names who or where and the other does not
_PLAIN = 0.25  # the cosine of their words that are no names


def to_vector(terms: EventTerms, rarity: Rarity) -> Mapping[str, float]:
    """Returns a story's stems with their rarities times their weights, of length 1."""
    return _unit({stem: rarity(stem) * weight for stem, weight in terms.weights.items()})


def tell_the_same(one: EventTerms, other: EventTerms, idf: Rarity) -> bool:
    """Tells if who has read one of two stories of an event has read the other.

    Names alone do not tell: who is in the news is so for several things at once. What is told of
    one place, or of nobody in particular, is not what is told of another place; and a headline that
    asks comments on what another reports.

    Args:
        one: The terms of a story.
        other: Those of another.
        idf: Inverse document frequencies, undamped: within an event the rare words tell.
    """
    if one.asks != other.asks or tell_opposites(one, other):
        return False
    mine, theirs = to_vector(one, idf), to_vector(other, idf)
    required = _TOLD + (0.0 if _name_the_same(one, other) else _ELSEWHERE)
    if _dot(mine, theirs) < required:
        return False
    names = {*one.names, *other.names}
    plain = _without(mine, names), _without(theirs, names)
    return not all(plain) or _dot(*map(_unit, plain)) >= _PLAIN


def _name_the_same(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two stories have a name in common, or no names at all."""
    if not one.names or not other.names:
        return one.names == other.names
    return not (
        other.weights.keys().isdisjoint(one.names) and one.weights.keys().isdisjoint(other.names)
    )


def _without(vector: Mapping[str, float], names: AbstractSet[str]) -> Mapping[str, float]:
    return {stem: value for stem, value in vector.items() if stem not in names}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other[stem] for stem, value in one.items() if stem in other)


def _unit(vector: Mapping[str, float]) -> Mapping[str, float]:
    norm = math.sqrt(sum(value * value for value in vector.values()))
    return {stem: value / norm for stem, value in vector.items()} if norm else {}
