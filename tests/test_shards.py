"""Shards are dealt out among processes: each is served by one, and a dead one's by another."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import pytest
from times import FreeTime, settle
from typing_extensions import override

from bot.chat.shards import Shard, ShardAllocator
from bot.errors import StoreBusyError
from bot.ingest.poll_share import PollShare, SoleLeases, owner_of
from bot.leadership import LeaderLocks, Leadership
from bot.shard_sessions import NoSessions, ShardSessionStore
from bot.supervision import RestartTiming


@dataclass
class Ground:
    """What processes share: locks and notes.

    Attributes:
        time: The time of all.
        holders: Who has each lock.
        processes: Who lives, as far as anybody knows.
        served: Who serves each shard, as `number/count`; more than one is an error.
        begun: When sessions were begun.
        cut: Whom the store's locks do not answer.
        is_away: True where no notes can be read.
        sessions: Keeps the shards' sessions.
    """

    time: FreeTime
    holders: dict[str, str] = field(default_factory=dict)
    processes: set[str] = field(default_factory=set)
    served: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    notes: dict[str, str] = field(default_factory=dict)
    begun: list[float] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    is_away: bool = False
    sessions: ShardSessionStore = field(default_factory=NoSessions)

    def dealt(self) -> dict[str, str]:
        """Returns who serves each shard that is served."""
        found = {shard: [*by] for shard, by in self.served.items() if by}
        assert all(len(by) == 1 for by in found.values()), found
        return {shard: by for shard, (by,) in sorted(found.items())}

    def free(self, process: str) -> None:
        """Frees all locks of a process that has ended."""
        for office, holder in [*self.holders.items()]:
            if holder == process:
                del self.holders[office]

    async def note(self, name: str) -> str:
        if self.is_away:
            raise StoreBusyError("the store does not answer")
        return self.notes.get(name, "")

    async def set_note(self, name: str, value: str) -> None:
        self.notes[name] = value


@dataclass
class _Locks(LeaderLocks):
    ground: Ground
    process: str

    @override
    async def acquire(self, office: str) -> bool:
        if self.process in self.ground.cut:
            raise StoreBusyError("the store does not answer")
        return self.ground.holders.setdefault(office, self.process) == self.process

    @override
    async def release(self, office: str) -> None:
        if self.ground.holders.get(office) == self.process:
            del self.ground.holders[office]


class _Share(PollShare):
    def __init__(self, ground: Ground, process: str) -> None:
        super().__init__(SoleLeases())
        self._ground, self._process = ground, process

    @override
    def owns(self, what: str) -> bool:
        living: Collection[str] = self._ground.processes
        return owner_of(what, living) == self._process


@dataclass
class Process:
    """A process that serves what falls to it."""

    ground: Ground
    name: str
    allocator: ShardAllocator
    task: asyncio.Task[None]

    async def die(self, *, noticed: bool = True) -> None:
        """Ends it as a signal does: its locks are free at once."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        self.ground.free(self.name)
        if noticed:
            self.ground.processes.discard(self.name)


def allocator_for(
    ground: Ground, process: str, platform: str, timing: RestartTiming
) -> ShardAllocator:
    """Makes the allocator of a process."""
    leadership = Leadership(_Locks(ground, process), timing)
    share = _Share(ground, process)
    return ShardAllocator(platform, leadership, cast(Any, ground), share, ground.sessions)


@asynccontextmanager
async def process(ground: Ground, name: str) -> AsyncIterator[Process]:
    timing = RestartTiming(ground.time.monotonic, ground.time.sleep)
    allocator = allocator_for(ground, name, "test", timing)

    async def serve(shard: Shard) -> None:
        await shard.take_turn(0)
        ground.begun.append(ground.time.monotonic())
        key = f"{shard.number}/{shard.count}"
        ground.served[key].add(name)
        try:
            await asyncio.Event().wait()
        finally:
            ground.served[key].discard(name)

    ground.processes.add(name)
    started = Process(ground, name, allocator, asyncio.create_task(allocator.keep_serving(serve)))
    await settle()
    try:
        yield started
    finally:
        await started.die()


@pytest.fixture
def ground() -> Ground:
    return Ground(FreeTime())


