"""Initials: the abbreviations of names that a text spells out, to be found by them.

`Ministry of Economy, Trade and Industry` is found by `METI`, `Tokyo Electric Power Company` by
`TEPCO`, `World War II` by `WW2`, `Bank of Japan` by `BOJ`. A mark keeps them apart from the words
that stand in texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

MARK = "\ue000"
"""Begins a token of initials; no text has it, and the index takes it for a letter."""

SHORTEST, LONGEST = 2, 6
"""Letters of an abbreviation."""

_NAME = re.compile(
    r"(?<![\w’'.-])[A-Z][\w’'.-]*+(?:,? (?:and |of |for |the |on |de |& )*+[A-Z][\w’'.-]*+)+"
)
_PARTICLES = frozenset("and de for of on the".split())
_PART = re.compile(r"\b[A-Z][\w’'-]*+")
_OF = "of"
_PART_OR_OF = re.compile(rf"(?<=\s){_OF}(?=\s)|\b[A-Z][\w’'-]*+")
_NUMBERS = {"I": "1", "II": "2", "III": "3", "IV": "4", "One": "1", "Two": "2", "Three": "3"}
_LONGEST_NAME = 7  # words; a row of more is a headline in capitals, or a list


def initials(text: str) -> list[str]:
    """Returns the initials of the names in a text, each once, behind `MARK`."""
    if text.isupper():
        return []
    names = (name[0] for name in _NAME.finditer(text))
    found = (one for name in names for one in (*_abbreviate(_PART.findall(name)), *_with_of(name)))
    return [f"{MARK}{one}" for one in dict.fromkeys(found)]


def is_abbreviation(word: str) -> bool:
    """Tells if a word may be an abbreviation by its length and signs."""
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word[0].isalpha()


def abbreviations(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yields the abbreviations of names that may stand in a row of words, and where each name does.

    A name has three words to six, with `of` and its like between them, or two with `of`.

    Args:
        words: In small letters.
    """
    own = [at for at, word in enumerate(words) if word not in _PARTICLES]
    has_of = _OF in words
    for first in range(len(own)):
        for last in range(first + 2, min(len(own), first + LONGEST)):
            parts = [words[at] for at in own[first : last + 1]]
            yield own[first], own[last] + 1, _join(parts)
            yield own[first], own[last] + 1, _join(parts[:-1]) + parts[-1][:2]
        for last in range(first + 1, min(len(own), first + LONGEST - 1)) if has_of else ():
            row = [w for w in words[own[first] : own[last] + 1] if w == _OF or w not in _PARTICLES]
            if _OF in row and len(row) <= LONGEST:
                yield own[first], own[last] + 1, _join(row)


def _abbreviate(parts: Sequence[str]) -> Iterator[str]:
    """Yields the abbreviations of a name, and of each row of three words and more in it."""
    if len(parts) > _LONGEST_NAME:
        return
    if len(parts) == SHORTEST:
        yield _join(parts)
    for size in range(3, LONGEST + 1):
        for start in range(len(parts) - size + 1):
            row = parts[start : start + size]
            yield _join(row)
            if size < LONGEST:
                yield _join(row[:-1]) + row[-1][:2].lower()


def _with_of(name: str) -> Iterator[str]:
    """Yields the abbreviations of a name, and of each row in it, that have a letter for `of`."""
    if f" {_OF} " not in name:  # as most
        return
    parts = _PART_OR_OF.findall(name)
    if len(parts) > _LONGEST_NAME:
        return
    for start, end in combinations(range(len(parts) + 1), 2):
        row = parts[start:end]
        if len(row) <= LONGEST and _OF in row[1:-1] and _OF not in (row[0], row[-1]):
            yield _join(row)


def _join(parts: Sequence[str]) -> str:
    return "".join(_NUMBERS.get(part, part[0]) for part in parts).lower()
