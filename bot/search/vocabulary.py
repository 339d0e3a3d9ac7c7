"""The words of all stories, in memory: to mend a reader's words with, and to complete them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from bot.search.spelling import Alphabet, PrefixIndex, one_slip_away
from bot.text.stemming import new_stem, other_number

_ONE_SLIP, _TWO_SLIPS = 3, 5
"""Letters that a word must have for one slip and for two: a shorter one would become any other."""

_REMEMBERED = 10_000  # answers that are remembered, of each kind
_LIKENESS = 0.88  # from 0 to 1, of a word that is full of slips


class Vocabulary:
    """Words, each with the number of stories that hold it.

    It follows the store by `update`, a word at a time; nothing is built anew.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._beginnings = PrefixIndex()
        self._endings = PrefixIndex()  # of the words from their last letters to their first
        self._by_start: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._by_stem: dict[str, tuple[str, ...]] = {}
        self._letters = Alphabet()
        self._stem = new_stem()
        self._near: dict[tuple[str, int], list[str]] = {}  # asked for since the last change
        self._begun: dict[tuple[str, int], list[str]] = {}  # likewise
        self._most = 1

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Vocabulary:
        """A vocabulary of words with the numbers of stories that hold them."""
        vocabulary = cls()
        vocabulary.update(counts)
        return vocabulary

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __len__(self) -> int:
        return len(self._counts)

    def count(self, word: str) -> int:
        """How many stories hold a word."""
        return self._counts.get(word, 0)

    @property
    def stories(self) -> int:
        """How many stories hold the commonest word: about as many as there are."""
        return self._most

    def weight(self, count: int) -> float:
        """How telling something is that `count` stories hold: what is rare weighs more."""
        return math.log(1 + self._most / max(count, 1))

    def update(self, changes: Mapping[str, int]) -> None:
        """Takes over the numbers of stories of some words; words with none are forgotten."""
        added = [word for word, count in changes.items() if count and word not in self._counts]
        gone = [word for word, count in changes.items() if not count and word in self._counts]
        self._counts.update((word, count) for word, count in changes.items() if count)
        self._most = max(self._most, max(changes.values(), default=0))
        self._near.clear()
        self._begun.clear()
        for word in gone:
            self._forget(word)
        self._learn(added)

    def _learn(self, added: list[str]) -> None:
        self._letters.learn(added)
        for word in added:
            self._by_start[word[0], len(word)][word] = None
            stem = self._stem(word)
            self._by_stem[stem] = (*self._by_stem.get(stem, ()), word)
        self._beginnings.learn(added)
        self._endings.learn([word[::-1] for word in added])

    def _forget(self, word: str) -> None:
        del self._counts[word]
        del self._by_start[word[0], len(word)][word]
        stem = self._stem(word)
        self._by_stem[stem] = tuple(one for one in self._by_stem[stem] if one != word)
        self._beginnings.forget(word)
        self._endings.forget(word[::-1])

    def begun(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so, the commonest first."""
        if len(self._begun) > _REMEMBERED:
            self._begun.clear()
        if (prefix, limit) not in self._begun:
            self._begun[prefix, limit] = nsmallest(
                limit, self._beginnings.of(prefix), key=lambda one: (-self._counts[one], one)
            )
        return self._begun[prefix, limit]

    def nearly_begun(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so but for one slip, the commonest first."""
        near = self._beginnings.nearly(prefix, self._letters, _TWO_SLIPS)
        found = {word for one in near for word in self.begun(one, limit)}
        return nsmallest(limit, found, key=lambda word: (-self._counts[word], word))

    def begins(self, prefix: str) -> bool:
        """Whether some word begins so."""
        return self._beginnings.begins(prefix)

    def inflections(self, word: str) -> tuple[str, ...]:
        """Other words of the same stem, the commonest first: `pavilions` for `pavilion`."""
        numbers = (other for other in other_number(word) if other in self._counts)
        kin = {*self._by_stem.get(self._stem(word), ()), *numbers} - {word}
        return tuple(sorted(kin, key=lambda other: (-self._counts[other], other)))

    def halves(self, word: str) -> list[tuple[str, str]]:
        """The two words that a word may be, written together by mistake; the commonest first."""
        pairs = ((word[:at], word[at:]) for at in range(2, len(word) - 1))  # one letter is no word
        known = (pair for pair in pairs if all(half in self._counts for half in pair))
        return sorted(known, key=lambda pair: -min(map(self.count, pair)))

    def near(self, word: str, slips: int) -> list[str]:
        """The known words that are exactly one or two slips away, the likeliest first.

        A slip is a letter too many, too few or wrong, or two swapped. Words of three and
        four letters have one slip at most, shorter ones and those with digits none. One slip never
        leads to a digit or to another alphabet.
        """
        if len(word) < (_ONE_SLIP if slips == 1 else _TWO_SLIPS) or not word.isalpha():
            return []
        if len(self._near) > _REMEMBERED:
            self._near.clear()
        if (word, slips) not in self._near:
            found = self._one_slip(word) if slips == 1 else self._two_slips(word)
            self._near[word, slips] = sorted(
                found, key=lambda near: (near[0] != word[0], -self._counts[near], near)
            )
        return self._near[word, slips]

    def remote(self, word: str) -> list[str]:
        """The known words that are most like a long word which is full of slips."""
        if len(word) < _TWO_SLIPS or not word.isalpha():
            return []
        among = self._starting(word[:1], len(word), 3)
        found = process.extract(
            word, among, scorer=JaroWinkler.similarity, score_cutoff=_LIKENESS, limit=8
        )
        return [one for one, _, _ in found]

    def _one_slip(self, word: str) -> set[str]:
        return one_slip_away(word, self._letters.beside(word)) & self._counts.keys()

    def _two_slips(self, word: str) -> set[str]:
        """Words two slips away, of which at most one is among the first letters.

        Only words are compared that begin as this one does, give or take two letters, or that end
        as it does: together nearly all, and far fewer than there are.
        """
        among = self._starting(word[:3], len(word), 2)
        ending = (one[::-1] for one in self._endings.of(word[:-4:-1]))
        among += [one for one in ending if abs(len(one) - len(word)) <= 2]  # noqa: PLR2004 - the slips
        return {one for one, distance, _ in _within(word, among, 2) if distance == 2}  # noqa: PLR2004

    def _starting(self, letters: str, length: int, spread: int) -> list[str]:
        """Words of about a length that begin with one of some letters."""
        lengths = range(length - spread, length + spread + 1)
        return [
            one
            for letter in dict.fromkeys(letters)
            for near in lengths
            for one in self._by_start.get((letter, near), ())
        ]


def _within(word: str, among: list[str], slips: int) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = process.extract(
        word, among, scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    return found
