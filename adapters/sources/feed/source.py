"""A feed on the web as a news source, polled with conditional requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from http import HTTPStatus

from typing_extensions import override

from adapters.sources.feed.discovery import content_type, discover_feed
from adapters.sources.feed.full_text import ArticleFetcher
from adapters.sources.feed.hub_discovery import discover_hubs
from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.poll_state import PollState
from adapters.sources.feed.stories import make_stories
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.web.bot_walls import PAST_A_WALL, wall_page
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.responses import WebPage
from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Source
from bot.text.urls import without_credentials

_NOT_THERE = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.GONE,
    }
)


class FeedSource(NewsSource):
    """A feed on the web.

    Args:
        source: What it is.
        url: Its URL.
        fetcher: Fetches it.
        parser: Parses it.
        clock: Dates stories that have no date.
        articles: Fetches the stories' own pages; None to take what the feed gives.
        stays: True to ask for it at its own URL for ever, wherever it moves.
        zone: The zone of dates that name none.
    """

    def __init__(  # noqa: PLR0913 - what it is built of
        self,
        source: Source,
        url: str,
        fetcher: Fetcher,
        parser: DocumentParser,
        clock: Clock,
        articles: ArticleFetcher | None = None,
        *,
        stays: bool = False,
        zone: tzinfo = UTC,
    ) -> None:
        self._source = source
        self._url = url
        self._shown_url = without_credentials(url)
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._articles = articles
        self._zone = zone
        self._discovered: dict[str, tuple[str, ...]] = {}
        self._stays = stays or self._url != self._shown_url

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self._parser.prepare()
        now = self._clock.now().timestamp()
        before = PollState.load(signature, self._shown_url).for_poll(mode, now)
        page, asked = await self._fetch_page(before, now, insists=mode is not PollMode.SCHEDULED)
        state = before.after(page, asked, now, stays=self._stays)
        if page.unchanged or state.digest == before.digest:
            return _result(state, page, unchanged=True)
        feed = await self._parse(page)
        links = discover_hubs(page, feed)
        interval = feed.update_interval
        state = replace(state, update_interval=interval, hubs=links.hubs, topic=links.topic)
        state = replace(state, icon=feed.icon or "")
        return replace(
            _result(state, page),
            stories=await make_stories(feed, self._source.id, self._clock.now(), self._zone),
            unreadable=self._parts(feed.problems),
            warnings=self._parts(feed.warnings),
        )

    async def _fetch_page(
        self, state: PollState, now: float, *, insists: bool
    ) -> tuple[WebPage, str]:
        """Returns the page, and the URL that it was asked for at.

        Raises:
            FetchError: It is nowhere to be had; the error is that of the first URL.
        """
        first, *others = state.urls(now)
        try:
            return await self._ask(first, state, insists=insists), first
        except FetchError as error:
            if not (others and _may_be_elsewhere(error)):
                raise
            with suppress(FetchError):
                return await self._ask(others[0], state, insists=insists), others[0]
            raise

    async def _ask(self, url: str, state: PollState, *, insists: bool) -> WebPage:
        return await self._fetcher.fetch(
            self._url if url == self._shown_url else url,
            etag=state.etag,
            last_modified=state.last_modified,
            insists=insists,
        )

    def _parts(self, problems: Iterable[str]) -> tuple[UnreadablePart, ...]:
        return tuple(UnreadablePart(self._shown_url, None, problem) for problem in problems)

    async def _parse(self, page: WebPage) -> ParsedFeed:
        """Parses the feed; for a web page, the error names the feeds of that."""
        try:
            return await self._parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            if wall := wall_page(page.body):
                raise SourceError(
                    f"{wall} keeps bots out of this site; {PAST_A_WALL}", reached=True
                ) from error
            feeds = error.feeds or await self._discover(page.url)
            if not feeds:
                raise
            raise NotAFeedError(f"{error}; set url to {' or '.join(feeds)}", feeds) from error

    async def _discover(self, page: str) -> tuple[str, ...]:
        """Looks for a feed beside a page, once: it takes a dozen requests."""
        if page not in self._discovered:
            self._discovered = {page: await discover_feed(page, self._fetcher, self._parser)}
        return self._discovered[page]

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed if self._articles is None else await self._articles.complete(filed)


def _result(state: PollState, page: WebPage, *, unchanged: bool = False) -> FetchResult:
    """Returns the result of a poll, but for the stories."""
    return FetchResult(
        signature=state.dump(),
        unchanged=unchanged,
        fresh_for=max(page.fresh_for, state.update_interval),
        reached=True,
        hub_links=state.hub_links,
        icon=state.icon,
    )


def _may_be_elsewhere(error: FetchError) -> bool:
    """Returns True when the host does not ask to wait, and the error may be one of the address."""
    return error.wait is None and (error.status is None or error.status in _NOT_THERE)
