"""The sources and the store, as the poller needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.ingest.results import FetchResult, FiledStory, Fingerprint, LoadReport, SourceState
from bot.model import Source, Topic
from bot.posting.ports import News


class NewsSource(Protocol):
    """A place that stories are fetched from."""

    @property
    def source(self) -> Source:
        """What it is."""
        ...

    async def fetch(self, signature: str = "") -> FetchResult:
        """Looks at the source now.

        Args:
            signature: What the last look left; with an empty one everything is read again.

        Raises:
            SourceError: The source as a whole cannot be read. What can be read of a source that is
                partly unreadable is returned, with the rest in `FetchResult.unreadable`.
        """
        ...

    async def complete(self, filed: Sequence[FiledStory]) -> Sequence[FiledStory]:
        """Stories that are about to be written, with what the source can add only for these.

        It never raises for a story that it can add nothing to; that is given back as it is.
        """
        ...


class IngestStore(Protocol):
    """Keeps what sources bring. Every method may raise StoreError."""

    async def fingerprints(self, source: str) -> Mapping[str, Fingerprint]:
        """What is remembered of each story of `source`, by key."""
        ...

    async def write(self, filed: Sequence[FiledStory], news: News | None = None) -> int:
        """Writes stories whole: all of them or, on an error, none.

        A story whose id is known replaces what was there, under its new key if that changed. Each
        story is put under those of the topics last given to `set_topics` that it belongs to;
        `Story.topics` is not looked at.

        Args:
            filed: The stories.
            news: What is to be put into the outbox, in the same transaction; None for nothing.

        Returns:
            How many posts were put into the outbox.
        """
        ...

    async def set_topics(self, topics: Sequence[Topic]) -> None:
        """Makes these the topics, and puts every story under those that it belongs to.

        Cheap when they are the ones that were set before.
        """
        ...


class SourceStore(Protocol):
    """Remembers how each source fares. Every method may raise StoreError."""

    async def finish_load(self, report: LoadReport, signature: str) -> None:
        """Remembers how a look at a source ended, and what to hand to the next one.

        The first report without an error marks the source as loaded.
        """
        ...

    async def states(self) -> Mapping[str, SourceState]:
        """What is known of every source that was ever looked at or has stories, by source id."""
        ...


class PollerStore(Protocol):
    """What a poller needs of the store."""

    @property
    def ingest(self) -> IngestStore:
        """Keeps what sources bring."""
        ...

    @property
    def sources(self) -> SourceStore:
        """Remembers how each source fares."""
        ...
