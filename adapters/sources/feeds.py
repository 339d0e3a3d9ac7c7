"""All feeds of one bot: they share their connections and their worker processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from adapters.sources.article import is_installed
from adapters.sources.feed import FeedSource, SavedFeed
from adapters.sources.feed_worker import FeedParser
from adapters.sources.fulltext import READER, Articles
from adapters.sources.http import Fetcher
from adapters.sources.manners import Manners
from bot.config.shape import FeedsConfig
from bot.errors import ConfigError
from bot.model import Source
from bot.ports import Clock

_PAGE_DEADLINE = 20.0  # seconds that reading one page may take


@dataclass(frozen=True, slots=True)
class Feeds:
    """Makes sources of feeds.

    Attributes:
        fetcher: Fetches them.
        parser: Reads them.
        articles: Reads their stories' pages.
        clock: Tells the time.
        max_bytes: A larger saved feed is refused.
    """

    fetcher: Fetcher
    parser: FeedParser
    articles: Articles
    clock: Clock
    max_bytes: int

    def fetched(self, source: Source, url: str, *, full_text: bool = False) -> FeedSource:
        """A feed on the web.

        Raises:
            ConfigError: Its stories are to be read on their pages, and what does that is missing.
        """
        if full_text and not is_installed():
            raise ConfigError(
                f"source {source.id}: full_text needs more than is installed; "
                "install it with: .venv/bin/pip install '.[full-text]'"
            )
        articles = self.articles if full_text else None
        return FeedSource(source, url, self.fetcher, self.parser, self.clock, articles)

    def saved(self, source: Source, patterns: Sequence[str]) -> SavedFeed:
        """Feeds in files."""
        return SavedFeed(source, patterns, self.parser, self.clock, self.max_bytes)


@asynccontextmanager
async def web_feeds(config: FeedsConfig, clock: Clock) -> AsyncIterator[Feeds]:
    """What feeds share, as long as the block lasts. Nothing is begun before it is needed.

    Raises:
        ConfigError: A setting cannot be used as it is.
    """
    manners = Manners(
        contact=config.contact,
        allow_hosts=tuple(sorted(config.allow_hosts)),
        max_bytes=config.max_size,
        timeout=config.timeout.total_seconds(),
    )
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(_fetcher(manners))
        parser = await stack.enter_async_context(FeedParser())
        reader = FeedParser(deadline=_PAGE_DEADLINE, workers=1, module=READER)
        await stack.enter_async_context(reader)
        yield Feeds(fetcher, parser, Articles(fetcher, reader), clock, config.max_size)


def _fetcher(manners: Manners) -> Fetcher:
    try:
        return Fetcher(manners)
    except ValueError as error:
        raise ConfigError(f"feeds.contact or feeds.allow_hosts: {error}") from error
