"""The finder of sources on the web: `WebSourceFinder`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from typing_extensions import override

from adapters.sources.feed.discovery import content_type, usual_addresses
from adapters.sources.feed.model import NamedFeed, NotAFeedError, PageFacts, ParsedFeed
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.finder.candidates import (
    feed_candidate,
    header_api,
    header_feeds,
    newest_stories,
    page_candidate,
    unread_candidate,
    without_twins,
)
from adapters.sources.finder.known_address import KnownAddress, known_address, podcast_id
from adapters.sources.finder.podcasts import podcast_feed
from adapters.sources.finder.typed_address import url_of
from adapters.sources.web.addresses import NO_HOSTS, AllowedHosts
from adapters.sources.web.bot_walls import PAST_A_WALL, wall_page
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.responses import WebPage
from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.source_finder import (
    Discovery,
    NoSourceError,
    SourceCandidate,
    SourceFinder,
    SourceKind,
)
from bot.text.display import shorten

_ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
    "application/feed+json, application/xml;q=0.9, */*;q=0.1"
)
_READ = 3  # feeds that a page names, of which the stories are looked at
_TRIED = 8  # usual places of a feed
_NO_PAGE = PageFacts()
_NOTHING_THERE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class WebSourceFinder(SourceFinder):
    """Finds feeds, pages and known sites, through the same fetcher and parsers as all sources.

    Args:
        fetcher: Fetches what is asked for.
        feeds: Parses feeds.
        pages: Parses pages by their structure.
        clock: Dates stories that have no date.
        allowed: Private hosts that an address may have.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        feeds: DocumentParser,
        pages: DocumentParser,
        clock: Clock,
        allowed: AllowedHosts = NO_HOSTS,
    ) -> None:
        self._fetcher = fetcher
        self._feeds = feeds
        self._pages = pages
        self._clock = clock
        self._allowed = allowed

    @override
    async def find(self, address: str) -> Sequence[SourceCandidate]:
        urls = url_of(address)
        try:
            return await self._find(urls[0])
        except FetchError as error:
            if error.status is not None or error.put_off or len(urls) == 1:
                raise
            return await self._find_instead(urls[1], error)

    async def _find_instead(self, url: str, error: FetchError) -> Sequence[SourceCandidate]:
        """Asks by plain http; where that fails, too, the first error is the one to tell."""
        try:
            return await self._find(url)
        except FetchError as again:
            raise (error if again.status is None else again) from again

    async def _find(self, url: str) -> Sequence[SourceCandidate]:
        known = await self._look_up(url)
        if known and known.is_sure and (found := await self._read_known(known)):
            return found
        return await self._find_on_page(url, known)

    async def _look_up(self, url: str) -> KnownAddress | None:
        if podcast := podcast_id(url):
            return KnownAddress("Apple Podcasts", (await podcast_feed(podcast, self._fetcher),))
        return known_address(url)

    async def _read_known(self, known: KnownAddress) -> Sequence[SourceCandidate]:
        """Returns the candidates of a known address; none where the site has nothing there.

        Raises:
            SourceError: The site cannot be read, or not now.
        """
        if known.kind is SourceKind.PAGE:
            found = await self._read_page(await self._fetch(known.urls[0]), Discovery.KNOWN)
            return [replace(found, service=known.service)]
        first, *others = known.urls
        try:
            best = await self._read_feed(first, Discovery.KNOWN, _NO_PAGE)
        except NotAFeedError:
            return []
        except FetchError as error:
            if error.status in _NOTHING_THERE and error.wait is None:
                return []
            raise
        more = [SourceCandidate(each, SourceKind.FEED, Discovery.KNOWN) for each in others]
        return [
            replace(each, service=known.service, comments=known.comments) for each in (best, *more)
        ]

    async def _find_on_page(
        self, url: str, known: KnownAddress | None
    ) -> Sequence[SourceCandidate]:
        page = await self._fetch(url)
        try:
            feed = await self._feeds.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            if wall := wall_page(page.body):
                raise SourceError(
                    f"{wall} keeps bots out of this site; {PAST_A_WALL}", reached=True
                ) from error
            facts = _with_headers(error.page or _NO_PAGE, page)
            return await self._find_by(page, facts, known)
        shown = await newest_stories(feed, self._clock.now())
        where = page.moved_to or url
        return [feed_candidate(where, feed, Discovery.GIVEN, shown, _NO_PAGE)]

    async def _find_by(
        self, page: WebPage, facts: PageFacts, known: KnownAddress | None
    ) -> Sequence[SourceCandidate]:
        """Looks for feeds of a page, from the surest to guesses; then at the page itself."""
        if found := await self._read_named(facts):
            return found
        if known and (found := await self._read_guessed(known, facts)):
            return found
        if usual := await self._read_usual(page.url, facts):
            # It may be of the whole site, and not of this page.
            return [*usual, *await self._read_if_list(page, facts)]
        return [await self._read_page(page, Discovery.STRUCTURE, facts)]

    async def _read_usual(self, page: str, facts: PageFacts) -> list[SourceCandidate]:
        """Looks where feeds usually are; a few requests, and none more where the host fails."""
        for address in islice(usual_addresses(page), _TRIED):
            try:
                found = await self._read_feed(address, Discovery.USUAL, facts)
            except FetchError as error:
                if error.status is None or error.wait is not None:
                    return []
            except SourceError:
                continue
            else:
                if found.stories:
                    return [found]
        return []

    async def _read_if_list(self, page: WebPage, facts: PageFacts) -> list[SourceCandidate]:
        try:
            return [await self._read_page(page, Discovery.STRUCTURE, facts)]
        except SourceError:
            return []

    async def _read_named(self, facts: PageFacts) -> Sequence[SourceCandidate]:
        """Reads the first feeds that a page names; leaves out those that are none."""
        found: list[SourceCandidate] = []
        comments: list[SourceCandidate] = []
        for at, feed in enumerate(without_twins(facts.feeds)):
            if feed.has_comments:
                comments.append(unread_candidate(feed, facts))
            elif at < _READ:
                found += await self._read_if_feed(feed, facts)
            elif not feed.is_linked:
                found.append(unread_candidate(feed, facts))
        return [*found, *comments] if found else []

    async def _read_if_feed(self, feed: NamedFeed, facts: PageFacts) -> list[SourceCandidate]:
        try:
            return [await self._read_feed(feed.url, Discovery.NAMED, facts, feed.title)]
        except SourceError:
            return []

    async def _read_guessed(
        self, known: KnownAddress, facts: PageFacts
    ) -> Sequence[SourceCandidate]:
        for url in known.urls:
            if found := await self._read_if_feed(NamedFeed(url), facts):
                best = replace(found[0], discovery=Discovery.KNOWN, service=known.service)
                return [best]
        return []

    async def _read_feed(
        self,
        url: str,
        discovery: Discovery,
        facts: PageFacts,
        title: str = "",
    ) -> SourceCandidate:
        """Reads a feed that something leads to.

        Raises:
            NotAFeedError: It is none.
            SourceError: It cannot be read.
        """
        page = await self._fetch(url)
        feed = await self._feeds.parse(page.body, content_type(page), page.url)
        shown = await newest_stories(feed, self._clock.now())
        made = feed_candidate(page.moved_to or url, feed, discovery, shown, facts)
        return made if feed.title or not title else replace(made, title=title)

    async def _read_page(
        self, page: WebPage, discovery: Discovery, facts: PageFacts = _NO_PAGE
    ) -> SourceCandidate:
        found = await self._parse_page(page)
        shown = await newest_stories(found, self._clock.now())
        return page_candidate(page.moved_to or page.url, found, discovery, shown, facts)

    async def _parse_page(self, page: WebPage) -> ParsedFeed:
        try:
            return await self._pages.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            raise NoSourceError(
                f"no feed was found at {shorten(page.url)}, and {error}", reached=True
            ) from error

    async def _fetch(self, url: str) -> WebPage:
        fetcher = self._fetcher.allowing(self._allowed.for_configured(url))
        return await fetcher.fetch(url, accept=_ACCEPT, insists=True)


def _with_headers(facts: PageFacts, page: WebPage) -> PageFacts:
    """Returns what a page says of itself, with what its headers say."""
    named = {each.url: each for each in (*header_feeds(page), *facts.feeds)}
    feeds = sorted(named.values(), key=lambda each: each.has_comments)
    return replace(facts, feeds=tuple(feeds), api=facts.api or header_api(page))
