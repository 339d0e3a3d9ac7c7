"""The admission policy: whether a post may be sent now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posting import ROOM
from stories import NOW, story

from bot.posting.model import Deferral, Post, PostKind, Retry, State
from bot.posting.policy import ENOUGH, QUIET, admit, is_put_off, start_of_day
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Quiet

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
NIGHT = Quiet(time(22), time(7))
LATE = timedelta(hours=12)
ONE = Subscription(ROOM, TargetKind.SOURCE, "wire", id=3)
SLEEPS = replace(ONE, quiet=NIGHT)
POST = Post(7, ROOM, "s1", PostKind.STORY, State.DUE, ("s1",), ONE, NOW, NOW)


def at(clock: str, day: int = 23) -> datetime:
    return datetime.combine(NOW.date().replace(day=day), time.fromisoformat(clock), UTC)


def by(one: Subscription | None, **given: object) -> Post:
    return replace(POST, subscription=one, **given)  # type: ignore[arg-type]


# Quiet hours


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at("21:59"), None),
        (at("22:00"), at("07:00", 24)),
        (at("23:59"), at("07:00", 24)),
        (at("00:00", 24), at("07:00", 24)),
        (at("06:59", 24), at("07:00", 24)),
        (at("07:00", 24), None),
    ],
)
def test_nothing_is_posted_at_night(now: datetime, until: datetime | None) -> None:
    expected = until and Deferral(7, until, QUIET)
    assert admit(by(SLEEPS), now, 0) == expected


def test_a_night_is_that_of_the_chat() -> None:
    there = replace(SLEEPS, zone="Asia/Tokyo")
    assert admit(by(there), at("12:00"), 0) is None  # 21 o'clock
    assert admit(by(there), at("13:00"), 0) == Deferral(7, at("22:00"), QUIET)


@pytest.mark.parametrize("given", [{"gathered": True}, {"since": NOW}])
def test_what_goes_alone_waits_for_the_morning_and_for_nothing_else(
    given: dict[str, object],
) -> None:
    post = by(replace(SLEEPS, most=1), **given)
    assert admit(post, at("23:00"), 5) == Retry(7, at("07:00", 24), QUIET)
    assert admit(post, at("12:00"), 5) is None


@pytest.mark.parametrize("kind", [PostKind.EDIT, PostKind.NOTICE])
def test_edits_and_notices_ring_no_bell_and_may_go(kind: PostKind) -> None:
    assert admit(by(replace(SLEEPS, most=1), kind=kind), at("23:00"), 5) is None


def test_what_came_by_something_that_is_no_more_may_go() -> None:
    assert admit(by(None), at("23:00"), 5) is None


# How many a day


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        (at("12:00"), at("18:00")),
        (at("17:59"), at("18:00")),
        (at("18:00"), at("18:00", 24)),
        (at("23:00"), at("18:00", 24)),
    ],
)
def test_what_is_too_much_for_a_day_waits_for_the_evening(now: datetime, evening: datetime) -> None:
    post = by(replace(ONE, most=3))
    assert admit(post, now, 2) is None
    assert admit(post, now, 3) == admit(post, now, 4) == Deferral(7, evening, ENOUGH)
    assert admit(by(ONE), now, 1_000) is None


def test_the_night_comes_before_the_evening() -> None:
    post = by(replace(SLEEPS, most=1))
    assert admit(post, at("23:00"), 1) == Deferral(7, at("07:00", 24), QUIET)


@pytest.mark.parametrize(
    ("now", "zone", "began"),
    [
        (at("12:00"), ZoneInfo("UTC"), at("00:00")),
        (at("00:00"), ZoneInfo("UTC"), at("00:00")),
        (at("14:59"), TOKYO, at("15:00", 22)),
        (at("15:00"), TOKYO, at("15:00")),
        (at("04:00"), NEW_YORK, at("05:00", 22)),
        # The clocks had been put back that night.
        (datetime(2026, 11, 1, 20, tzinfo=UTC), NEW_YORK, datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_where_the_chat_is(
    now: datetime, zone: ZoneInfo, began: datetime
) -> None:
    assert start_of_day(now, zone) == began


@given(now=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - UTC below
def test_a_day_has_begun_by_now_and_not_long_ago(now: datetime) -> None:
    moment = now.replace(tzinfo=UTC)
    assert timedelta(0) <= moment - start_of_day(moment, NEW_YORK) < timedelta(hours=25)


# Age


def test_what_is_old_is_put_off() -> None:
    old = story("A", published=NOW - LATE - timedelta(seconds=1))
    fresh = story("A", published=NOW - LATE)
    assert is_put_off(POST, old, NOW, LATE)
    assert not is_put_off(POST, fresh, NOW, LATE)


@pytest.mark.parametrize(
    ("now", "day", "is_old"),
    [
        (at("11:59"), 22, False),  # until midnight it was that day, twelve hours ago
        (at("12:00"), 22, True),
        (at("23:59"), 23, False),
        (at("00:00"), 22, False),
        (at("00:00"), 21, True),
    ],
)
def test_of_a_date_the_whole_day_counts(now: datetime, day: int, *, is_old: bool) -> None:
    dated = story("A", published=at("00:00", day), date_only=True)
    assert is_put_off(POST, dated, now, LATE) is is_old


@pytest.mark.parametrize("given", [{"gathered": True}, {"since": NOW}])
def test_what_goes_alone_is_not_put_off(given: dict[str, object]) -> None:
    old = story("A", published=NOW - 3 * LATE)
    assert not is_put_off(by(ONE, **given), old, NOW, LATE)
