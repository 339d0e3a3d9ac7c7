"""ROUGE: how much of a summary that a person wrote another one has (Lin, 2004).

F1 of ROUGE-1, ROUGE-2 and ROUGE-L over the whole summary, as Google's `rouge_score` gives them with
`use_stemmer=True`: words are runs of `a-z0-9` in lower case, those of more than three letters
stemmed by Porter's algorithm. (That package asks NLTK, whose stemmer departs from Porter's in a few
words.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import Stemmer

_WORD = re.compile(r"[a-z0-9]+")
_SHORTEST = 4  # letters of a word that is stemmed


@dataclass(frozen=True, slots=True)
class Rouge:
    """Three measures of one summary, each from 0 to 1."""

    one: float
    two: float
    longest: float


def tokens(text: str, *, stem: bool = True) -> list[str]:
    """Returns a text's words as they are compared."""
    found = _WORD.findall(text.lower())
    return [_stem(word) if len(word) >= _SHORTEST else word for word in found] if stem else found


@cache
def _stem(word: str) -> str:
    return str(Stemmer.Stemmer("porter").stemWord(word))


def rouge(summary: str, reference: str, *, stem: bool = True) -> Rouge:
    """Compares a summary with a person's."""
    has, wanted = tokens(summary, stem=stem), tokens(reference, stem=stem)
    return Rouge(
        _overlap(has, wanted, 1),
        _overlap(has, wanted, 2),
        _f1(_longest_common(has, wanted), len(has), len(wanted)),
    )


def _overlap(has: Sequence[str], wanted: Sequence[str], size: int) -> float:
    first, second = _grams(has, size), _grams(wanted, size)
    return _f1((first & second).total(), first.total(), second.total())


def _grams(found: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[at : at + size]) for at in range(len(found) - size + 1))


def _f1(same: int, first: int, second: int) -> float:
    return 2 * same / (first + second) if same else 0.0


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Returns the length of the longest common subsequence."""
    before = [0] * (len(second) + 1)
    for word in first:
        row = [0]
        for at, other in enumerate(second):
            row.append(before[at] + 1 if word == other else max(before[at + 1], row[at]))
        before = row
    return before[-1]
