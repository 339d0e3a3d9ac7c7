"""Polling of sources when they are due: what is new or changed goes into the store."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from bot.clock import Clock, JumpDetector
from bot.errors import BusyError, NotAStoreError, StoreError, StoreNewerError, TooSoonError
from bot.ingest.daily_limits import DailyLimiter, DailyLimits
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poll_schedule import PollSchedule
from bot.ingest.ports import NewsSource, PollerStore
from bot.ingest.results import LoadReport, SourceState
from bot.ingest.source_poll import Progress, SourcePolls, silent
from bot.posting.router import SubscriptionRouter

log = logging.getLogger(__name__)

_AT_ONCE = 8  # sources that are polled at the same time
_LONGEST_SLEEP = 60.0  # seconds, after which a clock that was set is noticed
_UNLIMITED = DailyLimits()


class Poller:
    """Polls the sources and has the store write what they bring; one load at a time."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is built of, most of it with a default
        self,
        store: PollerStore,
        clock: Clock,
        sources: Iterable[NewsSource],
        enricher: StoryEnricher,
        chance: Callable[[], float] = random.random,
        router: SubscriptionRouter | None = None,
        limits: DailyLimits = _UNLIMITED,
    ) -> None:
        """Takes the sources.

        Args:
            store: Keeps the stories.
            clock: Tells the time.
            sources: The sources.
            enricher: Gives stories their summaries and topics.
            chance: Spreads the polls over time, by numbers from 0 to 1.
            router: Tells where new stories are posted; None for nowhere.
            limits: Limits of what one feed may bring in a day.
        """
        self._store = store
        self._clock = clock
        self._sources = {source.source.id: source for source in sources}
        self._polls = SourcePolls(store, clock, enricher, router, DailyLimiter(limits))
        self._schedule = PollSchedule(clock, chance)
        self._jumps = JumpDetector(clock)
        self._reread: set[str] = set()
        self._has_begun = False
        self._lock = asyncio.Lock()
        self._last_reload = -math.inf

    @property
    def busy(self) -> bool:
        """True while sources are being polled."""
        return self._lock.locked()

    async def load(
        self, ids: Iterable[str] | None = None, *, progress: Progress = silent, again: bool = True
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
            states = await self._states()
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

    async def load_unloaded(self, progress: Progress = silent) -> list[LoadReport]:
        """Polls those sources that were never loaded to the end."""
        states = await self._states()
        ids = [i for i in self._sources if i not in states or states[i].loaded_at is None]
        return await self.load(ids, progress=progress)

    async def keep_polling(self) -> None:
        """Polls each source whenever it is due, until cancelled.

        Raises:
            StoreError: The store's file is no store of this Dateline any more.
        """
        while True:
            try:
                wait = await self.poll_due()
            except (NotAStoreError, StoreNewerError):
                raise
            except StoreError as error:
                log.warning("trying again in a minute: %s", error)
                wait = _LONGEST_SLEEP
            await asyncio.sleep(min(wait, _LONGEST_SLEEP))

    async def poll_due(self) -> float:
        """Polls every source that is due; returns the seconds until the next one is."""
        self._note_jump()
        before = await self._states()
        if not self._has_begun:
            self._has_begun = True
            self._schedule.begin(one.report for one in before.values() if one.report)
        waits = self._seconds_until_due(before)
        due = [source for source, wait in waits.items() if wait <= 0]
        for report in await self.load(due, again=False) if due else ():
            self._log(report, before.get(report.source))
        if due:
            waits = self._seconds_until_due(await self._states())
        return max(0.0, min(waits.values(), default=_LONGEST_SLEEP))

    async def _states(self) -> Mapping[str, SourceState]:
        return await self._store.sources.states(rates=False)

    def _seconds_until_due(self, states: Mapping[str, SourceState]) -> dict[str, float]:
        """Returns the seconds until each source is due; 0 or less when it is."""
        return {
            i: self._schedule.seconds_until_due(
                one.source, states[i].report if i in states else None
            )
            for i, one in self._sources.items()
        }

    def _note_jump(self) -> None:
        """Has everything read again after the clock was set: it may have dated stories wrongly."""
        jump = self._jumps.jump()
        if jump:
            way = "forward" if jump > timedelta() else "back"
            log.warning("the computer's clock has gone %s by %s at once", way, abs(jump))
            self._reread |= self._sources.keys()

    async def _load(
        self, source: NewsSource, state: SourceState | None, progress: Progress, *, again: bool
    ) -> LoadReport:
        name = source.source.id
        again = again or name in self._reread
        state = state or SourceState(name)
        report, signature = await self._polls.poll(source, state, progress, again=again)
        if not report.error:
            self._reread.discard(name)
        report = self._schedule.complete(report, source.source)
        await self._store.sources.finish_load(report, signature)
        return report

    def _log(self, report: LoadReport, before: SourceState | None) -> None:
        """Logs a report of interest: an error once, and none that an outage explains."""
        if report.error:
            known = before.report.error if before and before.report else ""
            is_old = report.error == known or (report.reached is False and self._schedule.is_outage)
            level = logging.DEBUG if is_old else logging.WARNING
            log.log(level, "%s: %s", report.source, report.error)
        elif report.new or report.changed or report.unreadable:
            log.info(
                "%s: %d new, %d changed, %d unchanged, %d unreadable",
                report.source,
                report.new,
                report.changed,
                report.unchanged,
                len(report.unreadable),
            )
        if report.left_out:
            log.warning(
                "%s: %d stories wait for another day (feeds.max_stories_a_day, max_text_a_day)",
                report.source,
                report.left_out,
            )


def _unless_failed(end: LoadReport | BaseException) -> LoadReport:
    if isinstance(end, BaseException):
        raise end
    return end
