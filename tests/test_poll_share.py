"""Processes over one PostgreSQL poll each source once, and take over what a dead one had."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pytest
from stories import story
from test_poll_tasks import SleepingClock, until

from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poll_share import HEAD_START, PollShare, SoleLeases, owner_of
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, LoadReport, StoryRecord
from bot.model import Source
from store.postgres.store import PostgresStore

pytestmark = pytest.mark.server

EVERY = 90_000  # seconds
NAMES = tuple(f"feed{n}" for n in range(12))


# Without a database


def test_each_process_owns_a_fair_part_and_all_agree() -> None:
    owners = Counter(owner_of(f"source {n}", ("a", "b", "c")) for n in range(3_000))
    assert set(owners) == {"a", "b", "c"}
    assert min(owners.values()) > 900
    assert owner_of("source", ("a", "b", "c")) == owner_of("source", ("c", "b", "a"))


def test_of_a_process_that_ends_only_its_own_sources_move() -> None:
    sources = [f"source {n}" for n in range(500)]
    before = {one: owner_of(one, ("a", "b", "c")) for one in sources}
    after = {one: owner_of(one, ("a", "b")) for one in sources}
    assert all(after[one] == before[one] for one in sources if before[one] != "c")


async def test_a_sole_process_owns_everything() -> None:
    share = PollShare(SoleLeases())
    assert share.head_start("anything") == 0
    async with share.turn("anything"):
        pass


# Over one


@dataclass
class CountedSource:
    """A source as one process sees it; it notes its polls for all of them.

    Attributes:
        process: The process, by its number.
        polls: The processes that have polled it, in turn.
        under_way: The sources that are being polled, by whichever process.
    """

    name: str
    process: int
    polls: list[int]
    under_way: set[str]

    @property
    def source(self) -> Source:
        return Source(self.name, self.name, "feed", timedelta(seconds=EVERY))

    async def fetch(
        self, _signature: str = "", _mode: PollMode = PollMode.SCHEDULED
    ) -> FetchResult:
        assert self.name not in self.under_way
        self.under_way.add(self.name)
        await asyncio.sleep(0.01)
        self.under_way.remove(self.name)
        self.polls.append(self.process)
        title = f"{self.name} {len(self.polls)}"
        return FetchResult((story(title, title, source=self.name),))

    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return records


@dataclass
class Process:
    """What polls in one process."""

    store: PostgresStore
    poller: Poller
    sources: dict[str, CountedSource]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        works = (self.poller.keep_polling(), self.poller.share.keep_renewing())
        self.tasks = [asyncio.create_task(one) for one in works]

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        for task in self.tasks:
            with suppress(asyncio.CancelledError):
                await task


@dataclass
class Polled:
    """Two processes with the same sources."""

    url: str
    clock: SleepingClock
    polls: dict[str, list[int]]
    processes: list[Process]

    async def fetched(self, times: int) -> None:
        """Lets time pass until the last of so many polls of each source is in the store."""
        while True:
            states = (await self.processes[0].store.sources.states()).values()
            if len(states) == len(NAMES) and all(one.stories == times for one in states):
                return
            self.clock.pass_(1)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def _two_processes(url: str) -> AsyncIterator[Polled]:
    clock = SleepingClock()
    polls: dict[str, list[int]] = {name: [] for name in NAMES}
    under_way: set[str] = set()
    async with AsyncExitStack() as stack:
        processes = []
        for number in range(2):
            store = await stack.enter_async_context(await PostgresStore.open(url))
            sources = {name: CountedSource(name, number, polls[name], under_way) for name in NAMES}
            enricher = StoryEnricher()
            poller = Poller(
                store, clock, sources.values(), enricher, lambda: 0.5, sleep=clock.sleep
            )
            processes.append(Process(store, poller, sources))
            stack.push_async_callback(processes[-1].end)
        yield Polled(url, clock, polls, processes)


async def test_two_processes_poll_each_source_once_and_share_them(postgres_url: str) -> None:
    async with _two_processes(postgres_url) as polled:
        for one in polled.processes:
            one.start()
        await polled.fetched(1)
        last = Counter[int]()
        for times in range(2, 12):
            polled.clock.pass_(EVERY)
            await polled.fetched(times)
            last = Counter(one[-1] for one in polled.polls.values())
            if times > 2 and min(last[0], last[1]) >= 1:  # one that is held up is taken over from
                break
        assert min(last[0], last[1]) >= 1
        states = (await polled.processes[0].store.sources.states()).values()
        assert not any(one.report and one.report.error for one in states)


@pytest.mark.slow
async def test_reloads_in_two_processes_look_at_each_source_once(postgres_url: str) -> None:
    async with _two_processes(postgres_url) as polled:
        told: list[list[str]] = [[], []]

        def tell(number: int) -> Callable[[LoadReport], None]:
            return lambda report: told[number].append(report.source)

        reloads = asyncio.gather(
            *(
                one.poller.reload(None, 30, tell(number))
                for number, one in enumerate(polled.processes)
            )
        )
        while not reloads.done():
            polled.clock.pass_(1)
            await asyncio.sleep(0.002)
        for reports, shown in zip(await reloads, told, strict=True):
            assert sorted(shown) == sorted(NAMES)
            assert {one.source: one.new for one in reports} == dict.fromkeys(NAMES, 1)
        assert {len(one) for one in polled.polls.values()} == {1}
        polled.clock.pass_(1)
        await polled.processes[0].poller.reload(["feed3"], 0)
        assert {len(one) for name, one in polled.polls.items() if name != "feed3"} == {1}
        assert len(polled.polls["feed3"]) == 2


async def test_what_a_dead_process_polled_is_taken_over(postgres_url: str) -> None:
    async with _two_processes(postgres_url) as polled:
        dead, living = polled.processes
        assert await dead.store.leases.claim(NAMES[0])
        living.start()
        await until(lambda: all(polled.polls[name] for name in NAMES[1:]))
        for _ in range(20):
            polled.clock.pass_(1)
            await asyncio.sleep(0.002)
        assert not polled.polls[NAMES[0]]
        await asyncio.to_thread(_let_time_pass, polled.url, 50)
        while not polled.polls[NAMES[0]]:
            polled.clock.pass_(1)
            await asyncio.sleep(0.002)


async def test_leases_are_of_one_process_until_it_gives_them_back_or_dies(
    postgres_url: str,
) -> None:
    async with _two_processes(postgres_url) as polled:
        first, second = (one.store.leases for one in polled.processes)
        assert first.process != second.process
        assert await first.claim("a")
        assert await first.claim("a")
        assert not await second.claim("a")
        await second.release("a")
        assert not await second.claim("a")
        await first.release("a")
        assert await second.claim("a")
        assert await first.renew() == [first.process]
        assert sorted(await second.renew()) == sorted([first.process, second.process])
        await asyncio.to_thread(_let_time_pass, polled.url, 40)
        assert not await first.claim("a")
        await second.renew()
        await asyncio.to_thread(_let_time_pass, polled.url, 40)
        assert not await first.claim("a")  # the second one has renewed it
        await asyncio.to_thread(_let_time_pass, polled.url, 10)
        assert await first.claim("a")
        assert await first.renew() == [first.process]
        await first.leave()
        assert await second.claim("a")


async def test_a_process_that_leaves_hands_its_sources_over_at_once(postgres_url: str) -> None:
    async with _two_processes(postgres_url) as polled:
        first, second = polled.processes
        share = PollShare(second.store.leases, asyncio.sleep)
        await first.store.leases.renew()
        renewing = asyncio.create_task(share.keep_renewing())
        await until(lambda: {share.head_start(one) for one in NAMES} == {0, HEAD_START})
        renewing.cancel()
        await first.store.leases.leave()
        other = PollShare(second.store.leases, asyncio.sleep)
        renewing = asyncio.create_task(other.keep_renewing())
        await asyncio.sleep(0.2)
        assert {other.head_start(one) for one in NAMES} == {0}
        renewing.cancel()


def _let_time_pass(url: str, seconds: int) -> None:
    """Has all times in the store lie further back."""
    back = f"interval '{seconds} seconds'"
    with psycopg.connect(url, autocommit=True) as connection:
        for table, column in (("poll_leases", "until"), ("poll_processes", "seen")):
            statement = f"UPDATE {table} SET {column} = {column} - {back}"  # noqa: S608 - ours
            connection.execute(statement.encode())
