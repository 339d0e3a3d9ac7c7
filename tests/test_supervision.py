"""Each long-lived task goes on after an error that nobody expected, and the log tells of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from newsdesk import TestDesk
from posting import ROOM, Posting, opened, running
from stories import NOW, story
from telegram.error import NetworkError
from test_supervisor import ScriptedPlatform
from times import FreeTime, settle
from typing_extensions import override

from adapters.telegram.connection import _bot, _Requests
from bot.chat.last_list import WriteBehind
from bot.chat.supervisor import SupervisorTiming, serve
from bot.errors import NotAStoreError, PlatformError, StoreBusyError
from bot.ingest.results import FetchResult
from bot.posting.batching import Batcher
from bot.posting.model import Post
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.supervision import RestartTiming, keep_running, run_until_done
from store.outbox.platform_lock import FileLock
from store.outbox.queue import SqlOutbox
from store.sqlite import SqliteStore


@dataclass
class Faulty:
    """Ends as it was told to each time it is begun; then it runs until it is cancelled."""

    ends: list[Exception | None]
    begun: int = 0

    async def __call__(self) -> None:
        self.begun += 1
        if not self.ends:
            await asyncio.Event().wait()
        if error := self.ends.pop(0):
            raise error


def _timing(time: FreeTime) -> RestartTiming:
    return RestartTiming(time.monotonic, time.sleep)


async def test_what_fails_is_begun_anew_and_its_reason_logged_with_one_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    time, work = FreeTime(), Faulty([KeyError("a"), KeyError("a"), None, ValueError("b")])
    running = asyncio.create_task(keep_running("Thing", work, _timing(time)))
    await time.pass_until(100)
    assert work.begun == 5
    assert [(one.getMessage(), bool(one.exc_info)) for one in caplog.records] == [
        ("Thing stopped; restarting it in 1 s: KeyError: 'a'", True),
        ("Thing stopped; restarting it in 2 s: KeyError: 'a'", False),
        ("Thing stopped; restarting it in 4 s", False),
        ("Thing stopped; restarting it in 8 s: ValueError: b", True),
    ]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_ends_by_itself_is_tried_until_it_has() -> None:
    time, work = FreeTime(), Faulty([OSError("x"), OSError("y"), None])
    running = asyncio.create_task(run_until_done("Thing", work, _timing(time)))
    await time.pass_until(10)
    await running
    assert work.begun == 3


async def test_a_fatal_error_is_raised() -> None:
    work = Faulty([PlatformError("no token")])
    with pytest.raises(PlatformError, match="no token"):
        await keep_running("Thing", work, _timing(FreeTime()), fatal=(PlatformError,))


async def test_what_ends_beside_the_platforms_ends_the_process_with_its_reason() -> None:
    time = FreeTime()
    platform = ScriptedPlatform(time)
    vital = asyncio.create_task(Faulty([NotAStoreError("the file is no store")])())
    with pytest.raises(NotAStoreError, match="the file is no store") as reason:
        await serve([platform], asyncio.Event(), SupervisorTiming(_timing(time)), [vital])
    assert (reason.value.exit_code, platform.cancelled) == (4, 1)


# Polling


async def test_a_fault_while_stories_are_filed_is_their_sources_failed_poll(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """The source gives something that the decision trips over."""
    broken = FetchResult((story("a", url="x"), None))  # type: ignore[arg-type] # that is the fault
    good = FetchResult((story("b", source="other"),))
    desk.wire.gives = [broken, broken, FetchResult((story("a"),))]
    desk.other.gives = [good, good, good]
    poller = desk.dispatcher.services.poller
    for _ in range(3):
        assert await poller.poll_due() > 0
        desk.clock.pass_(3_600)
    states = await desk.store.sources.states()
    assert (states["wire"].stories, states["other"].stories) == (1, 1)
    failed = [one.getMessage() for one in caplog.records if "wire" in one.getMessage()]
    assert len(failed) == 1
    assert "wire: unexpected AttributeError" in failed[0]


async def test_a_failed_poll_is_put_off_and_told_to_moderators(desk: TestDesk) -> None:
    desk.wire.gives = [FetchResult((None,))]  # type: ignore[arg-type] # that is the fault
    (report,) = await desk.dispatcher.services.poller.load(["wire"])
    assert (report.failures, report.error[:11]) == (1, "unexpected ")
    assert report.next_check
    assert report.next_check > NOW


# Posting


class FaultyLimiter(RateLimiter):
    """Fails once with an unexpected error, when a worker asks for a delay or waits for a turn."""

    delay_fault: Exception | None = None
    turn_fault: Exception | None = None

    def post_delay(self, chat: str) -> float:
        if fault := self.delay_fault:
            self.delay_fault = None
            raise fault
        return super().post_delay(chat)

    async def acquire_post(self, chat: str) -> None:
        if fault := self.turn_fault:
            self.turn_fault = None
            raise fault
        await super().acquire_post(chat)


@asynccontextmanager
async def faulty_posting(path: Path) -> AsyncIterator[tuple[Posting, FaultyLimiter]]:
    """A core that posts at the pace of a limiter that fails when a test says so."""
    async with await SqliteStore.open(path) as store:
        parts = opened(store)
        fast = Rate(1_000, 1.0)
        pace = RateLimits(fast, fast, lambda _: fast, lambda _: fast)
        limiter = FaultyLimiter(parts.clock, pace, parts.clock.sleep)
        parts.messenger.rate_limiter = limiter
        await parts.brings()
        await parts.follow(ROOM)
        async with running(parts):
            yield parts, limiter


async def test_posting_goes_on_after_its_worker_died(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with faulty_posting(tmp_path / "d.db") as (parts, limiter):
        limiter.delay_fault = KeyError("a bug")
        await parts.brings(story("One", published=NOW))
        await parts.until(lambda: bool(parts.posted))
        assert parts.posted == [("room", "One")]
        assert "posting on scripted stopped; restarting it in 1 s: KeyError" in caplog.text


@pytest.mark.slow
async def test_a_fault_over_one_post_is_logged_and_it_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with faulty_posting(tmp_path / "d.db") as (parts, limiter):
        limiter.turn_fault = KeyError("a bug")
        await parts.brings(story("One", published=NOW))
        await parts.until(lambda: bool(parts.posted), seconds=200.0, step=1.0)
        assert parts.posted == [("room", "One")]
        assert "a post to room has to wait" in caplog.text


class BusyOutbox(SqlOutbox):
    """An outbox that cannot tell what is due for a while."""

    busy: int = 0

    @override
    async def due(self, platform: str, now: datetime, limit: int) -> Sequence[Post]:
        if self.busy:
            self.busy -= 1
            raise StoreBusyError("the store is busy")
        return await super().due(platform, now, limit)


@pytest.mark.slow
async def test_lasting_trouble_of_the_store_is_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        connections = store._connections  # noqa: SLF001 - the very same, but busy
        outbox = BusyOutbox(connections, FileLock(tmp_path / "d.db", connections.mark))
        store.outbox = outbox
        parts = opened(store)
        await parts.brings()
        await parts.follow(ROOM)
        outbox.busy = 10
        async with running(parts):
            await parts.brings(story("One", published=NOW))
            await parts.until(lambda: bool(parts.posted), seconds=600.0)
    assert outbox.busy == 0
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == [
        "scripted: the store cannot be used, and is tried again: the store is busy"
    ]


# Telegram's updates


class _StrangeUpdates(_Requests):
    """Answers every request with what is no update."""

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        return 200, b'{"ok": true, "result": [{"update_id": 1, "message": "strange"}]}'


async def test_what_telegram_has_never_sent_before_does_not_end_polling() -> None:
    """The library polls on after its own errors alone."""
    requests = _StrangeUpdates(1, lambda: None)
    bot = _bot("1:token", "http://127.0.0.1:9", requests, requests)
    with pytest.raises(NetworkError, match="polling failed unexpectedly: "):
        await bot.get_updates()


# What runs for others, a batch at a time


async def test_a_batch_with_a_wrong_number_of_results_keeps_nobody_waiting() -> None:
    async def lose(numbers: object) -> list[int]:
        del numbers
        return []

    with pytest.raises(ValueError, match="shorter"):
        await Batcher[int, int](lose).do(1)


async def test_what_cannot_be_remembered_for_an_unexpected_reason_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    saved: list[object] = []
    faults = [KeyError("a bug")]

    async def save(values: object) -> None:
        if faults:
            raise faults.pop()
        saved.append(values)

    cache = WriteBehind[str, int]("numbers", save)
    cache.put("a", 1)
    await cache.flush()
    cache.put("b", 2)
    with suppress(TimeoutError):
        await asyncio.wait_for(cache.flush(), 5)
    await settle()
    assert saved == [{"b": 2}]
    assert "could not save numbers" in caplog.text
