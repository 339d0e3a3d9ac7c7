"""Compounds: words that stories hold as one, and those that they hold as several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise, permutations

from bot.search.budget import LONG
from bot.search.plan import ExpandedTerm, may_change, other_form, other_forms, weigh
from bot.search.plausibility import begins_alike
from bot.search.query import Query, Term
from bot.search.vocabulary import HALF, LINKS, Vocabulary
from bot.text.english import is_english_word
from bot.text.german import other_spellings
from bot.text.han_numerals import numbers_in
from bot.text.japanese import content_pairs
from bot.text.tokenizer import is_run

Group = Sequence[ExpandedTerm]
"""The terms of one alternative of a query."""

_LOOSE = 0.6  # the quality of a word that is known only to begin or end as a half of a compound
_JOINS = 6  # pairs that are searched for as one word
_PAIR, _PLURALS = 3, ("e", "n", "en")  # words of one in which a compound may be a plural
_ENDING = 3  # letters at the end of a word in which its forms differ
_LONGEST = 48  # letters of a compound that is parted
_FEW = 6  # words of a question of which any two, in any order, may be a compound


def recompose(group: Group, vocabulary: Vocabulary, *, is_loose: bool = False) -> Iterator[Group]:
    """Yields an alternative in the other compositions of its words that stories hold.

    With `is_loose`, the halves of a compound may themselves stand in other compounds alone.
    """
    if len(group) <= LONG:
        yield from islice(_join(group, vocabulary), _JOINS)
    yield from _part(group, vocabulary, is_loose=is_loose)


def _join(group: Group, vocabulary: Vocabulary) -> Iterator[Group]:
    """Yields the group with two of its words as one.

    Those are neighbours without their space (`note book`) and, wherever they stand, the halves of
    a compound (`Preise` and `Strom` of `Strompreise`).
    """
    words = [one.term.words[0] if may_change(one.term) else "" for one in group]
    for first, second in pairwise(range(len(group))):
        word = f"{words[first]}{words[second]}"
        if not (words[first] and words[second] and vocabulary.has_prefix(word[:-_ENDING])):
            continue  # as nearly all pairs: looking for other forms of each takes long
        kin = other_forms(word, vocabulary)
        if kin or word in vocabulary:
            yield _replace(group, (first, second), weigh(Term((word,)), kin, vocabulary))
    # English joins neighbours alone, and to look for all the rest takes long; but many German words
    # are English ones as well.
    pure = {at for at, word in enumerate(words) if len(word) >= HALF and not is_english_word(word)}
    halves = [at for at, word in enumerate(words) if len(word) >= HALF]
    halves = halves if vocabulary.is_german else sorted(pure)
    for first, second in permutations(halves, 2) if len(group) <= _FEW and pure else ():
        if first not in pure and second not in pure:
            continue
        ends = ("", *_PLURALS) if len(group) <= _PAIR else ("",)
        for link in LINKS[second == first + 1 :]:  # neighbours without a link were joined above
            word = f"{words[first]}{link}{words[second]}"
            known = vocabulary.first_known([f"{word}{end}" for end in ends])
            if known:
                yield _replace(group, (first, second), other_form(known, vocabulary))


def _replace(group: Group, pair: tuple[int, int], joined: ExpandedTerm) -> Group:
    rest = [*group]
    rest[min(pair)] = joined
    del rest[max(pair)]
    return rest


def _part(group: Group, vocabulary: Vocabulary, *, is_loose: bool) -> Iterator[Group]:
    """Yields the group with an unknown compound parted in two, which may stand anywhere.

    So `Flughafenstreik` finds a `Streik am Flughafen`.
    """
    for at, one in enumerate(group[:LONG]):
        word = one.term.words[0]
        if not may_change(one.term) or word in vocabulary:
            continue
        pair = vocabulary.part_once(word, _halves)
        if pair:
            halves = [weigh(Term((h,)), other_forms(h, vocabulary), vocabulary) for h in pair]
            yield [*group[:at], *halves, *group[at + 1 :]]
        loose = vocabulary.loose_parts(word) if is_loose and not pair else None
        if loose and not (is_english_word(word) or _is_typo(word, vocabulary)):
            halves = [_weigh_half(half, vocabulary) for half in loose]
            yield [*group[:at], *halves, *group[at + 1 :]]


def _halves(word: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Returns the two words that an unknown one is surely made of; None for none."""
    spellings = (word, *other_spellings(word))
    pair = next((pair for one in spellings for pair in vocabulary.part(one)), None)
    if not pair and word.isalpha() and not is_english_word(word):
        pair = _part_by_forms(word, vocabulary)
    if not pair or _is_slip(word, vocabulary):
        return None
    # English has its compounds apart, or as words of their own; but many German words are English
    # ones as well (`Hotelbrand`).
    return pair if vocabulary.is_german or not all(map(is_english_word, pair)) else None


