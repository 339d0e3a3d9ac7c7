"""Each source is polled on its own time, whatever the others' hosts do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from stories import HandClock, story
from typing_extensions import override

from bot.errors import (
    BusyError,
    NotAStoreError,
    StoreBusyError,
    StoreError,
    StoreGoneError,
    StoreNewerError,
)
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, SourceState, StoryRecord
from bot.model import Source
from store.sources import SqlSources
from store.sqlite import SqliteStore

QUARTER = 15 * 60


class SleepingClock(HandClock):
    """A clock that only a test moves, with a sleep that ends when it has been moved far enough."""

    def sleep(self, seconds: float) -> Awaitable[None]:
        return self._sleep_until(self._passed + seconds)

    async def _sleep_until(self, end: float) -> None:
        while self._passed < end:
            await asyncio.sleep(0.001)


@dataclass
class TimedSource:
    """A source that notes when it is polled; it hangs while `may_go` is not set."""

    name: str
    time: SleepingClock
    ends: list[Exception] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    may_complete: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_go.set()
        self.may_complete.set()

    @property
    def source(self) -> Source:
        return Source(self.name, self.name, "archive", timedelta(seconds=QUARTER))

    async def fetch(
        self, _signature: str = "", _mode: PollMode = PollMode.SCHEDULED
    ) -> FetchResult:
        self.asked_at.append(self.time.monotonic())
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.may_go.wait()
        finally:
            self.under_way -= 1
        if self.ends:
            raise self.ends.pop(0)
        title = f"{self.name} {len(self.asked_at)}"
        return FetchResult((story(title, title, source=self.name),))

    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        await self.may_complete.wait()
        return records


@dataclass
class Newsroom:
    """A poller over a real store, with a clock that only a test moves."""

    store: SqliteStore
    time: SleepingClock
    poller: Poller
    sources: dict[str, TimedSource]
    polling: asyncio.Task[None]

    def __getitem__(self, name: str) -> TimedSource:
        return self.sources[name]

    async def polled(self, name: str, times: int) -> None:
        """Waits until so many polls of a source have ended with a story in the store.

        The last one's report must be kept, too, before the clock may pass on.
        """
        while True:
            state = (await self.store.sources.states()).get(name)
            is_told = state and state.report and state.report.at == self.time.now()
            if state and is_told and state.stories == times:
                return
            await asyncio.sleep(0.001)


@asynccontextmanager
async def _newsroom(
    folder: Path,
    *names: str,
    prepare: Callable[[dict[str, TimedSource]], None] = lambda _: None,
    chance: Callable[[], float] = lambda: 0.5,
) -> AsyncIterator[Newsroom]:
    """Opens a store, and keeps polling sources of these names, as `prepare` left them."""
    store, time = await SqliteStore.open(folder / "d.db"), SleepingClock()
    sources = {name: TimedSource(name, time) for name in names}
    prepare(sources)
    poller = Poller(store, time, sources.values(), StoryEnricher(), chance, sleep=time.sleep)
    polling = asyncio.create_task(poller.keep_polling())
    try:
        yield Newsroom(store, time, poller, sources, polling)
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError, StoreError):
            await polling
        await store.aclose()


def _hanging(*names: str) -> Callable[[dict[str, TimedSource]], None]:
    def prepare(sources: dict[str, TimedSource]) -> None:
        for name in names:
            sources[name].may_go.clear()

    return prepare


def _ending(**ends: Exception) -> Callable[[dict[str, TimedSource]], None]:
    def prepare(sources: dict[str, TimedSource]) -> None:
        for name, end in ends.items():
            sources[name].ends = [end]

    return prepare


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


async def test_hosts_that_hang_for_ever_delay_no_other_source(tmp_path: Path) -> None:
    bad = [f"bad{n}" for n in range(40)]  # after a look at many more there is a rest by the clock
    async with _newsroom(tmp_path, *bad, "good", prepare=_hanging(*bad)) as room:
        for times in range(1, 5):
            await room.polled("good", times)
            room.time.pass_(QUARTER)
        await room.polled("good", 5)
        assert room["good"].asked_at == [n * QUARTER for n in range(5)]
        assert all(room[name].asked_at == [0.0] for name in bad)
        assert all(room[name].under_way == 1 for name in bad)


async def test_pages_that_hang_keep_no_other_source_from_being_written(tmp_path: Path) -> None:
    bad = [f"bad{n}" for n in range(10)]

    def prepare(sources: dict[str, TimedSource]) -> None:
        for name in bad:
            sources[name].may_complete.clear()

    async with _newsroom(tmp_path, *bad, "good", prepare=prepare) as room:
        await until(lambda: all(one.asked_at for one in room.sources.values()))
        await room.polled("good", 1)
        room.time.pass_(QUARTER)
        await room.polled("good", 2)


async def test_a_report_is_logged_while_others_are_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with _newsroom(tmp_path, "bad", "good", prepare=_hanging("bad")) as room:
        await until(lambda: "good: 1 new, 0 changed" in caplog.text)
        assert room["bad"].under_way == 1


async def test_a_source_is_never_polled_twice_at_once(tmp_path: Path) -> None:
    async with _newsroom(tmp_path, "slow", "good", prepare=_hanging("slow")) as room:
        await until(lambda: room["slow"].under_way == 1)
        loads = [asyncio.create_task(room.poller.load()) for _ in range(3)]
        reload = asyncio.create_task(room.poller.reload(["slow"], 0))
        room.time.pass_(3 * QUARTER)
        await until(lambda: len(room["good"].asked_at) > 3)
        room["slow"].may_go.set()
        for reports in await asyncio.gather(*loads, reload):
            assert not any(report.error for report in reports)
        assert len(room["slow"].asked_at) == 5
        assert {one.most for one in room.sources.values()} == {1}


async def test_what_a_person_polled_is_not_polled_again_by_a_poll_that_waited(
    tmp_path: Path,
) -> None:
    async with _newsroom(tmp_path, "wire") as room:
        await room.polled("wire", 1)
        room["wire"].may_go.clear()
        reload = asyncio.create_task(room.poller.reload(None, 0))
        await until(lambda: room["wire"].under_way == 1)
        room.time.pass_(QUARTER)
        room["wire"].may_go.set()
        await reload
        await room.polled("wire", 2)
        room.time.pass_(QUARTER)
        await room.polled("wire", 3)
        assert room["wire"].asked_at == [0.0, 0.0, 2 * QUARTER]


async def test_the_end_of_polling_is_the_end_of_all_polls(tmp_path: Path) -> None:
    async with _newsroom(tmp_path, "a", "b", "c", prepare=_hanging("a", "b", "c")) as room:
        await until(lambda: all(one.under_way for one in room.sources.values()))
        room.polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await room.polling
        assert not any(one.under_way for one in room.sources.values())


async def test_a_reload_waits_only_for_its_own_source(tmp_path: Path) -> None:
    async with _newsroom(tmp_path, "bad", "good", prepare=_hanging("bad")) as room:
        await room.polled("good", 1)
        waiting = asyncio.create_task(room.poller.reload(["bad"], 0))
        await asyncio.sleep(0)
        (report,) = await room.poller.reload(["good"], 0)
        assert (report.source, report.new) == ("good", 1)
        with pytest.raises(BusyError):
            await room.poller.reload(["bad"], 0)
        assert [report.source for report in await room.poller.reload(None, 0)] == ["good"]
        room["bad"].may_go.set()
        assert [report.source for report in await waiting] == ["bad"]
        assert len(await room.poller.reload(None, 0)) == 2


async def test_trouble_of_the_store_puts_a_source_off_by_a_minute_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    full = StoreError("the disk is full")
    prepare = _ending(a=full, b=full)
    async with _newsroom(tmp_path, "a", "b", "good", prepare=prepare) as room:
        await until(lambda: not (room["a"].ends or room["b"].ends))
        await room.polled("good", 1)
        room.time.pass_(59)
        await asyncio.sleep(0.02)
        room.time.pass_(1)
        await until(lambda: len(room["a"].asked_at) == len(room["b"].asked_at) == 2)
        assert room["a"].asked_at == room["b"].asked_at == [0.0, 60.0]
    told = [one.getMessage() for one in caplog.records]
    assert told == ["trying again in a minute: the disk is full"]


async def test_a_busy_store_makes_no_source_late(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prepare = _ending(a=StoreBusyError("the store is busy"))
    async with _newsroom(tmp_path, "a", "good", prepare=prepare) as room:
        await until(lambda: not room["a"].ends)
        await room.polled("good", 1)
        room.time.pass_(QUARTER / 20)
        await until(lambda: len(room["a"].asked_at) == 2)
        assert room["a"].asked_at == [0.0, QUARTER / 20]
    told = [one.getMessage() for one in caplog.records]
    assert told == ["trying again within a minute: the store is busy"]


async def test_many_polls_that_are_due_at_once_let_others_have_their_turn(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(90)]
    begun = [0]  # how many polls had begun, at each turn of another task
    async with _newsroom(tmp_path, *names, prepare=_hanging(*names)):
        while begun[-1] < len(names):
            await asyncio.sleep(0)
            tasks = asyncio.all_tasks()
            begun.append(sum(one.get_name().startswith("poll of ") for one in tasks))
    assert max(later - earlier for earlier, later in pairwise(begun)) <= len(names) / 3


class CountingSources(SqlSources):
    """Counts how often it was looked at what is due."""

    looks = 0

    @override
    async def states(self, *, rates: bool = True) -> Mapping[str, SourceState]:
        self.looks += not rates  # as only that look asks
        return await super().states(rates=rates)


@pytest.mark.slow
async def test_of_many_sources_not_all_are_looked_at_whenever_one_was_polled(
    tmp_path: Path,
) -> None:
    names = [f"s{number}" for number in range(200)]
    async with _newsroom(tmp_path, *names) as room:
        room.store.sources = counting = CountingSources(
            room.store._connections  # noqa: SLF001 - as the store makes its own
        )
        for name in names:
            await room.polled(name, 1)
    assert counting.looks < len(names) / 2


@pytest.mark.parametrize("error", [NotAStoreError, StoreNewerError, StoreGoneError])
async def test_a_file_that_is_no_store_any_more_ends_polling(
    tmp_path: Path, error: type[StoreError]
) -> None:
    def prepare(sources: dict[str, TimedSource]) -> None:
        _hanging("bad")(sources)
        _ending(a=error("this is no store"))(sources)

    async with _newsroom(tmp_path, "bad", "a", prepare=prepare) as room:
        with pytest.raises(error, match="this is no store"):
            await room.polling
        assert room["bad"].under_way == 0


async def test_a_bug_in_one_poll_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [KeyError("a bug")]

    def chance() -> float:
        if faults:
            raise faults.pop()
        return 0.5

    async with _newsroom(tmp_path, "a", "b", chance=chance) as room:
        await until(lambda: "failed; trying again in a minute" in caplog.text)
        room.time.pass_(61)
        await until(lambda: sum(len(one.asked_at) for one in room.sources.values()) == 3)
        assert not room.polling.done()
    (told,) = caplog.records
    assert told.exc_info
