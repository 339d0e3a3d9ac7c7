"""Rarity: inverse document frequencies, counted in the stories of a window of time."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

# Before there are stories to count, a word is as common as in so many of so many stories.
_STORIES = 3_000
_WITH_WORD = 3
_POWER = 0.7  # below 1, as headlines of one event share common words as often as rare ones

_PART = 24 * 3_600  # seconds of stories that are forgotten together; each part has its own counts


class RarityCounter:
    """Counts in how many stories each stem is."""

    def __init__(self) -> None:
        self._all = Counter[str]()
        self._parts = defaultdict[int, Counter[str]](Counter)
        self._sizes = Counter[int]()
        self._log = math.log(_STORIES)

    def add(self, stems: Iterable[str], at: float) -> None:
        """Counts a story that was published at a time, in seconds since 1970."""
        part = int(at // _PART)
        self._all.update(stems)
        self._parts[part].update(stems)
        self._sizes[part] += 1
        self._sized()

    def forget(self, before: float) -> None:
        """Forgets the stories that were published before a time."""
        for part in [one for one in self._parts if (one + 1) * _PART <= before]:
            for stem, count in self._parts.pop(part).items():
                self._all[stem] -= count
                if self._all[stem] <= 0:
                    del self._all[stem]
            del self._sizes[part]
            self._sized()

    def count(self, stem: str) -> int:
        """Returns in how many stories a stem is."""
        return self._all[stem]

    def idf(self, stem: str) -> float:
        """Returns a stem's inverse document frequency; 0 for one that all have."""
        return max(0.0, self._log - math.log(self._all[stem] + _WITH_WORD))

    def rarity(self, stem: str) -> float:
        """Returns a stem's inverse document frequency, damped; 0 for one that all have."""
        return float(self.idf(stem) ** _POWER)

    def _sized(self) -> None:
        self._log = math.log(self._sizes.total() + _STORIES)
