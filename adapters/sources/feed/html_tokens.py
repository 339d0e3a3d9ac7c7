"""Cuts HTML into its tags and the text between them, as the HTML Standard's tokenizer does.

No tree is built: of a story's text only its words, paragraphs and images are wanted, and a tree
costs several times as much as all the rest (https://html.spec.whatwg.org/multipage/parsing.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from adapters.sources.feed.html_names import HTML_NAMES

# A tag's attributes. Only behind a `=` is a quote a quote, and what stands in quotes may hold any
# sign. A `<` elsewhere ends the tag, which keeps a stray one from swallowing text. The bounds keep
# the time linear; no tag in use comes near them.
_ATTRIBUTES = (
    r"(?:[^<>=]++|=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|\"[^\"]{0,1000}+\"|'[^']{0,1000}+')?+){0,200}+"
)
_TOKEN = re.compile(rf"<(?:(/?[a-zA-Z][^\s/<>]*+)({_ATTRIBUTES})>|[!?][^<>]*+>)")
_ATTRIBUTE = re.compile(
    r"([^\s=<>\"'/]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?+"
)
# A tag that a `<` cuts off: one with a quoted value, or with a longer name than formulas such as
# `a<b` have.
_NAMES = "|".join(sorted(name for name in HTML_NAMES if len(name) > 1))
_CUT_TAG = re.compile(
    rf"</?(?:[a-z][^<>=]*+=\s*+[\"'][^<>]*+|(?:{_NAMES})\s*+(?=<|\Z))", re.IGNORECASE
)
_CUT_END = re.compile(r"<[a-zA-Z/!?][^<>]*+\Z")
_OPENING, _CLOSING = "<!--", "-->"
_OPEN_COMMENT = re.compile("<!--[^<>]*+>?")
_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")

STRIDE = 3
"""The items of a list of `tokens` for one tag: its name, its attributes, and the text behind it."""


def tokens(html: str) -> list[str]:
    """Cuts HTML into the text before its first tag, then `STRIDE` items for each tag.

    The name of an end tag begins with a slash; that of a declaration or an instruction is None.
    Entities stay as they are. Comments are removed; one that never ends hides nothing.
    """
    if _OPENING in html:
        html = "".join(_without_comments(html))
    if "<![CDATA[" in html or "]]>" in html:
        html = _CDATA_MARK.sub("", html)
    found = _TOKEN.split(html)
    for at in range(0, len(found), STRIDE):
        if "<" in found[at]:
            found[at] = _CUT_TAG.sub("", found[at])
    found[-1] = _CUT_END.sub("", found[-1])
    return found


def attributes(text: str) -> dict[str, str]:
    """Returns a tag's attributes by their names in small letters; of two of one name, the first."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        value = "".join(values)
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _without_comments(html: str) -> Iterator[str]:
    at = 0
    while (start := html.find(_OPENING, at)) >= 0:
        end = html.find(_CLOSING, start + len(_OPENING) - 2)  # `<!-->` is a comment, too
        if end < 0:
            break
        yield html[at:start]
        at = end + len(_CLOSING)
    yield _OPEN_COMMENT.sub("", html[at:])
