"""Reads with feedparser, which knows every format, the feeds that `fast_xml` cannot read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape
from time import struct_time
from typing import Any

import feedparser

from adapters.sources.feed.dates import from_struct_time, parse_date
from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.media_fields import bytes_of, seconds_of
from adapters.sources.feed.model import (
    RELATED,
    Markup,
    MarkupKind,
    Media,
    RawFeed,
    RawItem,
    read_each,
)
from adapters.sources.feed.repair import split_items
from adapters.sources.feed.update_interval import update_interval
from bot.errors import SourceError

_KINDS = {
    "text/plain": MarkupKind.PLAIN,
    "text/html": MarkupKind.HTML,
    "application/xhtml+xml": MarkupKind.HTML,
}
_INTERVALS = ("ttl", "sy_updateperiod", "sy_updatefrequency")
# What RSS resolves the links of its items by; the first element of that name in a channel.
_CHANNEL_LINK = re.compile(
    r"<channel\b(?:(?!<item\b).){0,5000}?<link>\s*(?:<!\[CDATA\[)?\s*(?P<link>[^<\s]{1,2000})",
    re.DOTALL | re.IGNORECASE,
)
_MAX_ATTEMPTS = 100  # to read a document or a part of it
_Parsed = Mapping[str, Any]


def read_with_feedparser(text: str, url: str) -> RawFeed | None:
    """Parses a document with feedparser; None when that finds no feed.

    Where feedparser itself trips over an item, the others are read without it.

    Raises:
        SourceError: It cannot be read at all.
    """
    return _EntryReader(url).read(text)


class _EntryReader:
    """Reads a document; where that fails, its halves, down to the items that cannot be read.

    Args:
        url: The document's URL.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._attempts = 0

    def read(self, text: str) -> RawFeed | None:
        self._attempts += 1
        try:
            return _parse(text, self._url)
        except Exception as error:
            halves = split_items(text) if self._attempts < _MAX_ATTEMPTS else None
            feeds = [self._read_half(half) for half in halves or ()]
            items = [item for feed in feeds for item in feed.items]
            if all(item.unreadable for item in items):
                raise SourceError(f"it cannot be read ({type(error).__name__})") from error
        return replace(feeds[0] if feeds[0].title else feeds[1], items=items)

    def _read_half(self, text: str) -> RawFeed:
        try:
            return self.read(text) or RawFeed()
        except SourceError:
            return RawFeed(items=[RawItem(unreadable=1)])


def _parse(text: str, url: str) -> RawFeed | None:
    channel = _CHANNEL_LINK.search(text)
    url = (absolute_url(unescape(channel["link"]), url) if channel else "") or url
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    # A stream, since feedparser takes a text for an address or the name of a file.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    found = feedparser.parse(stream, response_headers=headers, sanitize_html=False)
    if not found.entries and not found.get("version") and not found.feed.get("title"):
        return None
    is_atom = str(found.get("version")).startswith("atom")
    texts = MarkupKind.UNSPECIFIED if is_atom else MarkupKind.LIKELY_HTML
    return RawFeed(
        title=_markup(found.feed, "title"),
        link=absolute_url(_text(found.feed, "link"), url),
        language=_text(found.feed, "language"),
        items=read_each(found.entries, lambda entry: _item(entry, url, texts)),
        problems=[_problem(found)] if found.bozo else [],
        update_interval=update_interval(*(_text(found.feed, name) for name in _INTERVALS)),
        hubs=_links(found.feed, "hub", url),
        self_link=next(iter(_links(found.feed, "self", url)), ""),
        icons=_icons(found.feed, url),
    )


def _links(feed: _Parsed, relation: str, url: str) -> list[str]:
    links = (link for link in _list(feed, "links") if link.get("rel") == relation)
    return [absolute_url(_text(link, "href"), url) for link in links]


def _icons(feed: _Parsed, url: str) -> dict[str, str]:
    written = {name: _text(feed, name) for name in ("icon", "logo")}
    image = feed.get("image")
    if isinstance(image, Mapping):
        written["image"] = _text(image, "href") or _text(image, "url")
    return {name: absolute_url(each, url) for name, each in written.items()}


def _problem(found: _Parsed) -> str:
    reason = " ".join(str(found.get("bozo_exception", "")).split())
    return f"it is malformed: {reason[:200]}" if reason else "it is malformed"


