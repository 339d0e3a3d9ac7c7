"""A source whose hub pushes: polled more slowly while the hub can be relied on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.ingest.websub.subscriber import WebSubSubscriber
from bot.model import Source

_SLOWER = 8  # times the interval of the source
_SLOWEST = timedelta(hours=6)  # unless the source's own interval is longer


class PushedSource(NewsSource):
    """Another source, polled on a timetable that depends on its hub.

    A hub is relied on once it has pushed, and until something new comes without a push, its lease
    ends, or a request to it fails. After a push, and after a poll that failed, the source is polled
    once at its own interval: a cache may have held back what the hub spoke of. A poller takes what
    lies beyond a source's timetable as due, so a source whose hub has failed is polled at once.
    """

    def __init__(self, inner: NewsSource, subscriber: WebSubSubscriber, clock: Clock) -> None:
        """Takes a source.

        Args:
            inner: The source.
            subscriber: Knows its hub, and is told which hubs its feed names.
            clock: Tells the time.
        """
        self._inner = inner
        self._subscriber = subscriber
        self._clock = clock
        self._has_failed = False
        self._began = self._began_before = -math.inf  # the last two polls, on the monotonic clock

    @property
    @override
    def source(self) -> Source:
        source = self._inner.source
        return replace(source, every=slowed(source.every)) if self._is_slow(source) else source

    def _is_slow(self, source: Source) -> bool:
        subscriptions = self._subscriber.subscriptions
        since_push = subscriptions.seconds_since_push(source.id)
        return (
            not self._has_failed
            and since_push >= source.every.total_seconds()
            and subscriptions.is_trusted(source.id)
        )

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self._began_before, self._began = self._began, self._clock.monotonic()
        self._has_failed = True
        fetched = await self._inner.fetch(signature, mode)
        self._has_failed = False
        if fetched.hub_links is not None:
            self._subscriber.note_links(self._inner.source.id, fetched.hub_links)
        return fetched

    @override
    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        name, subscriptions = self._inner.source.id, self._subscriber.subscriptions
        since_push = subscriptions.seconds_since_push(name)
        if self._clock.monotonic() - since_push < self._began_before:
            await subscriptions.note_miss(name)
        return await self._inner.complete(records)


def slowed(every: timedelta) -> timedelta:
    """Returns the interval of a source that is polled every so often, while its hub pushes."""
    return min(every * _SLOWER, max(every, _SLOWEST))
