"""Platforms are kept served, in time that a test lets pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from times import FreeTime, settle

from bot.chat.supervisor import SupervisorTiming, serve
from bot.errors import PlatformError


@dataclass
class ScriptedPlatform:
    """Ends as it was told to each time it is served; after that it serves until it is cancelled.

    Attributes:
        ends: What each time ends with: an error, or None for nothing at all.
        lasts: Seconds that each of these times lasts.
        farewell: What it ends with once it is cancelled; None to end as it should.
        holds: What it waits for before it ends, once it is cancelled.
        began: When it was served.
        cancelled: How often it was told to end.
    """

    time: FreeTime
    name: str = "Test"
    ends: list[Exception | None] = field(default_factory=list)
    lasts: list[float] = field(default_factory=list)
    farewell: Exception | None = None
    holds: asyncio.Event | None = None
    swallows: bool = False
    began: list[float] = field(default_factory=list)
    cancelled: int = 0

    async def serve(self) -> None:
        self.began.append(self.time.monotonic())
        try:
            if self.ends:
                await self.time.sleep(self.lasts.pop(0) if self.lasts else 0.0)
                if error := self.ends.pop(0):
                    raise error
                return
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            if self.holds:
                await self.holds.wait()
            if self.farewell:
                raise self.farewell from None
            if not self.swallows:
                raise


@dataclass
class Served:
    """A `serve` that is under way."""

    task: asyncio.Task[None]
    stop: asyncio.Event


@pytest.fixture
def time() -> FreeTime:
    return FreeTime()


def begin(time: FreeTime, platforms: Sequence[ScriptedPlatform], grace: float = 9.0) -> Served:
    stop = asyncio.Event()
    timing = SupervisorTiming(time.monotonic, time.sleep, grace)
    return Served(asyncio.create_task(serve(platforms, stop, timing)), stop)


async def test_all_are_served_until_they_are_told_to_stop(time: FreeTime) -> None:
    platforms = [ScriptedPlatform(time, "One"), ScriptedPlatform(time, "Two")]
    served = begin(time, platforms)
    await time.pass_until(10_000)
    assert not served.task.done()
    served.stop.set()
    await served.task
    assert [(one.began, one.cancelled) for one in platforms] == [([0.0], 1), ([0.0], 1)]


async def test_what_ends_cleanly_is_waited_for(time: FreeTime) -> None:
    platform = ScriptedPlatform(time, holds=asyncio.Event())
    served = begin(time, [platform])
    await settle()
    served.stop.set()
    await settle()
    assert not served.task.done()
    assert platform.holds is not None
    platform.holds.set()
    await served.task


async def test_what_does_not_end_is_left_after_the_grace(
    time: FreeTime, caplog: pytest.LogCaptureFixture
) -> None:
    stubborn = ScriptedPlatform(time, "Stubborn", holds=asyncio.Event())
    other = ScriptedPlatform(time, "Other")
    served = begin(time, [stubborn, other], grace=0.005)
    await settle()
    served.stop.set()
    await served.task
    assert (stubborn.cancelled, other.cancelled) == (1, 1)
    assert [r.getMessage() for r in caplog.records] == [
        "Stubborn has not stopped; leaving it as it is"
    ]
    assert stubborn.holds is not None
    stubborn.holds.set()
    await settle()


async def test_what_fails_or_ends_is_begun_anew_and_rests_longer_each_time(
    time: FreeTime, caplog: pytest.LogCaptureFixture
) -> None:
    failing = ScriptedPlatform(time, "Failing", [OSError("no network"), None] * 6, [1.0] * 12)
    other = ScriptedPlatform(time, "Other")
    served = begin(time, [failing, other])
    await time.pass_until(2_000)
    pauses = [b - a - 1.0 for a, b in zip(failing.began, failing.began[1:], strict=False)]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert other.began == [0.0]
    assert "no network" in caplog.text
    assert "Failing stopped; restarting it in 300 s" in caplog.text
    served.stop.set()
    await served.task


async def test_what_was_served_for_long_does_not_rest_for_earlier_failures(time: FreeTime) -> None:
    ends: list[Exception | None] = [OSError("once"), OSError("twice"), OSError("much later")]
    platform = ScriptedPlatform(time, ends=ends, lasts=[0.0, 0.0, 1_000.0])
    served = begin(time, [platform])
    await time.pass_until(5_000)
    assert platform.began == [0.0, 1.0, 3.0, 1_004.0]
    served.stop.set()
    await served.task


async def test_a_rest_ends_at_once_when_all_is_to_stop(time: FreeTime) -> None:
    served = begin(time, [ScriptedPlatform(time, ends=[OSError("no network")])])
    await time.pass_until(0.5)
    served.stop.set()
    await served.task
    assert time.monotonic() == 0.5


@pytest.mark.parametrize("farewell", [OSError("while ending"), None])
async def test_what_makes_something_else_of_being_told_to_end_is_not_begun_anew(
    time: FreeTime, caplog: pytest.LogCaptureFixture, farewell: Exception | None
) -> None:
    platform = ScriptedPlatform(time, farewell=farewell, swallows=True)
    served = begin(time, [platform], grace=0.005)
    await settle()
    served.stop.set()
    await served.task
    await time.pass_until(10)
    assert platform.began == [0.0]
    assert "has not stopped" not in caplog.text
    assert ("while ending" in caplog.text) == (farewell is not None)


async def test_one_that_refuses_is_told_and_the_others_are_served_on(
    time: FreeTime, caplog: pytest.LogCaptureFixture
) -> None:
    refusing = ScriptedPlatform(time, ends=[PlatformError("the token is refused")])
    other = ScriptedPlatform(time, "Other")
    served = begin(time, [refusing, other])
    await time.pass_until(10_000)
    assert refusing.began == [0.0]
    assert not served.task.done()
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "the token is refused")
    assert record.exc_info is None
    served.stop.set()
    await served.task


async def test_when_none_can_be_served_the_first_ones_reason_is_raised(time: FreeTime) -> None:
    first = ScriptedPlatform(time, ends=[PlatformError("first")], lasts=[50.0])
    second = ScriptedPlatform(time, ends=[PlatformError("second")])
    served = begin(time, [first, second])
    await time.pass_until(49)
    assert not served.task.done()
    await time.pass_until(51)
    with pytest.raises(PlatformError, match=r"^first$") as refusal:
        await served.task
    assert refusal.value.exit_code == 7


async def test_whoever_gives_up_serving_ends_the_platforms_too(time: FreeTime) -> None:
    platform = ScriptedPlatform(time)
    served = begin(time, [platform])
    await settle()
    served.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await served.task
    assert platform.cancelled == 1
