"""Makes sources on the web, which share one HTTP client and the processes that parse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from adapters.sources.feed.article import import_extractor
from adapters.sources.feed.full_text import PAGE_PARSER, ArticleFetcher
from adapters.sources.feed.saved import SavedFeed
from adapters.sources.feed.source import FeedSource
from adapters.sources.feed.worker import FeedParser
from adapters.sources.finder.finder import WebSourceFinder
from adapters.sources.page.source import PAGE_PARSER as LIST_PARSER
from adapters.sources.page.source import PageSource
from adapters.sources.web.addresses import NO_HOSTS, AllowedHosts
from adapters.sources.web.fetcher import Fetcher, HearTime
from adapters.sources.web.identity import PLAIN, Identity
from adapters.sources.web.politeness import Politeness
from adapters.sources.wordpress.past import WordPressPast
from bot.clock import Clock
from bot.config.schema import FeedsConfig
from bot.errors import ConfigError
from bot.model import Source

_PAGE_DEADLINE = 20.0  # seconds for parsing one page


@dataclass(frozen=True, slots=True)
class FeedSourceFactory:
    """Makes sources of feeds, and of pages without one.

    Attributes:
        fetcher: Fetches feeds and pages.
        parser: Parses feeds.
        articles: Fetches and parses the pages of their stories; None to read none in full.
        clock: Dates stories that have no date.
        max_bytes: The limit for a saved feed.
        pages: Parses pages that list stories.
        allowed: The private hosts that URLs of the configuration may have.
    """

    fetcher: Fetcher
    parser: FeedParser
    articles: ArticleFetcher | None
    clock: Clock
    max_bytes: int
    pages: FeedParser
    allowed: AllowedHosts = NO_HOSTS

    def web_feed(
        self,
        source: Source,
        url: str,
        *,
        full_text: bool = False,
        allow_hosts: Iterable[str] = (),
        identity: Identity = PLAIN,
        zone: tzinfo = UTC,
    ) -> FeedSource:
        """Makes a source of a feed on the web.

        Args:
            source: What it is.
            url: Its URL.
            full_text: True to read its stories on their own pages.
            allow_hosts: The private hosts that it may lead to, by redirects and links.
            identity: What its requests bear, those for its stories' pages included.
            zone: The zone of its dates that name none.

        Raises:
            ConfigError: `full_text` needs the extra full-text, which cannot be imported.
        """
        linked = AllowedHosts(allow_hosts)
        fetcher = self._fetcher(url, identity, linked)
        return FeedSource(
            *(source, url, fetcher, self.parser, self.clock),
            self._articles(source, identity, linked) if full_text else None,
            stays=identity.has_secrets,
            zone=zone,
        )

    def allowing(self, hosts: Iterable[str]) -> FeedSourceFactory:
        """Returns the same factory for a configuration whose URLs may have these private hosts."""
        return replace(self, allowed=_allowed(hosts))

    def web_page(
        self,
        source: Source,
        url: str,
        *,
        full_text: bool = False,
        allow_hosts: Iterable[str] = (),
        identity: Identity = PLAIN,
        zone: tzinfo = UTC,
    ) -> PageSource:
        """Makes a source of a page that lists stories; the arguments are those of `web_feed`.

        Raises:
            ConfigError: As `web_feed`.
        """
        linked = AllowedHosts(allow_hosts)
        fetcher = self._fetcher(url, identity, linked)
        return PageSource(
            *(source, url, fetcher, self.pages, self.clock),
            self._articles(source, identity, linked) if full_text else None,
            zone=zone,
        )

    def past(
        self,
        source: str,
        url: str,
        *,
        allow_hosts: Iterable[str] = (),
        identity: Identity = PLAIN,
        zone: tzinfo = UTC,
    ) -> WordPressPast:
        """Makes what reads the past stories of a source.

        Args:
            source: Its id.
            url: As of `web_feed`, and so the others.
            allow_hosts: Likewise.
            identity: Likewise.
            zone: Likewise.
        """
        fetcher = self._fetcher(url, identity, AllowedHosts(allow_hosts))
        return WordPressPast(source, url, fetcher, self.parser, self.clock, zone)

    def finder(self) -> WebSourceFinder:
        """Makes what finds the sources that an address means."""
        return WebSourceFinder(self.fetcher, self.parser, self.pages, self.clock, self.allowed)

    def _fetcher(self, url: str, identity: Identity, linked: AllowedHosts) -> Fetcher:
        own = self.fetcher.identified(identity)
        return own.allowing(linked | self.allowed.for_configured(url))

    def _articles(
        self, source: Source, identity: Identity, linked: AllowedHosts
    ) -> ArticleFetcher | None:
        if self.articles is None:
            return None
        _check_extractor(source)
        return self.articles.using(self.fetcher.identified(identity).allowing(linked))

    def saved_feed(
        self, source: Source, patterns: Sequence[str], *, zone: tzinfo = UTC
    ) -> SavedFeed:
        """Makes a source of feeds in files."""
        return SavedFeed(source, patterns, self.parser, self.clock, self.max_bytes, zone)


def _check_extractor(source: Source) -> None:
    try:
        import_extractor()
    except ImportError as error:
        reason = " ".join(str(error).split())
        raise ConfigError(
            f"source {source.id}: full_text needs the extra full-text, which cannot be imported "
            f"({reason}); install it with `make full-text`, or as dateline[full-text]"
        ) from error


@asynccontextmanager
async def open_feed_sources(
    config: FeedsConfig,
    clock: Clock,
    on_time: HearTime = lambda _host, _time: None,
    *,
    full_text: bool = True,
) -> AsyncIterator[FeedSourceFactory]:
    """Opens what feed sources share, for as long as the block lasts.

    No connection is opened and no process started before it is needed.

    Args:
        config: The settings.
        clock: Dates stories that have no date.
        on_time: As of `Fetcher`.
        full_text: False to read no story on its own page, whatever its source says.

    Raises:
        ConfigError: A setting cannot be used as it is.
    """
    politeness = Politeness(
        contact=config.contact,
        max_bytes=config.max_size,
        timeout=config.timeout.total_seconds(),
    )
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(_fetcher(politeness, on_time))
        parser = await stack.enter_async_context(FeedParser())
        page_parser = FeedParser(deadline=_PAGE_DEADLINE, workers=1, module=PAGE_PARSER)
        await stack.enter_async_context(page_parser)
        lists = FeedParser(deadline=_PAGE_DEADLINE, workers=1, module=LIST_PARSER)
        await stack.enter_async_context(lists)
        articles = ArticleFetcher(fetcher, page_parser) if full_text else None
        allowed = _allowed(config.allow_hosts)
        yield FeedSourceFactory(fetcher, parser, articles, clock, config.max_size, lists, allowed)


def _fetcher(politeness: Politeness, on_time: HearTime) -> Fetcher:
    try:
        return Fetcher(politeness, on_time=on_time)
    except ValueError as error:
        raise ConfigError(f"feeds.contact: {error}") from error


def _allowed(hosts: Iterable[str]) -> AllowedHosts:
    try:
        return AllowedHosts(hosts)
    except ValueError as error:
        raise ConfigError(f"feeds.allow_hosts: {error}") from error