def _is_slip(word: str, vocabulary: Vocabulary) -> bool:
    """Tells if a word is rather a slip of another: `definatly` is not made of `defi` and `atly`."""
    near = vocabulary.corrections(word, 1)
    far = filter(is_english_word, vocabulary.corrections(word, 2))
    return any(begins_alike(word, one) for one in chain(near, far))


def _part_by_forms(compound: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Returns the halves of a compound of which stories hold other forms or spellings.

    So `straßen` and `sanierung` of `strassensanierung`, where they hold `sanieren`. Of several
    pairs, that of the longest first half; None for none.
    """
    for at in range(min(len(compound), _LONGEST) - HALF, HALF - 1, -1):
        first, last = _first_half(compound[:at], vocabulary), _spelled(compound[at:], vocabulary)
        if first and (last or vocabulary.inflections(compound[at:])):
            return first, last or compound[at:]
    return None


def _first_half(half: str, vocabulary: Vocabulary) -> str:
    """Returns a first half as stories spell it, also without what joins it, and as a plural."""
    bare = (half.removesuffix(link) for link in LINKS if half.endswith(link))
    ways = [*(one for one in bare if len(one) >= HALF), *(f"{half}{end}" for end in _PLURALS)]
    return next((known for one in ways if (known := _spelled(one, vocabulary))), "")


def _spelled(word: str, vocabulary: Vocabulary) -> str:
    """Returns a word as stories spell it; empty where they do not hold it."""
    return next((one for one in (word, *other_spellings(word)) if one in vocabulary), "")


def _is_typo(word: str, vocabulary: Vocabulary) -> bool:
    return any(vocabulary.corrections(word, edits) for edits in (1, 2))


def _weigh_half(half: str, vocabulary: Vocabulary) -> ExpandedTerm:
    """Weighs a half of a compound, which any word that begins or ends with it may stand for."""
    others = (word for word in vocabulary.joined(half) if word != half)
    return weigh(Term((half,)), [((word,), _LOOSE) for word in others], vocabulary)


def split_compounds(query: Query, *, runs: bool) -> Query:
    """Splits words that a mark held together (`well-known`), and runs of letters into pairs."""
    groups = tuple(
        tuple(dict.fromkeys(one for term in group for one in _split(term, runs=runs)))
        for group in query.alternatives
    )
    return query if groups == query.alternatives else replace(query, alternatives=groups)


def pair_shares(query: Query) -> Mapping[Term, float]:
    """Returns the share of its weight that each pair of letters of a longer run has.

    Many pairs of one run tell less than as many words, but more than one of them.
    """
    shares: dict[Term, float] = {}
    for term in query.terms:
        pairs = _split(term, runs=True)
        if len(pairs) > 1 and all(map(is_run, term.words)):
            shares |= dict.fromkeys(pairs, len(pairs) ** -0.5)
    return shares


def _split(term: Term, *, runs: bool) -> tuple[Term, ...]:
    if term.quoted or len(term.words) == 1 or (any(map(is_run, term.words)) and not runs):
        return (term,)
    # A letter alone is what an apostrophe parted (`johnny's`): nobody looks for that.
    words = [word for word in term.words if len(word) > 1 or is_run(word)]
    if not words:
        return (term,)  # `U.S.`
    if all(map(is_run, words)):
        words = [*content_pairs(words), *numbers_in(term.typed)]
    return tuple(Term((word,)) for word in words)
