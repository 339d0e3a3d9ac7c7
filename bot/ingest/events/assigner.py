"""The assigner: tells of new stories which events they are of, before they are written.

Whatever happens to it, no story waits for it long and none fails for it: a story that it does not
place is written and posted all the same, and placed later (`bot.ingest.events.upkeep`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.errors import StoreError
from bot.ingest.events.clusterer import GAP, LONGEST, DatedTerms, EventClusterer
from bot.ingest.events.placement import PlaceableStory, Placement, Position
from bot.ingest.events.ports import EventStore
from bot.ingest.events.terms import TermReader
from bot.ingest.results import StoryRecord

log = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds that stories wait: the window of some ten thousand is read meanwhile
_AT_ONCE = 1_000  # stories that are read

NOWHERE: Mapping[str, Placement] = {}
"""The placements of stories that are written without: none."""


class EventAssigner:
    """Keeps the stories of the last days in memory, and places new ones among them."""

    def __init__(self, store: EventStore, patience: float = _PATIENCE) -> None:
        """Takes the store of events.

        Args:
            store: Has the stories of the last days.
            patience: Seconds that stories wait to be placed.
        """
        self._store = store
        self._patience = patience
        self._reader = TermReader()
        self._clusterer: EventClusterer | None = None
        self._revision = -1
        self._lock = asyncio.Lock()
        self._running: set[asyncio.Task[Mapping[str, Placement]]] = set()

    async def assign(
        self, records: Sequence[StoryRecord], now: datetime
    ) -> Mapping[str, Placement]:
        """Returns where stories belong, by their ids; those that are not recent are left out.

        It never raises, and returns nothing where that would take long.

        Args:
            records: Stories that are about to be written.
            now: The time.
        """
        recent = [one for one in records if one.story.published >= now - GAP and not one.copied_by]
        if not recent:
            return NOWHERE
        # What is given up goes on: the next stories find it done.
        task = asyncio.create_task(self._assign_in_turn(recent, now))
        self._running.add(task)
        task.add_done_callback(self._end)
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            log.info("%d stories are written before it is known whose events they are", len(recent))
            return NOWHERE
        return NOWHERE if task.exception() else task.result()

    def _end(self, task: asyncio.Task[Mapping[str, Placement]]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, StoreError):
            log.warning("stories are put into no events: %s", error)
        elif error is not None:
            log.error("stories are put into no events", exc_info=error)

    async def _assign_in_turn(
        self, records: Sequence[StoryRecord], now: datetime
    ) -> Mapping[str, Placement]:
        async with self._lock:
            clusterer = await self._follow(now)
            return await asyncio.to_thread(self._assign, clusterer, records)

    def _assign(
        self, clusterer: EventClusterer, records: Sequence[StoryRecord]
    ) -> Mapping[str, Placement]:
        places = {}
        for one in sorted(records, key=lambda one: one.story.published):
            story = one.story
            terms = self._reader.read_story(story, one.fingerprint.sketch)
            dated = DatedTerms(story.id, terms, story.published, story.source)
            places[story.id] = clusterer.assign(dated)
        return places

    async def _follow(self, now: datetime) -> EventClusterer:
        """Returns what has all that the store knows; it is read anew when others changed that."""
        revision = await self._store.revision()
        if self._clusterer is None or revision != self._revision:
            clusterer = EventClusterer(await self._store.splits())
            after = Position(now - LONGEST)
            while found := await self._store.stories_from(after, _AT_ONCE):
                await asyncio.to_thread(restore_all, clusterer, found, self._reader)
                after = found[-1].position
            self._clusterer, self._revision = clusterer, revision
        return self._clusterer


def restore_all(
    clusterer: EventClusterer, stories: Sequence[PlaceableStory], reader: TermReader
) -> None:
    """Takes in those stories of which it is known where they belong."""
    for one in stories:
        if one.place:
            clusterer.restore(dated_terms(one, reader), one.place)


def dated_terms(one: PlaceableStory, reader: TermReader) -> DatedTerms:
    """Returns what of a kept story is needed to place it."""
    terms = reader.read(one.title, one.lead, one.shingles)
    return DatedTerms(one.id, terms, one.position.published, one.source)
