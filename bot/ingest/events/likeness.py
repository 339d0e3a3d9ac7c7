"""Likeness of stories: by the words that they share, weighed by how rare these are.

Whether a story tells what a development tells is judged by the development's first story, which is
the one that was posted: what joins it is not seen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise

from bot.ingest.events.contradictions import contradict, markets
from bot.ingest.events.headline_forms import NEWS, QUESTION, SERIES
from bot.ingest.events.terms import EventTerms, is_number

Rarity = Callable[[str], float]
"""Returns the rarity of a stem: its inverse document frequency."""

CONTRARY = -1.0
"""The agreement of two stories that cannot tell the same."""

_TITLES = 0.33  # of the words of two titles, by rarity: what those that tell the same share
_LEAST, _LEAST_PLAIN = 0.3, 0.25  # at least, of all words and of those that are no names
_LEADS, _LEADS_PLAIN = 0.5, 0.3  # the cosines of titles and leads

_SURE = 0.1  # more than titles must share, from which on leads need not agree
_APART = 0.05  # less than leads must share: they tell something else
_BESIDE = 0.4  # of what titles lack, leads must have more
_LITTLE = 0.3  # that titles lack at most

# How much more it takes, or less.
_FORM = 0.25  # where one reports and the other asks, reviews or shows
_SAME_FORM = 0.1  # where both do the latter: two reviews are two
_SERIAL = 0.25  # where both are of a series: it has another issue every day
_HEDGE = 0.06  # where one says that it may be so
_MARKET = 0.15  # where one is about more markets
_NAMELESS, _ONE_NAMED = 0.04, 0.12  # where none of them names anybody, or only one does
_OTHER_NAMES = 0.08  # where each has a name that the other one lacks
_SAME_NAMES = -0.06  # where both have the same names, and more in common
_TOLD = 3  # words beside the names that are more
_FIGURE = -0.05  # where both count the same: few stories have a number in common
_WORD = 0.02  # for each shared word that is less or more than usual
_USUAL_WORDS, _MANY_WORDS = 4, 7
_FEW = 0.1  # where only two words are shared

# What others of the development say in other words is worth less where it is missing.
_KNOWN = 0.6  # of a word that the first title lacks and another has
_LONE = 0.0  # of a word that only the first title has

_COPY = 0.45  # of the words of two titles that are one in other letters
_DRIFT = 0.2  # how much less than others a copy of what has joined may be like the first


def to_vector(terms: EventTerms, rarity: Rarity) -> Mapping[str, float]:
    """Returns a story's stems with their rarities times their weights, of length 1."""
    return _unit({stem: rarity(stem) * weight for stem, weight in terms.weights.items()})


def agreement(
    one: EventTerms, members: Sequence[EventTerms], vector: Mapping[str, float], idf: Rarity
) -> float:
    """Returns how much more a story agrees with a development than it must to tell the same.

    Names alone do not tell: who is in the news is so for several things at once. What is told of
    one place, or of nobody in particular, is not what is told of another place; and a headline that
    asks comments on what another reports.

    Args:
        one: The terms of a story.
        members: Those of the development's stories, its first one first.
        vector: The story's, made by these inverse document frequencies.
        idf: Inverse document frequencies, undamped: within an event the rare words tell.

    Returns:
        Less than 0 where it tells something else.
    """
    first, *others = members
    if not are_of_like_forms(one, first):
        return CONTRARY
    required = _required(one, first) + _other_names_required(one, members)
    found = _of_titles(one, members, idf) - required
    if one.lead and first.lead:
        found = _with_leads(found, _of_leads(one, first, vector, idf) - required)
    if others and 0 > found > -_DRIFT and one.form == first.form:
        found = max(found, max(_overlap(one, other, idf) for other in others) - _COPY)
    if found < 0 or contradict(one, first) or _name_others(one, first):
        return CONTRARY
    return found if _tell_alike(one, first) else CONTRARY


def _with_leads(titles: float, leads: float) -> float:
    """Returns the agreement of titles and leads together, of how much each agree."""
    if 0 <= titles < _SURE and leads < -_APART:
        return CONTRARY
    return max(titles, leads + _BESIDE * min(0.0, max(titles, -_LITTLE)))


def are_of_like_forms(one: EventTerms, other: EventTerms) -> bool:
    """Tells if the forms of two headlines let them tell the same.

    A report is none of what a question asks, and a guide is no gallery. Each issue of a series is
    about what it names.
    """
    if one.denies != other.denies:
        return False
    if one.form == other.form:
        return one.form != SERIES or _are_of_one_issue(one, other)
    return NEWS in (one.form, other.form) and {QUESTION, SERIES}.isdisjoint((one.form, other.form))


