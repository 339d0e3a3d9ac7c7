"""The vocabulary: the words of the stories in memory, to correct typos and complete prefixes.

Its memory is bounded: of more words than it holds, those that came first are kept. A word beyond
them is found all the same where it is typed as it stands in a story; it is only not suggested.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from bot.search.plausibility import begins_nearly, is_plausible_slip
from bot.search.spelling import one_edit_away
from bot.search.word_lists import WordLists
from bot.text.german import other_endings
from bot.text.stemming import plural_or_singular
from bot.text.stopwords import STOPWORDS

_ONE_EDIT, _ANY_EDIT, _TWO_EDITS = 3, 5, 6
"""Letters that a word must have for one plausible edit, for any, and for two.

A shorter one would become any other.
"""

_ANY_START, _SURELY_LONG = 6, 8
"""Letters that a word must have whose first letter may be wrong, and one that may be full of typos.

A shorter one is rather another word than a typo of one that is far from it.
"""

MAX_COMMON = 250_000
"""Words of two stories and more that are kept in memory."""

MAX_UNIQUE = 50_000
"""Words of one story only that are kept beside them."""

_TYPO_PREFIX = 4  # letters from which on a prefix may have a typo
_LONGEST = 48  # letters of what is corrected: the store counts no longer words
HALF = 4
"""Letters that each half of a compound has at least: shorter ones are parts of other words."""

_LONG_HALF = 5
"""Likewise a part that is enough to know a compound by."""

LINKS = ("", "s", "es", "n", "en", "er", "e")
"""Joins between the halves of German and Nordic compounds."""

_STARTS = 4  # letters of words that are compared where the edit is behind them
_LOOSE, _JOINED = 9, 4  # letters of a compound that is parted so, and words for each half
_COMPOUNDS = 200  # words that are looked at as compounds of one word
_COMPARED = 30_000  # words that one with two typos is compared with
_COUNTED = 40  # letters of the longest words that the store counts
_CACHED = 2_000  # answers that are cached, of each kind
_SIMILARITY = 0.88  # the least of a word that is full of typos (Jaro-Winkler, 0 to 1)


class Vocabulary:
    """The known words, each with the number of stories that hold it.

    It follows the store by `update`; nothing is built anew.
    """

    def __init__(self, max_common: int = MAX_COMMON, max_unique: int = MAX_UNIQUE) -> None:
        """Makes an empty vocabulary.

        Args:
            max_common: Words of two stories and more that it holds at most.
            max_unique: Words of one story that it holds at most.
        """
        self._counts: dict[str, int] = {}
        self._max_common, self._max_unique = max_common, max_unique
        self._unique = 0  # words of one story among them
        self._named: dict[str, int] = {}  # words that it has no room for, until the next change
        self.is_full = False
        """True once there was no more room: words may have been left out."""

        self.is_behind = False
        """True while there are words of the store that are still to be learnt."""

        self._lists = WordLists()
        self._most = 1
        # Caches until the next change.
        self._corrections: dict[tuple[str, int], list[str]] = {}
        self._completions: dict[tuple[str, int], list[str]] = {}
        self._inflections: dict[str, tuple[str, ...]] = {}
        self._prefix_counts: dict[str, int] = {}

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> Vocabulary:
        """Makes a vocabulary of words with the numbers of stories that hold them."""
        vocabulary = cls()
        vocabulary.update(counts)
        return vocabulary

    def __contains__(self, word: str) -> bool:
        return word in self._counts or word in self._named

    def __len__(self) -> int:
        return len(self._counts)

    def is_unknown(self, word: str) -> bool:
        """Tells if it is sure that no story holds a word: it is a plain one, and all are known."""
        is_counted = len(word) <= _COUNTED and word.isascii() and word.isalnum()
        return is_counted and not (self.is_full or self.is_behind or word in self)

    def count(self, word: str) -> int:
        """Returns the number of stories that hold a word."""
        return self._counts.get(word, 0) or self._named.get(word, 0)

    @property
    def stories(self) -> int:
        """The number of stories that hold the commonest word: about as many as there are."""
        return self._most

    def weight(self, count: int) -> float:
        """Returns the inverse document frequency of what `count` stories hold: rare weighs more."""
        return math.log(1 + self._most / max(count, 1))

    def update(self, changes: Mapping[str, int]) -> None:
        """Updates the numbers of stories of some words; words with none are removed.

        New words are left out where there is no room for them.
        """
        self._most = max(self._most, max(changes.values(), default=0))
        self._forget_answers()
        gone = [word for word, count in changes.items() if not count and word in self._counts]
        self._lists.remove(gone)
        for word in gone:
            self._unique -= self._counts.pop(word) == 1
        added = []
        for word, count in changes.items():
            known = self._counts.get(word, 0)
            if count and (known or self._has_room(count)):
                self._unique += (count == 1) - (known == 1)
                self._counts[word] = count
                added += [] if known else [word]
        self._lists.add(added)
        self.is_full |= not (self._has_room(1) and self._has_room(2))

    def _forget_answers(self) -> None:
        for cache in (self._corrections, self._completions, self._inflections):
            cache.clear()
        self._prefix_counts.clear()
        self._named.clear()

    def _has_room(self, count: int) -> bool:
        if count == 1:
            return self._unique < self._max_unique
        return len(self._counts) - self._unique < self._max_common

    def add_named(self, counts: Mapping[str, int]) -> None:
        """Adds the numbers of stories of words that there was no room for, until the next change.

        They are neither corrected to nor completed to.
        """
        if len(self._named) > _CACHED:
            self._named.clear()
        self._named.update(counts)

    def complete(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix, the commonest first."""
        if len(self._completions) > _CACHED:
            self._completions.clear()
        if (prefix, limit) not in self._completions:
            found = self._lists.by_letters.words_with(prefix)[:_COMPARED]
            self._completions[prefix, limit] = nsmallest(
                limit, found, key=lambda one: (-self._counts[one], one)
            )
        return self._completions[prefix, limit]

    def count_with(self, prefix: str) -> int:
        """Returns the sum of the numbers of stories that hold each word with a prefix."""
        if prefix not in self._prefix_counts:
            if len(self._prefix_counts) > _CACHED:
                self._prefix_counts.clear()
            found = self._lists.by_letters.words_with(prefix)
            self._prefix_counts[prefix] = sum(map(self._counts.__getitem__, found))
        return self._prefix_counts[prefix]

    def complete_with_typo(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix but for one typo in it, the commonest first."""
        near = self.correct_prefix(prefix, _ANY_EDIT)
        found = {word for one in near for word in self.complete(one, limit)}
        return nsmallest(limit, found, key=lambda word: (-self._counts[word], word))

    def correct_prefix(self, prefix: str, shortest: int = _TYPO_PREFIX) -> list[str]:
        """Returns the prefixes of words that are one edit away from a prefix with a typo.

        Args:
            prefix: What was typed.
            shortest: How many letters it must have; with fewer it would become any other.
        """
        return self._lists.by_letters.correct_prefix(prefix, self._lists.alphabet, shortest)

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word starts with a prefix."""
        return self._lists.by_letters.has_prefix(prefix)

    def inflections(self, word: str) -> tuple[str, ...]:
        """Returns other words of the same stem, the commonest first: `pavilions` for `pavilion`."""
        known = self._inflections.get(word)
        if known is None:
            numbers = filter(self._counts.__contains__, plural_or_singular(word))
            kin = {*self._words_of_stem(word), *numbers} - {word}
            # The stems are of English words, and others have none.
            kin = kin or {*filter(self._counts.__contains__, other_endings(word))}
            known = tuple(sorted(kin, key=lambda other: (-self._counts[other], other)))
            if len(self._inflections) > _CACHED:
                self._inflections.clear()
            self._inflections[word] = known
        return known

    def _words_of_stem(self, word: str) -> list[str]:
        stem = self._lists.stem(word)
        # Words of a stem begin as it does, but for its last letter (`city`, `cities`); most of what
        # no story holds begins as none.
        if word not in self._counts and not self.has_prefix(stem[:-1]):
            return []
        return self._lists.by_stem.words_of(stem)

    def split(self, word: str) -> list[tuple[str, str]]:
        """Returns the pairs of words that a word may be without its space, the commonest first."""
        ends = range(2, min(len(word) - 1, 2 * _LONGEST))  # one letter is no word
        pairs = ((word[:at], word[at:]) for at in ends)
        known = (pair for pair in pairs if all(half in self._counts for half in pair))
        return sorted(known, key=lambda pair: -min(map(self.count, pair)))

    def part(self, compound: str) -> list[tuple[str, str]]:
        """Returns the pairs of words that a compound may be made of, the longest halves first.

        Between them a letter or two may join them, as in German: `Verkehr-s-minister`.
        """
        ends = range(HALF, min(len(compound), 2 * _LONGEST) - HALF + 1)
        pairs = ((compound[:at], compound[at:]) for at in ends)
        known = [
            (first.removesuffix(link), last)
            for first, last in pairs
            if last in self._counts
            for link in LINKS
            if first.endswith(link) and len(first) - len(link) >= HALF
            if first.removesuffix(link) in self._counts
        ]
        return sorted(known, key=lambda pair: -min(map(len, pair)))

    def compounds(self, part: str, limit: int) -> list[str]:
        """Returns words that are made of a word and another known one, the commonest first.

        So `flughafenstreik` for `streik`, and for `flughafen`. What is joined with a long word need
        not be known where that ends with it, or where no story holds the word by itself.
        """
        if len(part) < HALF:
            return []
        ending = self._lists.by_ending.words_with(part[::-1])[:_COMPOUNDS]
        starting = self._lists.by_letters.words_with(part)[:_COMPOUNDS]
        among = {one for one in chain(ending, starting) if len(one) >= len(part) + HALF}
        is_long, is_new = len(part) >= _LONG_HALF, part not in self
        found = [
            one
            for one in among
            if (is_long and (is_new or one.endswith(part)))
            or any(part in pair for pair in self.part(one))
        ]
        return nsmallest(limit, found, key=lambda one: (-self._counts[one], one))

    def loose_parts(self, compound: str) -> tuple[str, str] | None:
        """Returns the halves of a compound that other words begin or end with; None for none.

        So `ferien` and `stau` of `ferienstau`, where stories hold `ferienbeginn` and `staus`. Of
        several pairs, that of the most even halves.
        """
        if not _LOOSE <= len(compound) <= _LONGEST:
            return None
        ends = range(HALF, len(compound) - HALF + 1)
        near = sorted(ends, key=lambda at: abs(len(compound) - 2 * at))
        pairs = ((compound[:at], compound[at:]) for at in near)
        return next((pair for pair in pairs if all(map(self.joined, pair))), None)

    def joined(self, half: str) -> list[str]:
        """Returns a few words that begin or end with a half of a compound, the commonest first."""
        lists = self._lists
        found = {*lists.by_letters.words_with(half), *lists.by_ending.words_with(half[::-1])}
        return nsmallest(_JOINED, found, key=lambda one: (-self._counts[one], one))

    def main_part(self, compound: str) -> str:
        """Returns the longest known word that a compound begins or ends with; empty for none.

        It makes up half of the compound: `kindergeld` of `kindergelderhohung`.
        """
        if not compound.isalpha() or len(compound) > 2 * _LONGEST:
            return ""
        least = max((len(compound) + 1) // 2, _LONG_HALF)
        sizes = range(len(compound) - HALF, least - 1, -1)
        parts = (part for size in sizes for part in (compound[:size], compound[-size:]))
        return next((part for part in parts if part in self._counts), "")

    def corrections(self, word: str, edits: int) -> list[str]:
        """Returns the known words at an edit distance of exactly one or two, the likeliest first.

        An edit is a letter too many, too few or wrong, or two swapped. Words of three and
        four letters have one edit at most, and that a plausible one (`is_plausible_slip`); of five
        letters one, or two that leave it the same letters in another order; shorter ones and those
        with digits none. One edit never leads to a digit or to another alphabet; `ph` for `f` is
        one.
        """
        shortest = _ONE_EDIT if edits == 1 else _ANY_EDIT
        if not shortest <= len(word) <= _LONGEST or not word.isalpha():
            return []
        if len(self._corrections) > _CACHED:
            self._corrections.clear()
        if (word, edits) not in self._corrections:
            found = self._one_edit_away(word) if edits == 1 else self._two_edits_away(word)
            self._corrections[word, edits] = sorted(
                found, key=lambda near: (near[0] != word[0], -self._counts[near], near)
            )
        return self._corrections[word, edits]

    def similar(self, word: str) -> list[str]:
        """Returns the known words that are most like a long word which is full of typos."""
        if not _SURELY_LONG <= len(word) <= _LONGEST or not word.isalpha():
            return []
        among = self._lists.starting(word[:1], len(word), 3, _COMPARED)
        found = process.extract(
            word, among, scorer=JaroWinkler.similarity, score_cutoff=_SIMILARITY, limit=8
        )
        return [one for one, _, _ in found]

    def _one_edit_away(self, word: str) -> set[str]:
        # What begins as it does is compared: to look all of the rest up would take twice as long.
        edited = _STARTS if len(word) > _STARTS + 1 else len(word) + 1
        others = one_edit_away(word, self._lists.alphabet.letters_for(word), edited)
        near = set(filter(self._counts.__contains__, others))
        if edited == _STARTS:
            alike = self._lists.by_letters.words_with(word[:_STARTS])
            near.update(one for one, _, _ in _within(word, _of_length(alike, len(word), 1), 1))
        near -= STOPWORDS  # nobody searches for these, so nobody mistypes them here
        near.discard(word)
        if len(word) < _ANY_EDIT:
            near = {one for one in near if is_plausible_slip(word, one)}
        elif len(word) < _ANY_START:
            near = {o for o in near if begins_nearly(word, o) or len(o) >= _ANY_START}
        return near.union(filter(self._counts.__contains__, _sounding_alike(word)))

    def _two_edits_away(self, word: str) -> set[str]:
        """Returns words two edits away, of which at most one is among the first letters.

        Only words are compared that begin with two letters of this one or, if it is long, with
        its first, or that end as it does: nearly all, and far fewer than there are.
        """
        if len(word) < _TWO_EDITS:
            return self._anagrams(word)
        edits = 2  # each of which changes the length by one letter at most
        is_long = len(word) >= _SURELY_LONG
        among = self._lists.starting(word[:1], len(word), edits, _COMPARED) if is_long else []
        alike = (
            self._lists.by_ending.words_with(word[:-4:-1])[:_COMPARED]
            if is_long
            else self._lists.by_letters.words_with(word[:2])
        )
        among += _of_length(alike, len(word), edits)
        found = {one for one, distance, _ in _within(word, among, edits) if distance == edits}
        return found - STOPWORDS

    def _anagrams(self, word: str) -> set[str]:
        """Returns the words of the same letters in another order, but for the first."""
        letters = sorted(word)
        among = self._lists.starting(word[:1], len(word), 0, _COMPARED)
        found = {one for one in among if sorted(one) == letters}
        return found - STOPWORDS - {word, *self.corrections(word, 1)}


def _sounding_alike(word: str) -> list[str]:
    """Returns a word with `ph` for `f`, and the other way: `photo` for `foto`."""
    pairs = (("f", "ph"), ("ph", "f"))
    return [word.replace(one, other, 1) for one, other in pairs if one in word]


def _of_length(words: Iterable[str], length: int, spread: int) -> list[str]:
    shortest, longest = length - spread, length + spread
    return [word for word in words if shortest <= len(word) <= longest]


def _within(word: str, among: list[str], edits: int) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = process.extract(
        word, among, scorer=OSA.distance, score_cutoff=edits, limit=None
    )
    return found
