"""Spelling: the typos of a word by one edit, and words in the order of keys.

An edit, as edit distance counts it, is a letter inserted, deleted or replaced, or two neighbours
swapped (Damerau-Levenshtein distance, optimal string alignment).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

_LAST_SIGN = "\U0010ffff"
_LONGEST = 48  # letters of what is corrected: the store counts no longer words
_LETTERS = 128  # that may be meant in one word, of however many scripts
_SORTED_FROM = 64  # words that are sorted in sooner at once than one by one
_MERGED_FROM = 20  # times as many words, into which others are sooner merged than sorted anew


class SortedWords:
    """A set of words in the order of a key: to be found by their keys, and by prefixes of these."""

    def __init__(self, key: Callable[[str], str] | None = None) -> None:
        """Makes an empty set.

        Args:
            key: Returns the key of a word; None where a word is its own.
        """
        self._key = key
        self._words: list[str] = []

    def add(self, new: Collection[str]) -> None:
        """Adds words that are not there yet."""
        if len(new) < _SORTED_FROM:
            for word in new:
                insort(self._words, word, key=self._key)
            return
        if len(new) * _MERGED_FROM > len(self._words):
            self._words = sorted([*self._words, *new], key=self._key)
            return
        known, merged, done = self._words, list[str](), 0
        for word in sorted(new, key=self._key):
            at = self._place(self._key_of(word), done)
            merged += known[done:at]
            merged.append(word)
            done = at
        self._words = merged + known[done:]

    def remove(self, gone: Collection[str]) -> None:
        """Removes words that are there."""
        if len(gone) >= _SORTED_FROM:
            without = frozenset(gone)
            self._words = [word for word in self._words if word not in without]
            return
        for word in gone:
            start = self._place(self._key_of(word))
            del self._words[self._words.index(word, start)]

    def words_with(self, prefix: str) -> list[str]:
        """Returns the words whose keys start with a prefix, in their order."""
        start = self._place(prefix)
        return self._words[start : self._place(f"{prefix}{_LAST_SIGN}", start)]

    def _key_of(self, word: str) -> str:
        return word if self._key is None else self._key(word)

    def _place(self, key: str, start: int = 0) -> int:
        return bisect_left(self._words, key, start, key=self._key)


class StemIndex:
    """A set of words in the order of their stems, to be found by these.

    The stems are kept beside the words: to make some at each step of a search takes far longer than
    the rest of it, and they need little memory, most of them being one of their words.
    """

    def __init__(self, stem: Callable[[str], str]) -> None:
        """Makes an empty set, of words with such stems."""
        self._stem = stem
        self._stems: list[str] = []
        self._words: list[str] = []

    def add(self, new: Collection[str]) -> None:
        """Adds words that are not there yet."""
        if len(new) < _SORTED_FROM:
            for word in new:
                stem = self._stem(word)
                at = bisect_right(self._stems, stem)
                self._stems.insert(at, stem)
                self._words.insert(at, word)
            return
        stems, words, done, last = list[str](), list[str](), 0, ""
        # In two steps, since pairs would take much memory; first the word that is a stem itself.
        for word in sorted(sorted(new), key=self._stem):
            stem = self._stem(word)
            at = bisect_right(self._stems, stem, done)
            if at > done:  # as never of the first, which are nearly all
                stems += self._stems[done:at]
                words += self._words[done:at]
            last = last if stem == last else word if stem == word else stem  # one text for all
            stems.append(last)
            words.append(word)
            done = at
        self._stems, self._words = stems + self._stems[done:], words + self._words[done:]

    def remove(self, gone: Collection[str]) -> None:
        """Removes words that are there."""
        if len(gone) >= _SORTED_FROM:
            without = frozenset(gone)
            kept = [at for at, word in enumerate(self._words) if word not in without]
            self._stems = [self._stems[at] for at in kept]
            self._words = [self._words[at] for at in kept]
            return
        for word in gone:
            at = self._words.index(word, bisect_left(self._stems, self._stem(word)))
            del self._stems[at], self._words[at]

    def words_of(self, stem: str) -> list[str]:
        """Returns the words that have a stem."""
        start = bisect_left(self._stems, stem)
        return self._words[start : bisect_right(self._stems, stem, start)]


class PrefixIndex(SortedWords):
    """A set of words, to be found by their prefixes."""

    def has_prefix(self, prefix: str) -> bool:
        """Tells if some word starts with a prefix."""
        at = bisect_left(self._words, prefix)
        return at < len(self._words) and self._words[at].startswith(prefix)

    def correct_prefix(self, prefix: str, alphabet: Alphabet, shortest: int) -> list[str]:
        """Returns the prefixes of words that are one edit away from a prefix with a typo.

        Args:
            prefix: What was typed.
            alphabet: The letters that may be meant in it.
            shortest: How many letters it must have; with fewer it would become any other.
        """
        if not shortest <= len(prefix) <= _LONGEST or not prefix.isalpha():
            return []
        near = {*one_edit_away(prefix, alphabet.letters_for(prefix))} - {prefix}
        # Looked up here, not by `has_prefix`: they are hundreds, at every key that is pressed.
        words, last = self._words, len(self._words) - 1
        at_or_behind = ((one, bisect_left(words, one)) for one in near)
        return [one for one, at in at_or_behind if at <= last and words[at].startswith(one)]


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


def one_edit_away(word: str, letters: Iterable[str], first: int = _LONGEST) -> list[str]:
    """Returns everything at an edit distance of one from a word, some of it twice, and the word.

    Args:
        word: The word.
        letters: Those that may be inserted, or replace another.
        first: Letters of the word among which, or before which, the edit is.
    """
    alphabet = tuple(letters)
    ends = range(min(first, len(word) + 1))
    cuts = [(word[:at], word[at:], word[at + 1 :]) for at in ends]
    near = [head + rest for head, tail, rest in cuts if tail]
    near += [head + tail[1] + tail[0] + tail[2:] for head, tail, rest in cuts if rest]
    for head, tail, rest in cuts:
        near += [head + letter + tail for letter in alphabet]
        if tail:
            near += [head + letter + rest for letter in alphabet]
    return near