def _item(entry: _Parsed, url: str, texts: MarkupKind) -> RawItem:
    """Reads an item; `texts` is the kind of those that do not say theirs."""
    item = RawItem(
        guid=_text(entry, "id"),
        original_link=absolute_url(_text(entry, "feedburner_origlink"), url),
        titles=_as_list(_markup(entry, "title")),
        descriptions=_as_list(_markup(entry, "summary", texts)),
        fallback_descriptions=_as_list(_markup(entry, "subtitle", texts)),
        contents=[_markup_of(content, texts) for content in _list(entry, "content")],
        published=_dates(entry, "published"),
        updated=_dates(entry, "updated"),
        created=_dates(entry, "created"),
        authors=[_name(author) for author in _list(entry, "authors")],
        categories=[_tag(tag) for tag in _list(entry, "tags")],
        duration=seconds_of(_text(entry, "itunes_duration")),
        language=_language(entry),
    )
    if not any(item.authors):
        item.authors = [_text(entry, "author")]
    item.link = item.link_to(_written_link(entry), absolute_url(_text(entry, "link"), url))
    _add_media(item, entry, url)
    return item


def _written_link(entry: _Parsed) -> str:
    """Returns the item's link, as feedparser resolved it; `?` where that was not possible."""
    return _text(entry, "link") or ("?" if "link" in entry.keys() else "")  # noqa: SIM118 - as below


def _add_media(item: RawItem, entry: _Parsed, url: str) -> None:
    for each in _list(entry, "media_content"):
        item.media += _media(each, _text(each, "type") or _text(each, "medium"), url)
    for each in _list(entry, "media_thumbnail"):
        item.media += _media(each, "thumbnail", url)
    for each in _list(entry, "links"):
        if each.get("rel") == "enclosure":
            item.enclosures += _media(each, _text(each, "type"), url)
        elif each.get("rel") in RELATED:
            item.related_link = item.related_link or absolute_url(_text(each, "href"), url)
    image = entry.get("image")
    if isinstance(image, Mapping):
        item.artwork += _media(image, "image", url)


def _media(found: Any, kind: str, url: str) -> list[Media]:
    if not isinstance(found, Mapping):
        return []
    address = absolute_url(_text(found, "url") or _text(found, "href"), url)
    sizes = (_text(found, name) for name in ("width", "height"))
    width, height = (int(size[:5]) if size[:5].isdecimal() else 0 for size in sizes)
    length = bytes_of(_text(found, "length") or _text(found, "filesize"))
    duration = seconds_of(_text(found, "duration"))
    return [Media(address, kind.lower(), width, height, length, duration)] if address else []


def _dates(entry: _Parsed, name: str) -> list[str]:
    """Returns the date as written; one that `parse_date` cannot read, as feedparser read it."""
    if name not in entry.keys():  # noqa: SIM118 - `in entry` says yes for what it makes up
        return []
    written = _text(entry, name)
    if parse_date(written):
        return [written]
    moment = entry.get(f"{name}_parsed")
    date = from_struct_time(moment) if isinstance(moment, struct_time) else None
    return [date.isoformat()] if date else []


def _markup(
    entry: _Parsed, name: str, unsaid: MarkupKind = MarkupKind.UNSPECIFIED
) -> Markup | None:
    detail = entry.get(f"{name}_detail")
    text = _text(entry, name)
    if isinstance(detail, Mapping) and text and text == _text(detail, "value"):
        return _markup_of(detail, unsaid)
    return Markup(text, unsaid) if text else None


def _markup_of(detail: _Parsed, unsaid: MarkupKind) -> Markup:
    kind = _KINDS.get(_text(detail, "type"), unsaid)
    if kind is MarkupKind.PLAIN:
        kind = unsaid  # feedparser says so of all that it does not know to be HTML
    return Markup(_text(detail, "value"), kind, _text(detail, "base"))


def _as_list(markup: Markup | None) -> list[Markup]:
    return [markup] if markup else []


def _name(author: _Parsed) -> str:
    return _text(author, "name") or _text(author, "email")


def _tag(tag: _Parsed) -> str:
    return _text(tag, "label") or _text(tag, "term")


def _language(entry: _Parsed) -> str:
    details: Iterable[Any] = (entry.get("title_detail"), *_list(entry, "content"))
    languages = (_text(each, "language") for each in details if isinstance(each, Mapping))
    return next((language for language in languages if language), "")


def _text(entry: _Parsed, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _list(entry: _Parsed, name: str) -> list[Any]:
    value = entry.get(name)
    return value if isinstance(value, list) else []
