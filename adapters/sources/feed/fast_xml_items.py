"""Reads the items of a feed, element by element; see `fast_xml`."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from adapters.sources.feed.fast_xml_elements import (
    RDF,
    XML,
    NeedsFeedparserError,
    local_name,
    meaning_of,
)
from adapters.sources.feed.fast_xml_text import markup, text_of
from adapters.sources.feed.html_text import one_line
from adapters.sources.feed.links import absolute_url, is_http_url
from adapters.sources.feed.media_fields import bytes_of, seconds_of
from adapters.sources.feed.model import RELATED, MarkupKind, Media, RawItem, relation_of

_HTML_LINKS = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))
_PICTURE_PARTS = frozenset("url title link description width height".split())
_NUMBER = re.compile(r"\s*([0-9]{1,5})")

_Read = Callable[[etree._Element, RawItem], None]  # noqa: SLF001 - lxml's only name of an element


class ItemReader:
    """Reads items; `_read_x` reads what `meaning_of` calls `x`.

    Args:
        url: The feed's URL.
        has_base: True when `xml:base` stands anywhere in the feed.
        kind: Of texts that do not say theirs.
    """

    def __init__(self, url: str, *, has_base: bool, kind: MarkupKind) -> None:
        self._url = url
        self._has_base = has_base
        self._kind = kind
        self._by_tag: dict[str, _Read] = {}
        self._inside: list[RawItem] = []  # of unknown elements of the item that is being read

    def read(self, element: etree._Element) -> RawItem:
        """Reads one item.

        Raises:
            NeedsFeedparserError: It holds something that only feedparser reads correctly.
        """
        item = RawItem()
        self._inside.clear()
        if element.keys():
            self._read_attributes(element, item)
        self._read_children(element, item)
        for inside in self._inside:
            if inside.guid and ":" not in item.guid:
                raise NeedsFeedparserError("several ids, relative ones among them")
            item.fill_from(inside)
        return item

    def _read_attributes(self, element: etree._Element, item: RawItem) -> None:
        if "base" in element.attrib or "href" in element.attrib or "lastmod" in element.attrib:
            raise NeedsFeedparserError("an item with unusual attributes")
        item.guid = element.get(RDF + "about", "")
        item.language = element.get(XML + "lang", "")

    def _base(self, element: etree._Element) -> str:
        return (element.base or self._url) if self._has_base else self._url

    def _read_children(self, element: etree._Element, item: RawItem) -> None:
        by_tag = self._by_tag
        for child in element:
            tag = child.tag
            read = by_tag.get(tag) or self._reader_of(child)
            try:
                read(child, item)
            except NeedsFeedparserError:
                raise
            except Exception:  # noqa: BLE001 - one odd element costs itself, not the feed
                item.unreadable += 1

    def _reader_of(self, child: etree._Element) -> _Read:
        meaning = meaning_of(child.tag, child.prefix)
        read: _Read = getattr(self, f"_read_{meaning}") if meaning else self._read_unknown
        self._by_tag[child.tag] = read
        return read

    def _read_nothing(self, _child: etree._Element, _item: RawItem) -> None:
        """Reads an element that is no part of a story, whatever is in it."""

    def _read_unknown(self, child: etree._Element, _item: RawItem) -> None:
        """Reads what is known in an unknown element, for an item that says nothing itself."""
        if len(child):
            self._inside.append(RawItem())
            self._read_children(child, self._inside[-1])

    def _read_title(self, child: etree._Element, item: RawItem) -> None:
        item.titles.append(markup(child, self._base(child), MarkupKind.UNSPECIFIED))

    def _read_late_title(self, child: etree._Element, item: RawItem) -> None:
        item.fallback_titles.append(markup(child, self._base(child), MarkupKind.UNSPECIFIED))

    def _read_description(self, child: etree._Element, item: RawItem) -> None:
        item.descriptions.append(markup(child, self._base(child), self._kind))

    def _read_subtitle(self, child: etree._Element, item: RawItem) -> None:
        item.fallback_descriptions.append(markup(child, self._base(child), self._kind))

    def _read_caption(self, child: etree._Element, item: RawItem) -> None:
        item.captions.append(markup(child, self._base(child), MarkupKind.UNSPECIFIED))

    def _read_content(self, child: etree._Element, item: RawItem) -> None:
        if "src" not in child.attrib:
            item.contents.append(markup(child, self._base(child), self._kind))
        elif address := absolute_url(child.get("src", ""), self._base(child)):
            item.related_link = item.related_link or address  # what is told stands there

    def _read_body(self, child: etree._Element, item: RawItem) -> None:
        item.contents.append(markup(child, self._base(child), MarkupKind.HTML))

    def _read_encoded(self, child: etree._Element, item: RawItem) -> None:
        item.contents.append(markup(child, self._base(child), MarkupKind.HTML))

    def _read_link(self, child: etree._Element, item: RawItem) -> None:
        """Reads a link of RSS, a text, or one of Atom, an attribute."""
        if child.keys() and (address := child.get("href") or child.get("url") or child.get("uri")):
            self._read_atom_link(child, address, item)
            return
        if child.keys():
            raise NeedsFeedparserError("a link with attributes and no address in them")
        written = text_of(child)
        item.link = item.link_to(written, absolute_url(written, self._base(child))) or item.link

    def _read_atom_link(self, child: etree._Element, written: str, item: RawItem) -> None:
        address = absolute_url(written, self._base(child))
        relation = relation_of(child.get("rel", ""))
        kind = child.get("type", "").lower()
        if relation == "alternate" and kind in _HTML_LINKS:
            item.link = item.link_to(written, address) or item.link
        elif relation == "enclosure" and address:
            item.enclosures.append(Media(address, kind, length=bytes_of(child.get("length"))))
        elif relation in RELATED:
            item.related_link = item.related_link or address

    def _read_original_link(self, child: etree._Element, item: RawItem) -> None:
        item.original_link = absolute_url(text_of(child), self._base(child))

    def _read_guid(self, child: etree._Element, item: RawItem) -> None:
        text = text_of(child)
        item.guid = text or item.guid
        written = child.get("isPermaLink") or _permalink_of(child)
        permalink = written.lower()
        if permalink == "true" or (permalink != "false" and is_http_url(text)):
            item.permalink = item.permalink or absolute_url(text, self._base(child))

    def _read_relative_id(self, child: etree._Element, item: RawItem) -> None:
        if text := text_of(child):
            address = absolute_url(text, self._base(child))
            item.guid = text if ":" in text else address or text
            item.permalink = item.permalink or address

    def _read_published(self, child: etree._Element, item: RawItem) -> None:
        item.published.insert(0, text_of(child))

    def _read_created(self, child: etree._Element, item: RawItem) -> None:
        item.created.insert(0, text_of(child))

    def _read_updated(self, child: etree._Element, item: RawItem) -> None:
        item.updated.insert(0, text_of(child))

    def _read_author(self, child: etree._Element, item: RawItem) -> None:
        if len(child):
            parts = {str(part.tag).rpartition("}")[2].lower(): text_of(part) for part in child}
            item.authors.append(parts.get("name") or parts.get("email") or "")
        else:
            item.authors.append(text_of(child))

    def _read_late_author(self, child: etree._Element, item: RawItem) -> None:
        if not item.authors:
            item.authors.append(text_of(child))

    def _read_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories.append(child.get("label") or text_of(child) or child.get("term", ""))

    def _read_itunes_category(self, child: etree._Element, item: RawItem) -> None:
        item.categories += [each.get("text", "") for each in child.iter("*")]

    def _read_keywords(self, child: etree._Element, item: RawItem) -> None:
        item.categories += text_of(child).split(",")

    def _read_language(self, child: etree._Element, item: RawItem) -> None:
        item.language = text_of(child) or item.language

    def _read_duration(self, child: etree._Element, item: RawItem) -> None:
        item.duration = seconds_of(child.text) or item.duration

    def _read_enclosure(self, child: etree._Element, item: RawItem) -> None:
        address = absolute_url(child.get("url") or child.get("href") or "", self._base(child))
        if address:
            kind = child.get("type", "").lower()
            item.enclosures.append(Media(address, kind, length=bytes_of(child.get("length"))))

    def _read_picture(self, child: etree._Element, item: RawItem) -> None:
        inner = child.find("{*}url")
        address = text_of(child) if inner is None and not len(child) else ""
        address = text_of(inner) if inner is not None else address or child.get("href", "")
        if found := absolute_url(address, self._base(child)):
            item.media.append(Media(found, "image"))
        if any(local_name(each.tag) not in _PICTURE_PARTS for each in child):
            self._read_unknown(child, item)

    def _read_artwork(self, child: etree._Element, item: RawItem) -> None:
        address = child.get("href") or child.get("url") or text_of(child)
        if found := absolute_url(address, self._base(child)):
            item.artwork.append(Media(found, "image"))

    def _read_media_group(self, child: etree._Element, item: RawItem) -> None:
        self._read_children(child, item)

    def _read_media(self, child: etree._Element, item: RawItem) -> None:
        kind = (child.get("type") or child.get("medium") or "").lower()
        if address := absolute_url(child.get("url", ""), self._base(child)):
            length, duration = bytes_of(child.get("fileSize")), seconds_of(child.get("duration"))
            alt = _words_of(child) if kind.startswith("image") or not kind else ""
            item.media.append(Media(address, kind, *_size(child), length, duration, alt))
        self._read_children(child, item)

    def _read_thumbnail(self, child: etree._Element, item: RawItem) -> None:
        address = absolute_url(child.get("url") or text_of(child), self._base(child))
        if address:
            item.media.append(Media(address, "thumbnail", *_size(child)))


def _permalink_of(guid: etree._Element) -> str:
    """Returns the attribute that says if a guid is an address, however its name is written."""
    return next((value for name, value in guid.items() if name.lower() == "ispermalink"), "")


def _words_of(picture: etree._Element) -> str:
    """Returns what an element of Media RSS says of the picture that it is."""
    if not len(picture):
        return ""
    described, titled = picture.find("{*}description"), picture.find("{*}title")
    found = (each for each in (described, titled) if each is not None)
    texts = (one_line(markup(each, "", MarkupKind.UNSPECIFIED)) for each in found)
    return next(filter(None, texts), "")


def _size(element: etree._Element) -> tuple[int, int]:
    width, height = (_NUMBER.match(element.get(name, "")) for name in ("width", "height"))
    return int(width[1]) if width else 0, int(height[1]) if height else 0
