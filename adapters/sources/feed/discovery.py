"""Feed discovery: probes the usual paths of a site that names no feed.

The feeds that a page names itself are found by `adapters.sources.feed.page_facts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.sources.feed.worker import DocumentParser
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.responses import WebPage
from bot.errors import SourceError
from bot.text.urls import join_url

_USUAL_PATHS = ("feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")
"""Relative URLs at which sites have their feeds, the most usual first."""


def content_type(page: WebPage) -> str:
    """Returns the Content-Type header of a page, with its charset."""
    return f"{page.content_type}; charset={page.charset}" if page.charset else page.content_type


async def discover_feed(page: str, fetcher: Fetcher, parser: DocumentParser) -> tuple[str, ...]:
    """Returns the URL of the first feed at a usual path; none where there is none.

    Args:
        page: The URL of a page that names no feed.
        fetcher: Fetches what may be there.
        parser: Tells feeds from other documents.
    """
    for address in usual_addresses(page):
        try:
            found = await fetcher.fetch(address)
            feed = await parser.parse(found.body, content_type(found), found.url)
        except FetchError as error:
            if error.status is None:  # the host itself is in trouble
                return ()
        except SourceError:
            continue
        else:
            return (found.url,) if feed.items else ()
    return ()


def usual_addresses(page: str) -> Iterator[str]:
    """Yields the URLs at which the feed of a page may be, the most usual first."""
    folders = dict.fromkeys((join_url(page, "."), join_url(page, "/")))
    found = (join_url(folder or "", name) for name in _USUAL_PATHS for folder in folders)
    yield from filter(None, found)
