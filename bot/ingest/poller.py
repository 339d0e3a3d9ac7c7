"""Polling of sources when they are due: what is new or changed goes into the store."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from bot.clock import Clock, JumpDetector
from bot.errors import (
    NotAStoreError,
    SourceError,
    StoreBusyError,
    StoreError,
    StoreGoneError,
    StoreNewerError,
)
from bot.ingest.counters import PollCounters
from bot.ingest.daily_limits import DailyLimiter, DailyLimits
from bot.ingest.dedup import fetch_known
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.past_stories import without_known
from bot.ingest.poll_log import PollLog
from bot.ingest.poll_schedule import PollSchedule
from bot.ingest.poll_share import PollShare
from bot.ingest.poll_tasks import PollTasks, gather_in_time, gather_to_end
from bot.ingest.ports import NewsSource, PollerStore, PollMode
from bot.ingest.reload_gate import ReloadGate
from bot.ingest.results import LoadReport, SourceState
from bot.ingest.retention import StoryRetention
from bot.ingest.source_poll import Progress, SourcePolls, silent
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Story
from bot.posting.router import SubscriptionRouter
from bot.threads import GiveWay, go_on

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0  # seconds, after which a clock that was set is noticed
_MANY = 50  # sources, from which on there is a rest between two looks at what is due
_REST_A_SOURCE, _LONGEST_REST = 0.001, 2.0  # seconds
_STARTED_AT_ONCE = 20  # polls, of which each does something on the event loop at once
_PAUSE = 60.0  # seconds until a poll is tried again that the store, or a bug, has failed
_BUSY_SHARE = (
    0.05  # of the interval, after which a busy store is tried again: the source is not late
)
_FATAL = (NotAStoreError, StoreNewerError, StoreGoneError)
_UNLIMITED = DailyLimits()


class Poller:
    """Polls each source on its own time, and has the store write what it brings.

    A source is polled once at a time; sources do not wait for one another.

    Attributes:
        counters: How polls ended since the start.
        share: Keeps other processes over the same store from polling what this one polls.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it is built of, most of it with a default
        self,
        store: PollerStore,
        clock: Clock,
        sources: Iterable[NewsSource],
        enricher: StoryEnricher,
        chance: Callable[[], float] = random.random,
        router: SubscriptionRouter | None = None,
        limits: DailyLimits = _UNLIMITED,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_network_back: Callable[[], None] = lambda: None,
        topic_upkeep: TopicUpkeep | None = None,
        events: EventAssigner | None = None,
        retention: StoryRetention | None = None,
        give_way: GiveWay = go_on,
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
            sleep: Waits for a number of seconds.
            on_network_back: Called when sources can be reached again after none could.
            topic_upkeep: Finds topics in what comes; None for nobody.
            events: Tells of which events stories are; None for none.
            retention: Forgets old stories; None for nobody.
            give_way: Called in threads between two pieces of work; lets what readers wait for go
                first.
        """
        self._store = store
        self._clock = clock
        self._sources = {source.source.id: source for source in sources}
        self._paused: AbstractSet[str] = frozenset()
        self._polls = SourcePolls(
            *(store, clock, enricher, router, DailyLimiter(limits)),
            topic_upkeep=topic_upkeep,
            events=events,
            retention=retention,
            give_way=give_way,
        )
        self.icons = self._polls.icons
        self.counters = PollCounters()
        self._schedule = PollSchedule(clock, chance, on_network_back)
        self._jumps = JumpDetector(clock)
        self._log = PollLog(clock)
        self._reread: set[str] = set()
        self._polled_at: dict[str, datetime] = {}  # by this process
        self._has_begun = False
        self._sleep = sleep
        self._woken = asyncio.Event()  # a poll has ended, after which others may be due
        self.share = PollShare(store.leases, sleep)
        self._reloads = ReloadGate(clock)

    def replace_sources(
        self, sources: Iterable[NewsSource], paused: AbstractSet[str], anew: Collection[str] = ()
    ) -> None:
        """Polls these sources from now on.

        Those that are the same objects as before keep their timetables. A poll that is under way
        ends as it would have ended.

        Args:
            sources: All of them.
            paused: The ids of those that are not polled until they are resumed.
            anew: The ids of those that are to be read again as a whole, as soon as they may be
                polled.
        """
        before = self._sources.keys()
        self._sources = {source.source.id: source for source in sources}
        self._paused = frozenset(paused)
        gone = before - self._sources.keys()
        for name in gone:
            self._schedule.forget(name)
            self._reloads.forget(name)
            self._polled_at.pop(name, None)
        self.share.forget(gone)
        self._reread = (self._reread - gone) | set(anew)
        for name in anew:
            self._schedule.poll_at_once(name)
        self._woken.set()

    def limit(self, limits: DailyLimits) -> None:
        """Changes the limits of what one feed may bring in a day."""
        self._polls.limiter.change(limits)

    def between_writes(self) -> AbstractAsyncContextManager[None]:
        """Returns a block in which no poll gives stories their topics or writes them."""
        return self._polls.between_writes()

    async def load(
        self, ids: Iterable[str] | None = None, *, progress: Progress = silent, again: bool = True
    ) -> list[LoadReport]:
        """Polls sources now, beside one another; each one after a poll of it that is under way.

        Args:
            ids: Which; None for all of them but those that are paused.
            progress: Told how far each has come.
            again: Read everything again, even what says of itself that it has not changed.

        Raises:
            StoreError: The store cannot be written; what was written before is kept, and the next
                load goes on from there.
        """
        mode = PollMode.FULL if again else PollMode.SCHEDULED
        wanted = list(self._unpaused if ids is None else ids)
        return await gather_to_end(self._poll_in_turn(name, mode, progress) for name in wanted)

    async def reload(
        self,
        ids: Iterable[str] | None,
        cooldown: float,
        on_report: Callable[[LoadReport], None] = lambda _: None,
        patience: float = math.inf,
    ) -> list[LoadReport]:
        """Polls sources because a person asked; none waits for another one's host.

        A source that is being reloaded already, or was a moment ago, is left out beside others. Of
        one that another process polls meanwhile, that one's report is enough.

        Args:
            ids: Which; None for all of them but those that are paused.
            cooldown: Seconds that must have passed since the last reload of a source ended.
            on_report: Told each report as it comes in.
            patience: Seconds after which sources that still hang are waited for no more.

        Returns:
            The reports that came in, in the order of the sources.

        Raises:
            BusyError: All of them are being reloaded.
            TooSoonError: All of them were reloaded less than `cooldown` seconds ago.
            StoreError: The store cannot be written.
        """
        wanted = set(self._unpaused if ids is None else ids)
        asked = self._clock.now()

        async def poll(name: str) -> LoadReport:
            report = await self._poll_in_turn(name, PollMode.REQUESTED, silent, asked)
            on_report(report)
            return report

        known = [name for name in self._sources if name in wanted]
        with self._reloads.admit(known, cooldown) as admitted:
            return await gather_in_time(map(poll, admitted), patience)

    async def count_known(self, source: str, stories: Sequence[Story]) -> int:
        """Counts those of some stories that a source has given already.

        Raises:
            StoreError: The store cannot be read.
        """
        known = await fetch_known(self._store.ingest, source, stories)
        return len(stories) - len(without_known(known, stories))

    async def add_past(self, source: str, stories: Sequence[Story]) -> int:
        """Writes past stories of a source that are not known; nothing of it is posted.

        Returns:
            How many there were.

        Raises:
            SourceError: There is no such source any more.
            StoreError: The store cannot be written; what was written before is kept.
        """
        async with self.share.turn(source):
            state = await self._state(source)
            if (found := self._sources.get(source)) is None:
                raise SourceError("this source was removed meanwhile")
            return await self._polls.add_past(found, state or SourceState(source), stories)

    async def load_unloaded(self, progress: Progress = silent) -> list[LoadReport]:
        """Polls those sources that were never loaded to the end."""
        states = await self._states()
        ids = [i for i in self._unpaused if i not in states or states[i].loaded_at is None]
        return await self.load(ids, progress=progress)

    def wake(self, source: str) -> None:
        """Has a source polled soon, since its hub says that there is something new."""
        if self._schedule.hasten(source):
            self._woken.set()

    async def keep_polling(self) -> None:
        """Polls each source whenever it is due, until cancelled.

        Raises:
            StoreError: The store's file is no store of this Dateline any more, or is gone.
        """
        async with PollTasks(self._woken, self._sleep) as polls:
            while True:
                self._woken.clear()
                await polls.wait(await self._start_due(polls))
                if len(self._sources) > _MANY:
                    # To look at all of them whenever one has ended would be all that it does.
                    await self._sleep(min(_REST_A_SOURCE * len(self._sources), _LONGEST_REST))

    async def poll_due(self) -> float:
        """Polls every source that is due now; returns the seconds until the next one is."""
        due, wait = await self._due()
        if due:
            await gather_to_end(map(self._poll_if_due, due))
            due, wait = await self._due()
        return 0.0 if due else wait

    async def _start_due(self, polls: PollTasks) -> float:
        """Starts a poll of each source that is due; returns the seconds until the next one is."""
        try:
            due, wait = await self._due(polls.sources)
        except _FATAL:
            raise
        except StoreError as error:
            self._log.warn_of_store(error)
            return _PAUSE
        for started, source in enumerate(due, 1):
            polls.start(source, self._poll_or_postpone(source))
            if started % _STARTED_AT_ONCE == 0:
                await asyncio.sleep(0)  # hundreds of beginnings would hold up all others
        return min(wait, _LONGEST_SLEEP)

    async def _due(self, besides: AbstractSet[str] = frozenset()) -> tuple[list[str], float]:
        """Returns the sources that are due, and the seconds until the next of the others is."""
        self.counters.looked = self._clock.monotonic()
        self._note_jump()
        states = await self._states()
        others = [name for name in self._unpaused if name not in besides]
        waits = {name: self._wait(self._sources[name], states.get(name)) for name in others}
        due = [source for source, wait in waits.items() if wait <= 0]
        return due, min((wait for wait in waits.values() if wait > 0), default=_LONGEST_SLEEP)

    @property
    def _unpaused(self) -> list[str]:
        return [name for name in self._sources if name not in self._paused]

    def _wait(self, source: NewsSource, state: SourceState | None) -> float:
        """Returns the seconds until a source is due; 0 or less when it is."""
        report = state.report if state else None
        wait = self._schedule.seconds_until_due(source.source, report)
        return wait + self.share.head_start(source.source.id)

    async def _poll_or_postpone(self, name: str) -> None:
        try:
            await self._poll_if_due(name)
        except _FATAL:
            raise
        except StoreBusyError as error:
            self._log.warn_of_store(error)
            self._postpone_briefly(name)
        except StoreError as error:
            self._log.warn_of_store(error)
            self._schedule.postpone(name, _PAUSE)
        except Exception:
            # One source's bug must not keep the others from being polled.
            log.exception("polling source %s failed; trying again in a minute", name)
            self._schedule.postpone(name, _PAUSE)

    def _postpone_briefly(self, name: str) -> None:
        source = self._sources.get(name)
        if source is not None:  # else it was removed while it was polled
            every = source.source.every.total_seconds()
            self._schedule.postpone(name, min(_PAUSE, every * _BUSY_SHARE))

    async def _poll_if_due(self, name: str) -> None:
        """Polls a source, unless it was polled, removed or paused since it was found to be due."""
        async with self.share.turn(name):
            before = await self._state(name)
            source = self._sources.get(name)
            if source is None or name in self._paused or self._wait(source, before) > 0:
                return
            report = await self._poll(source, before, silent)
        self._log.log_report(report, before, is_outage=self._schedule.is_outage)

    async def _poll_in_turn(
        self, name: str, mode: PollMode, progress: Progress, asked: datetime | None = None
    ) -> LoadReport:
        """Polls a source, after a poll of it that is under way.

        Where another process has polled it since it was `asked`, its report is returned instead.
        """
        source = self._sources[name]
        async with self.share.turn(name):
            state = await self._state(name)
            last = state.report if state else None
            if asked and last and last.at > asked and last.at != self._polled_at.get(name):
                return last
            source = self._sources.get(name, source)  # it may have changed, or gone, meanwhile
            return await self._poll(source, state, progress, mode)

    async def _states(self) -> Mapping[str, SourceState]:
        states = await self._store.sources.states(rates=False)
        if not self._has_begun:
            self._has_begun = True
            self._schedule.begin(one.report for one in states.values() if one.report)
        return states

    async def _state(self, name: str) -> SourceState | None:
        if not self._has_begun:
            await self._states()
        return await self._store.sources.state(name)

    def _note_jump(self) -> None:
        """Has everything read again after the clock was set: it may have dated stories wrongly."""
        jump = self._jumps.jump()
        if jump:
            way = "forward" if jump > timedelta() else "back"
            log.warning("the computer's clock has gone %s by %s at once", way, abs(jump))
            self._reread |= self._sources.keys()

    async def _poll(
        self,
        source: NewsSource,
        state: SourceState | None,
        progress: Progress,
        mode: PollMode = PollMode.SCHEDULED,
    ) -> LoadReport:
        name = source.source.id
        state = state or SourceState(name)
        mode = PollMode.FULL if name in self._reread else mode
        began = self._clock.now()
        self._schedule.begin_poll(name)
        report, signature = await self._polls.poll(source, state, progress, mode)
        if not report.error and self._sources.get(name) is source:
            self._reread.discard(name)
        report = self._schedule.complete(report, source.source, began)
        self._polled_at[name] = report.at
        if name not in self._sources:
            self._schedule.forget(name)
        self.counters.note(report)
        await self._store.sources.finish_load(report, signature)
        self._woken.set()
        return report
