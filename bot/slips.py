"""What becomes of a word by one slip of the hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class Letters:
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
