"""Polling of sources when they are due: what is new or changed goes into the store."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.errors import BusyError, SourceError, StoreError, TooSoonError
from bot.ingest.backoff import next_check
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision, decide
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.ports import NewsSource, PollerStore
from bot.ingest.results import FetchResult, LoadReport, SourceState, StoryRecord
from bot.model import Source
from bot.posting.router import SubscriptionRouter
from bot.text.display import quoted

log = logging.getLogger(__name__)

_AT_ONCE = 8  # sources that are polled at the same time
_NEVER = 3600.0 * 24 * 365  # seconds

BATCH = 500
"""Stories a transaction: few enough that other writes are not held up, many enough to be fast."""

Progress = Callable[[str, int, int], None]
"""Told a source's id, the stories written so far, and how many there are to write."""


def _silent(_source: str, _done: int, _total: int) -> None:
    """Progress that nobody follows."""


class Poller:
    """Polls the sources and has the store write what they bring; one load at a time."""

    def __init__(
        self,
        store: PollerStore,
        clock: Clock,
        sources: Iterable[NewsSource],
        enricher: StoryEnricher,
        chance: Callable[[], float] = random.random,
        router: SubscriptionRouter | None = None,
    ) -> None:
        """Takes the sources.

        Args:
            store: Keeps the stories.
            clock: Tells the time.
            sources: The sources.
            enricher: Gives stories their summaries and topics.
            chance: Spreads the polls over time, by numbers from 0 to 1.
            router: Tells where new stories are posted; None for nowhere.
        """
        self._router = router
        self._store = store
        self._clock = clock
        self._sources = {source.source.id: source for source in sources}
        self._enricher = enricher
        self._lock = asyncio.Lock()
        self._filing = asyncio.Lock()
        self._chance = chance
        self._last_reload = -math.inf

    @property
    def busy(self) -> bool:
        """True while sources are being polled."""
        return self._lock.locked()

    async def load(
        self, ids: Iterable[str] | None = None, *, progress: Progress = _silent, again: bool = True
    ) -> list[LoadReport]:
        """Polls sources now, several at a time.

        Args:
            ids: Which; all of them when None.
            progress: Told how far each has come.
            again: Read everything again, even what says of itself that it has not changed.

        Raises:
            StoreError: The store cannot be written; what was written before is kept, and the next
                load goes on from there.
        """
        async with self._lock:
            states = await self._store.sources.states()
            gate = asyncio.Semaphore(_AT_ONCE)

            async def poll(name: str) -> LoadReport:
                async with gate:
                    state = states.get(name)
                    return await self._load(self._sources[name], state, progress, again=again)

            wanted = list(self._sources if ids is None else ids)
            ends = await asyncio.gather(*map(poll, wanted), return_exceptions=True)
        return [_unless_failed(end) for end in ends]

    async def reload(self, ids: Iterable[str] | None, cooldown: float) -> list[LoadReport]:
        """Polls sources because a person asked; one reload at a time, and none right after another.

        Args:
            ids: Which; all of them when None.
            cooldown: Seconds that must have passed since the last reload ended.

        Raises:
            BusyError: The sources are being polled.
            TooSoonError: The last reload ended less than `cooldown` seconds ago.
            StoreError: The store cannot be written.
        """
        if self.busy:
            raise BusyError("the sources are already being checked")
        passed = self._clock.monotonic() - self._last_reload
        if passed < cooldown:
            raise TooSoonError(cooldown - passed)
        try:
            return await self.load(ids)
        finally:
            self._last_reload = self._clock.monotonic()

    async def load_unloaded(self, progress: Progress = _silent) -> list[LoadReport]:
        """Polls those sources that were never loaded to the end."""
        states = await self._store.sources.states()
        ids = [i for i in self._sources if i not in states or states[i].loaded_at is None]
        return await self.load(ids, progress=progress)

    async def keep_polling(self) -> None:
        """Polls each source whenever it is due, until cancelled."""
        while True:
            try:
                wait = await self.poll_due()
            except StoreError as error:
                log.warning("trying again in a minute: %s", error)
                wait = 60.0
            await asyncio.sleep(wait)

    async def poll_due(self) -> float:
        """Polls every source that is due; returns the seconds until the next one is."""
        states = await self._store.sources.states()
        due = [
            i
            for i, s in self._sources.items()
            if self._seconds_until_due(s.source, states.get(i)) <= 0
        ]
        for report in await self.load(due, again=False) if due else ():
            _log_report(report)
        states = await self._store.sources.states()
        waits = [self._seconds_until_due(s.source, states.get(i)) for i, s in self._sources.items()]
        return max(0.0, min(waits, default=3600.0))

    def _seconds_until_due(self, source: Source, state: SourceState | None) -> float:
        """Returns the seconds until a source is due; 0 or less when it is."""
        if state is None or state.report is None:
            return 0.0
        if state.report.gone:
            return _NEVER
        due = state.report.next_check or state.report.at + source.every
        return (due - self._clock.now()).total_seconds()

    async def _load(
        self, source: NewsSource, state: SourceState | None, progress: Progress, *, again: bool
    ) -> LoadReport:
        state = state or SourceState(source.source.id)
        signature, asked = state.signature, 0.0
        try:
            fetched = await source.fetch("" if again else signature)
        except SourceError as error:
            report = self._failed(state, str(error), gone=error.gone)
            asked = error.wait or 0.0
        except StoreError:
            raise
        except Exception as error:
            # One source's bug must not keep the others from being read.
            log.debug("polling source %s failed", source.source.id, exc_info=True)
            reason = f"unexpected {type(error).__name__}: {quoted(str(error))}; --debug shows where"
            report = self._failed(state, reason)
        else:
            report = await self._file(source, state, fetched, progress)
            signature, asked = fetched.signature, fetched.fresh_for
        report = replace(report, next_check=self._next_check(source.source, report, asked))
        await self._store.sources.finish_load(report, signature)
        return report

    def _failed(self, state: SourceState, reason: str, *, gone: bool = False) -> LoadReport:
        before = state.report.failures if state.report else 0
        now = self._clock.now()
        return LoadReport(state.source, now, error=reason, failures=before + 1, gone=gone)

    def _next_check(self, source: Source, report: LoadReport, asked: float) -> datetime:
        return next_check(
            report.at,
            source.every,
            failures=report.failures,
            asked=asked,
            chance=self._chance(),
        )

    async def _file(
        self, source: NewsSource, state: SourceState, fetched: FetchResult, progress: Progress
    ) -> LoadReport:
        """Writes what is new or changed, a batch at a time, oldest first."""
        if fetched.unchanged:
            unreadable = state.report.unreadable if state.report else ()
            now = self._clock.now()
            return LoadReport(state.source, now, unchanged=state.stories, unreadable=unreadable)
        decision = await self._decide(state, fetched)
        writer = BatchWriter(self._store.ingest, self._router, decision, self._clock.now())
        stories = (*decision.changed, *decision.new)
        progress(state.source, 0, len(stories))
        for start in range(0, len(stories), BATCH):
            whole = await source.complete(stories[start : start + BATCH])
            await writer.write(await asyncio.to_thread(self._enrich, whole))
            progress(state.source, start + len(whole), len(stories))
        return LoadReport(
            state.source,
            self._clock.now(),
            new=len(decision.new),
            changed=len(decision.changed),
            unchanged=decision.unchanged,
            unreadable=fetched.unreadable,
        )

    async def _decide(self, state: SourceState, fetched: FetchResult) -> Decision:
        async with self._filing:  # what is remembered of a large source takes room
            known = await self._store.ingest.fingerprints(state.source)
            first = state.loaded_at is None
            return await asyncio.to_thread(decide, known, fetched.stories, first=first)

    def _enrich(self, stories: Sequence[StoryRecord]) -> list[StoryRecord]:
        now = self._clock.now()
        return [self._enricher.enrich(one, now) for one in stories]


def _unless_failed(end: LoadReport | BaseException) -> LoadReport:
    if isinstance(end, BaseException):
        raise end
    return end


def _log_report(report: LoadReport) -> None:
    if report.error:
        log.warning("%s: %s", report.source, report.error)
    elif report.new or report.changed or report.unreadable:
        log.info(
            "%s: %d new, %d changed, %d unchanged, %d unreadable",
            report.source,
            report.new,
            report.changed,
            report.unchanged,
            len(report.unreadable),
        )
