"""Writes what a poll brings: stories of its own, and copies of those that other sources gave."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.errors import OvertakenError
from bot.ingest.batch import Snapshot
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.ports import PollerStore
from bot.ingest.results import StoryRecord
from bot.ingest.shared_stories import is_remembered, match_shared, share
from bot.threads import GiveWay

BATCH = 500
"""Stories a transaction: few enough that other writes are not held up, many enough to be fast."""

BATCH_BESIDE_READERS = 100
"""The same while somebody waits for an answer: a transaction takes longer then."""

_RETRIES = 5  # of a batch that another process's write has overtaken
_LONGEST_PAUSE = 0.25  # seconds before a batch; it takes longer than what gives way piece by piece


@dataclass(slots=True)
class StoryWriter:
    """Writes the stories of all polls, those of one source at a time.

    Attributes:
        store: Keeps the stories.
        clock: Tells the time.
        enricher: Gives stories their topics.
        give_way: Called before each transaction; lets what readers wait for go first.
    """

    store: PollerStore
    clock: Clock
    enricher: StoryEnricher
    give_way: GiveWay
    _sharing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(
        self, source: str, records: Sequence[StoryRecord], decision: Decision, writer: BatchWriter
    ) -> None:
        """Writes stories of a source in batches, each whole or not at all.

        Args:
            source: The source's id.
            records: The stories.
            decision: What was decided of the whole poll.
            writer: Writes the batches.

        Raises:
            StoreError: They cannot be written; what was written before is kept.
        """
        while records:
            is_quiet = await asyncio.to_thread(self.give_way, _LONGEST_PAUSE)
            batch = records[: BATCH if is_quiet else BATCH_BESIDE_READERS]
            await self._write_batch(source, batch, decision, writer)
            records = records[len(batch) :]

    async def _write_batch(
        self, source: str, records: Sequence[StoryRecord], decision: Decision, writer: BatchWriter
    ) -> None:
        """Writes stories, those that another source gave before as copies of these.

        One source at a time, so that no two find at once that nobody else has a story. Where that
        was another process's turn after all, it is decided again.
        """
        async with self._sharing, self.store.leases.filing():
            retries = 0
            while True:
                snapshot = Snapshot(source, await self.store.ingest.revision())
                try:
                    await self._write_by(snapshot, records, decision, writer)
                except OvertakenError:
                    retries += 1
                    if retries > _RETRIES:
                        raise
                else:
                    return

    async def _write_by(
        self,
        snapshot: Snapshot,
        records: Sequence[StoryRecord],
        decision: Decision,
        writer: BatchWriter,
    ) -> None:
        new = {one.story.id for one in decision.new}
        fresh = [one for one in records if one.story.id in new]
        kept = await self.store.ingest.elsewhere(snapshot.source, [one.story for one in fresh])
        shared = await asyncio.to_thread(match_shared, fresh, kept)
        now, news = self.clock.now(), {one.story.id for one in decision.news}
        before = {
            other.story.id: other.story
            for one, other in shared.items()
            if one in news and is_remembered(other.story, now)
        }
        await writer.write([self._share(one, shared) for one in records], before, snapshot)

    def _share(self, record: StoryRecord, shared: Mapping[str, StoryRecord]) -> StoryRecord:
        kept = shared.get(record.story.id)
        if kept is None:
            return record
        copy = share(record, kept)
        return replace(copy, story=self.enricher.add_topics(copy.story))
