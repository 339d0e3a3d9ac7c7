"""Reads the elements of one item of an ordinary feed."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from adapters.sources.feed.fast_xml_elements import (
    FEEDPARSER_NAMES,
    FEEDPARSER_PREFIXES,
    IGNORED_NAMESPACES,
    MEANINGS,
    RDF,
    XML,
    NeedsFeedparserError,
)
from adapters.sources.feed.links import absolute, is_address
from adapters.sources.feed.model import Markup, MarkupKind, Media, RawItem

_KINDS = {
    None: MarkupKind.UNSAID,
    "text": MarkupKind.PLAIN,
    "plain": MarkupKind.PLAIN,
    "text/plain": MarkupKind.PLAIN,
    "html": MarkupKind.HTML,
    "text/html": MarkupKind.HTML,
}
_XHTML = frozenset(("xhtml", "application/xhtml+xml"))
_XHTML_TAG = "{http://www.w3.org/1999/xhtml}"
_HTML_LINKS = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))
_NUMBER = re.compile(r"\s*([0-9]{1,5})")


def text_of(element: etree._Element) -> str:
    """The text of an element that may hold nothing else.

    Raises:
        NeedsFeedparserError: It holds elements.
    """
    if len(element):
        raise NeedsFeedparserError(f"markup in {element.tag}")
    return (element.text or "").strip()


def markup(element: etree._Element, base: str, unsaid: MarkupKind = MarkupKind.UNSAID) -> Markup:
    """The text of an element with how it is meant; `unsaid` where the element does not say it.

    Raises:
        NeedsFeedparserError: It is written in a way that feedparser alone reads.
    """
    said = element.get("type")
    if "mode" in element.attrib or "base" in element.attrib:
        raise NeedsFeedparserError("an encoded text")
    if said and said.lower() in _XHTML:
        return Markup(_inner(element), MarkupKind.HTML, base)
    kind = _KINDS.get(said.lower() if said else None)
    if kind is None:
        raise NeedsFeedparserError(f"a text of type {said}")
    return Markup(text_of(element), unsaid if kind is MarkupKind.UNSAID else kind, base)


def _inner(element: etree._Element) -> str:
    """XHTML as HTML: its elements, without their namespace."""
    for inner in element.iterdescendants("*"):
        if inner.prefix is not None or not str(inner.tag).startswith(_XHTML_TAG):
            raise NeedsFeedparserError("XHTML with a prefix")
        inner.tag = str(inner.tag).removeprefix(_XHTML_TAG)
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return (element.text or "") + "".join(parts)


class ItemReader:
    """Reads items.

    Args:
        url: Where the feed was found.
        has_base: True when elements of the feed may say what addresses in them are relative to.
    """

    def __init__(self, url: str, *, has_base: bool) -> None:
        self._url = url
        self._has_base = has_base
        self._silent: set[str] = set()
        self._by_tag: dict[str, Callable[[etree._Element, RawItem], None] | None] = {
            tag: None if meaning == "nothing" else getattr(self, f"_{meaning}")
            for tag, meaning in MEANINGS.items()
        }

    def read(self, element: etree._Element) -> RawItem:
        """One item.

        Raises:
            NeedsFeedparserError: It holds something that only feedparser reads as it is meant.
        """
        if "base" in element.attrib or "href" in element.attrib or "lastmod" in element.attrib:
            raise NeedsFeedparserError("an item with unusual attributes")
        item = RawItem(
            guid=element.get(RDF + "about", ""),
            language=element.get(XML + "lang", ""),
        )
        for child in element:
            self._child(child, item)
        return item

    def _base(self, element: etree._Element) -> str:
        return (element.base or self._url) if self._has_base else self._url

    def _child(self, child: etree._Element, item: RawItem) -> None:
        read = self._by_tag.get(child.tag, self._pass_over)
        if read is not None:
            read(child, item)

    def _pass_over(self, child: etree._Element, _item: RawItem) -> None:
        self._unknown(child)

    def _unknown(self, child: etree._Element) -> None:
        """Passes over what means nothing; only a name of feedparser's own can be more than that."""
        tag = str(child.tag)
        if tag not in self._silent:
            self._check_silent(tag, child.prefix)
        for inner in child:
            if inner.tag in MEANINGS:
                raise NeedsFeedparserError(f"{inner.tag} in {tag}")
            self._unknown(inner)

    def _check_silent(self, tag: str, prefix: str | None) -> None:
        namespace, brace, name = tag.rpartition("}")
        if not brace and name.lower() in FEEDPARSER_NAMES:
            raise NeedsFeedparserError(f"{tag} in an item")
        known = (prefix or "").lower() in FEEDPARSER_PREFIXES or not prefix
        if brace and known and namespace + brace not in IGNORED_NAMESPACES:
            raise NeedsFeedparserError(f"{tag} with the prefix {prefix}")
        self._silent.add(tag)

    def _title(self, child: etree._Element, item: RawItem) -> None:
        item.titles.append(markup(child, self._base(child)))

    def _late_title(self, child: etree._Element, item: RawItem) -> None:
        item.late_titles.append(markup(child, self._base(child)))

    def _description(self, child: etree._Element, item: RawItem) -> None:
        item.descriptions.append(markup(child, self._base(child)))

    def _subtitle(self, child: etree._Element, item: RawItem) -> None:
        item.late_descriptions.append(markup(child, self._base(child)))

    def _caption(self, child: etree._Element, item: RawItem) -> None:
        item.captions.append(markup(child, self._base(child)))

    def _content(self, child: etree._Element, item: RawItem) -> None:
        if "src" not in child.attrib:
            item.contents.append(markup(child, self._base(child)))

    def _encoded(self, child: etree._Element, item: RawItem) -> None:
        item.contents.append(markup(child, self._base(child), MarkupKind.HTML))

    def _link(self, child: etree._Element, item: RawItem) -> None:
        if child.attrib:
            raise NeedsFeedparserError("a link with attributes")
        item.link = absolute(text_of(child), self._base(child)) or item.link

    def _original_link(self, child: etree._Element, item: RawItem) -> None:
        item.original_link = absolute(text_of(child), self._base(child))

    def _atom_link(self, child: etree._Element, item: RawItem) -> None:
        address = absolute(child.get("href", ""), self._base(child))
        relation = child.get("rel", "alternate").lower()
        kind = child.get("type", "").lower()
        if "href" not in child.attrib:
            raise NeedsFeedparserError("an Atom link without an address")
        if relation == "alternate" and kind in _HTML_LINKS:
            item.link = address or item.link
        elif relation == "enclosure" and address:
            item.enclosures.append(Media(address, kind))

    def _guid(self, child: etree._Element, item: RawItem) -> None:
        text = text_of(child)
        item.guid = text or item.guid
        said = child.get("isPermaLink", "").lower()
        if said == "true" or (said != "false" and is_address(text)):
            item.guid_link = item.guid_link or absolute(text, self._base(child))

    def _published(self, child: etree._Element, item: RawItem) -> None:
        item.published.insert(0, text_of(child))

    def _created(self, child: etree._Element, item: RawItem) -> None:
        item.created.append(text_of(child))

    def _updated(self, child: etree._Element, item: RawItem) -> None:
        item.updated.insert(0, text_of(child))

    def _author(self, child: etree._Element, item: RawItem) -> None:
        if len(child):
            self._person(child, item)
        else:
            item.authors.append(text_of(child))

    def _person(self, child: etree._Element, item: RawItem) -> None:
        parts = {str(part.tag).rpartition("}")[2]: text_of(part) for part in child}
        if not parts:
            item.authors.append(text_of(child))
        item.authors.append(parts.get("name") or parts.get("email") or "")

    def _category(self, child: etree._Element, item: RawItem) -> None:
        item.categories.append(child.get("label") or text_of(child) or child.get("term", ""))

    def _atom_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories.append(child.get("label") or child.get("term") or text_of(child))

    def _itunes_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories += [each.get("text", "") for each in child.iter("*")]

    def _keywords(self, child: etree._Element, item: RawItem) -> None:
        item.categories += text_of(child).split(",")

    def _language(self, child: etree._Element, item: RawItem) -> None:
        item.language = text_of(child) or item.language

    def _enclosure(self, child: etree._Element, item: RawItem) -> None:
        address = absolute(child.get("url") or child.get("href") or "", self._base(child))
        if address:
            item.enclosures.append(Media(address, child.get("type", "").lower()))

    def _picture(self, child: etree._Element, item: RawItem) -> None:
        inner = child.find("{*}url")
        address = text_of(child) if inner is None and not len(child) else ""
        address = text_of(inner) if inner is not None else address or child.get("href", "")
        if found := absolute(address, self._base(child)):
            item.media.append(Media(found, "image"))

    def _artwork(self, child: etree._Element, item: RawItem) -> None:
        address = child.get("href") or child.get("url") or text_of(child)
        if found := absolute(address, self._base(child)):
            item.artwork.append(Media(found, "image"))

    def _media_group(self, child: etree._Element, item: RawItem) -> None:
        for inner in child:
            self._child(inner, item)

    def _media(self, child: etree._Element, item: RawItem) -> None:
        kind = (child.get("type") or child.get("medium") or "").lower()
        if address := absolute(child.get("url", ""), self._base(child)):
            item.media.append(Media(address, kind, *_size(child)))
        for inner in child:
            self._child(inner, item)

    def _thumbnail(self, child: etree._Element, item: RawItem) -> None:
        address = absolute(child.get("url") or text_of(child), self._base(child))
        if address:
            item.media.append(Media(address, "thumbnail", *_size(child)))


def _size(element: etree._Element) -> tuple[int, int]:
    width, height = (_NUMBER.match(element.get(name, "")) for name in ("width", "height"))
    return int(width[1]) if width else 0, int(height[1]) if height else 0
