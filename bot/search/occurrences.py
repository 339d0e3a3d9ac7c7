"""Occurrences: where in a title, a summary or a text the forms of a term stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from bot.text.initials import MARK, initials
from bot.text.tokenizer import fold, is_run, words_of_folded

Form: TypeAlias = tuple[str, ...]
"""One word, or several in a row."""


class ShortText:
    """The words of a title or a summary, and where each stands.

    It is cut into its words when the letters of one that is looked for stand there: mostly, they
    do not.

    Attributes:
        folded: The text, folded.
    """

    __slots__ = ("_spaced", "_words", "folded")

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self._words: list[str] | None = None
        self._spaced = ""

    @property
    def words(self) -> Sequence[str]:
        """The words, in order."""
        if self._words is None:
            self._words = words_of_folded(self.folded)
        return self._words

    def find(self, form: Form) -> int | None:
        """Returns the place where the words of a form first stand side by side."""
        if form[0] not in self.folded:
            return None
        return self._place(f" {' '.join(form)} " if len(form) > 1 else f" {form[0]} ")

    def holds(self, form: Form) -> bool:
        """Tells if the words of a form stand side by side."""
        if len(form) > 1 or self._words is not None or not form[0].isascii():
            return self.find(form) is not None
        return _holds_word(self.folded, form[0])  # to cut it into words would take longer

    def find_prefix(self, prefix: str) -> int | None:
        """Returns the place of the first word that starts with a prefix."""
        if prefix not in self.folded:
            return None
        return self._place(f" {prefix}")

    def first_with_prefix(self, prefix: str) -> str:
        """Returns the first word that starts with a prefix; empty for none."""
        if prefix.isascii():
            return _first_with_prefix(self.folded, prefix)
        place = self.find_prefix(prefix)
        return "" if place is None else self.words[place]

    def _place(self, spaced: str) -> int | None:
        self._spaced = self._spaced or f" {' '.join(self.words)} "
        found = self._spaced.find(spaced)
        return None if found < 0 else self._spaced.count(" ", 0, found)


class LongText:
    """A story's text, in which few words are looked for: it is never cut into its words."""

    __slots__ = ("_folded", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded: str | None = None

    @property
    def folded(self) -> str:
        """The text, folded."""
        if self._folded is None:
            self._folded = fold(self._text)
        return self._folded

    def holds(self, form: Form) -> bool:
        """Tells if the words of a form stand side by side, or a name of these initials."""
        folded = self.folded
        if form[0] not in folded:
            return form[0].startswith(MARK) and form[0] in initials(self._text)
        if any(map(is_run, form)):
            return _join_grams(form) in folded
        if len(form) > 1:
            if not all(map(folded.__contains__, form)):
                return False  # as mostly: a pattern is made in far more time
            inner = r"[\W_]+".join(map(re.escape, form))
            return re.search(rf"(?<![^\W_]){inner}(?![^\W_])", folded) is not None
        return _holds_word(folded, form[0])

    def first_with_prefix(self, prefix: str) -> str:
        """Returns the first word that starts with a prefix; empty for none."""
        return _first_with_prefix(self.folded, prefix)


def _holds_word(folded: str, word: str) -> bool:
    is_plain = folded.isascii()  # nearly always, and then no sign needs to be looked at twice
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        before, after = folded[at - 1 : at], folded[end : end + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        if not (is_plain or _continues(before) or _continues(after)):
            return True
        at = folded.find(word, end)
    return False


def _first_with_prefix(folded: str, prefix: str) -> str:
    at = folded.find(prefix)
    while at >= 0:
        end = at + len(prefix)
        if not _continues(folded[at - 1 : at]):
            while _continues(folded[end : end + 1]):
                end += 1
            return folded[at:end]
        at = folded.find(prefix, end)
    return ""


def _continues(sign: str) -> bool:
    """Tells if a sign is of the word beside it; one of a script without spaces never is."""
    return sign.isalnum() and (sign.isascii() or not is_run(sign))


def _join_grams(form: Form) -> str:
    """Returns the letters that pairs of neighbours were made of."""
    text = form[0]
    for before, word in pairwise(form):
        follows = is_run(word) and is_run(before) and before[-1:] == word[:1]
        text += word[1:] if follows else word
    return text
