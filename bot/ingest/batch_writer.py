"""Writes the stories of a poll batch by batch, each with its posts and edits.

The core decides and the store writes: a batch is decided by the subscriptions as they were read,
and the store refuses it when they have changed meanwhile (optimistic concurrency). It is then
decided anew. So nobody who subscribes while a story is written misses it or gets it twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.errors import OutdatedError
from bot.ingest.batch import Snapshot, StoryBatch
from bot.ingest.change_detection import Decision
from bot.ingest.events.assigner import NOWHERE, EventAssigner
from bot.ingest.ports import IngestStore
from bot.ingest.results import StoryRecord
from bot.model import Chat, Story
from bot.posting.model import HeadlineEdit
from bot.posting.router import (
    EDITABLE_FOR,
    NOT_ROUTED,
    NOTHING_BEFORE,
    Routing,
    SubscriptionRouter,
)

_RETRIES = 10  # subscriptions may change many times in a row, as when a server throws the bot out
_FIRST_WAIT = 0.01  # seconds; doubled before each further retry: some ten seconds in all


class BatchWriter:
    """Writes the stories of one poll, and puts what follows from them into the outbox."""

    def __init__(
        self,
        store: IngestStore,
        router: SubscriptionRouter | None,
        decision: Decision,
        now: datetime,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        events: EventAssigner | None = None,
    ) -> None:
        """Prepares to write what was decided of one poll.

        Args:
            store: Writes the batches.
            router: Routes new stories; None when nothing is posted anywhere.
            decision: Says which stories are news, and which have a new headline.
            now: When the poll's stories count as seen.
            sleep: Waits so many seconds before a retry.
            events: Tells of which events stories are; None for none.
        """
        self._store = store
        self._router = router
        self._news = frozenset(one.story.id for one in decision.news)
        self._retitled = decision.retitled
        self._now = now
        self._events = events
        self._places = NOWHERE
        self._sleep = sleep
        self._sent = Counter[Chat]()
        self._before: Mapping[str, Story] = NOTHING_BEFORE
        self._snapshot: Snapshot | None = None

    async def write(
        self,
        stories: Sequence[StoryRecord],
        before: Mapping[str, Story] = NOTHING_BEFORE,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Writes stories of the poll, in several transactions when their posts are very many.

        Args:
            stories: The stories.
            before: Those that other sources gave before and that are news to who follows this one:
                by id, as they were until now.
            snapshot: By which it was decided what other sources gave.

        Raises:
            StoreError: They cannot be written. What comes after the last whole batch is not there
                at all, so that the next poll finds it new again.
            OutdatedError: The same, since subscriptions kept changing through all retries.
            OvertakenError: The same, since the snapshot is not true any more.
        """
        rest, self._before, self._snapshot = stories, before, snapshot
        if self._events:
            self._places = await self._events.assign(stories, self._now)
        while rest:
            batch = await self._write_first(rest)
            self._sent.update(one.subscription.chat for one in batch.posts if not one.waiting)
            rest = rest[len(batch.stories) :]

    async def _write_first(self, stories: Sequence[StoryRecord]) -> StoryBatch:
        """Writes as many of the stories as make one batch, which is decided anew if need be."""
        retries = 0
        while True:
            batch = await self._decide(stories)
            try:
                enqueued = await self._store.write(batch)
            except OutdatedError:
                if retries == _RETRIES:
                    raise
                await self._sleep(_FIRST_WAIT * 2**retries)
                retries += 1
            else:
                if enqueued and self._router:
                    self._router.on_enqueued()
                return batch

    async def _decide(self, stories: Sequence[StoryRecord]) -> StoryBatch:
        heard = self._news | self._before.keys()
        news = [one.story for one in stories if one.story.id in heard]
        if self._router is None or not news:
            return self._batch(stories)
        routing = await self._router.route(news, self._now, self._sent, self._before)
        if routing.stories < len(news):
            left = news[routing.stories].id
            stories = stories[: [one.story.id for one in stories].index(left)]
        return self._batch(stories, routing)

    def _batch(self, stories: Sequence[StoryRecord], routing: Routing = NOT_ROUTED) -> StoryBatch:
        has_edits = self._router is not None and self._router.flood_limits.edits
        ids = (one.story.id for one in stories)
        return StoryBatch(
            stories,
            self._now,
            routing.posts,
            self._edits(stories),
            routing.revision,
            {story: self._places[story] for story in ids if story in self._places},
            self._now - EDITABLE_FOR if has_edits else None,
            self._snapshot,
        )

    def _edits(self, stories: Sequence[StoryRecord]) -> tuple[HeadlineEdit, ...]:
        if self._router is None or not self._router.flood_limits.edits:
            return ()
        ids = (one.story.id for one in stories if one.story.id in self._retitled)
        return tuple(HeadlineEdit(story, self._now - EDITABLE_FOR) for story in ids)
