from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, day, story

from bot.dates import MomentForm, ago, mark_moment, published, show_moments, since
from bot.reply import LocalClock

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("today", date(2026, 11, 23)),
        ("Yesterday", date(2026, 11, 22)),
        ("2023", date(2023, 1, 1)),
        ("2023-10", date(2023, 10, 1)),
        ("2023-10-21", date(2023, 10, 21)),
        ("Oct 2023", date(2023, 10, 1)),
        ("sept. 2023", date(2023, 9, 1)),
        ("October 21, 2023", date(2023, 10, 21)),
        ("Oct 21st 2023", date(2023, 10, 21)),
        ("21 October 2023", date(2023, 10, 21)),
    ],
)
def test_a_day_begins_at_the_readers_midnight(typed: str, expected: date) -> None:
    found = since(typed, NOW, TOKYO)
    assert found is not None
    assert found.day == expected
    assert found.instant == datetime(expected.year, expected.month, expected.day, tzinfo=TOKYO)
    assert found.instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("5h", timedelta(hours=5)),
        ("2d", timedelta(days=2)),
        ("3 w", timedelta(weeks=3)),
        ("6mo", timedelta(days=180)),
        ("1y", timedelta(days=365)),
    ],
)
def test_a_span_counts_back_from_now(typed: str, span: timedelta) -> None:
    found = since(typed, NOW, TOKYO)
    assert found is not None
    assert found.instant == NOW - span
    assert found.day == (NOW - span).astimezone(TOKYO).date()


def test_a_minute_is_the_readers() -> None:
    found = since("2026-11-22T18:30", NOW, TOKYO)
    assert found is not None
    assert found.instant == datetime(2026, 11, 22, 18, 30, tzinfo=TOKYO)
    assert found.day == date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-22T24:30",
        "0001-01-01T00:00",
        "",
        "soon",
        "2023-13",
        "2023-02-30",
        "32 Oct 2023",
        "9999y",
        "0000",
        "oct",
        "2",
        "-2d",
    ],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert since(typed, NOW, TOKYO) is None


@given(st.text(max_size=20) | st.from_regex(r"\d{1,5}[a-z-]{0,2}\d{0,4}", fullmatch=True))
def test_no_text_is_an_error(typed: str) -> None:
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        since(typed, NOW, ZoneInfo(zone))


def test_a_date_is_shown_as_it_stands_and_a_time_where_the_reader_is() -> None:
    dated = story("t", published=day("2023-11-29"), date_only=True)
    timed = story("t", published=datetime(2023, 11, 29, 20, 30, tzinfo=UTC))
    new_york = LocalClock(ZoneInfo("America/New_York"))
    assert published(dated, new_york, "en") == "Nov 29, 2023"
    assert published(timed, LocalClock(TOKYO), "en").startswith("Nov 30, 2023, 05:30")


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Tokyo", "JST"), ("Europe/Oslo", "CET"), ("UTC", "UTC"), ("Asia/Dubai", "UTC+04")],
)
def test_a_time_names_its_zone_where_it_is_not_the_readers(zone: str, name: str) -> None:
    timed = story("t", published=datetime(2023, 11, 29, 20, 30, tzinfo=UTC))
    dated = story("t", published=day("2023-11-29"), date_only=True)
    clock = LocalClock(ZoneInfo(zone), is_own=False)
    assert published(timed, clock, "en").endswith(f"0 {name}")
    assert published(dated, clock, "en") == "Nov 29, 2023"
    assert not published(timed, LocalClock(ZoneInfo(zone)), "en").endswith(name)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(seconds=40), "1 minute ago"),
        (timedelta(minutes=12), "12 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=23), "1 day ago"),
        (timedelta(hours=25), "Nov 28, 2023, 04:00"),
        (timedelta(hours=-1), "Nov 29, 2023, 06:00"),
    ],
)
def test_an_answer_tells_how_long_ago_something_new_was(before: timedelta, told: str) -> None:
    now = datetime(2023, 11, 29, 5, 0, tzinfo=UTC)
    utc = ZoneInfo("UTC")
    one = story("t", published=now - before)
    assert published(one, LocalClock(utc, now=now), "en") == told
    assert "ago" not in published(one, LocalClock(utc), "en")  # what stays


@given(st.integers(0, 10**10))
def test_a_moment_in_a_text_is_found_again(at: int) -> None:
    moment = datetime.fromtimestamp(at, UTC)
    seconds: list[int] = []

    def show(found: int, form: MomentForm) -> str:
        assert form in MomentForm
        seconds.append(found)
        return "then"

    text = f"checked {mark_moment(moment)} · {mark_moment(moment, MomentForm.DATE_AND_TIME)}"
    assert show_moments(text, show) == "checked then · then"
    assert seconds == [int(moment.timestamp())] * 2
    assert show_moments("\ue0001\ue001 \ue000", show) == "\ue0001\ue001 \ue000"


def test_ago_never_speaks_of_the_future() -> None:
    assert ago(NOW - timedelta(minutes=5), NOW, "en") == "5 minutes ago"
    assert ago(NOW + timedelta(hours=5), NOW, "en") == "1 minute ago"
