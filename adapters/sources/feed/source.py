"""A feed on the web as a news source, polled with conditional requests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from typing_extensions import override

from adapters.sources.feed.discovery import content_type, discover_feed
from adapters.sources.feed.full_text import ArticleFetcher
from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.stories import STORY_FORMAT, make_stories
from adapters.sources.feed.worker import FeedParser
from adapters.sources.web.fetcher import Fetcher, WebPage
from bot.clock import Clock
from bot.ingest.ports import NewsSource
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Source
from bot.text.urls import without_credentials


@dataclass(frozen=True, slots=True)
class _PollState:
    """The state that a poll leaves for the next one, as the signature of its result.

    Attributes:
        configured_url: The URL in the configuration, without credentials; with another one,
            nothing else here counts.
        url: Where the feed is now, after permanent redirects, without credentials.
        etag: The validator, as the server sent it.
        last_modified: As `etag`.
        digest: Of the feed's bytes, for servers that never answer 304 Not Modified.
        version: See `STORY_FORMAT`.
    """

    configured_url: str
    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    version: int = STORY_FORMAT

    @classmethod
    def load(cls, signature: str, url: str) -> _PollState:
        """Reads a signature; one of another URL or version gives an empty state.

        Args:
            signature: What the last poll left.
            url: The URL in the configuration, without credentials.
        """
        try:
            state = cls(**json.loads(signature)) if signature else None
        except (ValueError, TypeError):
            state = None
        if state is None or (state.configured_url, state.version) != (url, STORY_FORMAT):
            return cls(url, url)
        return state

    def dump(self) -> str:
        """Returns the signature."""
        return json.dumps(asdict(self))

    def after(self, page: WebPage, *, has_credentials: bool) -> _PollState:
        """Returns the state after a poll that brought this page.

        Args:
            page: What came.
            has_credentials: True when the configured URL has a user and a password. It stays: the
                new one comes without them.
        """
        digest = self.digest
        if not page.unchanged:
            digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        moved_to = None if has_credentials else page.moved_to
        return replace(
            self,
            url=moved_to or self.url,
            etag=page.etag,
            last_modified=page.last_modified,
            digest=digest,
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
    """

    def __init__(
        self,
        source: Source,
        url: str,
        fetcher: Fetcher,
        parser: FeedParser,
        clock: Clock,
        articles: ArticleFetcher | None = None,
    ) -> None:
        self._source = source
        self._url = url
        self._shown_url = without_credentials(url)
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._articles = articles

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def fetch(self, signature: str = "") -> FetchResult:
        self._parser.prepare()
        before = _PollState.load(signature, self._shown_url)
        page = await self._fetcher.fetch(
            self._url if before.url == self._shown_url else before.url,
            etag=before.etag,
            last_modified=before.last_modified,
        )
        now = before.after(page, has_credentials=self._url != self._shown_url)
        if page.unchanged or now.digest == before.digest:
            return FetchResult(
                signature=now.dump(), unchanged=True, fresh_for=page.fresh_for, reached=True
            )
        feed = await self._parse(page)
        return FetchResult(
            stories=await make_stories(feed, self._source.id, self._clock.now()),
            unreadable=tuple(UnreadablePart(self._shown_url, None, p) for p in feed.problems),
            signature=now.dump(),
            fresh_for=page.fresh_for,
            reached=True,
        )

    async def _parse(self, page: WebPage) -> ParsedFeed:
        """Parses the feed; for a web page, the error names the feeds of that."""
        try:
            return await self._parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            feeds = error.feeds or await discover_feed(page.url, self._fetcher, self._parser)
            if not feeds:
                raise
            raise NotAFeedError(f"{error}; set url to {' or '.join(feeds)}", feeds) from error

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed if self._articles is None else await self._articles.complete(filed)
