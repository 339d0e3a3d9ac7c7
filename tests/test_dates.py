from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, day, story

from bot.dates import ago, published, since

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
    new_york = ZoneInfo("America/New_York")
    assert published(dated, new_york, "en") == "Nov 29, 2023"
    assert published(timed, TOKYO, "en").startswith("Nov 30, 2023, 5:30")


def test_ago_never_speaks_of_the_future() -> None:
    assert ago(NOW - timedelta(minutes=5), NOW, "en") == "5 minutes ago"
    assert ago(NOW + timedelta(hours=5), NOW, "en") == "1 second ago"
