"""Habits of sources and of words: what each is mostly on, as far as other stories have said.

A word that says little is read by where it stands: `record` is another one in a paper on cricket
than in one on music. A name that no table has is on what its stories are on otherwise: who reads of
Okonkwo's goals for a week knows what Okonkwo's contract is about. Nobody has to label anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import reduce
from operator import add, mul
from threading import Lock
from typing import Self

_LEANING = 0.5  # power of a subject's share by which stories are likelier on it
_SOURCES, _WORDS = 1.0, 3.0  # stories, on all subjects alike, that each is thought to have had
_SURENESS = 2  # power by which sure guesses count more than others
_MEMORY = 100.0  # stories; what is older counts less, since sources and words change
_LEAST = 1e-300  # of a product of shares
_MOST_SOURCES, _MOST_WORDS = 10_000, 30_000
"""Those that have told nothing for the longest time are forgotten."""


class Habits:
    """Learns from guesses what things are on; stories of several are read in threads at once.

    Args:
        most: The number of things that are remembered.
        imagined: The stories, on all subjects alike, that each is thought to have had.
    """

    def __init__(self, most: int, imagined: float) -> None:
        self._most, self._imagined = most, imagined
        self._sums: dict[str, list[float]] = {}  # of each subject, and of all
        self._turn = Lock()

    @classmethod
    def of_sources(cls) -> Self:
        """Returns the habits of sources, by their ids."""
        return cls(_MOST_SOURCES, _SOURCES)

    @classmethod
    def of_words(cls) -> Self:
        """Returns the habits of words, by their stems."""
        return cls(_MOST_WORDS, _WORDS)

    def leanings(self, keys: Collection[str]) -> Sequence[float]:
        """Returns what is added to the scores of a story's subjects; empty where all is new.

        Many say more than one, but not so many times as much: they go together.

        Args:
            keys: The things that the story has.
        """
        with self._turn:
            known = [sums for key in keys if (sums := self._sums.get(key))]
        if not known:
            return ()
        # The logarithm of a product, since that of each factor takes several times as long.
        *products, whole = reduce(_multiply, known)
        power, all_ = _LEANING / math.sqrt(len(known)), math.log(whole)
        alike = len(known) * math.log(len(products))
        return [power * (alike + math.log(max(one, _LEAST)) - all_) for one in products]

    def learn(self, keys: Collection[str], shares: Sequence[float]) -> None:
        """Takes in how likely each subject of a story is, apart from what these have learnt.

        Args:
            keys: The things that the story has.
            shares: The probabilities, which are 1 together.
        """
        weights = [share**_SURENESS for share in shares]
        whole = sum(weights)
        fresh = [*(weight / whole for weight in weights), 1.0]
        nothing = [*(self._imagined / len(weights) for _ in weights), self._imagined]
        with self._turn:
            for key in keys:
                sums = self._sums.pop(key, nothing)
                if sums[-1] > _MEMORY:
                    sums = [one / 2 for one in map(add, sums, nothing)]
                self._sums[key] = list(map(add, sums, fresh))
            while len(self._sums) > self._most:
                del self._sums[next(iter(self._sums))]


def _multiply(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return list(map(mul, one, other))


class SubjectHabits:
    """Learns what sources and words are on, one story after another."""

    def __init__(self) -> None:
        self._sources, self._words = Habits.of_sources(), Habits.of_words()

    def leanings(self, source: str, words: Collection[str]) -> Sequence[float]:
        """Returns what is added to the scores of a story's subjects; empty for nothing.

        Args:
            source: The id of its source.
            words: The stems of its title's words.
        """
        found = [
            one for one in (self._sources.leanings((source,)), self._words.leanings(words)) if one
        ]
        return [sum(column) for column in zip(*found, strict=True)]

    def learn(self, source: str, words: Collection[str], shares: Sequence[float]) -> None:
        """Takes in a story: only its own words teach what a source is on, these two what words are.

        So no guess confirms itself.

        Args:
            source: The id of its source.
            words: The stems of its title's words.
            shares: How likely each subject is by what the table says of its words.
        """
        leanings = self._sources.leanings((source,)) or [0.0] * len(shares)
        likely = [share * math.exp(one) for share, one in zip(shares, leanings, strict=True)]
        whole = sum(likely)
        self._sources.learn((source,), shares)
        self._words.learn(words, [one / whole for one in likely])
