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
from stories import HandClock, story
from test_poll_tasks import SleepingClock

from bot.errors import SourceError, StoreBusyError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, LoadReport, StoryRecord
from bot.model import Source
from store.sqlite import SqliteStore

EVERY = 900.0  # seconds
STEP = 10.0  # seconds by which the time is moved
ROUNDS = 4


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


async def _settled(
    store: SqliteStore, clock: HandClock, sources: Sequence[SimulatedSource]
) -> None:
    """Waits until every source that is due has been polled, or waits for its host."""
    while True:
        try:
            states = await store.sources.states(rates=False)
        except StoreBusyError:  # so is the machine
            continue
        reports = {name: state.report for name, state in states.items()}
        if all(
            one.is_waiting or ((report := reports.get(one.name)) and _is_later(report, clock))
            for one in sources
        ):
            return
        await asyncio.sleep(0.005)


def _is_later(report: LoadReport, clock: HandClock) -> bool:
    return report.next_check is not None and report.next_check > clock.now()


@pytest.mark.slow
async def test_each_is_polled_within_a_tenth_more_than_its_interval(tmp_path: Path) -> None:
    clock = SleepingClock()
    store = await SqliteStore.open(tmp_path / "d.db")
    sources = _sources(clock)
    chance = random.Random(1)  # noqa: S311 - no secret
    poller = Poller(store, clock, sources, StoryEnricher(), chance.random, sleep=clock.sleep)
    polling = asyncio.create_task(poller.keep_polling())
    try:
        for _ in range(int(ROUNDS * EVERY / STEP)):
            await _settled(store, clock, sources)
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
