"""Sources that are feeds: on the web, or saved in files."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from adapters.sources.feed.article import is_installed
from adapters.sources.feed.discovery import content_type, feeds_of
from adapters.sources.feed.full_text import READER, ArticleFetcher
from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.stories import stories
from adapters.sources.feed.worker import FeedParser
from adapters.sources.paths import matching
from adapters.sources.web.fetcher import Fetcher, WebPage
from adapters.sources.web.politeness import Politeness
from bot.clock import Clock
from bot.config.schema import FeedsConfig
from bot.errors import ConfigError, SourceError
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Source

_PAGE_DEADLINE = 20.0  # seconds that reading one page may take


@dataclass(frozen=True, slots=True)
class FeedSources:
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
    articles: ArticleFetcher
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
async def web_feeds(config: FeedsConfig, clock: Clock) -> AsyncIterator[FeedSources]:
    """What feeds share, as long as the block lasts. Nothing is begun before it is needed.

    Raises:
        ConfigError: A setting cannot be used as it is.
    """
    politeness = Politeness(
        contact=config.contact,
        allow_hosts=tuple(sorted(config.allow_hosts)),
        max_bytes=config.max_size,
        timeout=config.timeout.total_seconds(),
    )
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(_fetcher(politeness))
        parser = await stack.enter_async_context(FeedParser())
        reader = FeedParser(deadline=_PAGE_DEADLINE, workers=1, module=READER)
        await stack.enter_async_context(reader)
        yield FeedSources(fetcher, parser, ArticleFetcher(fetcher, reader), clock, config.max_size)


def _fetcher(politeness: Politeness) -> Fetcher:
    try:
        return Fetcher(politeness)
    except ValueError as error:
        raise ConfigError(f"feeds.contact or feeds.allow_hosts: {error}") from error


_EDITION = 1  # of what is made of a feed; another reads every feed again


@dataclass(frozen=True, slots=True)
class _ReadingMemory:
    """What a look leaves for the next one.

    Attributes:
        asked: The address in the configuration; when that is another, nothing is remembered.
        url: Where the feed is now.
        etag: As the server gave it.
        last_modified: As the server gave it.
        digest: Of what was read, for servers that never say that nothing has changed.
        edition: See `_EDITION`.
    """

    asked: str
    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    edition: int = _EDITION

    @classmethod
    def of(cls, signature: str, asked: str) -> _ReadingMemory:
        """What a signature says; nothing, when it is of another address or another version."""
        try:
            known = cls(**json.loads(signature)) if signature else None
        except (ValueError, TypeError):
            known = None
        fits = known is not None and (known.asked, known.edition) == (asked, _EDITION)
        return known if known is not None and fits else cls(asked, asked)

    def __str__(self) -> str:
        return json.dumps(asdict(self))


class FeedSource:
    """A feed on the web. Implements `bot.ingest.ports.NewsSource`.

    Args:
        source: What it is.
        url: Its address.
        fetcher: Fetches it.
        parser: Reads it.
        clock: Tells when that was.
        articles: Reads the stories' own pages; None to take what the feed gives.
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
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._articles = articles

    @property
    def source(self) -> Source:
        """What it is."""
        return self._source

    async def fetch(self, signature: str = "") -> FetchResult:
        """See `bot.ingest.ports.NewsSource.fetch`."""
        known = _ReadingMemory.of(signature, self._url)
        page = await self._fetcher.fetch(
            known.url, etag=known.etag, last_modified=known.last_modified
        )
        now = _remembered(known, page)
        if page.unchanged or now.digest == known.digest:
            return FetchResult(signature=str(now), unchanged=True, fresh_for=page.fresh_for)
        feed = await self._read(page)
        return FetchResult(
            stories=tuple(stories(feed, self._source.id, self._clock.now())),
            unreadable=tuple(UnreadablePart(self._url, None, problem) for problem in feed.problems),
            signature=str(now),
            fresh_for=page.fresh_for,
        )

    async def _read(self, page: WebPage) -> ParsedFeed:
        try:
            return await self._parser.parse(page.body, content_type(page), page.url)
        except NotAFeedError as error:
            found = error.feeds or await feeds_of(page.url, self._fetcher, self._parser)
            if not found:
                raise
            raise NotAFeedError(f"{error}; set url to {' or '.join(found)}", found) from error

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """See `bot.ingest.ports.NewsSource.complete`."""
        return filed if self._articles is None else await self._articles.complete(filed)


