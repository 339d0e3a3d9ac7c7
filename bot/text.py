"""Small helpers for text that is shown to people."""

from __future__ import annotations

import re
import unicodedata

_SHORT = 80


def quoted(text: str, length: int = _SHORT) -> str:
    """A person's own words, safe to show back: one visible line of at most `length` characters."""
    line = " ".join(visible(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def in_quotes(text: str, length: int = _SHORT) -> str:
    """A person's own words as `quoted`, in quotation marks unless they bring their own."""
    line = quoted(text, length)
    return line if any(sign in line for sign in '"“”') else f"“{line}”"


def visible(text: str) -> str:
    """The text without control, format and lone surrogate characters, but for line breaks and tabs.

    Escape sequences could paint over a terminal; bidirectional overrides can make a text read as
    another; neither has a place in a story's title or a reader's query.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if sign in "\n\t" or not _hidden(sign))


def _hidden(sign: str) -> bool:
    # U+200C and U+200D join and part letters in Persian, Hindi and emoji; the format characters of
    # the Arabic and Syriac blocks are seen in print.
    if sign in "\u200c\u200d" or "\u0600" <= sign <= "\u08ff":
        return False
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs"}


def typed_value(value: str) -> str:
    """An option's value as it is typed after `name:`, in quotes where it needs them."""
    if value and not any(sign.isspace() or sign in '"“”\\' for sign in value):
        return value
    return '"' + re.sub(r'(["“”\\])', r"\\\1", value) + '"'