async def test_one_shard_is_nobodys_but_the_leaders(ground: Ground) -> None:
    async with process(ground, "a"), process(ground, "b") as other:
        await other.allocator.note_count(1)
        await ground.time.pass_until(300)
        assert (ground.dealt(), ground.holders) == ({}, {})


@pytest.mark.parametrize("count", [2, 3, 5])
async def test_each_shard_beside_the_first_is_served_once(ground: Ground, count: int) -> None:
    async with process(ground, "a") as one, process(ground, "b"), process(ground, "c"):
        await one.allocator.note_count(count)
        await ground.time.pass_until(300)
        dealt = ground.dealt()
        assert [*dealt] == sorted(f"{number}/{count}" for number in range(1, count))
        owners = {key: owner_of(f"test/{key.split('/')[0]}", "abc") for key in dealt}
        assert dealt == owners
        moved = len(ground.begun) - len(dealt)
        assert moved <= sum(owner != "a" for owner in owners.values())  # once each


async def test_a_dead_process_s_shards_are_taken_over_within_ten_seconds(ground: Ground) -> None:
    async with process(ground, "a") as one:
        await one.allocator.note_count(3)
        async with process(ground, "b") as other:
            await ground.time.pass_until(300)
            first, second = (one, other) if "a" in ground.dealt().values() else (other, one)
            await first.die(noticed=False)
            await ground.time.pass_until(310)
            assert set(ground.dealt().values()) == {second.name}
            assert [*ground.dealt()] == ["1/3", "2/3"]


@pytest.mark.parametrize("counts", [(2, 4), (4, 2), (3, 1)])
async def test_another_number_of_shards_is_followed_by_all(
    ground: Ground, counts: tuple[int, int]
) -> None:
    async with process(ground, "a") as one, process(ground, "b"):
        for count in counts:
            await one.allocator.note_count(count)
            await ground.time.pass_until(ground.time.monotonic() + 120)
            expected = sorted(f"{number}/{count}" for number in range(1, count))
            assert [*ground.dealt()] == expected


async def test_sessions_are_begun_one_in_five_seconds_by_all(ground: Ground) -> None:
    async with process(ground, "a") as one, process(ground, "b"), process(ground, "c"):
        await one.allocator.note_count(7)
        await ground.time.pass_until(300)
        times = ground.begun
        assert len(times) >= 6
        assert all(later - earlier >= 5 for earlier, later in pairwise(times))


async def test_different_turns_wait_for_none_of_the_others(ground: Ground) -> None:
    async with process(ground, "a") as one, process(ground, "b") as other:
        await asyncio.gather(one.allocator.take_turn(0), other.allocator.take_turn(1))
        again = asyncio.create_task(other.allocator.take_turn(0))
        await ground.time.pass_until(4)
        assert not again.done()
        await ground.time.pass_until(6)
        assert again.done()


async def test_a_turn_that_nobody_waits_for_any_more_is_the_next_ones(ground: Ground) -> None:
    async with process(ground, "a") as one:
        await one.allocator.take_turn(0)
        waiting = asyncio.create_task(one.allocator.take_turn(0))
        await settle()
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        third = asyncio.create_task(one.allocator.take_turn(0))
        await ground.time.pass_until(6)
        assert third.done()


async def test_a_session_is_begun_though_the_store_does_not_answer(ground: Ground) -> None:
    async with process(ground, "a") as one:
        ground.cut.add("a")
        await one.allocator.take_turn(0)


async def test_a_store_that_does_not_answer_for_a_moment_interrupts_no_shard(
    ground: Ground,
) -> None:
    async with process(ground, "a") as one:
        await one.allocator.note_count(3)
        await ground.time.pass_until(20)
        ground.cut.add("a")
        ground.is_away = True
        await ground.time.pass_until(24)
        ground.cut.clear()
        await ground.time.pass_until(50)
        ground.is_away = False
        await ground.time.pass_until(90)
        assert (len(ground.begun), len(ground.dealt())) == (2, 2)


async def test_a_process_that_lost_the_store_serves_no_shard(ground: Ground) -> None:
    async with process(ground, "a") as one:
        await one.allocator.note_count(2)
        await ground.time.pass_until(20)
        assert ground.dealt() == {"1/2": "a"}
        ground.cut.add("a")
        await ground.time.pass_until(32)
        assert ground.dealt() == {}
        ground.cut.clear()
        await ground.time.pass_until(60)
        assert ground.dealt() == {"1/2": "a"}
