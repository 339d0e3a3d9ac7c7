"""Habits of sources: what each is mostly on, as far as its stories' own words have said.

A word that says little is read by where it stands: `record` is another one in a paper on cricket
than in one on music. Nobody has to label anything for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from threading import Lock

_LEANING = 0.5  # power of a subject's share in a source by which its stories are likelier on it
_IMAGINED = 1.0  # stories, on all subjects alike, that a source is thought to have had
_SURENESS = 2  # power by which sure guesses count more than others
_MEMORY = 100.0  # stories; what is older counts less, since sources change
_MOST = 10_000  # sources; those that have told nothing for the longest time are forgotten


class SourceHabits:
    """Learns from guesses what sources are on; stories of several are read in threads at once."""

    def __init__(self) -> None:
        self._sums: dict[str, list[float]] = {}
        self._turn = Lock()

    def leanings(self, source: str) -> Sequence[float]:
        """Returns what is added to the scores of a source's stories; nothing while it is new.

        Args:
            source: The source's id.
        """
        with self._turn:
            sums = self._sums.get(source)
        if sums is None:
            return ()
        total, many = sum(sums) + _IMAGINED, len(sums)
        return [_LEANING * math.log((one * many + _IMAGINED) / total) for one in sums]

    def learn(self, source: str, shares: Sequence[float]) -> None:
        """Takes in how likely each subject of a story is by its own words.

        Args:
            source: The id of its source.
            shares: The probabilities, which are 1 together.
        """
        weights = [share**_SURENESS for share in shares]
        whole = sum(weights)
        with self._turn:
            sums = self._sums.pop(source, None) or [0.0] * len(weights)
            keep = 0.5 if sum(sums) > _MEMORY else 1.0
            self._sums[source] = [
                keep * one + weight / whole for one, weight in zip(sums, weights, strict=True)
            ]
            if len(self._sums) > _MOST:
                del self._sums[next(iter(self._sums))]
