"""Compounds: words that stories hold as one, and those that they hold as several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise, permutations

from bot.search.budget import LONG
from bot.search.plan import ExpandedTerm, may_change, other_form, other_forms, weigh
from bot.search.query import Query, Term
from bot.search.vocabulary import HALF, LINKS, Vocabulary
from bot.text.japanese import content_pairs
from bot.text.tokenizer import is_run

Group = Sequence[ExpandedTerm]
"""The terms of one alternative of a query."""

_JOINS = 6  # pairs that are searched for as one word
_FEW = 6  # words of a question of which any two, in any order, may be a compound


def recompose(group: Group, vocabulary: Vocabulary) -> Iterator[Group]:
    """Yields an alternative in the other compositions of its words that stories hold."""
    if len(group) <= LONG:
        yield from islice(_join(group, vocabulary), _JOINS)
    yield from _part(group, vocabulary)


def _join(group: Group, vocabulary: Vocabulary) -> Iterator[Group]:
    """Yields the group with two of its words as one.

    Those are neighbours without their space (`note book`) and, wherever they stand, the halves of
    a compound (`Preise` and `Strom` of `Strompreise`).
    """
    words = [one.term.words[0] if may_change(one.term) else "" for one in group]
    for first, second in pairwise(range(len(group))):
        word = f"{words[first]}{words[second]}"
        kin = other_forms(word, vocabulary)
        if words[first] and words[second] and (kin or word in vocabulary):
            yield _replace(group, (first, second), weigh(Term((word,)), kin, vocabulary))
    halves = [at for at, word in enumerate(words) if len(word) >= HALF]
    for first, second in permutations(halves, 2) if len(group) <= _FEW else ():
        for link in LINKS[second == first + 1 :]:  # neighbours without a link were joined above
            word = f"{words[first]}{link}{words[second]}"
            if word in vocabulary:
                yield _replace(group, (first, second), other_form(word, vocabulary))


def _replace(group: Group, pair: tuple[int, int], joined: ExpandedTerm) -> Group:
    rest = [*group]
    rest[min(pair)] = joined
    del rest[max(pair)]
    return rest


def _part(group: Group, vocabulary: Vocabulary) -> Iterator[Group]:
    """Yields the group with an unknown compound parted in two, which may stand anywhere.

    So `Flughafenstreik` finds a `Streik am Flughafen`.
    """
    for at, one in enumerate(group[:LONG]):
        word = one.term.words[0]
        if not may_change(one.term) or word in vocabulary:
            continue
        for pair in vocabulary.part(word)[:1]:
            halves = (weigh(Term((h,)), other_forms(h, vocabulary), vocabulary) for h in pair)
            yield [*group[:at], *halves, *group[at + 1 :]]


def split_compounds(query: Query, *, runs: bool) -> Query:
    """Splits words that a mark held together (`well-known`), and runs of letters into pairs."""
    groups = tuple(
        tuple(dict.fromkeys(one for term in group for one in _split(term, runs=runs)))
        for group in query.alternatives
    )
    return query if groups == query.alternatives else replace(query, alternatives=groups)


def _split(term: Term, *, runs: bool) -> tuple[Term, ...]:
    if term.quoted or len(term.words) == 1 or (any(map(is_run, term.words)) and not runs):
        return (term,)
    # A letter alone is what an apostrophe parted (`johnny's`): nobody looks for that.
    words = [word for word in term.words if len(word) > 1 or is_run(word)] or term.words
    if all(map(is_run, words)):
        words = content_pairs(words)
    return tuple(Term((word,)) for word in words)
