"""Display of texts: shortening, quoting, and removal of invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache
from itertools import chain

from bot.text.bidi import (
    FIRST_STRONG_ISOLATE,
    POP_ISOLATE,
    drop_isolates,
    has_lone_isolate,
    isolate,
)

_SHORT = 80
_OWN_QUOTES = '"“”„«»「」'
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))

# Where Unicode has control and format characters; a look at all its million signs would take long.
_WHERE_HIDDEN = (
    range(0x3000),
    range(0xFE00, 0x14000),
    range(0x1B000, 0x1E000),
    range(0xE0000, 0xE0100),
)

_quotation_marks: ContextVar[tuple[str, str]] = ContextVar("marks", default=("“", "”"))


def shorten(text: str, length: int = _SHORT) -> str:
    """Shortens a person's own words to one visible line of `length` characters, safe to show."""
    line = " ".join(strip_hidden(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def add_quotes(text: str, length: int = _SHORT) -> str:
    """Puts a person's own words, as `shorten` does, in quotes unless they bring their own."""
    line = shorten(text, length)
    opening, closing = _quotation_marks.get()
    has_own = any(sign in line for sign in _OWN_QUOTES)
    return isolate(line) if has_own else f"{opening}{isolate(line)}{closing}"


def quote_with(opening: str, closing: str) -> None:
    """Has `add_quotes` use these marks in the current task and those that it starts."""
    _quotation_marks.set((opening, closing))


def columns(text: str) -> int:
    """Counts the columns that a text takes, of which the letters of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def strip_hidden(text: str) -> str:
    """Strips control, format and lone surrogate characters, but for line breaks and tabs.

    Escape sequences could paint over a terminal; bidirectional overrides can make a text read as
    another; neither has a place in a story's title or a reader's query. Isolates that are closed
    stay, since they turn nothing around outside of them.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _hidden().sub("", text)
    return drop_isolates(plain) if has_lone_isolate(plain) else plain


@cache
def _hidden() -> re.Pattern[str]:
    """All such characters: found by a pattern, since nearly all texts have a sign beyond ASCII."""
    # U+200C and U+200D join and part letters in Persian, Hindi and emoji; the format characters of
    # the Arabic and Syriac blocks are seen in print.
    isolates = {FIRST_STRONG_ISOLATE, POP_ISOLATE}
    kept = {"\n", "\t", "\u200c", "\u200d", *isolates, *map(chr, range(0x600, 0x900))}
    signs = chain.from_iterable(_WHERE_HIDDEN)
    found = [
        s for s in signs if unicodedata.category(chr(s)) in {"Cc", "Cf"} and chr(s) not in kept
    ]
    return re.compile(f"[{_as_ranges(found)}\ud800-\udfff]")


def _as_ranges(codes: Iterable[int]) -> str:
    """Returns the inside of a pattern's set, which is several times as fast as single signs."""
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def is_inside(text: str, at: int) -> bool:
    """Tells if a place in a text is inside of what readers see as one character."""
    before, sign = text[at - 1], text[at]
    if sign in _FLAG_LETTERS and before in _FLAG_LETTERS:
        flags = text[:at]
        return (len(flags) - len(flags.rstrip(_FLAG_LETTERS))) % 2 == 1  # two letters, one flag
    return (
        unicodedata.category(sign) in {"Mn", "Me", "Mc"}
        or "\u200d" in (before, sign)
        or "\U0001f3fb" <= sign <= "\U0001f3ff"  # tones of skin
    )


def typed_value(value: str) -> str:
    """An option's value as it is typed after `name:`, in quotes where it needs them."""
    if value and not any(sign.isspace() or sign in '"“”\\' for sign in value):
        return value
    return '"' + re.sub(r'(["“”\\])', r"\\\1", value) + '"'
