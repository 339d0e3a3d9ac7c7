"""Likeness of stories: by the words that they share, weighed by how rare these are.

Each figure is how much more two stories have in common than those that tell the same must have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, takewhile

from bot.ingest.events.terms import EventTerms

Rarity = Callable[[str], float]
"""Returns the rarity of a stem: its inverse document frequency."""

UNLIKE = -1.0
"""The likeness of two stories that cannot tell the same."""

_TITLES = 0.338  # of the words of two titles, by rarity: what those that tell the same share
_LEAST, _LEAST_PLAIN = 0.3, 0.25  # at least, of all words and of those that are no names
_LEADS, _LEADS_PLAIN = 0.5, 0.3  # the cosines of titles and leads
_COPY = 0.395  # of the words of two titles that tell one thing in about the same words

_WORD = 0.02  # for each shared word that is less or more than usual
_USUAL_WORDS, _MANY_WORDS = 4, 7
_FEW = 0.1  # where only two words are shared
_CUT = 0.7  # how much less one is worth that may stand where the other title is cut off
_SURELY = 3  # words that such titles share, at least
_KNOWN = 0.6  # how much less a word is worth that the first title lacks and another has


def to_vector(terms: EventTerms, rarity: Rarity) -> Mapping[str, float]:
    """Returns a story's stems with their rarities times their weights, of length 1."""
    return _unit({stem: rarity(stem) * weight for stem, weight in terms.weights.items()})


def likeness_of_titles(one: EventTerms, members: Sequence[EventTerms], idf: Rarity) -> float:
    """Returns how alike a title is to a development's first one, with what others have told."""
    first = members[0]
    names = {*one.names, *first.names}
    mine, theirs = frozenset(one.title), frozenset(first.title)
    plain = mine - names, theirs - names
    if bool(plain[0]) != bool(plain[1]):
        return UNLIKE
    weights = _weights(one, first, members[1:], idf)
    all_ = _share(mine, theirs, weights)
    told = _share(*plain, weights) if all(plain) else all_
    words = _words_required(len(mine & theirs))
    return min((all_ + told) / 2 - _TITLES - words, all_ - _LEAST, told - _LEAST_PLAIN)


def _words_required(shared: int) -> float:
    if shared < _USUAL_WORDS - 1:
        return _FEW
    return _WORD * (_USUAL_WORDS - min(shared, _MANY_WORDS))


def _weights(
    one: EventTerms, first: EventTerms, others: Sequence[EventTerms], idf: Rarity
) -> Mapping[str, float]:
    mine, theirs = frozenset(one.title), frozenset(first.title)
    weights = {stem: idf(stem) for stem in mine | theirs}
    known = frozenset(chain.from_iterable(other.title for other in others))
    for stem in (mine - theirs) & known:
        weights[stem] *= 1 - _KNOWN
    for stem in weights.keys() & set(_cut_off(one, first, mine & theirs)):
        weights[stem] *= 1 - _CUT
    return weights


def _cut_off(one: EventTerms, other: EventTerms, shared: AbstractSet[str]) -> Iterator[str]:
    """Yields what one title has behind all that they share, where the other one is cut off."""
    if len(shared) < _SURELY:
        return
    for cut, whole in ((one, other), (other, one)):
        if cut.is_cut:
            yield from takewhile(lambda word: word not in shared, reversed(whole.words))


def likeness_of_copies(one: EventTerms, others: Iterable[EventTerms], idf: Rarity) -> float:
    """Returns how alike a title is to the one of others that is most like it."""
    return max(_overlap(one, other, idf) for other in others) - _COPY


def _overlap(one: EventTerms, other: EventTerms, idf: Rarity) -> float:
    mine, theirs = frozenset(one.title), frozenset(other.title)
    return _share(mine, theirs, {stem: idf(stem) for stem in mine | theirs})


def _share(mine: AbstractSet[str], theirs: AbstractSet[str], weights: Mapping[str, float]) -> float:
    """Returns what two sets of words share, of all that they have (Jaccard's index, weighed)."""
    whole = _sum(mine | theirs, weights)
    return _sum(mine & theirs, weights) / whole if whole else 0.0


def _sum(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in stems)


def likeness_of_leads(
    one: EventTerms, other: EventTerms, mine: Mapping[str, float], idf: Rarity
) -> float:
    """Returns how alike titles and leads are together.

    Args:
        one: The terms of a story.
        other: Those of another.
        mine: The vector of the former, by these inverse document frequencies.
        idf: Inverse document frequencies.
    """
    shared = chain(other.title, other.lead)
    most = math.hypot(*(mine[stem] for stem in shared if stem in mine))
    if most < _LEADS:
        return UNLIKE  # no cosine is more than that, and most stories end here
    theirs = to_vector(other, idf)
    names = {*one.names, *other.names}
    plain = _unit(_without(mine, names)), _unit(_without(theirs, names))
    told = _dot(*plain) - _LEADS_PLAIN if all(plain) else 0.0
    return min(_dot(mine, theirs) - _LEADS, told)


def _without(vector: Mapping[str, float], names: AbstractSet[str]) -> Mapping[str, float]:
    return {stem: value for stem, value in vector.items() if stem not in names}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other[stem] for stem, value in one.items() if stem in other)


def _unit(vector: Mapping[str, float]) -> Mapping[str, float]:
    norm = math.sqrt(sum(value * value for value in vector.values()))
    return {stem: value / norm for stem, value in vector.items()} if norm else {}
