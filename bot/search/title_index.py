"""The title index: titles of stories, word by word, in memory, for title completion."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain, islice, pairwise
from typing import NamedTuple

from bot.search.spelling import Alphabet, PrefixIndex
from bot.text.tokenizer import words

_COMPARED = 2_000  # titles, the newest first, that are compared for one search
_KEPT = 100  # titles that hold all the words, of which the best are chosen
_CACHED = 50_000  # words of prefixes that are cached
_TYPO_FROM = 4  # letters from which on a prefix may have a typo
_ORDER, _BREVITY = 0.3, 0.1  # what words in the order typed add, and a title with few others


@dataclass(frozen=True, slots=True)
class TitleInput:
    """A word of a title as it was typed, with all that may be meant by it.

    Attributes:
        words: Words of which any will do, each with its quality from 0 to 1.
        prefixes: The same for prefixes of words.
    """

    words: Mapping[str, float]
    prefixes: Mapping[str, float] = field(default_factory=dict)


class TitleMatch(NamedTuple):
    """A story whose title holds all that was typed, with its score from 0 to 1."""

    score: float
    id: str


@dataclass(slots=True)
class Comparisons:
    """The titles that may still be compared for one question, in all its searches together."""

    left: int = 4_000


class TitleIndex:
    """An inverted index of titles: which titles hold which words.

    It follows the store by `update`. Stories and words are numbered in the order in which they
    come, so that a row of numbers stands for each title and a list of numbers for each word. What a
    title held before it was changed stays behind in the lists by word; every title that is found is
    compared as it is now, so that does no harm.
    """

    def __init__(self) -> None:
        self._word_numbers: dict[str, int] = {}
        self._prefixes = PrefixIndex()
        self._alphabet = Alphabet()
        self._holders: list[array[int]] = []  # by word: stories, ascending
        self._ids: list[str] = []  # by story
        self._story_numbers: dict[str, int] = {}
        self._rows = array("I")  # of each title how many words, then the words
        self._starts = array("I")  # by story: where its row starts
        self._groups: dict[str, _WordGroup] = {}  # a cache by prefix until the next change
        self._cached = 0  # words in it

    @classmethod
    def from_titles(cls, titles: Mapping[str, str]) -> TitleIndex:
        """Makes an index of titles by story id, in the order of the mapping."""
        index = cls()
        index.update(titles)
        return index

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, word: str) -> bool:
        return word in self._word_numbers

    def update(self, titles: Mapping[str, str]) -> None:
        """Adds or replaces the titles of stories, by id; new stories in the order of the mapping.

        A story that was added later counts as newer.
        """
        known = len(self._word_numbers)
        for story, title in titles.items():
            self._put(self._number_story(story), [self._number_word(word) for word in words(title)])
        self._groups.clear()
        new = [*islice(reversed(self._word_numbers), len(self._word_numbers) - known)]
        self._alphabet.add(new)
        self._prefixes.add(new)

    def _number_word(self, word: str) -> int:
        number = self._word_numbers.setdefault(word, len(self._word_numbers))
        if number == len(self._holders):
            self._holders.append(array("I"))
        return number

    def _number_story(self, story: str) -> int:
        number = self._story_numbers.setdefault(story, len(self._ids))
        if number == len(self._ids):
            self._ids.append(story)
            self._starts.append(0)
        return number

    def _put(self, story: int, row: list[int]) -> None:
        self._starts[story] = len(self._rows)
        self._rows.append(len(row))
        self._rows.extend(row)
        for word in set(row):
            holders = self._holders[word]
            if not holders or holders[-1] < story:
                holders.append(story)
            elif holders[place := bisect_left(holders, story)] != story:
                holders.insert(place, story)

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word of a title starts with a prefix."""
        return self._prefixes.has_prefix(prefix)

    def correct_prefix(self, prefix: str) -> list[str]:
        """Returns the prefixes of words that are one edit away from a prefix with a typo."""
        return self._prefixes.correct_prefix(prefix, self._alphabet, _TYPO_FROM)

    def search(
        self, typed: Sequence[TitleInput], limit: int, allowed: Comparisons | None = None
    ) -> list[TitleMatch]:
        """Finds the stories whose titles hold all that was typed.

        The best come first, of equals the newest. Where the rarest of the words is in very many
        titles, only the newest of these are compared.

        Args:
            typed: Words in the order in which they were typed.
            limit: How many stories at most.
            allowed: The titles that may be compared; None for as many as one search may.
        """
        inputs = [self._resolve(one) for one in typed]
        if not inputs or not all(one.words for one in inputs):
            return []
        matching = islice(self._matching(inputs, allowed or Comparisons()), _KEPT)
        found = ((_score(inputs, row), story) for story, row in matching)
        return [TitleMatch(score, self._ids[story]) for score, story in nlargest(limit, found)]

    def _matching(
        self, inputs: Sequence[_ResolvedInput], allowed: Comparisons
    ) -> Iterator[tuple[int, array[int]]]:
        """Yields the stories whose titles hold one word of each, the newest first."""
        rarest, *others = sorted(inputs, key=lambda one: one.size)
        rows, starts = self._rows, self._starts
        # The rarest is looked for, too: a title may have been changed.
        lack = [one.words.isdisjoint for one in (*others, rarest)]
        for story in islice(self._newest(rarest), allowed.left):
            allowed.left -= 1
            start = starts[story] + 1
            row = rows[start : start + rows[start - 1]]
            for lacks in lack:
                if lacks(row):
                    break
            else:
                yield story, row

    def _newest(self, one: _ResolvedInput) -> Iterable[int]:
        """Returns the newest of the stories that may hold a word."""
        if one.size <= _COMPARED:
            lists = (self._holders[word] for word in one.words)
            return sorted(set(chain.from_iterable(lists)), reverse=True)
        if len(one.words) == 1:
            (word,) = one.words
            return reversed(self._holders[word][-_COMPARED:])
        return range(len(self._starts) - 1, -1, -1)[:_COMPARED]

    def _resolve(self, typed: TitleInput) -> _ResolvedInput:
        numbers = self._word_numbers
        exact = {numbers[word]: good for word, good in typed.words.items() if word in numbers}
        best_first = sorted(typed.prefixes.items(), key=lambda one: -one[1])
        prefixes = [(self._words_with(prefix), good) for prefix, good in best_first]
        groups = [self._group(exact), *(group for group, _ in prefixes)]
        all_words = frozenset[int]().union(*(group.words for group in groups))
        return _ResolvedInput(exact, prefixes, all_words, sum(group.size for group in groups))

    def _words_with(self, prefix: str) -> _WordGroup:
        known = self._groups.get(prefix)
        if known is None:
            numbers = map(self._word_numbers.__getitem__, self._prefixes.words_with(prefix))
            known = self._group(numbers)
            self._cached += len(known.words)
            if self._cached > _CACHED:
                self._groups.clear()
                self._cached = len(known.words)
            self._groups[prefix] = known
        return known

    def _group(self, words: Iterable[int]) -> _WordGroup:
        found = frozenset(words)
        return _WordGroup(found, sum(len(self._holders[word]) for word in found))


