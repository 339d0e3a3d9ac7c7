"""Figures of headlines: sums of money, shares, ranks and counts, with what each of them counts.

`$2M` and `$2.1 million` are one figure, rounded or not; `$4.4 million` is another. Figures can only
be compared where they count the same: the day of a trial says nothing about a sentence in years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bot.text.stemming import Stem

Figure: TypeAlias = tuple[str, float]
"""A number, with what it counts."""

_SCALES = {
    "k": 1e3,
    "m": 1e6,
    "b": 1e9,
    "tr": 1e12,
    "tn": 1e12,
    "th": 1e3,
}  # by how their words begin
_SCALED = re.compile(
    r"(?<![\w.,])(\d+(?:,\d{3})*(?:\.\d+)?)"
    r"[ -]?(k|mn?|mln|million|bn?|bln|billion|tr?n|trillion|thousand)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?P<money>[$€£¥₹])?(?<![\w.,])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?: ?(?P<percent>%|per ?cent\b|pct\b)|(?:st|nd|rd|th)\b)?"
    r"|(?P<one>one)(?=[ -](?:hour|day|week|month|quarter|year|decade|cent)\b)"
    r"|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)
_NUMBERS = (
    "two three four five six seven eight nine ten".split(),
    "second third fourth fifth sixth seventh eighth ninth tenth".split(),
)
_VALUES = {word: float(number) for words in _NUMBERS for number, word in enumerate(words, start=2)}
_MONEY, _PERCENT = "$", "%"
_TOLL = frozenset("casualti dead death die hurt kill injur miss toll victim wound".split())
_NEAR = 3  # words around a number in which it is told what it counts
_YEARS = range(1900, 2100)
_LARGE = 1_000.0  # from which on whole numbers are rounded in headlines
_ROUNDED = 0.1  # of a number: what rounding changes at most


def write_out(title: str) -> str:
    """Returns a title with its large numbers in digits: `$2M` as `$2000000`."""
    return _SCALED.sub(_in_digits, title)


def _in_digits(number: re.Match[str]) -> str:
    scale = number[2].casefold()
    factor = _SCALES.get(scale[:2]) or _SCALES[scale[0]]
    return f"{float(number[1].replace(',', '')) * factor:.0f}"


def read_figures(title: str, stem: Stem) -> tuple[Figure, ...]:
    """Returns the figures of a title, but for years and for numbers of victims, which grow.

    What counts is the word behind it, and the one before: `two cents`, `day 5`.

    Args:
        title: The title, its large numbers written out.
        stem: Gives words, in small letters, their stems.
    """
    tokens = list(_TOKEN.finditer(title))
    words = [stem(token["word"].casefold()) if token["word"] else "" for token in tokens]
    found: dict[Figure, None] = {}
    for at, token in enumerate(tokens):
        number = _number(token)
        if number is not None and _TOLL.isdisjoint(words[max(0, at - _NEAR) : at + _NEAR + 1]):
            found |= {(kind, number): None for kind in _kinds(token, words, at)}
    return tuple(found)


def _number(token: re.Match[str]) -> float | None:
    if token["one"]:
        return 1.0
    if token["word"]:
        return _VALUES.get(token["word"].casefold())
    number = float(token["number"].replace(",", ""))
    return None if number in _YEARS and not token["money"] else number


def _kinds(token: re.Match[str], words: Sequence[str], at: int) -> Iterator[str]:
    if token["money"]:
        yield _MONEY
    elif token["percent"]:
        yield _PERCENT
    else:
        if at and words[at - 1]:
            yield f"{words[at - 1]} #"
        if at + 1 < len(words) and words[at + 1]:
            yield f"# {words[at + 1]}"


def differ(mine: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    """Tells if two titles count one thing, and none of what one counts is near the other's."""
    shared = {kind for kind, _ in mine} & {kind for kind, _ in theirs}
    return any(
        not any(are_near(one, other) for one in _of(kind, mine) for other in _of(kind, theirs))
        for kind in shared
    )


def _of(kind: str, figures: Sequence[Figure]) -> list[float]:
    return [number for one, number in figures if one == kind]


def are_near(one: float, other: float) -> bool:
    """Tells if two numbers are the same, or one of them is the other one rounded."""
    if one == other:
        return True
    is_exact = max(one, other) < _LARGE and one.is_integer() is other.is_integer()
    is_rounded = not is_exact and _digits(one) != _digits(other)
    return is_rounded and abs(one - other) <= _ROUNDED * max(one, other)


def _digits(number: float) -> int:
    """Returns how many digits of a number tell something."""
    return len(f"{number:f}".replace(".", "").strip("0"))
