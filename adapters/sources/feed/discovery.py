"""Finds a site's feed where it does not name one."""

from __future__ import annotations

from urllib.parse import urljoin

from adapters.sources.feed.worker import FeedParser
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher, WebPage
from bot.errors import SourceError

_USUAL = ("feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")
"""Where sites have their feeds, the usual first."""


def content_type(page: WebPage) -> str:
    """What a page is, as its server's header says it."""
    return f"{page.content_type}; charset={page.charset}" if page.charset else page.content_type


async def feeds_of(page: str, fetcher: Fetcher, parser: FeedParser) -> tuple[str, ...]:
    """The address of a page's feed, where it is at a usual place; none where it is not.

    Args:
        page: The address of a page that names no feed.
        fetcher: Asks for what may be there.
        parser: Tells whether that is a feed.
    """
    folders = dict.fromkeys((urljoin(page, "."), urljoin(page, "/")))
    for address in (urljoin(folder, name) for folder in folders for name in _USUAL):
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
