"""Counts of stories in questions: `three stories from october`, `top 10 articles`.

Readers who ask for so many want a list, and do not look for the number.
"""

from __future__ import annotations

from collections.abc import Sequence

_COUNTS = frozenset("two three four five six seven eight nine ten twenty few several".split())
_STORIES = frozenset("articles headlines posts reports stories updates".split())
_LONGEST = 2  # digits of a count


def is_count(word: str, behind: str) -> bool:
    """Tells if a word counts the stories that the next one names, both in small letters."""
    is_number = word in _COUNTS or (word.isdecimal() and len(word) <= _LONGEST)
    return is_number and behind in _STORIES


def without_counts(words: Sequence[str]) -> tuple[str, ...]:
    """Returns words without the counts of stories among them."""
    pairs = zip(words, (*words[1:], ""), strict=False)  # of no words, none
    return tuple(word for word, behind in pairs if not is_count(word, behind))
