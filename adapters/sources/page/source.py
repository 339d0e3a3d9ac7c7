"""A page without a feed as a news source, polled with conditional requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from typing_extensions import override

from adapters.sources.feed.discovery import content_type
from adapters.sources.feed.full_text import ArticleFetcher
from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.stories import make_stories
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.page.state import PageState
from adapters.sources.web.bot_walls import PAST_A_WALL, wall_page
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import ACCEPT_HTML
from adapters.sources.web.responses import WebPage
from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.model import Source
from bot.text.urls import without_credentials

PAGE_PARSER = "adapters.sources.page.worker_main"
"""The module for a `FeedParser` that reads pages by their structure."""

_OTHER_LIST = (
    "this page lists something else than before, with other addresses; if that is right, reload "
    "this source"
)


class PageSource(NewsSource):
    """A page that lists stories, and has no feed.

    Args:
        source: What it is.
        url: Its URL.
        fetcher: Fetches it.
        parser: Reads it; it runs `PAGE_PARSER`.
        clock: Dates stories that have no date.
        articles: Fetches the stories' own pages; None to take what the list shows.
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

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        before = PageState.load(signature, self._shown_url)
        if mode is not PollMode.SCHEDULED:
            before = before.without_validators()
        page = await self._fetcher.fetch(
            self._url,
            etag=before.etag,
            last_modified=before.last_modified,
            accept=ACCEPT_HTML,
            insists=mode is not PollMode.SCHEDULED,
        )
        if page.unchanged:
            state = replace(before, etag=page.etag, last_modified=page.last_modified)
            return _result(state, page, unchanged=True)
        listed = await self._parse(page, is_known=bool(before.keys))
        state = before.after(page, listed.items)
        if mode is PollMode.SCHEDULED and state.is_other_list(before):
            raise SourceError(_OTHER_LIST, reached=True)
        if state.digest == before.digest and mode is not PollMode.FULL:
            return _result(state, page, unchanged=True)
        stories = await make_stories(listed, self._source.id, self._clock.now(), self._zone)
        return replace(_result(state, page), stories=stories)

    async def _parse(self, page: WebPage, *, is_known: bool) -> ParsedFeed:
        """Reads the list of stories.

        Args:
            page: The page.
            is_known: True when it was read as a list before.
        """
        try:
            return await self._parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            if wall := wall_page(page.body):
                raise SourceError(
                    f"{wall} keeps bots out of this site; {PAST_A_WALL}", reached=True
                ) from error
            if not is_known:
                raise
            raise SourceError(
                "this page no longer looks like a list of stories", reached=True
            ) from error

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed if self._articles is None else await self._articles.complete(filed)


def _result(state: PageState, page: WebPage, *, unchanged: bool = False) -> FetchResult:
    """Returns the result of a poll, but for the stories."""
    return FetchResult(
        signature=state.dump(), unchanged=unchanged, fresh_for=page.fresh_for, reached=True
    )
