"""Texts in pictures: which can be drawn in the pictures' fonts, and how wide they are.

The table is made from the fonts, by `tests/tools/glyph_widths.py`. Its scripts are those in which
letters stand by themselves; in others, such as Arabic, they are shaped by their neighbours.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from importlib import resources

from bot.text.display import strip_hidden

FONT_FAMILY = "Noto Sans, Droid Sans Fallback, system-ui, sans-serif"
"""The fonts, for CSS; a browser that lacks them takes its own."""

_ELLIPSIS = "…"
_EM = 1000  # widths are in thousandths of the font's size


def drawable(text: str) -> str:
    """Returns a text as it can be drawn, on one line; empty when it would not say the same.

    Emoji and other signs that no font has are left out. A text with a letter that none has is not
    drawn at all: boxes in its place tell nothing.
    """
    line = strip_hidden(unicodedata.normalize("NFC", text))
    missing = {sign for sign in line if _width(sign) is None and not sign.isspace()}
    if any(unicodedata.category(sign)[0] in "LN" for sign in missing):
        return ""
    return " ".join("".join(sign for sign in line if sign not in missing).split())


def text_width(text: str, size: float) -> float:
    """Returns the width of a drawable text in a size of the font, in the unit of the size."""
    return sum(_width(sign) or 0 for sign in text) * size / _EM


def fit(text: str, size: float, room: float) -> str:
    """Shortens a drawable text to what fits into a width, with an ellipsis where it is cut."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + _ELLIPSIS, size) > room:
        text = text[:-1].rstrip()
    return text + _ELLIPSIS


def _width(sign: str) -> int | None:
    firsts, runs = _table()
    at = bisect_right(firsts, ord(sign)) - 1
    if at < 0 or ord(sign) > runs[at][0]:
        return None
    return runs[at][1]


@cache
def _table() -> tuple[list[int], list[tuple[int, int]]]:
    """Returns the first characters of runs of one width, and the last of each with the width."""
    text = resources.files(__package__).joinpath("glyph_widths.txt").read_text("ascii")
    rows = [line.split() for line in text.splitlines()]
    return [int(first, 16) for first, _last, _width in rows], [
        (int(last, 16), int(width)) for _first, last, width in rows
    ]
