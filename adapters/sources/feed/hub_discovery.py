"""Discovery of a feed's hubs (WebSub, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.sources.feed.links import absolute_url
from adapters.sources.feed.model import ParsedFeed
from adapters.sources.web.link_header import linked
from adapters.sources.web.responses import WebPage
from bot.ingest.websub.model import HubLinks
from bot.text.urls import split_url

_MAX_HUBS = 5


def discover_hubs(page: WebPage, feed: ParsedFeed) -> HubLinks:
    """Returns the hubs of a feed: those of its Link headers or, without any, those that it names.

    A feed that does not give its own URL is known by the one that it was fetched from.
    """
    written = (absolute_url(link, page.url) for link in linked(page.links, "hub"))
    hubs = tuple(filter(None, written)) or feed.hubs
    if not hubs:
        return HubLinks()
    selves = (absolute_url(link, page.url) for link in linked(page.links, "self"))
    topic = next(filter(None, selves), None) or feed.self_url or page.url
    return HubLinks(tuple(dict.fromkeys(_secure_first(hubs[:_MAX_HUBS]))), topic)


def _secure_first(hubs: Iterable[str]) -> Iterator[str]:
    """Yields hubs, before each with http the same with https (WebSub, section 8.2).

    One with a port of its own is elsewhere with https.
    """
    for hub in hubs:
        parts = split_url(hub)
        if parts and parts.scheme == "http" and parts.port is None:
            yield parts._replace(scheme="https").geturl()
        yield hub
