"""Parses JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.sources.feed.dates import from_timestamp
from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.media_fields import bytes_of, seconds_of
from adapters.sources.feed.model import (
    Markup,
    MarkupKind,
    Media,
    NotAFeedError,
    RawFeed,
    RawItem,
    read_each,
)
from adapters.sources.feed.wordpress_posts import is_posts, read_posts

_VERSION = "jsonfeed.org/version"


def read_json(text: str, url: str) -> RawFeed:
    """Parses a JSON feed, or a list of posts of WordPress.

    Raises:
        NotAFeedError: It is no JSON, or says something else.
    """
    document, problems = _load(text)
    if is_posts(document):
        return read_posts(document, url)
    if not isinstance(document, dict) or not _is_feed(document):
        raise NotAFeedError("this is JSON, but not a feed")
    home = absolute_url(_text(document, "home_page_url"), url)
    return RawFeed(
        title=Markup(_text(document, "title")),
        link=home,
        language=_text(document, "language"),
        items=read_each(
            _list(document, "items"),
            lambda entry: _item(entry, home or url),
        ),
        problems=problems,
        hubs=list(_hubs(document, url)),
        self_link=absolute_url(_text(document, "feed_url"), url),
        icons={name: absolute_url(_text(document, name), url) for name in ("icon", "favicon")},
    )


def _hubs(document: dict[str, Any], url: str) -> Iterator[str]:
    """Yields its WebSub hubs; there are other types (https://jsonfeed.org/version/1.1)."""
    for hub in _list(document, "hubs"):
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            yield absolute_url(_text(hub, "url"), url)


def _is_feed(document: dict[str, Any]) -> bool:
    """Returns True for a feed; one that says so itself may have no items at all."""
    version = document.get("version")
    if isinstance(version, str) and _VERSION in version:
        return not document.get("items") or isinstance(document["items"], list)
    return isinstance(document.get("items"), list) and "title" in document


def _load(text: str) -> tuple[Any, list[str]]:
    try:
        return json.loads(text, strict=False), []
    except (ValueError, RecursionError):
        document = _load_truncated(text)
    if document is None:
        raise NotAFeedError("this looks like JSON, but cannot be read as JSON")
    return document, ["it is cut off or malformed; the items before that point were read"]


def _load_truncated(text: str) -> dict[str, Any] | None:
    """Parses a truncated document: its head, and every complete item."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find('"items"')
    start = text.find("[", at) + 1
    if at < 0 or start == 0:
        return None
    try:
        head = decoder.decode(text[:at].rstrip().removesuffix(",") + "}")
    except (ValueError, RecursionError):
        head = {"title": ""}
    return {**head, "items": list(_whole_items(decoder, text, start))} if head else None


def _whole_items(decoder: json.JSONDecoder, text: str, at: int) -> Iterator[Any]:
    while True:
        at = next((n for n in range(at, len(text)) if text[n] not in " \t\r\n,"), len(text))
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield item


def _item(entry: dict[str, Any], url: str) -> RawItem:
    item = RawItem(
        guid=_text(entry, "id"),
        permalink=absolute_url(_text(entry, "id")),
        titles=[Markup(_text(entry, "title"))],
        published=_dates(entry, "date_published"),
        updated=_dates(entry, "date_modified"),
        authors=list(_authors(entry)),
        categories=[tag for tag in _list(entry, "tags") if isinstance(tag, str)],
        language=_text(entry, "language"),
    )
    for add in (_add_links, _add_texts, _add_media):
        try:
            add(item, entry, url)
        except Exception:  # noqa: BLE001 - one odd value costs itself, not the feed
            item.unreadable += 1
    return item


def _add_links(item: RawItem, entry: dict[str, Any], url: str) -> None:
    written = [_text(entry, name) for name in ("url", "external_url")]
    found = [item.link_to(text, absolute_url(text, url)) for text in written]
    item.link = next(filter(None, found), "")


def _add_texts(item: RawItem, entry: dict[str, Any], url: str) -> None:
    if summary := _text(entry, "summary"):
        item.descriptions.append(Markup(summary))
    if html := _text(entry, "content_html"):
        item.contents.append(Markup(html, MarkupKind.HTML, url))
    elif text := _text(entry, "content_text"):
        item.contents.append(Markup(text, MarkupKind.PLAIN))


def _add_media(item: RawItem, entry: dict[str, Any], url: str) -> None:
    for name in ("image", "banner_image"):
        if address := absolute_url(_text(entry, name), url):
            item.media.append(Media(address, "image"))
    for attachment in _list(entry, "attachments"):
        if isinstance(attachment, dict) and (
            address := absolute_url(_text(attachment, "url"), url)
        ):
            item.enclosures.append(
                Media(
                    address,
                    _text(attachment, "mime_type").lower(),
                    length=bytes_of(_text(attachment, "size_in_bytes")),
                    duration=seconds_of(_text(attachment, "duration_in_seconds")),
                    alt=_text(attachment, "title"),
                )
            )


def _authors(entry: dict[str, Any]) -> Iterator[str]:
    """Yields the authors: version 1.1 has a list, 1.0 has one."""
    for author in (*_list(entry, "authors"), entry.get("author")):
        if isinstance(author, dict):
            yield _text(author, "name")
        elif isinstance(author, str):
            yield author


def _dates(entry: dict[str, Any], name: str) -> list[str]:
    value = entry.get(name)
    moment: datetime | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        moment = from_timestamp(value)
    return [moment.isoformat()] if moment else [_text(entry, name)]


def _text(mapping: dict[str, Any], name: str) -> str:
    """Returns the value as a text; ids are often numbers."""
    value = mapping.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _list(mapping: dict[str, Any], name: str) -> list[Any]:
    value = mapping.get(name)
    return value if isinstance(value, list) else []
