"""Reads ordinary RSS, RDF and Atom with lxml, which is several times as fast as feedparser.

This reader knows the elements of ordinary feeds (`fast_xml_elements`), and refuses a document with
anything in it that feedparser would read better. `tests/bench/feeds.py` measures both.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from adapters.sources.feed.fast_xml_elements import (
    XML,
    NeedsFeedparserError,
    group_of,
    local_name,
    meaning_of,
)
from adapters.sources.feed.fast_xml_items import ItemReader
from adapters.sources.feed.fast_xml_text import markup, text_of
from adapters.sources.feed.links import absolute_url, is_http_url
from adapters.sources.feed.model import MarkupKind, RawFeed, relation_of
from adapters.sources.feed.update_interval import SYNDICATION, update_interval


def parse_xml(document: bytes, url: str) -> etree._Element:
    """Parses a document to a tree; nothing outside it is read.

    Args:
        document: In UTF-8, whatever it says of itself.
        url: Its URL.

    Raises:
        XMLSyntaxError: It is ill-formed, too large or nested too deeply.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    return etree.fromstring(document, parser, base_url=url or None)


def read_tree(root: etree._Element, url: str) -> RawFeed:
    """Reads the feed in a tree.

    Args:
        root: The tree.
        url: The document's URL.

    Raises:
        NeedsFeedparserError: It holds something that this reader would not read as feedparser does.
    """
    kind = _ROOTS.get(local_name(root.tag))
    if kind is None:
        raise NeedsFeedparserError(f"the root is {root.tag}")
    items = _core_elements(root, "{*}item", "{*}entry")
    containers = [root, *_core_elements(root, "{*}channel")]
    _check_places(items, containers)
    has_base = bool(_HAS_BASE(root))
    feed = RawFeed()
    item_tags = {item.tag for item in items}
    for container in containers:
        feed.language = container.get(XML + "lang") or feed.language
        for child in container:
            if child.tag not in item_tags:
                _read_metadata(child, feed, (child.base or url) if has_base else url)
    feed.link = feed.link or feed.id_link
    feed.update_interval = _update_interval(containers)
    # RSS says of no base, and means the site; Atom has rules (RFC 4287, 4.2.7: those of xml:base).
    site = url if local_name(root.tag) == "feed" else feed.link or url
    reader = ItemReader(site, has_base=has_base, kind=kind)
    feed.items = [reader.read(item) for item in items]
    return feed


_HAS_BASE = etree.XPath("boolean(//@xml:base)")
_ROOTS = {
    "rss": MarkupKind.LIKELY_HTML,
    "rdf": MarkupKind.LIKELY_HTML,
    "feed": MarkupKind.UNSPECIFIED,
}
"""The kind of a description that does not say its own: RSS says that it is HTML, Atom text."""


_ITEM_NAMES = ("item", "entry", "channel")

_ICONS = frozenset(("icon", "logo"))  # of Atom (RFC 4287, 4.2.5 and 4.2.8)
_PICTURES = {"picture": "image", "artwork": "artwork"}

_INTERVALS = ("ttl", SYNDICATION + "updatePeriod", SYNDICATION + "updateFrequency")


def _update_interval(containers: Sequence[etree._Element]) -> float:
    """Returns the seconds between two polls that the feed asks for; 0 for none."""
    said = (next(filter(None, (c.findtext(tag) for c in containers)), "") for tag in _INTERVALS)
    return update_interval(*said)


def _core_elements(root: etree._Element, *names: str) -> list[etree._Element]:
    """Returns those elements of these names that are of RSS or Atom."""
    found = list(root.iter(*names))
    samples = {each.tag: each for each in found}
    core = {tag for tag, sample in samples.items() if not group_of(tag, sample.prefix)}
    return [each for each in found if each.tag in core]


def _check_places(items: Sequence[etree._Element], containers: Sequence[etree._Element]) -> None:
    """Refuses items in items, and feeds of which parts have a base that is not XML's."""
    if any(item.getparent() not in containers for item in items):
        raise NeedsFeedparserError("items elsewhere than in their place")
    if any("base" in each.attrib or "href" in each.attrib for each in containers):
        raise NeedsFeedparserError("a base that is not XML's")


def _check_name(tag: str) -> None:
    """Refuses an item whose name is in capital letters, which feedparser reads."""
    if local_name(tag) in _ITEM_NAMES and not tag.endswith(_ITEM_NAMES):
        raise NeedsFeedparserError("names in capital letters")


def _read_metadata(child: etree._Element, feed: RawFeed, base: str) -> None:
    """Reads an element that is about the feed as a whole."""
    meaning = meaning_of(child.tag, child.prefix)
    if not meaning:
        _check_name(child.tag)
        name = local_name(child.tag)
        if name in _ICONS and not group_of(child.tag, child.prefix):
            feed.icons.setdefault(name, absolute_url(text_of(child), base))
    elif meaning in _PICTURES:
        _read_picture(child, meaning, base, feed)
    elif meaning == "title":
        feed.title = feed.title or markup(child, base, MarkupKind.UNSPECIFIED)
    elif meaning == "language":
        feed.language = text_of(child) or feed.language
    elif meaning == "link" and (address := child.get("href")):
        _read_feed_link(relation_of(child.get("rel", "")), absolute_url(address, base), feed)
    elif meaning == "link":
        feed.link = absolute_url(text_of(child), base) or feed.link
    elif meaning == "relative_id" or (meaning == "guid" and is_http_url(text_of(child))):
        feed.id_link = feed.id_link or absolute_url(text_of(child), base)


def _read_picture(child: etree._Element, meaning: str, base: str, feed: RawFeed) -> None:
    """Reads the picture of a channel (RSS 2.0, `image`), or the cover of a podcast."""
    inner = child.find("{*}url")
    address = child.get("href") or text_of(inner if inner is not None else child)
    if found := absolute_url(address, base):
        feed.icons.setdefault(_PICTURES[meaning], found)


def _read_feed_link(relation: str, address: str, feed: RawFeed) -> None:
    """Reads a link of Atom: to the site, to itself, or to a hub (WebSub, section 4)."""
    if relation == "alternate":
        feed.link = feed.link or address
    elif relation == "self":
        feed.self_link = feed.self_link or address
    elif relation == "hub":
        feed.hubs.append(address)