def _are_of_one_issue(one: EventTerms, other: EventTerms) -> bool:
    numbers = (set(filter(is_number, words)) for words in (one.words, other.words))
    return set(one.names) == set(other.names) and next(numbers) == next(numbers)


def _tell_alike(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two main clauses have a word in common; what is told beside them is known."""
    if not one.main and not other.main:
        return True
    mine, theirs = one.deed, other.deed
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _name_others(one: EventTerms, other: EventTerms) -> bool:
    """Tells if each of two titles has names, and none that the other title has."""
    return bool(one.names and other.names) and (
        set(one.names).isdisjoint(other.stems)
        and set(other.names).isdisjoint(one.stems)
        and set(one.names).isdisjoint(_compounds(other))
        and set(other.names).isdisjoint(_compounds(one))
    )


def _compounds(one: EventTerms) -> Iterator[str]:
    """Yields each two words of a title as one: who is `Mac Arthur` here is `MacArthur` there."""
    return map("".join, pairwise(one.words))


def _required(one: EventTerms, other: EventTerms) -> float:
    """Returns how much more, or less, two stories must have in common than others."""
    return sum(
        (
            _form_required(one, other),
            _names_required(one, other),
            _HEDGE if one.hedges != other.hedges else 0.0,
            _MARKET if markets(one) != markets(other) else 0.0,
            0.0 if set(one.figures).isdisjoint(other.figures) else _FIGURE,
        )
    )


def _other_names_required(one: EventTerms, members: Sequence[EventTerms]) -> float:
    """Returns how much more it takes where a story has names that a development has not."""
    first = members[0]
    known = set(chain.from_iterable(member.stems for member in members))
    fresh, missing = set(one.names) - known, set(first.names).difference(one.stems)
    if fresh and missing:
        return _OTHER_NAMES
    shared = set(one.title).intersection(first.title).difference(one.names, first.names)
    is_known = bool(one.names) and not fresh and not missing and len(shared) >= _TOLD
    return _SAME_NAMES if is_known else 0.0


def _form_required(one: EventTerms, other: EventTerms) -> float:
    if one.form != other.form:
        return _FORM
    return _SERIAL if one.form == SERIES else _SAME_FORM if one.form else 0.0


def _names_required(one: EventTerms, other: EventTerms) -> float:
    if not one.names and not other.names:
        return _NAMELESS
    return 0.0 if one.names and other.names else _ONE_NAMED


def _of_titles(one: EventTerms, members: Sequence[EventTerms], idf: Rarity) -> float:
    """Returns by how much the words that two titles share are more than they must be."""
    first = members[0]
    names = {*one.names, *first.names}
    mine, theirs = frozenset(one.title), frozenset(first.title)
    plain = mine - names, theirs - names
    if bool(plain[0]) != bool(plain[1]):
        return CONTRARY
    weights = _weights(mine, theirs, members[1:], idf)
    all_ = _share(mine, theirs, weights)
    told = _share(*plain, weights) if all(plain) else all_
    words = _words_required(len(mine & theirs))
    return min((all_ + told) / 2 - _TITLES - words, all_ - _LEAST, told - _LEAST_PLAIN)


def _words_required(shared: int) -> float:
    if shared < _USUAL_WORDS - 1:
        return _FEW
    return _WORD * (_USUAL_WORDS - min(shared, _MANY_WORDS))


def _weights(
    mine: AbstractSet[str], theirs: AbstractSet[str], others: Sequence[EventTerms], idf: Rarity
) -> Mapping[str, float]:
    weights = {stem: idf(stem) for stem in mine | theirs}
    known = Counter(chain.from_iterable(other.title for other in others))
    for stem in mine - theirs if others else ():
        weights[stem] *= 1 - _KNOWN if stem in known else 1
    for stem in theirs - mine if others else ():
        weights[stem] *= 1 - _LONE * (1 - known[stem] / len(others))
    return weights


def _share(mine: AbstractSet[str], theirs: AbstractSet[str], weights: Mapping[str, float]) -> float:
    """Returns what two sets of words share, of all that they have (Jaccard's index, weighed)."""
    whole = _sum(mine | theirs, weights)
    return _sum(mine & theirs, weights) / whole if whole else 0.0


def _sum(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in stems)


def _overlap(one: EventTerms, other: EventTerms, idf: Rarity) -> float:
    mine, theirs = frozenset(one.title), frozenset(other.title)
    return _share(mine, theirs, {stem: idf(stem) for stem in mine | theirs})


def _of_leads(one: EventTerms, other: EventTerms, mine: Mapping[str, float], idf: Rarity) -> float:
    """Returns by how much titles and leads are more alike than they must be."""
    shared = chain(other.title, other.lead)
    most = math.hypot(*(mine[stem] for stem in shared if stem in mine))
    if most < _LEADS:
        return CONTRARY  # no cosine is more than that, and most stories end here
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
