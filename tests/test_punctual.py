"""Of 300 sources, a tenth of them dead, slow or lying, each is polled in its time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from stories import story
from test_poll_tasks import SleepingClock

from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.model import Source
from store.sqlite import SqliteStore

EVERY = 900.0  # seconds
STEP = 10.0  # seconds by which the time is moved
ROUNDS = 4
_LOOPS = 20  # of the event loop, between the end of a poll and the next look at what is due


@dataclass
class SimulatedSource:
    """A source that takes its time, by a clock that only a test moves, and then fails or not.

    Attributes:
        takes: Seconds.
        error: What each poll ends with; None for a story.
        begun: When each poll began.
    """

    name: str
    clock: SleepingClock
    takes: float = 0.0
    error: SourceError | None = None
    begun: list[float] = field(default_factory=list)
    is_waiting: bool = False

    @property
    def source(self) -> Source:
        return Source(self.name, self.name, "feed", timedelta(seconds=EVERY))

    async def fetch(
        self, _signature: str = "", _mode: PollMode = PollMode.SCHEDULED
    ) -> FetchResult:
        self.begun.append(self.clock.monotonic())
        if self.takes:
            self.is_waiting = True
            await self.clock.sleep(self.takes)
            self.is_waiting = False
        if self.error:
            raise self.error
        return FetchResult((story(self.name, source=self.name),))

    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return records

    def gaps(self) -> Iterator[tuple[float, float]]:
        """Yields the seconds between polls, and those that its backoff allows."""
        for failures, (earlier, later) in enumerate(pairwise(self.begun), start=1):
            yield later - earlier, EVERY * 2**failures if self.error else EVERY


@dataclass
class PollTimer:
    """The poller's sleep; `is_running` while it has nothing to do but to wait for the clock."""

    clock: SleepingClock
    _ends: list[float] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return bool(self._ends) and min(self._ends) > self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        self._ends.append(end)
        try:
            await self.clock.sleep(seconds)
        finally:
            self._ends.remove(end)


def _sources(clock: SleepingClock) -> list[SimulatedSource]:
    bad: list[Callable[[str], SimulatedSource]] = [
        lambda name: SimulatedSource(name, clock, 30, SourceError("no response", reached=False)),
        lambda name: SimulatedSource(name, clock, 25),
        lambda name: SimulatedSource(name, clock, 0, SourceError("it lies", reached=True)),
    ]
    return [
        bad[number // 10 % 3](f"bad{number}")
        if number % 10 == 0
        else SimulatedSource(f"good{number}", clock)
        for number in range(300)
    ]


async def _settled(timer: PollTimer, sources: Sequence[SimulatedSource]) -> None:
    """Waits until every source that is due has been polled, waits for its host, or is put off.

    What a busy machine keeps from the store is put off: then only time helps.
    """
    waiting = {f"poll of {one.name}": one for one in sources}
    idle = 0
    while idle < _LOOPS:
        await asyncio.sleep(0)
        names = {task.get_name() for task in asyncio.all_tasks()}
        is_idle = timer.is_running and all(
            waiting[one].is_waiting for one in names & waiting.keys()
        )
        if not is_idle:
            await asyncio.sleep(0.005)
        idle = idle + 1 if is_idle else 0


@pytest.mark.slow
async def test_each_is_polled_within_a_tenth_more_than_its_interval(tmp_path: Path) -> None:
    clock = SleepingClock()
    store = await SqliteStore.open(tmp_path / "d.db")
    sources = _sources(clock)
    timer = PollTimer(clock)
    chance = random.Random(1)  # noqa: S311 - no secret
    poller = Poller(store, clock, sources, StoryEnricher(), chance.random, sleep=timer.sleep)
    polling = asyncio.create_task(poller.keep_polling())
    try:
        for _ in range(int(ROUNDS * EVERY / STEP)):
            await _settled(timer, sources)
            clock.pass_(STEP)
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling
        await store.aclose()
    for one in sources:
        gaps = list(one.gaps())
        assert len(gaps) >= (1 if one.error else ROUNDS - 1), one.name
        for gap, wanted in gaps:
            assert gap <= wanted * 1.1, one.name
            assert gap >= wanted * 0.85, one.name
