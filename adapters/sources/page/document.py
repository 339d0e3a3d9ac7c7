"""A web page as a tree without what is never read: scripts, forms' controls, drawings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from adapters.sources.feed.html_text import clean_line
from adapters.sources.feed.links import absolute_url
from adapters.sources.page.charsets import decode_page
from adapters.sources.page.nesting import mend_nesting

_MAX_LENGTH = 4 << 20  # characters of a page that are read
_SKIPPED = (
    "script style noscript template svg iframe object select textarea button math canvas".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)

_ICONS = re.compile("[\ue000-\uf8ff]")  # signs of fonts that draw icons

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's own name of the type


@dataclass(frozen=True, slots=True)
class PageTree:
    """A page as a tree.

    Attributes:
        root: Its root.
        url: Its URL.
        base: What references in it are resolved against.
        language: Of its text, such as `en-GB`; empty when it does not say.
        lengths: How many characters of text are in each element.
    """

    root: Element
    url: str
    base: str
    language: str = ""
    lengths: Mapping[Element, int] = field(default_factory=dict)

    def address(self, reference: str) -> str:
        """Returns the URL that a reference leads to; empty when it leads to no other page."""
        reference = reference.strip()
        if not reference or reference.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            return ""
        return absolute_url(reference, self.base)

    def title(self) -> str:
        """Returns the site's name, or else the page's title; empty for none."""
        for meta in self.root.iter("meta"):
            if meta.get("property") == "og:site_name" and (
                name := clean_line(meta.get("content", ""))
            ):
                return name
        found = next(self.root.iter("title"), None)
        return text_of(found) if found is not None else ""


def read_document(body: bytes, content_type: str, url: str) -> PageTree | None:
    """Parses a page; None for what has no element.

    Args:
        body: Its bytes.
        content_type: The server's header.
        url: Its URL.
    """
    text = mend_nesting(decode_page(body, content_type)[:_MAX_LENGTH].replace("\x00", ""))
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if root is None:
        return None
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    base = next((absolute_url(each.get("href", ""), url) for each in root.iter("base")), "")
    language = root.get("lang", "") or _meta_language(root)
    return PageTree(root, url, base or url, language, _lengths(root))


def _lengths(root: Element) -> dict[Element, int]:
    lengths: dict[Element, int] = {}
    for element in reversed(list(root.iter("*"))):  # children come before what they are in
        own = len((element.text or "").strip())
        lengths[element] = own + sum(
            lengths[child] + len((child.tail or "").strip()) for child in element
        )
    return lengths


def _meta_language(root: Element) -> str:
    for meta in root.iter("meta"):
        if str(meta.get("http-equiv", "")).lower() == "content-language":
            return str(meta.get("content", "")).partition(",")[0].strip()
    return ""


def text_of(element: Element) -> str:
    """Returns an element's text as one clean line; blocks are parted by a space."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BLOCKS:
            parts.append(" ")
        parts.append((node.text if event == "start" else node is not element and node.tail) or "")
    return clean_line(_ICONS.sub(" ", "".join(parts)))


def is_block(element: Element) -> bool:
    """Tells if an element begins a new line."""
    return element.tag in _BLOCKS


def names_of(element: Element) -> str:
    """Returns an element's classes and id, in small letters."""
    return f"{element.get('class', '')} {element.get('id', '')}".lower()
