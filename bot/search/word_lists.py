"""Word lists: a set of words in several orders, to be found by their letters, endings and stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, islice

from bot.search.spelling import Alphabet, PrefixIndex, SortedWords, StemIndex
from bot.text.stemming import new_stemmer


class WordLists:
    """Lists of the same words in several orders, which take far less memory than dictionaries.

    Attributes:
        by_letters: In their own order.
        by_ending: In the order of their letters from the last to the first.
        by_stem: In the order of their stems.
        alphabet: The letters that they are made of.
    """

    def __init__(self) -> None:
        self.stem = new_stemmer()
        self.by_letters = PrefixIndex()
        self.by_ending = SortedWords(_reverse)
        self.by_stem = StemIndex(self.stem)
        self.alphabet = Alphabet()
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)

    def add(self, words: Sequence[str]) -> None:
        """Adds words that are not there yet."""
        self.alphabet.add(words)
        for order in (self.by_letters, self.by_ending, self.by_stem):
            order.add(words)
        for word in words:
            self._by_start[word[0], len(word)].append(word)

    def remove(self, words: Sequence[str]) -> None:
        """Removes words that are there."""
        for order in (self.by_letters, self.by_ending, self.by_stem):
            order.remove(words)
        for word in words:
            alike = self._by_start[word[0], len(word)]
            alike.remove(word)
            if not alike:
                del self._by_start[word[0], len(word)]

    def starting(self, letters: str, length: int, spread: int, limit: int) -> list[str]:
        """Returns words of about a length that start with one of some letters.

        Args:
            letters: Any of which a word may start with.
            length: How many letters a word has,
            spread: give or take so many.
            limit: How many words at most.
        """
        lengths = range(length - spread, length + spread + 1)
        groups = (
            self._by_start.get((letter, near), ())
            for letter in dict.fromkeys(letters)
            for near in lengths
        )
        return list(islice(chain.from_iterable(groups), limit))


def _reverse(word: str) -> str:
    return word[::-1]
