"""The text of one XML element: plain, escaped HTML, or elements of HTML's."""

from __future__ import annotations

from html import escape

from lxml import etree

from adapters.sources.feed.fast_xml_elements import NeedsFeedparserError
from adapters.sources.feed.model import Markup, MarkupKind

_XML_SPACE = " \t\r\n"
_KINDS = {
    "text": MarkupKind.PLAIN,
    "plain": MarkupKind.PLAIN,
    "text/plain": MarkupKind.PLAIN,
    "html": MarkupKind.HTML,
    "text/html": MarkupKind.HTML,
    "xhtml": MarkupKind.HTML,
    "application/xhtml+xml": MarkupKind.HTML,
}


def text_of(element: etree._Element) -> str:
    """Returns the text of an element that may hold nothing else.

    Raises:
        NeedsFeedparserError: It holds elements.
    """
    if len(element):
        raise NeedsFeedparserError(f"markup in {element.tag}")
    return (element.text or "").strip()


def markup(element: etree._Element, base: str, kind: MarkupKind) -> Markup:
    """Returns the text of an element.

    Args:
        element: The element; elements in it are taken for HTML's.
        base: The base of URLs in it.
        kind: Of a text that does not say its own.

    Raises:
        NeedsFeedparserError: Its encoding or type is one that only feedparser reads.
    """
    if element.keys():
        kind = _declared_kind(element) or kind
    if len(element):
        return Markup(_inner_html(element), MarkupKind.HTML, base)
    return Markup((element.text or "").strip(_XML_SPACE), kind, base)


def _declared_kind(element: etree._Element) -> MarkupKind | None:
    if element.get("mode", "").lower() == "base64" or "base" in element.attrib:
        raise NeedsFeedparserError("an encoded text, or one with a base that is not XML's")
    if not (written := element.get("type", "").lower()):
        return None
    kind = _KINDS.get(written)
    if kind is None:
        raise NeedsFeedparserError(f"a text of type {written}")
    # Atom 0.3 calls all text plain, and means that it is no markup of the feed's own.
    return MarkupKind.UNSPECIFIED if "mode" in element.attrib and kind is MarkupKind.PLAIN else kind


def _inner_html(element: etree._Element) -> str:
    """Returns what stands in an element as HTML, the elements without their namespaces."""
    for inner in element.iterdescendants("*"):
        inner.tag = inner.tag.rpartition("}")[2]
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return escape(element.text or "", quote=False) + "".join(parts)
