"""Full text of stories, fetched from their own pages (`full_text = true`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from adapters.sources.feed.discovery import content_type
from adapters.sources.feed.worker import FeedParser
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import ACCEPT_HTML
from bot.errors import SourceError
from bot.ingest.results import StoryRecord
from bot.model import Paragraph, Story

log = logging.getLogger(__name__)

_TIME_BUDGET = 120.0  # seconds for the pages of one poll; the other stories keep the feed's text
_MAX_PAGE = 5 << 20  # bytes of a page

PAGE_PARSER = "adapters.sources.feed.article_worker_main"
"""The module for a `FeedParser` that parses pages."""


class ArticleFetcher:
    """Fetches stories' own pages and extracts their text.

    Args:
        fetcher: Fetches the pages.
        parser: Parses them; it runs `PAGE_PARSER`.
    """

    def __init__(self, fetcher: Fetcher, parser: FeedParser) -> None:
        self._fetcher = fetcher
        self._parser = parser

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """Returns the stories with the text of their pages, where that is the longer one."""
        completed = list(filed)
        try:
            async with asyncio.timeout(_TIME_BUDGET):
                # The newest first, should there be no time for all of them.
                for at in reversed(range(len(completed))):
                    completed[at] = replace(
                        completed[at], story=await self._with_page_text(completed[at].story)
                    )
        except TimeoutError:
            log.info("some stories of %s were kept without their full text", filed[0].story.source)
        return completed

    async def _with_page_text(self, story: Story) -> Story:
        if story.url is None:
            return story
        try:
            page = await self._fetcher.fetch(story.url, accept=ACCEPT_HTML, max_bytes=_MAX_PAGE)
            (item,) = (await self._parser.parse(page.body, content_type(page), page.url)).items
        except SourceError as error:
            log.debug("the page of %s cannot be read: %s", story.id, error)
            return story
        found = _without_title(item.paragraphs, story.title)
        if sum(len(p.text) for p in found) <= len(story.text):
            return story
        return replace(story, paragraphs=found)


def _without_title(paragraphs: Sequence[Paragraph], title: str) -> tuple[Paragraph, ...]:
    is_title = bool(paragraphs) and paragraphs[0].text.casefold() == title.casefold()
    return tuple(paragraphs[1:] if is_title else paragraphs)
