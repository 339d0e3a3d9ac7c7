"""Words in their order, in which those that begin alike stand together."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection

from bot.slips import Letters, one_slip_away

_LAST_SIGN = "\U0010ffff"


class Beginnings:
    """Words, each once, to be found by their beginnings."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def learn(self, fresh: Collection[str]) -> None:
        """Takes over words that are not there yet."""
        if len(fresh) > len(self._words) // 100:  # sorting is faster than moving so often
            self._words = sorted([*self._words, *fresh])
        else:
            for word in fresh:
                insort(self._words, word)

    def forget(self, word: str) -> None:
        """Leaves out a word that is there."""
        del self._words[bisect_left(self._words, word)]

    def begins(self, prefix: str) -> bool:
        """Whether some word begins so."""
        at = bisect_left(self._words, prefix)
        return at < len(self._words) and self._words[at].startswith(prefix)

    def of(self, prefix: str) -> list[str]:
        """The words that begin so, in their order."""
        start = bisect_left(self._words, prefix)
        return self._words[start : bisect_left(self._words, f"{prefix}{_LAST_SIGN}", start)]

    def nearly(self, prefix: str, letters: Letters, shortest: int) -> list[str]:
        """The beginnings of words that are one slip away from what was typed.

        Args:
            prefix: What was typed.
            letters: Those that may be meant in it.
            shortest: How many letters it must have; with fewer it would become any other.
        """
        if len(prefix) < shortest or not prefix.isalpha():
            return []
        near = one_slip_away(prefix, letters.beside(prefix))
        return [one for one in near if self.begins(one)]
