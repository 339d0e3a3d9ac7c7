"""Isolation of texts that are read from right to left, beside others that are not.

Without it the order of signs and numbers around a Hebrew or Arabic headline is turned around, too
(https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates).
"""

from __future__ import annotations

import re
from unicodedata import bidirectional

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_DIRECTIONS = frozenset({"R", "AL"})
_PAIR = re.compile(f"{FIRST_STRONG_ISOLATE}[^{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]*{POP_ISOLATE}")
_SIGNS = re.compile(f"[{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]")


def isolate(text: str) -> str:
    """Isolates a text that has letters from right to left; returns any other as it is.

    One of which a part is isolated already, as words in quotation marks are, needs no more.
    """
    if text.isascii() or not _RIGHT_TO_LEFT.search(text) or FIRST_STRONG_ISOLATE in text:
        return text
    if not any(bidirectional(sign) in _DIRECTIONS for sign in text):  # digits, and the like
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def drop_isolates(text: str) -> str:
    """Drops the signs that isolate."""
    return text if text.isascii() else _SIGNS.sub("", text)


def has_lone_isolate(text: str) -> bool:
    """Tells if an isolate is opened in a text and not closed, or only closed, or inside another."""
    return _SIGNS.search(_PAIR.sub("", text)) is not None


def is_right_to_left(text: str) -> bool:
    """Tells if a text is read from right to left, by its first letter that has a direction."""
    directions = (bidirectional(sign) for sign in text)
    return next((d for d in directions if d in {"L", *_DIRECTIONS}), "L") != "L"
