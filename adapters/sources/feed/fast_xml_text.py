"""The text of one XML element: plain, escaped HTML or XHTML."""

from __future__ import annotations

from lxml import etree

from adapters.sources.feed.fast_xml_elements import NeedsFeedparserError
from adapters.sources.feed.model import Markup, MarkupKind

_KINDS = {
    None: MarkupKind.UNSPECIFIED,
    "text": MarkupKind.PLAIN,
    "plain": MarkupKind.PLAIN,
    "text/plain": MarkupKind.PLAIN,
    "html": MarkupKind.HTML,
    "text/html": MarkupKind.HTML,
}
_XHTML = frozenset(("xhtml", "application/xhtml+xml"))
_XHTML_TAG = "{http://www.w3.org/1999/xhtml}"


def text_of(element: etree._Element) -> str:
    """Returns the text of an element that may hold nothing else.

    Raises:
        NeedsFeedparserError: It holds elements.
    """
    if len(element):
        raise NeedsFeedparserError(f"markup in {element.tag}")
    return (element.text or "").strip()


def markup(
    element: etree._Element, base: str, default_kind: MarkupKind = MarkupKind.UNSPECIFIED
) -> Markup:
    """Returns the text of an element and its kind, of which `default_kind` is the default.

    Raises:
        NeedsFeedparserError: Its encoding or type is one that only feedparser reads.
    """
    type_attribute = element.get("type")
    if "mode" in element.attrib or "base" in element.attrib:
        raise NeedsFeedparserError("an encoded text")
    if type_attribute and type_attribute.lower() in _XHTML:
        return Markup(_xhtml_as_html(element), MarkupKind.HTML, base)
    kind = _KINDS.get(type_attribute.lower() if type_attribute else None)
    if kind is None:
        raise NeedsFeedparserError(f"a text of type {type_attribute}")
    return Markup(text_of(element), default_kind if kind is MarkupKind.UNSPECIFIED else kind, base)


def _xhtml_as_html(element: etree._Element) -> str:
    """Returns XHTML as HTML, its elements without their namespace."""
    for inner in element.iterdescendants("*"):
        if inner.prefix is not None or not str(inner.tag).startswith(_XHTML_TAG):
            raise NeedsFeedparserError("XHTML with a prefix")
        inner.tag = str(inner.tag).removeprefix(_XHTML_TAG)
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return (element.text or "") + "".join(parts)
