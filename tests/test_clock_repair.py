"""A clock that was wrong for a moment holds up neither sources nor posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk
from outbox_rows import by_number, digest, row, subscription
from posting import ROOM, posting
from stories import NOW, batch, story

from bot.clock import JumpDetector
from bot.ingest.backoff import next_check, seconds_until_check
from bot.ingest.change_detection import decide
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import FetchResult, LoadReport
from bot.posting.claims import LEASE
from bot.posting.clock_repair import repair_times
from bot.posting.model import State
from bot.posting.outbox_row import OutboxRow
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

YEARS = timedelta(days=730)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUARTER = timedelta(minutes=15)


def repaired(one: OutboxRow, by: Subscription | None = None) -> OutboxRow:
    return repair_times(by_number(one), {1: by or subscription()}, NOW)[1]


# Sources


@pytest.mark.parametrize("failures", [0, 1, 3, 100])
def test_a_next_poll_within_the_timetable_is_kept_and_one_beyond_is_now(failures: int) -> None:
    due = next_check(NOW, QUARTER, failures=failures, asked=0, chance=1.0)
    report = LoadReport("wire", NOW, failures=failures, next_check=due)
    assert seconds_until_check(report, QUARTER, NOW) == (due - NOW).total_seconds()
    beyond = replace(report, next_check=due + HOUR)
    assert seconds_until_check(beyond, QUARTER, NOW) == 0
    assert seconds_until_check(replace(beyond, next_check=due + YEARS), QUARTER, NOW) == 0


def test_what_a_server_asked_for_is_kept_up_to_a_month() -> None:
    report = LoadReport("wire", NOW, next_check=NOW + 7 * DAY, asked=7 * 86_400.0)
    assert seconds_until_check(report, QUARTER, NOW) == 7 * 86_400
    asked = next_check(NOW, QUARTER, failures=1, asked=1e12, chance=0.5)
    assert asked == NOW + 31 * DAY


async def test_sources_are_polled_on_after_the_clock_was_ahead(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    poller = desk.dispatcher.services.poller
    undated = story("Undated", undated=True, published=NOW + YEARS)
    ahead = story("Ahead", published=NOW + 10 * DAY)
    desk.wire.gives = [FetchResult((undated, ahead), signature="one")]
    desk.other.gives = [FetchResult()]
    desk.clock.set_by(YEARS)
    await poller.poll_due()
    desk.clock.set_by(-YEARS)
    desk.clock.pass_(10)
    now = desk.clock.now()
    again = replace(undated, published=now)
    desk.wire.gives = [FetchResult((again, ahead), signature="two")]
    desk.other.gives = [FetchResult()]
    assert 0 < await poller.poll_due() <= QUARTER.total_seconds() * 1.1
    assert desk.wire.asked == ["", ""]
    kept = await desk.store.stories.by_ids([undated.id, ahead.id])
    assert [one.published for one in kept] == [now, now]
    states = await desk.store.sources.states()
    assert states["wire"].newest == now
    jumps = [one.getMessage() for one in caplog.records if "clock" in one.getMessage()]
    assert jumps == [
        "the computer's clock has gone forward by 730 days, 0:00:00 at once",
        "the computer's clock has gone back by 730 days, 0:00:00 at once",
    ]


async def test_a_restart_after_the_clock_was_ahead_mends_it_too(tmp_path: Path) -> None:
    """Stories that were seen in the future were seen now."""
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        await store.ingest.write(batch([story("a")], now=NOW + YEARS))
        await store.sources.finish_load(LoadReport("wire", NOW), "")
        rows = await store._connections.rows("SELECT seen FROM stories")  # noqa: SLF001 - no port tells
        assert rows[0]["seen"] == int(NOW.timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("stored", "given", "mended"),
    [
        (NOW + YEARS, NOW - HOUR, True),  # the clock was ahead, and the date not yet moved back
        (NOW - YEARS, NOW - HOUR, True),  # the clock was behind
        (NOW - HOUR, NOW + DAY, False),  # the source's clock is ahead
        (NOW - HOUR, NOW - HOUR, False),
        (NOW - 9 * HOUR, NOW - HOUR, False),  # a source that takes its own time for UTC
    ],
)
def test_dates_by_a_wrong_clock_are_mended(stored: datetime, given: datetime, mended: bool) -> None:
    one = story("a", published=given)
    known = {one.key: replace(fingerprint(one), published=stored)}
    assert len(decide(known, [one], now=NOW).changed) == int(mended)


def test_a_jump_is_detected_once(desk: TestDesk) -> None:
    jumps = JumpDetector(desk.clock)
    desk.clock.pass_(10_000)
    assert not jumps.jump()
    desk.clock.set_by(-HOUR)
    assert jumps.jump() == -HOUR
    assert not jumps.jump()


# Posts


@pytest.mark.parametrize(
    "one",
    [
        row(due=NOW + timedelta(minutes=1)),
        row(tries=1, due=NOW + timedelta(minutes=55)),  # as a server said
        row(tries=20, outage=True, due=NOW + timedelta(minutes=12)),
        row(state=State.WAITING, due=NOW + timedelta(minutes=2)),
        row(state=State.SENDING, claimed=NOW, lease=NOW + LEASE),
        row(made=NOW - DAY, due=NOW - HOUR),
    ],
)
def test_times_that_may_be_are_left_as_they_are(one: OutboxRow) -> None:
    assert repaired(one) is one


def test_what_is_due_far_away_is_due_now() -> None:
    assert repaired(row(made=NOW + YEARS, due=NOW + YEARS)) == row()
    sending = row(state=State.SENDING, claimed=NOW + YEARS, lease=NOW + YEARS + LEASE)
    assert repaired(sending).lease == NOW + LEASE + timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [5, 29, 59])
def test_a_clock_that_went_back_a_little_holds_up_no_first_try(minutes: int) -> None:
    ahead = NOW + timedelta(minutes=minutes)
    assert repaired(row(made=ahead, due=ahead)) == row()
    assert repaired(row(made=NOW, due=ahead)).due == NOW
    assert repaired(digest(1, made=ahead, due=ahead)).due == NOW


def test_a_clock_that_went_back_a_little_holds_up_no_try_after_an_outage() -> None:
    assert repaired(row(tries=3, outage=True, due=NOW + timedelta(minutes=30))).due == NOW


def test_what_waits_goes_with_the_next_digest() -> None:
    weekly = subscription(when=Timetable(Rhythm.WEEKLY, (time(8),), (0,)))
    monday = weekly.when.next(NOW, weekly.timezone)
    assert repaired(row(state=State.WAITING, due=NOW + YEARS), weekly).due == monday
    assert repaired(row(state=State.WAITING, due=monday), weekly).due == monday
    soon = repaired(row(state=State.WAITING, due=NOW + YEARS))
    assert soon.due == NOW + timedelta(minutes=2)


def test_quiet_hours_and_what_is_too_much_for_a_day_are_kept() -> None:
    quiet = subscription(quiet=Quiet(time(11), time(20)))
    evening = NOW.replace(hour=20)
    assert repaired(row(due=evening), quiet).due == evening
    assert repaired(row(state=State.WAITING, due=evening), quiet).due == evening
    most = subscription(most=3)
    assert repaired(row(state=State.WAITING, due=NOW.replace(hour=18)), most).due.hour == 18


async def test_posts_go_on_after_the_clock_was_ahead(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, when=Timetable(Rhythm.HOURLY))
        parts.clock.set_by(YEARS)
        await parts.brings(story("One", published=parts.clock.now()))
        parts.clock.set_by(-YEARS)
        await parts.until(lambda: bool(parts.posted), seconds=3_700, step=5.0)
        assert parts.posted == [("room", "One")]
