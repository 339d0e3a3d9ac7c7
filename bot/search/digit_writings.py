"""Other writings of words with digits: `BA.2` and `ba2`, `COVID-19` and `covid19`, `20,000`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.search.occurrences import Form
from bot.search.ranking import INFLECTED
from bot.search.vocabulary import Vocabulary

_PARTS = re.compile(r"(?P<letters>[a-z]+)\d+|(?P<digits>\d+)[a-z]+")  # one kind behind the other
_THOUSANDS = re.compile(r"(\d{1,3}?)((?:\d{3})+)")
_THREE = re.compile(r"\d{3}")
_LAKHS = re.compile(r"(\d{1,2})?(\d{1,2})(\d{2})(\d{3})")  # 2,55,874, as Indians write it
_YEAR = 4  # digits of what may be a year, which nobody parts


def other_digit_writings(typed: Form, vocabulary: Vocabulary) -> list[tuple[Form, float]]:
    """Returns a term with digits as stories may also write it, with signs between or without."""
    return [(form, INFLECTED) for form in _ways(typed) if all(one in vocabulary for one in form)]


def _ways(typed: Form) -> Sequence[Form]:
    if len(typed) > 1:
        return [("".join(typed),)] if _are_parts(typed) or _are_thousands(typed) else []
    (word,) = typed
    if not word[-1:].isdecimal() and not word[:1].isdecimal():
        return []  # as nearly all words
    parts = _PARTS.fullmatch(word)
    if parts:
        first = parts["letters"] or parts["digits"]
        return [(first, word.removeprefix(first))]
    thousands = _THOUSANDS.fullmatch(word) if len(word) > _YEAR else None
    ways = [(thousands[1], *_THREE.findall(thousands[2]))] if thousands else []
    lakhs = _LAKHS.fullmatch(word)
    return [*ways, tuple(filter(None, lakhs.groups()))] if lakhs else ways


def _are_parts(typed: Form) -> bool:
    """Tells if a term is letters and digits: `ba.2`."""
    match = _PARTS.fullmatch("".join(typed))
    return match is not None and match["letters"] == typed[0]


def _are_thousands(typed: Form) -> bool:
    first, *rest = typed
    return first.isdecimal() and len(first) <= 3 and all(map(_THREE.fullmatch, rest))  # noqa: PLR2004
