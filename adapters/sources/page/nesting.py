"""Repairs the nesting of a page's elements as the HTML Standard has browsers do it.

libxml2 lets an element that was never closed swallow all that follows, and ignores the end of a
list item within it. Here the ends that are missing are written where a browser assumes them.
See https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])(?:\"[^\"<>]*\"|'[^'<>]*'|[^'\"<>])*+>|<!--"
)
_RAW = frozenset(("script", "style", "textarea", "title", "noscript", "iframe", "svg", "template"))
_CLOSED = frozenset(
    "a article aside dd div dl dt figure footer form header li main nav ol section table tbody td "
    "tfoot th thead tr ul".split()
)
# What an element of this name ends, when it begins; and what holds it, beyond which nothing ends.
_BEGINNING = {
    "a": (("a",), ("td", "th", "table")),
    "li": (("li",), ("ul", "ol")),
    "dt": (("dt", "dd"), ("dl",)),
    "dd": (("dt", "dd"), ("dl",)),
    "td": (("td", "th"), ("tr",)),
    "th": (("td", "th"), ("tr",)),
    "tr": (("tr",), ("table",)),
}
_SCOPE = ("table", "td", "th")
_TABLE_PARTS = frozenset("table tbody td tfoot th thead tr".split())


def mend_nesting(text: str) -> str:
    """Returns a page with the end tags that it lacks, and without those that end nothing."""
    parts: list[str] = []
    stack: list[str] = []
    position = 0
    while found := _TAG.search(text, position):
        parts.append(text[position : found.start()])
        name = (found[2] or "").lower()
        if not name or (name in _RAW and not found[1]):
            position = _raw_end(text, found.end(), name)
            parts.append(text[found.start() : position])
            continue
        position = found.end()
        parts.append(_end(stack, name, found[0]) if found[1] else _begin(stack, name, found[0]))
    parts.append(text[position:])
    return "".join(parts)


def _raw_end(text: str, start: int, name: str) -> int:
    """Returns where a comment, or an element whose content is no markup, ends."""
    if not name:
        found = text.find("-->", start)
        return len(text) if found < 0 else found + len("-->")
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, start)
    return closing.end() if closing else start


def _begin(stack: list[str], name: str, tag: str) -> str:
    if name not in _CLOSED:
        return tag
    ended, holders = _BEGINNING.get(name, ((), ()))
    missing = _close(stack, ended, holders) if ended else ""
    stack.append(name)
    return missing + tag


def _end(stack: list[str], name: str, tag: str) -> str:
    if name not in _CLOSED:
        return tag
    scope = () if name in _TABLE_PARTS else _SCOPE
    return _close(stack, (name,), scope)


def _close(stack: list[str], names: Sequence[str], holders: Sequence[str]) -> str:
    """Ends the innermost element of these names, and all in it, unless a holder is further in."""
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] in names:
            ends = "".join(f"</{each}>" for each in reversed(stack[depth:]))
            del stack[depth:]
            return ends
        if stack[depth] in holders:
            return ""
    return ""
