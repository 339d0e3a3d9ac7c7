"""The terms of one story, as the search knows them, for subscriptions to be matched against.

What a search may ask of a story by one word is a key: the word itself, its stem behind a tilde, a
letter of a script without spaces before an asterisk, a topic or a source behind its name and a
colon. No word has such signs in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from bot.model import Story
from bot.text.stemming import Stem
from bot.text.tokenizer import grams, whole_words

ANY_STORY = "any:"
"""The key that every story has."""

_APART = " \n "  # between fields: no row goes over it


class TermKind(Enum):
    """Kinds of the pieces of a row."""

    WORDS = "words"
    STEMS = "stems"
    GRAMS = "grams"
    """Pieces of runs, as `bot.text.tokenizer.grams` makes them."""


class TermRow(NamedTuple):
    """Pieces that stand next to each other, in this order.

    Attributes:
        pieces: One or more.
        of: Their kind.
        prefix: True when the last is only the beginning of one.
    """

    pieces: tuple[str, ...]
    of: TermKind = TermKind.WORDS
    prefix: bool = False


def stem_key(stem: str) -> str:
    """The key of all words that have a stem."""
    return f"~{stem}"


def letter_key(letter: str) -> str:
    """The key of all runs that hold a letter."""
    return f"{letter}*"


def topic_key(name: str) -> str:
    """The key of a topic, whose name may be in any case of letters."""
    return f"topic:{name.casefold()}"


def source_key(id: str) -> str:  # noqa: A002 - as in Source
    """The key of a source."""
    return f"source:{id}"


class FieldTerms:
    """The words of some of a story's fields, and the other keys by which it can be asked for."""

    def __init__(
        self, fields: Sequence[str], runs: Sequence[str], marks: frozenset[str], stem: Stem
    ) -> None:
        """Cuts fields into words.

        Args:
            fields: The fields.
            runs: The same, as they are looked through for scripts without spaces.
            marks: Keys of the story that stand in no field.
            stem: Gives words their stems.
        """
        self._grams = [grams(field).split() for field in runs]
        self._words = [*map(whole_words, fields), *self._grams]
        self._marks = marks
        self._stem = stem
        self._rows: dict[TermKind, _RowIndex] = {}

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys."""
        found = set(chain.from_iterable(self._words))
        stems = map(stem_key, map(self._stem, found))
        letters = {letter_key(piece[0]) for piece in chain.from_iterable(self._grams)}
        return self._marks.union(found, stems, letters)

    def has_row(self, row: TermRow) -> bool:
        """Returns True when a row stands in one of the fields."""
        if row.of not in self._rows:
            self._rows[row.of] = _RowIndex(self._pieces(row.of))
        return self._rows[row.of].has(row)

    def _pieces(self, of: TermKind) -> list[list[str]]:
        if of is TermKind.STEMS:
            return [[*map(self._stem, words)] for words in self._words]
        return self._grams if of is TermKind.GRAMS else self._words


class _RowIndex:
    """The pieces of each field in order, to look rows up."""

    def __init__(self, fields: Sequence[Sequence[str]]) -> None:
        self._pairs = set(chain.from_iterable(map(pairwise, fields)))
        self._text = f" {_APART.join(map(' '.join, fields))} "

    def has(self, row: TermRow) -> bool:
        whole = len(row.pieces) - row.prefix
        if whole > 1 and row.pieces[:2] not in self._pairs:
            return False  # quickly, for a long text is asked for thousands of rows
        if row.pieces[2:] or row.prefix or whole == 1:
            return f" {' '.join(row.pieces)}{'' if row.prefix else ' '}" in self._text
        return True


class StoryTerms:
    """The words of one story."""

    def __init__(self, story: Story, stem: Stem) -> None:
        """Takes a story; its fields are cut into words when they are first asked for."""
        self._story = story
        self._stem = stem
        topics = map(topic_key, story.topics)
        self._marks = frozenset((ANY_STORY, *topics, *map(source_key, story.sources)))

    @cached_property
    def anywhere(self) -> FieldTerms:
        """Title, place and text."""
        title, place, text = self._story.title, self._story.place, self._story.text
        runs = (title, f"{place}\n{text}")
        return FieldTerms((title, place, text), runs, self._marks, self._stem)

    @cached_property
    def title(self) -> FieldTerms:
        """The title alone."""
        fields = (self._story.title,)
        return FieldTerms(fields, fields, self._marks, self._stem)