def _remembered(known: _ReadingMemory, page: WebPage) -> _ReadingMemory:
    digest = known.digest
    if not page.unchanged:
        digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
    return replace(
        known,
        # An address with a password in it stays: the new one is told without.
        url=(page.moved_to if "@" not in known.url else None) or known.url,
        etag=page.etag,
        last_modified=page.last_modified,
        digest=digest,
    )


class SavedFeed:
    """Feeds that were saved in files. Implements `bot.ingest.ports.NewsSource`.

    Args:
        source: What it is.
        patterns: Files, or patterns that `glob` understands.
        parser: Reads them.
        clock: Tells when that was.
        max_bytes: A larger file is refused.
    """

    def __init__(
        self,
        source: Source,
        patterns: Sequence[str],
        parser: FeedParser,
        clock: Clock,
        max_bytes: int,
    ) -> None:
        self._source = source
        self._patterns = patterns
        self._parser = parser
        self._clock = clock
        self._max_bytes = max_bytes

    @property
    def source(self) -> Source:
        """What it is."""
        return self._source

    async def fetch(self, signature: str = "") -> FetchResult:
        """See `bot.ingest.ports.NewsSource.fetch`."""
        contents = await asyncio.to_thread(self._contents)
        if not contents:
            raise SourceError(f"no file matches {' or '.join(self._patterns)}")
        now = _digest(contents)
        if signature == now:
            return FetchResult(signature=now, unchanged=True)
        read = {path: await self._read(content) for path, content in contents.items()}
        return FetchResult(
            stories=tuple(stories(_together(read.values()), self._source.id, self._clock.now())),
            unreadable=tuple(_unreadable(read)),
            signature=now,
        )

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        """What is in a file is all there is."""
        return filed

    def _contents(self) -> dict[str, bytes | str]:
        paths = sorted({path for pattern in self._patterns for path in matching(pattern)})
        return {path: self._content(path) for path in paths}

    def _content(self, path: str) -> bytes | str:
        """A file's bytes; why it cannot be read, where it cannot."""
        try:
            size = Path(path).stat().st_size
            if size > self._max_bytes:
                found, limit = (f"{n / (1 << 20):,.1f} MB" for n in (size, self._max_bytes))
                return f"its {found} are more than the {limit} that a feed may have"
            return Path(path).read_bytes()
        except OSError as error:
            return f"the system cannot read it: {error.strerror or error}"

    async def _read(self, content: bytes | str) -> ParsedFeed | str:
        """A file's feed; why it cannot be read, where it cannot."""
        if isinstance(content, str):
            return content
        try:
            return await self._parser.parse(content, "", "")
        except SourceError as error:
            return str(error)


def _together(read: Iterable[ParsedFeed | str]) -> ParsedFeed:
    feeds = [one for one in read if isinstance(one, ParsedFeed)]
    items = tuple(item for feed in feeds for item in feed.items)
    return ParsedFeed(items=items, language=feeds[0].language if len(feeds) == 1 else "")


def _unreadable(read: Mapping[str, ParsedFeed | str]) -> Iterator[UnreadablePart]:
    for path, one in read.items():
        problems = (one,) if isinstance(one, str) else one.problems
        yield from (UnreadablePart(path, None, problem) for problem in problems)


def _digest(contents: dict[str, bytes | str]) -> str:
    digest = hashlib.blake2b(str(_EDITION).encode(), digest_size=16)
    for path, content in contents.items():
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(content if isinstance(content, bytes) else content.encode())
    return digest.hexdigest()
