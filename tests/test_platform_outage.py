"""After an outage of a platform, what waits for it goes at its first sign of life."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from posting import Posting, posting
from stories import HandClock, story

from bot.errors import RejectedError, RetryLaterError
from bot.model import Chat
from bot.posting.outage import OutageDetector

pytestmark = pytest.mark.slow

DOWN = RetryLaterError("connection refused")
CHATS = [Chat("scripted", f"chat {number}") for number in range(8)]


async def outage(parts: Posting, seconds: float) -> None:
    """The platform takes nothing for some time, while each chat has something to be sent."""
    for chat in CHATS:
        await parts.follow(chat)
        parts.messenger.ends[chat.id] = [DOWN] * 10_000
    await parts.brings(story("One", published=parts.clock.now()))
    await parts.passes(seconds, step=2)
    assert parts.posted == []
    parts.messenger.ends.clear()


async def test_the_first_success_wakes_all_that_waits_for_the_platform(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await outage(parts, 1_200)
        await parts.until(lambda: len(parts.posted) == 8, 75, step=0.5)
        assert parts.posting_workers.counters["scripted"].outages == 1


async def test_a_connection_that_is_back_wakes_all_at_once(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await outage(parts, 1_200)
        parts.posting_workers.report_recovery("another")
        parts.posting_workers.report_recovery("scripted")
        await parts.until(lambda: len(parts.posted) == 8, 3)


async def test_who_is_told_to_wait_waits_whatever_the_platform_does(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        for chat in CHATS[:2]:
            await parts.follow(chat)
        parts.messenger.ends["chat 0"] = [RetryLaterError("flood", 300.0)]
        parts.messenger.ends["chat 1"] = [DOWN] * 5
        await parts.brings(story("One", published=parts.clock.now()))
        await parts.until(lambda: len(parts.posted) == 1, 120)
        parts.posting_workers.report_recovery("scripted")
        await parts.passes(150)
        assert parts.posted == [("chat 1", "One")]
        await parts.until(lambda: len(parts.posted) == 2, 300)


async def test_a_chat_that_fails_alone_keeps_its_own_backoff(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        for chat in CHATS[:2]:
            await parts.follow(chat)
        parts.messenger.ends["chat 0"] = [DOWN] * 10_000
        for number in range(40):
            await parts.brings(story(f"Story {number}", published=parts.clock.now()))
            await parts.passes(5)
        assert parts.messenger.tried.count("chat 0") < 20


def test_an_outage_ends_with_a_success_after_a_time_without_one() -> None:
    clock = HandClock()
    detector = OutageDetector(clock)
    assert detector.record_success()
    clock.pass_(60)
    assert not detector.record_success()
    detector.record_failure()
    clock.pass_(9)
    assert not detector.record_success()
    detector.record_failure()
    assert not detector.should_probe()
    clock.pass_(10)
    assert detector.should_probe()
    assert not detector.should_probe()
    assert detector.record_success()


async def test_failing_posts_are_logged_without_a_flood_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.posting")
    async with posting(tmp_path / "d.db") as parts:
        await outage(parts, 700)
        counters = parts.posting_workers.counters["scripted"]
        assert counters.retries > 40
        assert (counters.queue.depth, counters.queue.reason) == (8, "connection refused")
        lines = [one.getMessage() for one in caplog.records]
        assert lines[0] == "scripted: posts fail and are tried again: connection refused"
        assert len(lines) == 3
        assert "posts that wait: 8" in lines[1]
        await parts.until(lambda: len(parts.posted) == 8, 75, step=0.5)
        await parts.passes(150)
        assert (counters.posts, counters.queue.depth) == (8, 0)
        assert any("over: posts fail" in one.getMessage() for one in caplog.records[3:])
        assert len(caplog.records) == 5


async def test_what_is_given_up_is_logged_without_a_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(CHATS[0])
        parts.messenger.ends["chat 0"] = [RejectedError("too odd")] * 5
        await parts.brings(*(story(f"{n}", published=parts.clock.now()) for n in range(5)))
        await parts.until(lambda: parts.posting_workers.counters["scripted"].failures == 5)
    (line,) = caplog.records
    assert line.getMessage() == "scripted: posts are given up: too odd (chat 0)"
    assert line.exc_info is None
