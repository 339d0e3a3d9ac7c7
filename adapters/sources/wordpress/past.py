"""Reads the past stories of a WordPress site by its REST API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from typing_extensions import override

from adapters.sources.feed.discovery import content_type
from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.stories import make_stories
from adapters.sources.feed.worker import DocumentParser
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.responses import WebPage
from adapters.sources.wordpress.api import PostsRoute, find_posts
from bot.clock import Clock
from bot.ingest.backfill import PastPage, PastReader
from bot.model import Story

_NEWEST = 10
_SIZES = (50, 20, 5)  # posts a page; fewer where a site fails at so many
_FIELDS = (
    "id,date,date_gmt,modified,modified_gmt,guid,link,title,excerpt,content,"
    "jetpack_featured_media_url,_links,_embedded"
)
_EMBEDDED = "author,wp:featuredmedia,wp:term"
_OVERLAP = timedelta(days=1)  # sites compare `before` with times of their own zone
_BAD_REQUEST = 400  # what WordPress answers behind its last page
_TOO_MUCH = range(500, 600)


class WordPressPast(PastReader):
    """The past of a source whose site runs WordPress.

    Args:
        source: The source's id.
        url: Its URL.
        fetcher: Asks the site, one request at a time.
        parser: Parses the answers as feeds are parsed.
        clock: Dates stories that have no date.
        zone: The zone of dates that name none.
    """

    def __init__(
        self,
        source: str,
        url: str,
        fetcher: Fetcher,
        parser: DocumentParser,
        clock: Clock,
        zone: tzinfo = UTC,
    ) -> None:
        self._source = source
        self._url = url
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._zone = zone
        self._route: PostsRoute | None = None
        self._sizes = list(_SIZES)

    @override
    async def newest(self) -> Sequence[Story]:
        route = self._route or await find_posts(self._url, self._fetcher, self._parser)
        self._route = route
        page = await self._ask(route.url(per_page=str(_NEWEST), _fields=_FIELDS))
        return await self._stories(page)

    @override
    async def page(
        self, number: int, *, before: datetime | None, since: datetime | None
    ) -> PastPage:
        query = {"orderby": "date", "order": "desc", "_fields": _FIELDS, "_embed": _EMBEDDED}
        if before is not None:
            query["before"] = _written(before + _OVERLAP)
        if since is not None:
            query["after"] = _written(since)
        page = await self._page_of_posts(number, query)
        if page is None:
            return PastPage((), is_last=True)
        stories = await self._stories(page)
        is_last = number >= page.pages if page.pages else len(stories) < self._sizes[0]
        return PastPage(tuple(stories), is_last, page.total)

    async def _page_of_posts(self, number: int, query: dict[str, str]) -> WebPage | None:
        """Returns a page of posts; None behind the last."""
        route = self._route or await find_posts(self._url, self._fetcher, self._parser)
        self._route = route
        while True:
            size = self._sizes[0]
            try:
                return await self._ask(route.url(per_page=str(size), page=str(number), **query))
            except FetchError as error:
                if error.status == _BAD_REQUEST and number > 1:
                    return None
                if error.status not in _TOO_MUCH or len(self._sizes) == 1 or number > 1:
                    raise
                del self._sizes[0]

    async def _ask(self, url: str) -> WebPage:
        return await self._fetcher.fetch(url, accept="application/json", insists=True)

    async def _stories(self, page: WebPage) -> Sequence[Story]:
        if page.body.strip() == b"[]":
            return ()
        feed = await self._parse(page)
        return await make_stories(feed, self._source, self._clock.now(), self._zone)

    async def _parse(self, page: WebPage) -> ParsedFeed:
        try:
            return await self._parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            raise NotAFeedError("the site's API gives no posts") from error


def _written(moment: datetime) -> str:
    """Writes a time as the API reads it (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
