"""One poll of one source: fetch, detect what has changed, write it, and report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.clock import Clock
from bot.errors import SourceError, StoreError
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision, decide
from bot.ingest.daily_limits import DailyLimiter
from bot.ingest.dedup import fetch_known
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.ports import NewsSource, PollerStore
from bot.ingest.results import FetchResult, LoadReport, SourceState, StoryRecord
from bot.ingest.story_cleaning import StoryCleaner
from bot.ingest.undated import date_undated
from bot.posting.router import SubscriptionRouter
from bot.text.display import shorten

log = logging.getLogger(__name__)

_MAX_WRITERS = 2  # polls that enrich and write at once; no host is waited for meanwhile
_SKEW = timedelta(minutes=1)  # between clocks; a report from further ahead is of a wrong one

BATCH = 500
"""Stories a transaction: few enough that other writes are not held up, many enough to be fast."""

Progress = Callable[[str, int, int], None]
"""Told a source's id, the stories written so far, and how many there are to write."""


def silent(_source: str, _done: int, _total: int) -> None:
    """Progress that nobody follows."""


@dataclass(slots=True)
class SourcePolls:
    """Polls sources, and has the store write what they bring.

    Attributes:
        store: Keeps the stories.
        clock: Tells the time.
        enricher: Gives stories their summaries and topics.
        router: Tells where new stories are posted; None for nowhere.
        limiter: Counts what each feed brings in a day.
    """

    store: PollerStore
    clock: Clock
    enricher: StoryEnricher
    router: SubscriptionRouter | None
    limiter: DailyLimiter
    _deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MAX_WRITERS))

    async def poll(
        self, source: NewsSource, state: SourceState, progress: Progress, *, again: bool
    ) -> tuple[LoadReport, str]:
        """Polls a source; returns the report, but for its next poll, and the new signature.

        Whatever goes wrong with its stories is in the report: no source keeps others from being
        polled.

        Raises:
            StoreError: The store cannot be written.
        """
        ahead = state.report is not None and state.report.at > self.clock.now() + _SKEW
        reached: bool | None = None
        try:
            fetched = await source.fetch("" if again or ahead else state.signature)
            reached = fetched.reached
            report = await self._file(source, state, fetched, progress)
        except SourceError as error:
            report = self._failed(state, str(error), gone=error.gone)
            report = replace(report, asked=error.wait or 0.0, reached=error.reached)
        except StoreError:
            raise
        except Exception as error:
            # One source's bug must not keep the others from being read.
            log.debug("polling source %s failed", source.source.id, exc_info=True)
            reason = (
                f"unexpected {type(error).__name__}: {shorten(str(error))}; --debug shows where"
            )
            report = replace(self._failed(state, reason), reached=reached)
        else:
            # What was left out is to come again, even if the source does not change.
            return report, "" if report.left_out else fetched.signature
        return report, state.signature

    def _failed(self, state: SourceState, reason: str, *, gone: bool = False) -> LoadReport:
        before = state.report.failures if state.report else 0
        now = self.clock.now()
        return LoadReport(state.source, now, error=reason, failures=before + 1, gone=gone)

    async def _file(
        self, source: NewsSource, state: SourceState, fetched: FetchResult, progress: Progress
    ) -> LoadReport:
        """Writes what is new or changed, a batch at a time, oldest first."""
        report = LoadReport(
            state.source, self.clock.now(), asked=fetched.fresh_for, reached=fetched.reached
        )
        if fetched.unchanged:
            unreadable = state.report.unreadable if state.report else ()
            return replace(report, unchanged=state.stories, unreadable=unreadable)
        first, today = state.loaded_at is None, self.clock.now().date()
        decision = await self._decide(state, fetched)
        decision, left_out = self.limiter.limit(source.source, decision, today, first=first)
        writer = BatchWriter(self.store.ingest, self.router, decision, self.clock.now())
        stories = (*decision.changed, *decision.new)
        progress(state.source, 0, len(stories))
        cleaner = await self._cleaner(source, fetched) if stories else StoryCleaner(source.source)
        for start in range(0, len(stories), BATCH):
            whole = await source.complete(stories[start : start + BATCH])
            async with self._writers:
                await writer.write(await asyncio.to_thread(self._enrich, whole, cleaner))
            self.limiter.count(state.source, whole, decision, today)
            progress(state.source, start + len(whole), len(stories))
        if stories:
            await cleaner.save(self.store.ingest)
        return replace(
            report,
            at=self.clock.now(),
            new=len(decision.new),
            changed=len(decision.changed),
            unchanged=decision.unchanged,
            unreadable=fetched.unreadable,
            left_out=left_out,
        )

    async def _decide(self, state: SourceState, fetched: FetchResult) -> Decision:
        async with self._deciding:  # what is known of a large archive takes room
            first, now = state.loaded_at is None, self.clock.now()
            stories = date_undated(fetched.stories, now, first=first)
            known = await fetch_known(self.store.ingest, state.source, stories)
            return await asyncio.to_thread(decide, known, stories, first=first, now=now)

    async def _cleaner(self, source: NewsSource, fetched: FetchResult) -> StoryCleaner:
        cleaner = await StoryCleaner.open(self.store.ingest, source.source)
        await asyncio.to_thread(cleaner.learn, fetched.stories)
        return cleaner

    def _enrich(self, records: Sequence[StoryRecord], cleaner: StoryCleaner) -> list[StoryRecord]:
        now = self.clock.now()
        cleaner.learn([one.story for one in records])  # of which pages may have been read
        clean = (replace(one, story=cleaner.clean(one.story)) for one in records)
        return [self.enricher.enrich(one, now) for one in clean]
