"""Whole stories, from the pages that a feed leads to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from adapters.sources.feed.discovery import content_type
from adapters.sources.feed.worker import FeedParser
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import PAGES
from bot.errors import SourceError
from bot.ingest.results import StoryRecord
from bot.model import Paragraph, Story

log = logging.getLogger(__name__)

_AT_MOST = 120.0  # seconds for the pages of one look; the rest of the stories stay as they are
_LARGEST = 5 << 20  # bytes of a page

READER = "adapters.sources.feed.article_worker_main"
"""The module that a `FeedParser` for pages runs."""


class ArticleFetcher:
    """Reads stories on their own pages.

    Args:
        fetcher: Fetches the pages.
        reader: Reads them; it runs `READER`.
    """

    def __init__(self, fetcher: Fetcher, reader: FeedParser) -> None:
        self._fetcher = fetcher
        self._reader = reader

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """Stories with the text of their pages, where that says more than the feed does."""
        whole = list(filed)
        try:
            async with asyncio.timeout(_AT_MOST):
                # The newest first, should there be no time for all of them.
                for at in reversed(range(len(whole))):
                    whole[at] = replace(whole[at], story=await self._completed(whole[at].story))
        except TimeoutError:
            log.info("some stories of %s are kept without their pages", filed[0].story.source)
        return whole

    async def _completed(self, story: Story) -> Story:
        if story.url is None:
            return story
        try:
            page = await self._fetcher.fetch(story.url, accept=PAGES, max_bytes=_LARGEST)
            (item,) = (await self._reader.parse(page.body, content_type(page), page.url)).items
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
