"""One poll of one source: fetch, detect what has changed, write it, and report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.clock import Clock
from bot.errors import SourceError, StoreError
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision, decide
from bot.ingest.daily_limits import DailyLimiter
from bot.ingest.dedup import fetch_known
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.past_stories import decide_past
from bot.ingest.ports import NewsSource, PollerStore, PollMode
from bot.ingest.refusals import list_refusals
from bot.ingest.results import FetchResult, LoadReport, SourceState, StoryRecord
from bot.ingest.retention import StoryRetention
from bot.ingest.site_icons import SiteIcons
from bot.ingest.story_cleaning import StoryCleaner
from bot.ingest.story_writer import BATCH, StoryWriter
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.ingest.undated import date_undated
from bot.model import Story
from bot.posting.router import SubscriptionRouter
from bot.text.display import shorten
from bot.threads import GiveWay, background, go_on, pace

log = logging.getLogger(__name__)

_MAX_WRITERS = 2  # polls that enrich and write at once; no host is waited for meanwhile
_SKEW = timedelta(minutes=1)  # between clocks; a report from further ahead is of a wrong one

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
        topic_upkeep: Finds topics in what comes; None for nobody.
        events: Tells of which events stories are; None for none.
        retention: Forgets old stories; None for nobody.
        give_way: Called in threads between two pieces of work; lets what readers wait for go first.
        icons: Is told which icons the sources name.
    """

    store: PollerStore
    clock: Clock
    enricher: StoryEnricher
    router: SubscriptionRouter | None
    limiter: DailyLimiter
    topic_upkeep: TopicUpkeep | None = None
    events: EventAssigner | None = None
    retention: StoryRetention | None = None
    give_way: GiveWay = go_on
    icons: SiteIcons = field(default_factory=SiteIcons)
    _deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MAX_WRITERS))
    _writer: StoryWriter = field(init=False)

    def __post_init__(self) -> None:
        self._writer = StoryWriter(self.store, self.clock, self.enricher, self.give_way)

    @asynccontextmanager
    async def between_writes(self) -> AsyncIterator[None]:
        """Keeps all polls from enriching and writing stories for as long as the block lasts.

        One block at a time: each takes the turns of all writers.
        """
        async with AsyncExitStack() as stack:
            for _ in range(_MAX_WRITERS):
                await stack.enter_async_context(self._writers)
            yield

    async def poll(
        self,
        source: NewsSource,
        state: SourceState,
        progress: Progress,
        mode: PollMode = PollMode.SCHEDULED,
    ) -> tuple[LoadReport, str]:
        """Polls a source; returns the report, but for its next poll, and the new signature.

        Whatever goes wrong with its stories is in the report: no source keeps others from being
        polled.

        Raises:
            StoreError: The store cannot be written.
        """
        mode = PollMode.FULL if self._is_incomplete(state) else mode
        reached: bool | None = None
        try:
            with background(self.give_way):
                fetched = await source.fetch(state.signature, mode)
                reached = fetched.reached
                if fetched.icon is not None:
                    self.icons.note(source.source.id, fetched.icon)
                report = await self._file(source, state, fetched, progress)
        except SourceError as error:
            report = self._unread(state, error)
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
            return report, fetched.signature
        return report, state.signature

    def _is_incomplete(self, state: SourceState) -> bool:
        """Returns True when the last poll left stories out, or was dated by a clock ahead of time.

        They are to come again, even if the source does not change.
        """
        last = state.report
        return last is not None and (last.left_out > 0 or last.at > self.clock.now() + _SKEW)

    def _unread(self, state: SourceState, error: SourceError) -> LoadReport:
        """Reports a source that cannot be read."""
        report = self._failed(state, str(error), gone=error.gone)
        report = replace(report, asked=error.wait or 0.0, reached=error.reached)
        if not error.put_off:
            return report
        # Its host was not even asked: it has not failed again, and what it failed by is still true.
        before = (state.report and state.report.error) or report.error
        failures = report.failures - 1
        return replace(report, error=before, failures=failures, put_off=True)

    def _failed(self, state: SourceState, reason: str, *, gone: bool = False) -> LoadReport:
        last = state.report or LoadReport(state.source, self.clock.now())
        return LoadReport(
            state.source,
            self.clock.now(),
            error=reason,
            failures=last.failures + 1,
            gone=gone,
            left_out=last.left_out,
        )

    async def add_past(
        self, source: NewsSource, state: SourceState, stories: Sequence[Story]
    ) -> int:
        """Writes past stories of a source that are not known; see `bot.ingest.backfill`.

        They count as seen when the source was first loaded, so that nobody hears of them as new.

        Raises:
            StoreError: The store cannot be read or written.
        """
        with background(self.give_way):
            return await self._add_past(source, state, stories)

    async def _add_past(
        self, source: NewsSource, state: SourceState, stories: Sequence[Story]
    ) -> int:
        if self.retention:
            stories = await self.retention.admit_past(state.source, stories)
        known = await fetch_known(self.store.ingest, state.source, stories)
        decision = await asyncio.to_thread(decide_past, known, stories, self.clock.now())
        seen = min(self.clock.now(), state.loaded_at or self.clock.now())
        writer = BatchWriter(self.store.ingest, None, decision, seen, events=self.events)
        cleaner = await StoryCleaner.open(self.store.ingest, source.source)
        async with self._writers:
            enriched = await asyncio.to_thread(self._enrich, decision.new, cleaner)
            await self._writer.write(state.source, enriched, decision, writer)
        return len(decision.new)

    async def _file(
        self, source: NewsSource, state: SourceState, fetched: FetchResult, progress: Progress
    ) -> LoadReport:
        """Writes what is new or changed, a batch at a time, oldest first."""
        report = LoadReport(
            state.source, self.clock.now(), asked=fetched.fresh_for, reached=fetched.reached
        )
        if fetched.unchanged:
            return _still(report, state)
        given = fetched.stories
        if self.retention:
            fetched = await self.retention.admit(state.source, fetched)
        first, today = state.loaded_at is None, self.clock.now().date()
        whole = await self._decide(state, fetched)
        decision, left_out = self.limiter.limit(source.source, whole, today, first=first)
        refused = await asyncio.to_thread(list_refusals, given, fetched.stories, whole, decision)
        writer = BatchWriter(
            self.store.ingest, self.router, decision, self.clock.now(), events=self.events
        )
        await writer.write([one for one in decision.changed if one.copied_by])
        stories = [one for one in (*decision.changed, *decision.new) if not one.copied_by]
        progress(state.source, 0, len(stories))
        cleaner = await self._cleaner(source, fetched) if stories else StoryCleaner(source.source)
        for start in range(0, len(stories), BATCH):
            completed = await source.complete(stories[start : start + BATCH])
            async with self._writers:
                enriched = await asyncio.to_thread(self._enrich, completed, cleaner)
                await self._writer.write(state.source, enriched, decision, writer)
            self.limiter.count(state.source, completed, decision, today)
            progress(state.source, start + len(completed), len(stories))
        if stories:
            await cleaner.save(self.store.ingest)
            if self.topic_upkeep:
                await self.topic_upkeep.settle()
        return replace(
            report,
            at=self.clock.now(),
            new=len(decision.new),
            changed=len(decision.changed),
            unchanged=decision.unchanged,
            unreadable=fetched.unreadable,
            warnings=fetched.warnings,
            left_out=left_out,
            set_aside=fetched.set_aside,
            refused=refused,
        )

    async def _decide(self, state: SourceState, fetched: FetchResult) -> Decision:
        async with self._deciding:  # what is known of a large archive takes room
            first, now = state.loaded_at is None, self.clock.now()
            stories = date_undated(fetched.stories, now, first=first)
            known = await fetch_known(self.store.ingest, state.source, stories)
            return await asyncio.to_thread(
                decide,
                known,
                stories,
                first=first,
                now=now,
                since=state.succeeded_at,
            )

    async def _cleaner(self, source: NewsSource, fetched: FetchResult) -> StoryCleaner:
        cleaner = await StoryCleaner.open(self.store.ingest, source.source)
        await asyncio.to_thread(cleaner.learn, fetched.stories)
        return cleaner

    def _enrich(self, records: Sequence[StoryRecord], cleaner: StoryCleaner) -> list[StoryRecord]:
        now = self.clock.now()
        cleaner.learn([one.story for one in records])  # of which pages may have been read
        enriched = []
        for one in pace(records):
            clean = replace(one, story=cleaner.clean(one.story))
            enriched.append(self.enricher.enrich(clean, now))
        return enriched


def _still(report: LoadReport, state: SourceState) -> LoadReport:
    """Returns the report of a source that is as it was, with what was wrong with it before."""
    before = state.report or report
    return replace(
        report,
        unchanged=state.stories,
        unreadable=before.unreadable,
        warnings=before.warnings,
        set_aside=before.set_aside,
        refused=before.refused,
    )
