"""Spelling: the typos of a word by one edit, and an index of words by their prefixes.

An edit, as edit distance counts it, is a letter inserted, deleted or replaced, or two neighbours
swapped (Damerau-Levenshtein distance, optimal string alignment).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable

_LAST_SIGN = "\U0010ffff"
_LONGEST = 48  # letters of what is corrected: the store counts no longer words
_LETTERS = 128  # that may be meant in one word, of however many scripts
_SORTED_FROM = 64  # words that are sorted in sooner at once than one by one


class PrefixIndex:
    """A set of words, to be found by their prefixes."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def add(self, new: Collection[str]) -> None:
        """Adds words that are not there yet."""
        if len(new) >= _SORTED_FROM:
            self._words = sorted([*self._words, *new])
        else:
            for word in new:
                insort(self._words, word)

    def remove(self, gone: Collection[str]) -> None:
        """Removes words that are there."""
        if len(gone) >= _SORTED_FROM:
            without = frozenset(gone)
            self._words = [word for word in self._words if word not in without]
        else:
            for word in gone:
                del self._words[bisect_left(self._words, word)]

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word starts with a prefix."""
        at = bisect_left(self._words, prefix)
        return at < len(self._words) and self._words[at].startswith(prefix)

    def words_with(self, prefix: str) -> list[str]:
        """Returns the words that start with a prefix, in their order."""
        start = bisect_left(self._words, prefix)
        return self._words[start : bisect_left(self._words, f"{prefix}{_LAST_SIGN}", start)]

    def correct_prefix(self, prefix: str, alphabet: Alphabet, shortest: int) -> list[str]:
        """Returns the prefixes of words that are one edit away from a prefix with a typo.

        Args:
            prefix: What was typed.
            alphabet: The letters that may be meant in it.
            shortest: How many letters it must have; with fewer it would become any other.
        """
        if not shortest <= len(prefix) <= _LONGEST or not prefix.isalpha():
            return []
        near = one_edit_away(prefix, alphabet.letters_for(prefix))
        return [one for one in near if self.has_prefix(one)]


class Alphabet:
    """The letters that words are made of, by the pages of 256 signs that Unicode has them on.

    A typo in Cyrillic letters is made of Cyrillic letters.
    """

    def __init__(self) -> None:
        self._by_page: dict[int, set[str]] = defaultdict(set)

    def add(self, words: Iterable[str]) -> None:
        """Adds the letters of words."""
        for letter in filter(str.isalpha, set().union(*words)):
            self._by_page[ord(letter) >> 8].add(letter)

    def letters_for(self, word: str) -> set[str]:
        """Returns the letters that may be meant in a word: those of its scripts."""
        pages = {ord(letter) >> 8 for letter in word}
        found = set[str]().union(*(self._by_page.get(page, ()) for page in pages))
        return found if len(found) <= _LETTERS else set(sorted(found)[:_LETTERS])


def one_edit_away(word: str, letters: Iterable[str]) -> set[str]:
    """Returns everything at an edit distance of one from a word.

    Args:
        word: The word.
        letters: Those that may be inserted, or replace another.
    """
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in letters:
        near |= {head + letter + tail for head, tail in cuts}
        near |= {head + letter + tail[1:] for head, tail in cuts if tail}
    near.discard(word)
    return near
