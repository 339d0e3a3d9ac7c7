"""Periods of whole days, and what is notable about counts in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.counts import Series, Silence, longest_silence
from bot.trends.periods import make_period

UTC_ZONE = ZoneInfo("UTC")
_zones = st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia", "Asia/Kabul"])
_days = st.dates(date(1990, 1, 1), date(2080, 1, 1))


@given(_days, st.integers(1, 40_000), _zones)
def test_spans_follow_each_other_and_end_with_the_day(last: date, days: int, zone: str) -> None:
    period = make_period(last, days, ZoneInfo(zone))
    assert period.last == last
    assert (period.last - period.first).days + 1 >= min(days, 60 * 366)
    assert 1 <= len(period.spans) <= 105
    for one, other in pairwise(period.spans):
        assert (one.end, one.ends) == (other.first, other.starts)
        assert (one.end - one.first).days == period.step
    whole = period.whole
    assert (whole.starts, whole.ends) == (period.spans[0].starts, period.spans[-1].ends)


@pytest.mark.parametrize(
    ("days", "step", "spans"),
    [(1, 1, 7), (7, 1, 7), (30, 1, 30), (84, 7, 12), (366, 7, 53), (3 * 366, 28, 40)],
)
def test_the_longer_the_period_the_longer_its_spans(days: int, step: int, spans: int) -> None:
    period = make_period(date(2026, 11, 27), days, UTC_ZONE)
    assert (period.step, len(period.spans)) == (step, spans)


def test_days_are_those_of_the_zone_also_when_clocks_change() -> None:
    period = make_period(date(2026, 11, 2), 7, ZoneInfo("America/New_York"))
    sunday = period.spans[-2]
    assert sunday.first == date(2026, 11, 1)
    assert sunday.starts == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert sunday.ends - sunday.starts == timedelta(hours=25)


def test_a_period_can_end_on_the_first_days_that_there_are() -> None:
    assert make_period(date(1, 12, 31), 10**6, UTC_ZONE).last == date(1, 12, 31)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], None),
        ([0, 0], None),
        ([1, 2, 3], None),
        ([0, 0, 0, 1, 0, 2], Silence(4, 1)),
        ([1, 0, 0, 1, 0], Silence(1, 2)),
        ([1, 0, 1, 0, 1], Silence(3, 1)),
        ([1, 0, 1, 0, 0, 0], Silence(3, 3)),
    ],
)
def test_the_longest_silence_is_between_stories_or_lasts(
    counts: list[int], expected: Silence | None
) -> None:
    assert longest_silence(counts) == expected


def test_the_peak_is_the_latest_of_equal_ones() -> None:
    assert Series("x", (3, 5, 1, 5, 0)).peak == 3
    assert Series("x", ()).peak == 0
    assert (Series("x", (3, 5)).total, Series("x", ()).highest) == (8, 0)
