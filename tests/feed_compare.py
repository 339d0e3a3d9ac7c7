"""What feedparser finds in a feed, and what of it our own reading lacks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import feedparser

from adapters.sources.feed.html_text import item_text, one_line
from adapters.sources.feed.links import absolute_url, strip_tracking
from adapters.sources.feed.model import Markup, MarkupKind, ParsedFeed, ParsedItem
from adapters.sources.feed.parse import parse_feed
from bot.errors import SourceError

_HEADER = re.compile(rb"Header:\s*([\w-]+):\s*([^\r\n]*)")  # how feedparser's tests give headers


@dataclass(frozen=True, slots=True)
class Miss:
    """A field that feedparser finds and ours lacks.

    Attributes:
        field: Its name.
        theirs: What feedparser has.
        ours: What we have.
    """

    field: str
    theirs: str
    ours: str


def misses(body: bytes, url: str) -> list[Miss]:
    """What our reading of the document lacks; texts are compared word by word."""
    kind, url = _headers(body, url)
    headers = {"content-type": kind, "content-location": url}
    theirs = feedparser.parse(io.BytesIO(body), response_headers=headers)
    try:
        ours = parse_feed(body, kind, url)
    except SourceError as error:
        says_something = theirs.entries or theirs.feed.get("title")
        return [Miss("feed", f"{len(theirs.entries)} items", str(error))] if says_something else []
    return [*_of_feed(theirs, ours), *_of_items(theirs, ours)]


def _headers(body: bytes, url: str) -> tuple[str, str]:
    kind = "application/xml"
    for name, value in _HEADER.findall(body[:3_000]):
        if name.lower() == b"content-type":
            kind = value.decode("latin-1").strip()
        elif name.lower() == b"content-location":
            url = absolute_url(value.decode("latin-1"), url) or url
    return kind, url


def _of_feed(theirs: Any, ours: ParsedFeed) -> Iterator[Miss]:
    yield from _words("feed.title", one_line(Markup(theirs.feed.get("title", ""))), ours.title)
    yield from _link("feed.link", theirs.feed.get("link", ""), ours.link)


def _of_items(theirs: Any, ours: ParsedFeed) -> Iterator[Miss]:
    if len(theirs.entries) != len(ours.items):
        yield Miss("items", str(len(theirs.entries)), str(len(ours.items)))
    for entry, item in zip(theirs.entries, ours.items, strict=False):
        yield from _words("title", one_line(Markup(entry.get("title", ""))), item.title)
        yield from _words("id", entry.get("id", ""), item.guid)
        yield from _link("link", entry.get("link", ""), item.url)
        yield from _texts(entry, item)
        yield from _date(entry, item)
        yield from _names(entry, item)
        yield from _media(entry, item)


def _words(field: str, theirs: str, ours: str) -> Iterator[Miss]:
    if not set(re.findall(r"\w+", theirs.lower())) <= set(re.findall(r"\w+", ours.lower())):
        yield Miss(field, theirs, ours)


def _link(field: str, theirs: str, ours: str | None) -> Iterator[Miss]:
    address = strip_tracking(absolute_url(theirs))
    if address and address != ours:
        yield Miss(field, address, ours or "")


def _texts(entry: Any, item: ParsedItem) -> Iterator[Miss]:
    ours = " ".join([item.summary, *(part.text for part in item.paragraphs), item.caption])
    texts = [entry.get("summary", ""), *(each.value for each in entry.get("content", ()))]
    for text in texts:
        yield from _words("text", item_text(Markup(text, MarkupKind.HTML)).line, ours)


def _date(entry: Any, item: ParsedItem) -> Iterator[Miss]:
    names = ("published", "updated", "created")
    found = (entry.get(f"{name}_parsed") for name in names if name in set(entry.keys()))
    theirs = next((moment for moment in found if moment), None)
    if theirs and (item.published is None or item.published.timetuple()[:6] != theirs[:6]):
        yield Miss("date", str(theirs[:6]), str(item.published))


def _names(entry: Any, item: ParsedItem) -> Iterator[Miss]:
    for author in entry.get("authors", ()):
        name = author.get("name") or author.get("email") or ""
        yield from _words("author", name, " ".join(item.authors))
    for tag in entry.get("tags", ()):
        name = tag.get("label") or tag.get("term") or ""
        yield from _words("category", name, " ".join(item.categories))


def _media(entry: Any, item: ParsedItem) -> Iterator[Miss]:
    for each in entry.get("enclosures", ()):
        address = absolute_url(each.get("href", ""))
        ours = [one.url for one in item.enclosures]
        if address and address not in ours:
            yield Miss("enclosure", address, " ".join(ours))
    for address in map(absolute_url, _pictures(entry)):
        if address and not item.image:
            yield Miss("image", address, "")


def _pictures(entry: Any) -> Iterator[str]:
    for each in entry.get("media_thumbnail", ()):
        yield each.get("url", "")
    for each in entry.get("media_content", ()):
        if "image" in (each.get("medium"), each.get("type", "").partition("/")[0]):
            yield each.get("url", "")
    image = entry.get("image")
    if isinstance(image, dict):
        yield image.get("href", "")
