"""Near words: known words at an edit distance of one or two from a typo, and those most like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from bot.search.phonetics import beginnings_alike, sounding_alike
from bot.search.plausibility import begins_nearly, is_plausible_slip, likely_slips
from bot.search.spelling import one_edit_away
from bot.search.word_lists import WordLists
from bot.text.stopwords import OPENING_STOPWORDS, STOPWORDS

ONE_EDIT, ANY_EDIT, TWO_EDITS = 3, 5, 6
"""Letters that a word must have for one plausible edit, for any, and for two.

A shorter one would become any other.
"""

SURELY_LONG = 8
"""Letters that a word must have that may be full of typos.

A shorter one is rather another word than a typo of one that is far from it.
"""

_UNMEANT = STOPWORDS - OPENING_STOPWORDS  # nobody searches for these, so nobody mistypes them
_ANY_START = 6  # letters that a word must have whose first letter may be wrong
_STARTS = 4  # letters of words that are compared where the edit is behind them
_COMPARED = 30_000  # words that one with two typos is compared with
_SIMILARITY = 0.88  # the least of a word that is full of typos (Jaro-Winkler, 0 to 1)
_SIMILAR = 8  # words that are most like one which is full of typos


class NearWords:
    """Finds the known words that are near to one.

    Args:
        counts: The known words, each with the number of stories that hold it.
        lists: The same words, in several orders.
    """

    def __init__(self, counts: Mapping[str, int], lists: WordLists) -> None:
        self._counts = counts
        self._lists = lists

    def one_edit_away(self, word: str) -> set[str]:
        """Returns words that one edit makes of a word of at least `ONE_EDIT` letters."""
        letters = self._lists.alphabet.letters_for(word)
        if len(word) < ANY_EDIT:
            likely = set(filter(self._counts.__contains__, likely_slips(word, letters)))
            near = {one for one in likely if one != word and is_plausible_slip(word, one)}
        else:
            near = self._any_edit_away(word, letters)
        return (near - _UNMEANT).union(filter(self._counts.__contains__, _with_ph(word)))

    def _any_edit_away(self, word: str, letters: Iterable[str]) -> set[str]:
        # What begins as it does is compared: to look all of the rest up would take twice as long.
        edited = _STARTS if len(word) > _STARTS + 1 else len(word) + 1
        near = set(filter(self._counts.__contains__, one_edit_away(word, letters, edited)))
        if edited == _STARTS:
            alike = self._lists.by_letters.words_with(word[:_STARTS])
            near.update(one for one, _, _ in _within(word, _of_length(alike, len(word), 1), 1))
        near.discard(word)
        if len(word) < _ANY_START:
            return {o for o in near if begins_nearly(word, o) or len(o) >= _ANY_START}
        return near

    def two_edits_away(self, word: str) -> set[str]:
        """Returns words two edits away, of which at most one is among the first letters.

        Only words are compared that begin with two letters of this one or, if it is long, with
        its first, or that end as it does: nearly all, and far fewer than there are.
        """
        edits = 2  # each of which changes the length by one letter at most
        is_long = len(word) >= SURELY_LONG
        among = self._lists.starting(word[:1], len(word), edits, _COMPARED) if is_long else []
        alike = (
            self._lists.by_ending.words_with(word[:-4:-1])[:_COMPARED]
            if is_long
            else self._lists.by_letters.words_with(word[:2])
        )
        among += _of_length(alike, len(word), edits)
        found = {one for one, distance, _ in _within(word, among, edits) if distance == edits}
        return found - _UNMEANT

    def anagrams(self, word: str) -> set[str]:
        """Returns the words of the same letters in another order, but for the first."""
        letters = sorted(word)
        among = self._lists.starting(word[:1], len(word), 0, _COMPARED)
        found = {one for one in among if sorted(one) == letters}
        return found - _UNMEANT - {word}

    def sounding_alike(self, word: str) -> set[str]:
        """Returns the words two edits away, or fewer, that sound like a word."""
        edits = 2
        among = self._lists.starting(beginnings_alike(word), len(word), edits, _COMPARED)
        near = (one for one, _, _ in _within(word, among, edits) if len(one) >= ONE_EDIT)
        return sounding_alike(word, near) - _UNMEANT - {word}

    def most_similar(self, word: str) -> list[str]:
        """Returns the words that are most like a long one which is full of typos."""
        among = self._lists.starting(word[:1], len(word), 3, _COMPARED)
        found = process.extract(
            word, among, scorer=JaroWinkler.similarity, score_cutoff=_SIMILARITY, limit=_SIMILAR
        )
        return [one for one, _, _ in found]


def _with_ph(word: str) -> list[str]:
    """Returns a word with `ph` for `f`, and the other way: `photo` for `foto`."""
    pairs = (("f", "ph"), ("ph", "f"))
    return [word.replace(one, other, 1) for one, other in pairs if one in word]


def _of_length(words: Iterable[str], length: int, spread: int) -> list[str]:
    shortest, longest = length - spread, length + spread
    return [word for word in words if shortest <= len(word) <= longest]


def _within(word: str, among: list[str], edits: int) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = process.extract(
        word, among, scorer=OSA.distance, score_cutoff=edits, limit=None
    )
    return found