@dataclass(frozen=True, slots=True)
class _WordGroup:
    """Words, by number, with the sum of the numbers of titles that hold each."""

    words: frozenset[int]
    size: int


@dataclass(frozen=True, slots=True)
class _ResolvedInput:
    """Typed words, resolved to the numbers that the index has for them."""

    exact: Mapping[int, float]
    prefixes: Sequence[tuple[_WordGroup, float]]  # the best first
    words: frozenset[int]
    size: int

    def best(self, row: array[int], taken: Collection[int]) -> tuple[float, int]:
        """Returns the quality of the best of the words that a title holds, and its place.

        A place that is taken by another word is nothing worth, but there may be no other.
        """
        at = [at for at, word in enumerate(row) if word in self.words]
        free = ((self._quality(row[place]), -place) for place in at if place not in taken)
        quality, place = max(free, default=(0.0, -at[0]))
        return quality, -place

    def _quality(self, word: int) -> float:
        prefix = next((good for group, good in self.prefixes if word in group.words), 0.0)
        return max(self.exact.get(word, 0.0), prefix)


def _score(inputs: Sequence[_ResolvedInput], row: array[int]) -> float:
    """Scores a title that holds one word of each, from 0 to 1."""
    places: list[int] = []
    quality = 0.0
    for one in inputs:
        good, place = one.best(row, places)
        quality += good / len(inputs)
        places.append(place)
    steps = [after - before for before, after in pairwise(places)]
    order = sum(1.0 if step == 1 else 0.5 for step in steps if step > 0) / max(len(steps), 1)
    coverage = len(set(places)) / len(row)
    return (quality + _ORDER * order + _BREVITY * coverage) / (1 + _ORDER + _BREVITY)
