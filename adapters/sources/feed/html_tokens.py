"""Cuts HTML into its tags and the text between them, as the HTML Standard's tokenizer does.

No tree is built: of a story's text only its words, paragraphs and images are wanted, and a tree
costs several times as much as all the rest (https://html.spec.whatwg.org/multipage/parsing.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

from adapters.sources.feed.encoding import join_surrogates
from adapters.sources.feed.html_names import HTML_NAMES

# A tag's attributes. Only behind a `=` is a quote a quote, and what stands in quotes may hold any
# sign. A `<` elsewhere ends the tag, which keeps a stray one from swallowing text. The bounds keep
# the time linear; no tag in use comes near them.
_ATTRIBUTES = (
    r"(?:[^<>=]++|=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|\"[^\"]{0,1000}+\"|'[^']{0,1000}+')?+){0,200}+"
)
_TOKEN = re.compile(rf"<((?:/?[a-zA-Z][^\s/<>]*+|[!?]){_ATTRIBUTES})>")
_NAME = re.compile(r"(/?[a-zA-Z][^\s/<>]*+)|!--.*--\Z|!doctype\b|\?", re.DOTALL | re.IGNORECASE)
# Nearly all HTML has no `<` or `>` in quotes, and is read faster by this, which knows no quotes.
# When it was wrong, there is a `<` or `>` left over.
_PLAIN_TOKEN = re.compile(r"<((?:/?[a-zA-Z]|[!?])[^<>]*+)>")
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
_NO_SIGN = "\ufffd"  # what half of a surrogate pair becomes
_ENTITY = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")
_OPENING, _CLOSING = "<!--", "-->"
_OPEN_COMMENT = re.compile("<!--[^<>]*+>?")
_CDATA = "<![CDATA["


def split_plain(html: str) -> list[str]:
    """Cuts HTML in which each `<` has its `>` before the next one.

    Returns:
        Texts with a tag between each two, without its brackets. In other HTML, some of these are no
        tags, or one is missing: a bracket too many makes texts of tags, and tags of texts.
    """
    if html.find("<") > html.find(">") or html.rfind("<") > html.rfind(">"):
        return []
    return html.replace(">", "<").split("<")


def split_odd(html: str) -> list[str]:
    """Cuts any HTML as `split_plain` does, without its comments; a `<` that begins no tag is text.

    A comment that never ends hides nothing.
    """
    html = _without_comments(html).removesuffix("]]>")
    found = _split_by_pattern(html)
    if found is not None:
        return found
    found = _TOKEN.split(html)
    if html.count("<") > len(found) // 2:
        found[::2] = [_CUT_TAG.sub("", text) if "<" in text else text for text in found[::2]]
        found[-1] = _CUT_END.sub("", found[-1])
    return found


def tag_name(tag: str) -> str | None:
    """Returns the name of a tag in small letters; that of an end tag begins with a slash.

    Args:
        tag: As written, without its brackets.

    Returns:
        An empty name for a comment, a declaration or an instruction; None for what is no tag.
    """
    found = _NAME.match(tag)
    return (found[1] or "").lower() if found else None


def _split_by_pattern(html: str) -> list[str] | None:
    """Splits as `split_odd` does HTML without brackets in quotes.

    Returns:
        None when a `<` or `>` is no tag's, so that it needs a closer look.
    """
    found = _PLAIN_TOKEN.split(html)
    text = "".join(found[::2])
    if "<" in text or (">" in text and _OPEN_QUOTE.search(html)):
        return None
    return found


def attributes(text: str) -> dict[str, str]:
    """Returns a tag's attributes by their names in small letters; of two of one name, the first."""
    found: dict[str, str] = {}
    for name, double, single, bare in reversed(_ATTRIBUTE.findall(text)):
        found[name.lower()] = double or single or bare
    return found


def expand_entities(text: str) -> str:
    """Expands entities as browsers do, the commonest without thinking."""
    if "&" not in text:
        return text
    found = _expand_all(text)
    if _NO_SIGN in found and (joined := join_surrogates(text)) != text:
        return _expand_all(joined)
    return found


def _expand_all(text: str) -> str:
    parts = _ENTITY.split(text)
    parts[1::2] = map(_expand, parts[1::2])
    return "".join(parts)


_expand = lru_cache(maxsize=4_096)(unescape)


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
