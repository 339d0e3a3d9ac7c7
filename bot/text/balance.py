"""Balance: whether a text closes the quotes and brackets that it opens."""

from __future__ import annotations

import re

_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "「": "」", "『": "』", "（": "）", "【": "】"}
_GERMAN = "„"  # closed by the sign that opens an English quote
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SIGNS = re.compile(r"[()\[\]{}“”„「」『』（）【】]|‘(?!\d)|’(?!\w)")
_GUILLEMETS = "«»"  # which of them opens depends on the language

Signs = list[tuple[int, str]]


def is_balanced(text: str) -> bool:
    """Tells whether each quote and bracket of a text is closed in it, and none is only closed.

    An apostrophe looks like the end of a quote in single marks, so such an end alone is none.
    """
    return not _unmatched(text)


def drop_unmatched(text: str) -> str:
    """Drops the quotes and brackets that are never closed, or never opened."""
    lone = set(_unmatched(text))
    return "".join(sign for at, sign in enumerate(text) if at not in lone) if lone else text


def _unmatched(text: str) -> list[int]:
    """Returns where the signs stand that have no counterpart."""
    lone = [text.rindex('"')] if text.count('"') % 2 else []
    if text.count("«") != text.count("»"):
        lone += [at for at, sign in enumerate(text) if sign in _GUILLEMETS]
    open_signs: Signs = []
    for match in _SIGNS.finditer(text):
        if not _follow(open_signs, match.start(), match[0]):
            lone.append(match.start())
    return [*lone, *(at for at, _ in open_signs)]


def _follow(open_signs: Signs, at: int, sign: str) -> bool:
    """Opens or closes what a sign does; False where nothing is open that it would close."""
    last = open_signs[-1][1] if open_signs else ""
    if last == _GERMAN and sign in "“”":
        open_signs.pop()
    elif sign in _CLOSING or sign in (_GERMAN, "‘"):
        open_signs.append((at, sign))
    elif sign == "’":
        if last == "‘":
            open_signs.pop()
    elif last == _OPENING[sign]:
        open_signs.pop()
    else:
        return False
    return True
