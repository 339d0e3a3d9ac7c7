"""Repairs ill-formed XML: stray ampersands, HTML entities, forbidden characters, a missing end."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.entities import html5

from adapters.sources.feed.dates import parse_date

# Those that are not one of XML's own five entities.
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:(?P<name>[a-zA-Z][a-zA-Z0-9]*);|(?P<number>#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};))?"
)
_OPENING = re.compile(r"<!--|<!\[CDATA\[")
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>"}
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
ROOT = re.compile(
    r"<(?P<name>(?:[A-Za-z_][\w.\-]*:)?(?:rss|feed|RDF|channel))(?=[\s>])", re.IGNORECASE
)
"""The beginning of a feed's root."""

# A namespace with white space behind its address, which makes it none.
_NAMESPACE = re.compile(
    r"xmlns(?::[\w.\-]{1,50})?=(?:\"[^\"<>\s]{1,200}\s+\"|'[^'<>\s]{1,200}\s+')"
)
_MAX_NAMESPACES = 50
ITEM_END = re.compile(r"</((?:[A-Za-z_][\w.\-]*:)?(?:item|entry))\s*>", re.IGNORECASE)
"""The end of an item."""

ITEM_START = re.compile(r"<(?:[A-Za-z_][\w.\-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
"""The beginning of an item."""

_DATE = re.compile(
    r"<(?:[A-Za-z_][\w.\-]*:)?(?:pubDate|published|updated|date|issued|modified|created)>([^<>]+)<",
    re.IGNORECASE,
)
_MAX_PREAMBLE = 10_000  # characters, such as a script's warnings, before the root
_CUT_SHORT = "it is cut off; what was left of its last item was not read"


def repair(text: str) -> tuple[str, list[str]]:
    """Returns the document, repaired as far as possible, and the problems that cost it an item.

    What stands before and behind the feed goes, and so does an item whose end is missing, and
    characters that XML forbids; HTML's entities become characters; a stray ampersand is escaped.
    """
    text = _without_forbidden(text)
    text = _NAMESPACE.sub(lambda found: "".join(found[0].split()), text, _MAX_NAMESPACES)
    text = "".join(_escape_ampersands(text))
    root = ROOT.search(text, 0, _MAX_PREAMBLE)
    if root is None:
        return text, []
    text = text[root.start() :]
    return _trim_to_root(text, root["name"])


def _without_forbidden(text: str) -> str:
    """Returns a text without the characters that XML 1.0 (2.2) forbids."""
    signs = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    return signs.decode("utf-8").replace("\ufffe", "").replace("\uffff", "")


def count_items(text: str) -> int:
    """Returns how many items a document begins, be they whole or not."""
    return sum(1 for _ in ITEM_START.finditer(text))


def limit_items(text: str, most: int) -> str:
    """Returns the document with so many of its items: the first, or the last if those are newer."""
    root, first = ROOT.search(text), ITEM_START.search(text)
    ends = [found.end() for found in ITEM_END.finditer(text)]
    if root is None or first is None or len(ends) <= most:
        return text
    if _is_newer(text[ends[-2] : ends[-1]], text[first.start() : ends[0]]):
        return text[: first.start()] + text[ends[-most - 1] :]
    end = ends[most - 1]
    return text[:end] + _closing_tags(text[:end], root["name"])


def _is_newer(item: str, other: str) -> bool:
    one, two = (parse_date(found[1]) if (found := _DATE.search(i)) else None for i in (item, other))
    return one is not None and two is not None and one > two


def split_items(text: str) -> tuple[str, str] | None:
    """Returns the document twice, each with one half of its items; None when it has only one."""
    root, first = ROOT.search(text), ITEM_START.search(text)
    if root is None or first is None:
        return None
    # An end before that begins nothing: halves from there on would grow with each halving.
    ends = [found.end() for found in ITEM_END.finditer(text, first.end())]
    if len(ends) < 2:  # noqa: PLR2004 - halves
        return None
    middle = ends[len(ends) // 2 - 1]
    closing = _closing_tags(text[: first.start()], root["name"])
    return text[:middle] + closing, text[: first.start()] + text[middle:]


def _escape_ampersands(text: str) -> Iterator[str]:
    """Yields the document's parts, ampersands escaped but in comments and CDATA sections.

    One that never ends is none. Nothing is searched for twice, so the time is linear.
    """
    at = 0
    unclosed: set[str] = set()
    for found in _OPENING.finditer(text):
        opening = found[0]
        if found.start() < at or opening in unclosed:
            continue
        end = text.find(_CLOSING[opening], found.end())
        if end < 0:
            unclosed.add(opening)
            continue
        yield _AMPERSAND.sub(_escape_ampersand, text[at : found.start()])
        at = end + len(_CLOSING[opening])
        yield text[found.start() : at]
    yield _AMPERSAND.sub(_escape_ampersand, text[at:])


def _escape_ampersand(found: re.Match[str]) -> str:
    if found["number"]:
        return _character_reference(found["number"])
    name = found["name"]
    return (
        "".join(f"&#{ord(sign)};" for sign in html5.get(f"{name};", ""))
        if name and f"{name};" in html5
        else f"&amp;{found[0][1:]}"
    )


def _character_reference(reference: str) -> str:
    """Returns a numeric character reference; one that XML forbids becomes a space."""
    digits = reference[1:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_sign = 0 < code <= sys.maxunicode and _without_forbidden(chr(code)) != ""
    return f"&#{code};" if is_sign else " "


def _trim_to_root(text: str, root: str) -> tuple[str, list[str]]:
    closing = f"</{root}"
    end = text.rfind(closing)
    if end < 0:
        end = text.lower().rfind(closing.lower())
    if end >= 0:
        behind = text.find(">", end)
        return text[: behind + 1] if behind >= 0 else f"{text[:end]}{closing}>", []
    last_end = max((found.end() for found in ITEM_END.finditer(text)), default=0)
    if not last_end:
        return text, [_CUT_SHORT]
    is_cut = ITEM_START.search(text, last_end) is not None
    problems = [_CUT_SHORT] if is_cut else []
    return text[:last_end] + _closing_tags(text[:last_end], root), problems


def _closing_tags(text: str, root: str) -> str:
    """Returns the tags that close the document behind an item."""
    channel = re.search(r"<((?:[A-Za-z_][\w.\-]*:)?channel)[\s>]", text, re.IGNORECASE)
    if channel is None or channel[1] == root or f"</{channel[1]}" in text:
        return f"</{root}>"
    return f"</{channel[1]}></{root}>"
