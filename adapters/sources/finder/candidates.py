"""Makes candidates of what was found, and puts them in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from adapters.sources.feed.feed_types import is_feed_type
from adapters.sources.feed.model import NamedFeed, PageFacts, ParsedFeed
from adapters.sources.feed.stories import make_stories
from adapters.sources.web.link_header import linked, linked_with_types
from adapters.sources.web.responses import WebPage
from bot.ingest.source_finder import Discovery, SourceCandidate, SourceKind
from bot.model import Story
from bot.text.urls import join_url, split_url

_SHOWN = 3  # stories
_WORDPRESS_API = "https://api.w.org/"
_FORMAT_WORDS = re.compile(
    r"[\s»:|–-]{0,5}\b(?:rss|atom|json|rdf|xml|feed|[0-2]\.[0-9]+)\b", re.IGNORECASE
)


def feed_candidate(
    url: str, feed: ParsedFeed, discovery: Discovery, shown: Sequence[Story], page: PageFacts
) -> SourceCandidate:
    """Makes the candidate of a feed that was read.

    Args:
        url: Its URL.
        feed: What it gave.
        discovery: How it was found.
        shown: Its newest stories, the newest first.
        page: What the page says that named it; an empty one for no page.
    """
    title = feed.title or page.title
    return SourceCandidate(
        url,
        SourceKind.FEED,
        discovery,
        title=title,
        description=page.description,
        service=service_of(page),
        comments=NamedFeed(url, title).has_comments,
        stories=tuple(shown),
        backfill=page.api if same_host(url, page.api) else "",
    )


def unread_candidate(feed: NamedFeed, page: PageFacts) -> SourceCandidate:
    """Makes the candidate of a feed that a page names, and that was not read."""
    return SourceCandidate(
        feed.url,
        SourceKind.FEED,
        Discovery.NAMED,
        title=feed.title or page.title,
        description=page.description,
        service=service_of(page),
        comments=feed.has_comments,
        backfill=page.api if same_host(feed.url, page.api) else "",
    )


def page_candidate(
    url: str, found: ParsedFeed, discovery: Discovery, shown: Sequence[Story], page: PageFacts
) -> SourceCandidate:
    """Makes the candidate of a page that was read by its structure; see `feed_candidate`."""
    return SourceCandidate(
        url,
        SourceKind.PAGE,
        discovery,
        title=found.title or page.title,
        description=page.description,
        stories=tuple(shown),
    )


async def newest_stories(feed: ParsedFeed, now: datetime) -> tuple[Story, ...]:
    """Returns the newest stories of a feed, the newest first.

    Args:
        feed: The feed.
        now: The date of stories that have none.
    """
    made = await make_stories(feed, "", now)
    return made[: -_SHOWN - 1 : -1]


def service_of(page: PageFacts) -> str:
    """Returns the name of the program that made a page, without its version; empty for none."""
    if page.api:
        return "WordPress"
    found = re.match(r"[^\W\d_][\w.+-]*", page.generator)
    return {"blogger": "Blogger"}.get(found[0], found[0]) if found else ""


def header_feeds(page: WebPage) -> Iterator[NamedFeed]:
    """Yields the feeds that a response's Link headers name (RFC 8288)."""
    for reference, media_type, title in linked_with_types(page.links, "alternate"):
        address = join_url(page.url, reference) if is_feed_type(media_type) else None
        if address:
            yield NamedFeed(address, title)


def header_api(page: WebPage) -> str:
    """Returns the root of the REST API that WordPress names in a Link header; empty for none."""
    found = next(iter(linked(page.links, _WORDPRESS_API)), "")
    return (join_url(page.url, found) or "") if found else ""


def without_twins(feeds: Iterable[NamedFeed]) -> tuple[NamedFeed, ...]:
    """Returns feeds without those that bring the same as one before, in another format.

    They have the same title but for the format's name.
    """
    kept: dict[str, NamedFeed] = {}
    for feed in feeds:
        kept.setdefault(_FORMAT_WORDS.sub("", feed.title).strip().casefold() or feed.url, feed)
    return tuple(kept.values())


def same_host(one: str, other: str) -> bool:
    """Tells if two URLs are of one site, with `www.` or without."""
    parts = [split_url(each) for each in (one, other)]
    hosts = [(each.hostname or "").removeprefix("www.") if each else "" for each in parts]
    return bool(hosts[0]) and hosts[0] == hosts[1]
