"""The titles of all stories, word by word, in memory: to complete one at every key pressed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain, islice, pairwise

from bot.search.spelling import Alphabet, PrefixIndex
from bot.text.tokenizer import words

_LOOKED_AT = 10_000  # titles, the newest first, that are compared for one question
_KEPT = 200  # titles that hold all the words, of which the best are chosen
_REMEMBERED = 10_000  # beginnings of words
_SLIP_FROM = 4  # letters from which on the beginning of a word may have a slip
_ORDER, _BREVITY = 0.3, 0.1  # what words in the order typed add, and a title with few others


@dataclass(frozen=True, slots=True)
class TitleInput:
    """A word of a title as it was typed, with all that may be meant by it.

    Attributes:
        words: Words of which any will do, each with how good it is, from 0 to 1.
        beginnings: The same for beginnings of words.
    """

    words: Mapping[str, float]
    beginnings: Mapping[str, float] = field(default_factory=dict)


class TitleIndex:
    """Which titles hold which words, by the store's numbers of the stories.

    It follows the store by `update`. What a title held before it was changed stays behind in the
    lists by word; every title that is found is looked at as it is now, so that does no harm.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # words have numbers, too
        self._beginnings = PrefixIndex()
        self._letters = Alphabet()
        self._holders: list[array[int]] = []  # by word: stories, ascending
        self._rows = array("I", [0])  # of each title how many words, then the words
        self._starts = array("I", [0])  # by story: where its row starts; 0 for none
        self._begun: dict[str, _Group] = {}  # asked for since the last change

    @classmethod
    def of(cls, changes: Mapping[int, str]) -> TitleIndex:
        """The titles of stories, by number."""
        titles = cls()
        titles.update(changes)
        return titles

    def __contains__(self, word: str) -> bool:
        return word in self._numbers

    def update(self, changes: Mapping[int, str]) -> None:
        """Takes over the titles of stories that are new or changed."""
        known = len(self._numbers)
        for story in sorted(changes):
            self._put(story, [self._numbered(word) for word in words(changes[story])])
        self._begun.clear()
        fresh = [*islice(reversed(self._numbers), len(self._numbers) - known)]
        self._letters.learn(fresh)
        self._beginnings.learn(fresh)

    def _numbered(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        if number == len(self._holders):
            self._holders.append(array("I"))
        return number

    def _put(self, story: int, row: list[int]) -> None:
        if story >= len(self._starts):
            self._starts.extend(0 for _ in range(story + 1 - len(self._starts)))
        self._starts[story] = len(self._rows)
        self._rows.append(len(row))
        self._rows.extend(row)
        for word in set(row):
            holders = self._holders[word]
            if not holders or holders[-1] < story:
                holders.append(story)
            elif holders[place := bisect_left(holders, story)] != story:
                holders.insert(place, story)

    def _row(self, story: int) -> array[int]:
        start = self._starts[story]
        return self._rows[start + 1 : start + 1 + self._rows[start]]

    def begins(self, prefix: str) -> bool:
        """Whether some word of a title begins so."""
        return self._beginnings.begins(prefix)

    def nearly(self, prefix: str) -> list[str]:
        """The beginnings of words that are one slip away from what was typed."""
        return self._beginnings.nearly(prefix, self._letters, _SLIP_FROM)

    def holding(self, typed: Sequence[TitleInput], limit: int) -> list[tuple[float, int]]:
        """The stories whose titles hold all that was typed, each with a score before it.

        The best come first, of equals the newest. Where the rarest of the words is in very many
        titles, only the newest of these are looked at.

        Args:
            typed: Words in the order in which they were typed.
            limit: How many stories at most.
        """
        asked = [self._asked(one) for one in typed]
        if not asked or not all(one.words for one in asked):
            return []
        found: list[tuple[float, int]] = []
        for story, row in self._likely(asked):
            found.append((_score(asked, row), story))
            if len(found) == _KEPT:
                break
        return nlargest(limit, found)

    def _likely(self, asked: Sequence[_Asked]) -> Iterator[tuple[int, array[int]]]:
        """Stories whose titles hold one of each, the newest first."""
        rarest, *others = sorted(asked, key=lambda one: one.size)
        for story in self._newest(rarest):
            row = self._row(story)  # as it is now
            if not any(one.words.isdisjoint(row) for one in (*others, rarest)):
                yield story, row

    def _newest(self, one: _Asked) -> Iterable[int]:
        """The newest of the stories that may hold it."""
        if one.size <= _LOOKED_AT:
            lists = (self._holders[word] for word in one.words)
            return sorted(set(chain.from_iterable(lists)), reverse=True)
        if len(one.words) == 1:
            (word,) = one.words
            return reversed(self._holders[word][-_LOOKED_AT:])
        return range(len(self._starts) - 1, 0, -1)[:_LOOKED_AT]

    def _asked(self, typed: TitleInput) -> _Asked:
        numbers = self._numbers
        exact = {numbers[word]: good for word, good in typed.words.items() if word in numbers}
        best_first = sorted(typed.beginnings.items(), key=lambda one: -one[1])
        begun = [(self._group(prefix), good) for prefix, good in best_first]
        groups = [self._together(exact), *(group for group, _ in begun)]
        all_words = frozenset[int]().union(*(group.words for group in groups))
        return _Asked(exact, begun, all_words, sum(group.size for group in groups))

    def _group(self, prefix: str) -> _Group:
        """The words that begin so."""
        if len(self._begun) > _REMEMBERED:
            self._begun.clear()
        if prefix not in self._begun:
            self._begun[prefix] = self._together(
                self._numbers[word] for word in self._beginnings.of(prefix)
            )
        return self._begun[prefix]

    def _together(self, words: Iterable[int]) -> _Group:
        found = frozenset(words)
        return _Group(found, sum(len(self._holders[word]) for word in found))


@dataclass(frozen=True, slots=True)
class _Group:
    """Words, by number, and how many titles hold each of them, all told."""

    words: frozenset[int]
    size: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed, by the numbers of words."""

    exact: Mapping[int, float]
    begun: Sequence[tuple[_Group, float]]  # the best first
    words: frozenset[int]
    size: int

    def best(self, row: array[int], taken: Collection[int]) -> tuple[float, int]:
        """How good the best of the words is that a title holds, and its place.

        A place that is taken by another word is nothing worth, but there may be no other.
        """
        at = [at for at, word in enumerate(row) if word in self.words]
        free = ((self._quality(row[place]), -place) for place in at if place not in taken)
        quality, place = max(free, default=(0.0, -at[0]))
        return quality, -place

    def _quality(self, word: int) -> float:
        begun = next((good for group, good in self.begun if word in group.words), 0.0)
        return max(self.exact.get(word, 0.0), begun)


def _score(asked: Sequence[_Asked], row: array[int]) -> float:
    """From 0 to 1, how well a title fits that holds one of each."""
    places: list[int] = []
    quality = 0.0
    for one in asked:
        good, place = one.best(row, places)
        quality += good / len(asked)
        places.append(place)
    steps = [after - before for before, after in pairwise(places)]
    order = sum(1.0 if step == 1 else 0.5 for step in steps if step > 0) / max(len(steps), 1)
    share = len(set(places)) / len(row)
    return (quality + _ORDER * order + _BREVITY * share) / (1 + _ORDER + _BREVITY)
