"""Reads ordinary RSS, RDF and Atom with lxml, which is several times as fast as feedparser.

This reader knows the elements of ordinary feeds (`fast_xml_elements`), and refuses a document with
anything in it that feedparser would read better. `tests/bench/feeds.py` measures both.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from adapters.sources.feed.fast_xml_elements import ATOM, DC, RDF, RSS1, XML, NeedsFeedparserError
from adapters.sources.feed.fast_xml_items import ItemReader
from adapters.sources.feed.fast_xml_text import markup, text_of
from adapters.sources.feed.links import absolute_url, is_http_url
from adapters.sources.feed.model import RawFeed
from adapters.sources.feed.update_interval import SYNDICATION, update_interval


def parse_xml(text: str, url: str) -> etree._Element:
    """Parses a document to a tree; nothing outside it is read.

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
    return etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=url or None)


def read_tree(root: etree._Element, url: str, *, has_base: bool) -> RawFeed:
    """Reads the feed in a tree.

    Args:
        root: The tree.
        url: The document's URL.
        has_base: True when `xml:base` stands anywhere in it.

    Raises:
        NeedsFeedparserError: It holds something that this reader would not read as feedparser does.
    """
    if root.tag == "rss":
        channel = _only_channel(root)
        items = channel.findall("item")
    elif root.tag == ATOM + "feed":
        channel, items = root, root.findall(ATOM + "entry")
    elif root.tag == RDF + "RDF":
        found = root.find(RSS1 + "channel")
        channel, items = root if found is None else found, root.findall(RSS1 + "item")
    else:
        raise NeedsFeedparserError(f"the root is {root.tag}")
    if sum(1 for _ in root.iter("{*}item", "{*}entry")) != len(items):
        raise NeedsFeedparserError("items elsewhere than in their place")
    _check_base((root, channel))
    feed = _read_metadata(root, channel, url, has_base=has_base)
    # RSS says of no base, and means the site; Atom has rules (RFC 4287, 4.2.7: those of xml:base).
    site = url if root.tag == ATOM + "feed" else feed.link or url
    reader = ItemReader(site, has_base=has_base)
    feed.items = [reader.read(item) for item in items]
    return feed


def _only_channel(root: etree._Element) -> etree._Element:
    channel = root.find("channel")
    if channel is None or len(root) != 1:
        raise NeedsFeedparserError("no channel, or more than that")
    return channel


def _check_base(elements: Iterable[etree._Element]) -> None:
    for element in elements:
        if "base" in element.attrib:
            raise NeedsFeedparserError("a base that is not XML's")


_TITLES = frozenset(("title", RSS1 + "title", ATOM + "title", DC + "title"))
_LINKS = frozenset(("link", RSS1 + "link"))
_INTERVALS = ("ttl", SYNDICATION + "updatePeriod", SYNDICATION + "updateFrequency")
_LANGUAGES = frozenset(("language", DC + "language"))


def _read_metadata(
    root: etree._Element, channel: etree._Element, url: str, *, has_base: bool
) -> RawFeed:
    feed = RawFeed(language=root.get(XML + "lang") or channel.get(XML + "lang") or "")
    for child in channel:
        _read_metadata_element(child, feed, (child.base or url) if has_base else url)
    feed.update_interval = update_interval(*(channel.findtext(tag, "") for tag in _INTERVALS))
    return feed


def _read_metadata_element(child: etree._Element, feed: RawFeed, base: str) -> None:
    """Reads an element that is about the feed as a whole."""
    tag = child.tag
    if tag in _TITLES:
        feed.title = feed.title or markup(child, base)
    elif tag in _LINKS:
        feed.link = absolute_url(text_of(child), base) or feed.link
    elif tag in _LANGUAGES:
        feed.language = text_of(child) or feed.language
    elif tag == ATOM + "link" and child.get("rel", "alternate") == "alternate":
        feed.link = feed.link or absolute_url(child.get("href", ""), base)
    elif tag == ATOM + "link" and child.get("rel") == "hub":
        feed.hubs.append(absolute_url(child.get("href", ""), base))
    elif tag == ATOM + "link" and child.get("rel") == "self":
        feed.self_link = feed.self_link or absolute_url(child.get("href", ""), base)
    elif tag == ATOM + "id" and is_http_url(text_of(child)):
        feed.link = feed.link or absolute_url(text_of(child), base)
    elif tag.lower() in {"title", "link", "language"}:
        raise NeedsFeedparserError(f"{tag} is not in small letters")
