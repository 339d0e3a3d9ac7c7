"""Reads the items of an ordinary feed, element by element; see `fast_xml`."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from adapters.sources.feed.fast_xml_elements import (
    FEEDPARSER_NAMES,
    FEEDPARSER_PREFIXES,
    IGNORED_NAMESPACES,
    ITEM_ELEMENTS,
    RDF,
    XML,
    NeedsFeedparserError,
)
from adapters.sources.feed.fast_xml_text import markup, text_of
from adapters.sources.feed.links import absolute_url, is_http_url
from adapters.sources.feed.model import MarkupKind, Media, RawItem

_HTML_LINKS = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))
_NUMBER = re.compile(r"\s*([0-9]{1,5})")


class ItemReader:
    """Reads items; `_read_x` reads what `ITEM_ELEMENTS` calls `x`.

    Args:
        url: The feed's URL.
        has_base: True when `xml:base` stands anywhere in the feed.
    """

    def __init__(self, url: str, *, has_base: bool) -> None:
        self._url = url
        self._has_base = has_base
        self._ignorable: set[str] = set()
        self._by_tag: dict[str, Callable[[etree._Element, RawItem], None] | None] = {
            tag: None if meaning == "nothing" else getattr(self, f"_read_{meaning}")
            for tag, meaning in ITEM_ELEMENTS.items()
        }

    def read(self, element: etree._Element) -> RawItem:
        """Reads one item.

        Raises:
            NeedsFeedparserError: It holds something that only feedparser reads correctly.
        """
        if "base" in element.attrib or "href" in element.attrib or "lastmod" in element.attrib:
            raise NeedsFeedparserError("an item with unusual attributes")
        item = RawItem(
            guid=element.get(RDF + "about", ""),
            language=element.get(XML + "lang", ""),
        )
        for child in element:
            self._read_child(child, item)
        return item

    def _base(self, element: etree._Element) -> str:
        return (element.base or self._url) if self._has_base else self._url

    def _read_child(self, child: etree._Element, item: RawItem) -> None:
        read = self._by_tag.get(child.tag, self._skip_child)
        if read is None:
            return
        try:
            read(child, item)
        except NeedsFeedparserError:
            raise
        except Exception:  # noqa: BLE001 - one odd element costs itself, not the feed
            item.unreadable += 1

    def _skip_child(self, child: etree._Element, _item: RawItem) -> None:
        self._skip(child)

    def _skip(self, child: etree._Element) -> None:
        """Skips an element without meaning to us, unless feedparser has one for it."""
        tag = str(child.tag)
        if tag not in self._ignorable:
            self._check_ignorable(tag, child.prefix)
        for inner in child:
            if inner.tag in ITEM_ELEMENTS:
                raise NeedsFeedparserError(f"{inner.tag} in {tag}")
            self._skip(inner)

    def _check_ignorable(self, tag: str, prefix: str | None) -> None:
        namespace, brace, name = tag.rpartition("}")
        if not brace and name.lower() in FEEDPARSER_NAMES:
            raise NeedsFeedparserError(f"{tag} in an item")
        known = (prefix or "").lower() in FEEDPARSER_PREFIXES or not prefix
        if brace and known and namespace + brace not in IGNORED_NAMESPACES:
            raise NeedsFeedparserError(f"{tag} with the prefix {prefix}")
        self._ignorable.add(tag)

    def _read_title(self, child: etree._Element, item: RawItem) -> None:
        item.titles.append(markup(child, self._base(child)))

    def _read_late_title(self, child: etree._Element, item: RawItem) -> None:
        item.fallback_titles.append(markup(child, self._base(child)))

    def _read_description(self, child: etree._Element, item: RawItem) -> None:
        item.descriptions.append(markup(child, self._base(child), MarkupKind.LIKELY_HTML))

    def _read_summary(self, child: etree._Element, item: RawItem) -> None:
        item.descriptions.append(markup(child, self._base(child)))

    def _read_subtitle(self, child: etree._Element, item: RawItem) -> None:
        item.fallback_descriptions.append(markup(child, self._base(child), MarkupKind.LIKELY_HTML))

    def _read_caption(self, child: etree._Element, item: RawItem) -> None:
        item.captions.append(markup(child, self._base(child)))

    def _read_content(self, child: etree._Element, item: RawItem) -> None:
        if "src" not in child.attrib:
            item.contents.append(markup(child, self._base(child)))

    def _read_encoded(self, child: etree._Element, item: RawItem) -> None:
        item.contents.append(markup(child, self._base(child), MarkupKind.HTML))

    def _read_link(self, child: etree._Element, item: RawItem) -> None:
        if child.attrib:
            raise NeedsFeedparserError("a link with attributes")
        written = text_of(child)
        item.link = item.link_to(written, absolute_url(written, self._base(child))) or item.link

    def _read_original_link(self, child: etree._Element, item: RawItem) -> None:
        item.original_link = absolute_url(text_of(child), self._base(child))

    def _read_atom_link(self, child: etree._Element, item: RawItem) -> None:
        address = absolute_url(child.get("href", ""), self._base(child))
        relation = child.get("rel", "alternate").lower()
        kind = child.get("type", "").lower()
        if "href" not in child.attrib:
            raise NeedsFeedparserError("an Atom link without an address")
        if relation == "alternate" and kind in _HTML_LINKS:
            item.link = item.link_to(child.get("href", ""), address) or item.link
        elif relation == "enclosure" and address:
            item.enclosures.append(Media(address, kind))

    def _read_guid(self, child: etree._Element, item: RawItem) -> None:
        text = text_of(child)
        item.guid = text or item.guid
        type_attribute = child.get("isPermaLink", "").lower()
        if type_attribute == "true" or (type_attribute != "false" and is_http_url(text)):
            item.permalink = item.permalink or absolute_url(text, self._base(child))

    def _read_published(self, child: etree._Element, item: RawItem) -> None:
        item.published.insert(0, text_of(child))

    def _read_created(self, child: etree._Element, item: RawItem) -> None:
        item.created.append(text_of(child))

    def _read_updated(self, child: etree._Element, item: RawItem) -> None:
        item.updated.insert(0, text_of(child))

    def _read_author(self, child: etree._Element, item: RawItem) -> None:
        if len(child):
            self._read_person(child, item)
        else:
            item.authors.append(text_of(child))

    def _read_person(self, child: etree._Element, item: RawItem) -> None:
        parts = {str(part.tag).rpartition("}")[2]: text_of(part) for part in child}
        if not parts:
            item.authors.append(text_of(child))
        item.authors.append(parts.get("name") or parts.get("email") or "")

    def _read_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories.append(child.get("label") or text_of(child) or child.get("term", ""))

    def _read_atom_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories.append(child.get("label") or child.get("term") or text_of(child))

    def _read_itunes_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories += [each.get("text", "") for each in child.iter("*")]

    def _read_keywords(self, child: etree._Element, item: RawItem) -> None:
        item.categories += text_of(child).split(",")

    def _read_language(self, child: etree._Element, item: RawItem) -> None:
        item.language = text_of(child) or item.language

    def _read_enclosure(self, child: etree._Element, item: RawItem) -> None:
        address = absolute_url(child.get("url") or child.get("href") or "", self._base(child))
        if address:
            item.enclosures.append(Media(address, child.get("type", "").lower()))

    def _read_picture(self, child: etree._Element, item: RawItem) -> None:
        inner = child.find("{*}url")
        address = text_of(child) if inner is None and not len(child) else ""
        address = text_of(inner) if inner is not None else address or child.get("href", "")
        if found := absolute_url(address, self._base(child)):
            item.media.append(Media(found, "image"))

    def _read_artwork(self, child: etree._Element, item: RawItem) -> None:
        address = child.get("href") or child.get("url") or text_of(child)
        if found := absolute_url(address, self._base(child)):
            item.artwork.append(Media(found, "image"))

    def _read_media_group(self, child: etree._Element, item: RawItem) -> None:
        for inner in child:
            self._read_child(inner, item)

    def _read_media(self, child: etree._Element, item: RawItem) -> None:
        kind = (child.get("type") or child.get("medium") or "").lower()
        if address := absolute_url(child.get("url", ""), self._base(child)):
            item.media.append(Media(address, kind, *_size(child)))
        for inner in child:
            self._read_child(inner, item)

    def _read_thumbnail(self, child: etree._Element, item: RawItem) -> None:
        address = absolute_url(child.get("url") or text_of(child), self._base(child))
        if address:
            item.media.append(Media(address, "thumbnail", *_size(child)))


def _size(element: etree._Element) -> tuple[int, int]:
    width, height = (_NUMBER.match(element.get(name, "")) for name in ("width", "height"))
    return int(width[1]) if width else 0, int(height[1]) if height else 0
