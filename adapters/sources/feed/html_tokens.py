"""Cuts HTML into its tags and the text between them, as the HTML Standard's tokenizer does.

No tree is built: of a story's text only its words, paragraphs and images are wanted, and a tree
costs several times as much as all the rest (https://html.spec.whatwg.org/multipage/parsing.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from adapters.sources.feed.html_names import HTML_NAMES

# A tag's attributes. Only behind a `=` is a quote a quote, and what stands in quotes may hold any
# sign. A `<` elsewhere ends the tag, which keeps a stray one from swallowing text. The bounds keep
# the time linear; no tag in use comes near them.
_ATTRIBUTES = (
    r"(?:[^<>=]++|=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|\"[^\"]{0,1000}+\"|'[^']{0,1000}+')?+){0,200}+"
)
_TOKEN = re.compile(rf"<(/?[a-zA-Z][^\s/<>]*+|[!?])({_ATTRIBUTES})>")
# The commonest tags of those that part no words; others and those in capitals come as tokens.
_INLINE_NAMES = "span|a|strong|em|code|b|i|u|small|sup|sub|font"
_INLINE = re.compile(rf"</?(?:{_INLINE_NAMES})(?:>|[\s/]{_ATTRIBUTES}>)")
# Nearly all HTML has no `<` or `>` in quotes, and is read faster by these, which know no quotes.
# When they were wrong, there is a `<` or `>` left over.
_PLAIN_TOKEN = re.compile(r"<(/?[a-zA-Z][^\s/<>]*+|[!?])([^<>]*+)>")
_PLAIN_INLINE = re.compile(rf"</?(?:{_INLINE_NAMES})(?:>|[\s/][^<>]*+>)")
_OPEN_QUOTE = re.compile(r"=\s*+(?:\"[^\"<>]*+|'[^'<>]*+)[<>]")
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
_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_OPENING, _CLOSING = "<!--", "-->"
_OPEN_COMMENT = re.compile("<!--[^<>]*+>?")
_CDATA = "<![CDATA["


class HtmlTokens(NamedTuple):
    """The tags of HTML, and the text between them; entities stay as they are.

    Attributes:
        start: The text before the first tag.
        names: The name of each tag in small letters; that of an end tag begins with a slash, and
            that of a declaration or an instruction is `!` or `?`.
        attributes: Of each tag, as written.
        texts: The text behind each tag.
    """

    start: str
    names: list[str]
    attributes: list[str]
    texts: list[str]


def tokens(html: str, *, keep_inline: bool) -> HtmlTokens:
    """Cuts HTML into tags and text. Comments are removed; one that never ends hides nothing.

    Args:
        html: The HTML.
        keep_inline: False to remove the commonest tags that part no words, where they say nothing
            else: half of all tags are such.
    """
    plain = html if keep_inline else _PLAIN_INLINE.sub("", html)
    found = _split_plain(plain, html)
    if found is None or "!" in found[1::3]:
        html = html if keep_inline else _INLINE.sub("", html)
        found = _split_odd(_without_comments(html))
    if found[-1].endswith("]]>"):
        found[-1] = found[-1].removesuffix("]]>")
    names = found[1::3]
    if not "".join(names).islower():
        names = [name.lower() for name in names]
    return HtmlTokens(found[0], names, found[2::3], found[3::3])


def _split_plain(html: str, whole: str) -> list[str] | None:
    """Returns texts with the name and the attributes of the tag between each two.

    Args:
        html: The HTML.
        whole: The same with all its tags.

    Returns:
        None when a `<` or `>` is no tag's, so that it needs a closer look.
    """
    found = _PLAIN_TOKEN.split(html)
    text = "".join(found[::3])
    if "<" in text or (">" in text and _OPEN_QUOTE.search(whole)):
        return None
    return found


def _split_odd(html: str) -> list[str]:
    """Splits any HTML as `_split_plain` does; a `<` that begins no tag is text."""
    found = _split_plain(html, html)
    if found is not None:
        return found
    found = _TOKEN.split(html)
    if html.count("<") > len(found) // 3:
        found[::3] = [_CUT_TAG.sub("", text) if "<" in text else text for text in found[::3]]
        found[-1] = _CUT_END.sub("", found[-1])
    return found


def attributes(text: str) -> dict[str, str]:
    """Returns a tag's attributes by their names in small letters; of two of one name, the first."""
    found: dict[str, str] = {}
    for name, double, single, bare in reversed(_ATTRIBUTE.findall(text)):
        found[name.lower()] = double or single or bare
    return found


def expand_entities(text: str) -> str:
    """Expands entities as browsers do, the commonest without thinking."""
    return _ENTITY.sub(_expand, text)


def _expand(found: re.Match[str]) -> str:
    return _expand_one(found[0])


_expand_one = lru_cache(maxsize=4_096)(unescape)


def _without_comments(html: str) -> str:
    if _OPENING not in html and _CDATA not in html:
        return html
    return "".join(_between_comments(html.replace(_CDATA, ""))).replace("]]>", "")


def _between_comments(html: str) -> Iterator[str]:
    at = 0
    while (start := html.find(_OPENING, at)) >= 0:
        end = html.find(_CLOSING, start + len(_OPENING) - 2)  # `<!-->` is a comment, too
        if end < 0:
            break
        yield html[at:start]
        at = end + len(_CLOSING)
    yield _OPEN_COMMENT.sub("", html[at:])
