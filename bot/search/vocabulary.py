"""The vocabulary: the words of all stories in memory, to correct typos and complete prefixes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from bot.search.spelling import Alphabet, PrefixIndex, one_edit_away
from bot.text.stemming import new_stemmer, plural_or_singular

_ONE_EDIT, _TWO_EDITS = 3, 5
"""Letters that a word must have for one edit and for two: a shorter one would become any other."""

_CACHED = 10_000  # answers that are cached, of each kind
_SIMILARITY = 0.88  # the least of a word that is full of typos (Jaro-Winkler, 0 to 1)


class Vocabulary:
    """The known words, each with the number of stories that hold it.

    It follows the store by `update`, a word at a time; nothing is built anew.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._prefixes = PrefixIndex()
        self._suffixes = PrefixIndex()  # of the words from their last letters to their first
        self._by_start: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._by_stem: dict[str, tuple[str, ...]] = {}
        self._alphabet = Alphabet()
        self._stem = new_stemmer()
        self._corrections: dict[tuple[str, int], list[str]] = {}  # a cache until the next change
        self._completions: dict[tuple[str, int], list[str]] = {}  # likewise
        self._most = 1

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> Vocabulary:
        """Makes a vocabulary of words with the numbers of stories that hold them."""
        vocabulary = cls()
        vocabulary.update(counts)
        return vocabulary

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __len__(self) -> int:
        return len(self._counts)

    def count(self, word: str) -> int:
        """Returns the number of stories that hold a word."""
        return self._counts.get(word, 0)

    @property
    def stories(self) -> int:
        """The number of stories that hold the commonest word: about as many as there are."""
        return self._most

    def weight(self, count: int) -> float:
        """Returns the inverse document frequency of what `count` stories hold: rare weighs more."""
        return math.log(1 + self._most / max(count, 1))

    def update(self, changes: Mapping[str, int]) -> None:
        """Updates the numbers of stories of some words; words with none are removed."""
        added = [word for word, count in changes.items() if count and word not in self._counts]
        gone = [word for word, count in changes.items() if not count and word in self._counts]
        self._counts.update((word, count) for word, count in changes.items() if count)
        self._most = max(self._most, max(changes.values(), default=0))
        self._corrections.clear()
        self._completions.clear()
        for word in gone:
            self._remove(word)
        self._add(added)

    def _add(self, added: list[str]) -> None:
        self._alphabet.add(added)
        for word in added:
            self._by_start[word[0], len(word)][word] = None
            stem = self._stem(word)
            self._by_stem[stem] = (*self._by_stem.get(stem, ()), word)
        self._prefixes.add(added)
        self._suffixes.add([word[::-1] for word in added])

    def _remove(self, word: str) -> None:
        del self._counts[word]
        del self._by_start[word[0], len(word)][word]
        stem = self._stem(word)
        self._by_stem[stem] = tuple(one for one in self._by_stem[stem] if one != word)
        self._prefixes.remove(word)
        self._suffixes.remove(word[::-1])

    def complete(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix, the commonest first."""
        if len(self._completions) > _CACHED:
            self._completions.clear()
        if (prefix, limit) not in self._completions:
            found = self._prefixes.words_with(prefix)
            self._completions[prefix, limit] = nsmallest(
                limit, found, key=lambda one: (-self._counts[one], one)
            )
        return self._completions[prefix, limit]

    def complete_with_typo(self, prefix: str, limit: int) -> list[str]:
        """Returns words that start with a prefix but for one typo in it, the commonest first."""
        near = self._prefixes.correct_prefix(prefix, self._alphabet, _TWO_EDITS)
        found = {word for one in near for word in self.complete(one, limit)}
        return nsmallest(limit, found, key=lambda word: (-self._counts[word], word))

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word starts with a prefix."""
        return self._prefixes.has_prefix(prefix)

    def inflections(self, word: str) -> tuple[str, ...]:
        """Returns other words of the same stem, the commonest first: `pavilions` for `pavilion`."""
        numbers = (other for other in plural_or_singular(word) if other in self._counts)
        kin = {*self._by_stem.get(self._stem(word), ()), *numbers} - {word}
        return tuple(sorted(kin, key=lambda other: (-self._counts[other], other)))

    def split(self, word: str) -> list[tuple[str, str]]:
        """Returns the pairs of words that a word may be without its space, the commonest first."""
        pairs = ((word[:at], word[at:]) for at in range(2, len(word) - 1))  # one letter is no word
        known = (pair for pair in pairs if all(half in self._counts for half in pair))
        return sorted(known, key=lambda pair: -min(map(self.count, pair)))

    def corrections(self, word: str, edits: int) -> list[str]:
        """Returns the known words at an edit distance of exactly one or two, the likeliest first.

        An edit is a letter too many, too few or wrong, or two swapped. Words of three and
        four letters have one edit at most, shorter ones and those with digits none. One edit never
        leads to a digit or to another alphabet.
        """
        if len(word) < (_ONE_EDIT if edits == 1 else _TWO_EDITS) or not word.isalpha():
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
        if len(word) < _TWO_EDITS or not word.isalpha():
            return []
        among = self._starting(word[:1], len(word), 3)
        found = process.extract(
            word, among, scorer=JaroWinkler.similarity, score_cutoff=_SIMILARITY, limit=8
        )
        return [one for one, _, _ in found]

    def _one_edit_away(self, word: str) -> set[str]:
        return one_edit_away(word, self._alphabet.letters_for(word)) & self._counts.keys()

    def _two_edits_away(self, word: str) -> set[str]:
        """Returns words two edits away, of which at most one is among the first letters.

        Only words are compared that begin as this one does, give or take two letters, or that end
        as it does: together nearly all, and far fewer than there are.
        """
        among = self._starting(word[:3], len(word), 2)
        ending = (one[::-1] for one in self._suffixes.words_with(word[:-4:-1]))
        among += [one for one in ending if abs(len(one) - len(word)) <= 2]  # noqa: PLR2004 - the edits
        return {one for one, distance, _ in _within(word, among, 2) if distance == 2}  # noqa: PLR2004

    def _starting(self, letters: str, length: int, spread: int) -> list[str]:
        """Returns words of about a length that start with one of some letters."""
        lengths = range(length - spread, length + spread + 1)
        return [
            one
            for letter in dict.fromkeys(letters)
            for near in lengths
            for one in self._by_start.get((letter, near), ())
        ]


def _within(word: str, among: list[str], edits: int) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = process.extract(
        word, among, scorer=OSA.distance, score_cutoff=edits, limit=None
    )
    return found
