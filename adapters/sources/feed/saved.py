"""Feeds saved in files, as a news source."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from typing_extensions import override

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.stories import STORY_FORMAT, make_stories
from adapters.sources.feed.worker import FeedParser
from adapters.sources.paths import expand_patterns
from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.model import Source

_MEBIBYTE = 1 << 20


class SavedFeed(NewsSource):
    """Feeds in files, whose stories make one source.

    Args:
        source: What it is.
        patterns: As `expand_patterns` takes them.
        parser: Parses them.
        clock: Dates stories that have no date.
        max_bytes: A larger file is refused.
        zone: The zone of dates that name none.
    """

    def __init__(
        self,
        source: Source,
        patterns: Sequence[str],
        parser: FeedParser,
        clock: Clock,
        max_bytes: int,
        zone: tzinfo = UTC,
    ) -> None:
        self._source = source
        self._patterns = patterns
        self._parser = parser
        self._clock = clock
        self._max_bytes = max_bytes
        self._zone = zone

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self._parser.prepare()
        contents = await asyncio.to_thread(self._read_files)
        digest = _digest(contents)
        if signature == digest and mode is PollMode.SCHEDULED:
            return FetchResult(signature=digest, unchanged=True)
        results = {path: await self._parse(content) for path, content in contents.items()}
        return FetchResult(
            stories=await make_stories(
                _merge(results.values()), self._source.id, self._clock.now(), self._zone
            ),
            unreadable=tuple(_unreadable_parts(results)),
            warnings=tuple(_warnings(results)),
            signature=digest,
        )

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed

    def _read_files(self) -> dict[str, bytes | str]:
        paths, _ = expand_patterns(self._patterns)
        return {path: self._read_file(path) for path in paths}

    def _read_file(self, path: str) -> bytes | str:
        """Returns a file's bytes, or the reason why it cannot be read."""
        try:
            size = Path(path).stat().st_size
            if size > self._max_bytes:
                has, limit = (f"{count / _MEBIBYTE:,.1f} MB" for count in (size, self._max_bytes))
                return f"its {has} are more than the {limit} allowed for a feed"
            return Path(path).read_bytes()
        except OSError as error:
            return f"the system cannot read it: {error.strerror or error}"

    async def _parse(self, content: bytes | str) -> ParsedFeed | str:
        """Returns a file's feed, or the reason why it cannot be read."""
        if isinstance(content, str):
            return content
        try:
            return await self._parser.parse(content, "", "")
        except SourceError as error:
            return str(error)


def _merge(results: Iterable[ParsedFeed | str]) -> ParsedFeed:
    """Returns one feed with the items of all that could be read."""
    feeds = [one for one in results if isinstance(one, ParsedFeed)]
    items = tuple(item for feed in feeds for item in feed.items)
    return ParsedFeed(items=items, language=feeds[0].language if len(feeds) == 1 else "")


def _unreadable_parts(results: Mapping[str, ParsedFeed | str]) -> Iterator[UnreadablePart]:
    for path, one in results.items():
        problems = (one,) if isinstance(one, str) else one.problems
        yield from (UnreadablePart(path, None, problem) for problem in problems)


def _warnings(results: Mapping[str, ParsedFeed | str]) -> Iterator[UnreadablePart]:
    for path, one in results.items():
        if isinstance(one, ParsedFeed):
            yield from (UnreadablePart(path, None, warning) for warning in one.warnings)


def _digest(contents: dict[str, bytes | str]) -> str:
    digest = hashlib.blake2b(str(STORY_FORMAT).encode(), digest_size=16)
    for path, content in contents.items():
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(content if isinstance(content, bytes) else content.encode())
    return digest.hexdigest()
