"""Parses posts as the REST API of WordPress gives them.

See https://developer.wordpress.org/rest-api/reference/posts/. Such an address is read as a feed is,
for sites that have no other; the guid is that of the site's feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import Markup, MarkupKind, Media, RawFeed, RawItem, read_each

_TITLE_FIELD, _LINK_FIELD = "title", "link"


def is_posts(document: Any) -> bool:
    """Tells if a document of JSON is a list of posts; one without any may be anything."""
    if not isinstance(document, list) or not document:
        return False
    return all(
        isinstance(one, dict)
        and isinstance(one.get(_TITLE_FIELD), dict)
        and isinstance(one.get(_LINK_FIELD), str)
        for one in document
    )


def read_posts(document: list[dict[str, Any]], url: str) -> RawFeed:
    """Reads a list of posts.

    Args:
        document: The list.
        url: Its URL.
    """
    return RawFeed(items=read_each(document, lambda post: _item(post, url)))


def _item(post: dict[str, Any], url: str) -> RawItem:
    link = absolute_url(str(post.get(_LINK_FIELD, "")), url)
    excerpt, content = _rendered(post, "excerpt"), _rendered(post, "content")
    return RawItem(
        guid=_rendered(post, "guid"),
        link=link,
        titles=[Markup(_rendered(post, _TITLE_FIELD), MarkupKind.HTML, link)],
        descriptions=[Markup(excerpt, MarkupKind.HTML, link)] if excerpt else [],
        contents=[Markup(content, MarkupKind.HTML, link)] if content else [],
        published=[*_moments(post, "date")],
        updated=[*_moments(post, "modified")],
        authors=list(_authors(post)),
        categories=list(_categories(post)),
        media=[Media(address, "image") for address in _pictures(post, url)],
    )


def _rendered(post: dict[str, Any], name: str) -> str:
    """Returns a field as the site shows it; a guid may be a text by itself."""
    value = post.get(name)
    found = value.get("rendered") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _moments(post: dict[str, Any], name: str) -> Iterator[str]:
    """Yields a date: that in UTC, which has no zone to it, before that of the site's own clock."""
    universal, local = post.get(f"{name}_gmt"), post.get(name)
    if isinstance(universal, str) and universal:
        yield universal if universal.endswith("Z") else f"{universal}Z"
    elif isinstance(local, str):
        yield local


def _embedded(post: dict[str, Any], name: str) -> Iterator[Any]:
    """Yields what was embedded by `_embed`; errors of the site stand there, too."""
    embedded = post.get("_embedded")
    found = embedded.get(name) if isinstance(embedded, dict) else None
    yield from found if isinstance(found, list) else ()


def _authors(post: dict[str, Any]) -> Iterator[str]:
    for author in _embedded(post, "author"):
        if isinstance(author, dict) and isinstance(author.get("name"), str):
            yield author["name"]


def _categories(post: dict[str, Any]) -> Iterator[str]:
    for terms in _embedded(post, "wp:term"):
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and isinstance(term.get("name"), str):
                yield term["name"]


def _pictures(post: dict[str, Any], url: str) -> Iterator[str]:
    for media in _embedded(post, "wp:featuredmedia"):
        source = media.get("source_url") if isinstance(media, dict) else None
        if isinstance(source, str) and (address := absolute_url(source, url)):
            yield address
    given = post.get("jetpack_featured_media_url")
    if isinstance(given, str) and given and (address := absolute_url(given, url)):
        yield address
