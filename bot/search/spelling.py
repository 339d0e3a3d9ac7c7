"""What becomes of a word by one slip of the hand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable

_LAST_SIGN = "\U0010ffff"


class PrefixIndex:
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

    def nearly(self, prefix: str, letters: Alphabet, shortest: int) -> list[str]:
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


class Alphabet:
    """The letters that words are made of, by the pages of 256 signs that Unicode has them on.

    Who types Cyrillic letters slips to Cyrillic letters.
    """

    def __init__(self) -> None:
        self._by_page: dict[int, set[str]] = defaultdict(set)

    def learn(self, words: Iterable[str]) -> None:
        """Takes over the letters of words."""
        for letter in filter(str.isalpha, set().union(*words)):
            self._by_page[ord(letter) >> 8].add(letter)

    def beside(self, word: str) -> set[str]:
        """The letters that may be meant in a word."""
        pages = {ord(letter) >> 8 for letter in word}
        return set().union(*(self._by_page.get(page, ()) for page in pages))


def one_slip_away(word: str, letters: Iterable[str]) -> set[str]:
    """What becomes of a word by a letter too many, too few or wrong, or by two that are swapped."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in letters:
        near |= {head + letter + tail for head, tail in cuts}
        near |= {head + letter + tail[1:] for head, tail in cuts if tail}
    near.discard(word)
    return near
