"""Of several processes one leads at a time, and what is lost is taken over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import pytest
from test_supervisor import ScriptedPlatform
from times import FreeTime, settle
from typing_extensions import override

from bot.chat.standby import LedPlatform
from bot.errors import PlatformError, StoreBusyError
from bot.leadership import LeaderLocks, Leadership, SoleProcess
from bot.supervision import RestartTiming


@dataclass
class OneLock:
    """A lock for several processes, as their store has it.

    Attributes:
        holder: Who has it.
        cut: Who cannot reach the store.
    """

    holder: str = ""
    cut: set[str] = field(default_factory=set)

    def seen_by(self, process: str) -> _Seen:
        return _Seen(self, process)


@dataclass
class _Seen(LeaderLocks):
    lock: OneLock
    process: str

    @override
    async def acquire(self, office: str) -> bool:
        assert office == "test"
        if self.process in self.lock.cut:
            raise StoreBusyError("the store does not answer")
        self.lock.holder = self.lock.holder or self.process
        return self.lock.holder == self.process

    @override
    async def release(self, office: str) -> None:
        raise NotImplementedError(f"nobody gives {office} up here")


@dataclass
class Process:
    """A process that serves a platform while it leads."""

    platform: ScriptedPlatform
    leadership: Leadership
    task: asyncio.Task[None]

    @property
    def is_serving(self) -> bool:
        return len(self.platform.began) > self.platform.cancelled and not self.task.done()


@asynccontextmanager
async def _process(
    lock: OneLock, time: FreeTime, name: str, *ends: Exception | None
) -> AsyncIterator[Process]:
    platform = ScriptedPlatform(time, ends=list(ends))
    leadership = Leadership(lock.seen_by(name), RestartTiming(time.monotonic, time.sleep))
    led = LedPlatform(platform, leadership)
    assert led.name == "Test"
    task = asyncio.create_task(led.serve())
    await settle()
    try:
        yield Process(platform, leadership, task)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, PlatformError):
            await task


@pytest.fixture
def time() -> FreeTime:
    return FreeTime()


async def test_the_other_stands_by_until_the_first_ends(
    time: FreeTime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lock = OneLock()
    async with _process(lock, time, "a") as first, _process(lock, time, "b") as second:
        await time.pass_until(100)
        assert (first.is_serving, second.is_serving) == (True, False)
        assert second.leadership.standing_by == {"test"}
        assert not first.leadership.standing_by

        first.task.cancel()
        await settle()
        lock.holder = ""  # as its connection is closed
        await time.pass_until(103)
        assert second.is_serving
        assert not second.leadership.standing_by
    assert [one.getMessage() for one in caplog.records] == [
        "test: standing by: another process leads",
        "test: this process leads now",
    ]


async def test_several_works_of_one_office_are_logged_once(
    time: FreeTime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lock, begun = OneLock("another"), list[int]()
    leadership = Leadership(lock.seen_by("a"), RestartTiming(time.monotonic, time.sleep))

    async def work(number: int) -> None:
        begun.append(number)
        await asyncio.Event().wait()

    works = [
        asyncio.create_task(leadership.lead("test", partial(work, number))) for number in range(3)
    ]
    await time.pass_until(10)
    lock.holder = ""
    await time.pass_until(20)
    lock.holder = "another"
    await time.pass_until(30)
    for one in works:
        one.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    assert sorted(begun) == [0, 1, 2]
    assert [one.getMessage() for one in caplog.records] == [
        "test: standing by: another process leads",
        "test: this process leads now",
        "test: this process leads no more: another process leads",
        "test: standing by: another process leads",
    ]


async def test_who_was_held_up_ends_what_it_did_and_stands_by(time: FreeTime) -> None:
    lock = OneLock()
    async with _process(lock, time, "a") as first, _process(lock, time, "b") as second:
        lock.holder = "b"  # while `a` was stopped
        await time.pass_until(5)
        assert (first.is_serving, second.is_serving) == (False, True)
        assert first.leadership.standing_by == {"test"}
        lock.holder = ""
        lock.cut.add("b")
        await time.pass_until(20)
        assert (first.is_serving, second.is_serving) == (True, False)


async def test_a_store_that_does_not_answer_for_a_moment_interrupts_nothing(
    time: FreeTime,
) -> None:
    lock = OneLock()
    async with _process(lock, time, "a") as first:
        lock.cut.add("a")
        await time.pass_until(5)
        assert first.leadership.store_trouble == "the store does not answer"
        lock.cut.clear()
        await time.pass_until(60)
        assert first.leadership.store_trouble == ""
        assert first.platform.began == [0.0]
        lock.cut.add("a")
        await time.pass_until(70)
        assert not first.is_serving
        lock.cut.clear()
        await time.pass_until(80)
        assert first.is_serving


async def test_what_a_platform_ends_with_is_its_end(time: FreeTime) -> None:
    async with _process(OneLock(), time, "a", PlatformError("revoked")) as only:
        await time.pass_until(1)
        with pytest.raises(PlatformError, match="revoked"):
            await only.task


async def test_an_error_of_its_end_does_not_keep_who_lost_it_from_standing_by(
    time: FreeTime,
) -> None:
    lock = OneLock()
    async with _process(lock, time, "a") as first:
        first.platform.farewell = OSError("gone")
        lock.holder = "b"
        await time.pass_until(10)
        assert not first.task.done()
        assert first.leadership.standing_by == {"test"}


async def test_a_sole_process_always_leads(time: FreeTime) -> None:
    leadership = Leadership(SoleProcess(), RestartTiming(time.monotonic, time.sleep))
    platform = ScriptedPlatform(time, ends=[None])
    await asyncio.gather(leadership.lead("test", platform.serve), time.pass_until(1))
    assert platform.began == [0.0]
