from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from stories import NOW

from bot.ingest.backoff import next_check

QUARTER = timedelta(minutes=15)


def wait(*, failures: int = 0, asked: float = 0.0, chance: float = 0.5) -> timedelta:
    return next_check(NOW, QUARTER, failures=failures, asked=asked, chance=chance) - NOW


def test_a_source_that_is_well_is_looked_at_when_it_is_usual() -> None:
    assert wait() == QUARTER
    assert wait(chance=0.0) == QUARTER * 0.9
    assert wait(chance=1.0) == QUARTER * 1.05  # which leaves a part of the tenth to the queues


def test_each_failure_doubles_the_time_up_to_a_day() -> None:
    assert [wait(failures=n) / QUARTER for n in (1, 2, 3, 6, 7, 100)] == [2, 4, 8, 64, 96, 96]


def test_a_source_that_asks_for_more_time_is_given_it_and_for_less_it_is_not() -> None:
    assert wait(asked=3_600) == timedelta(hours=1)
    assert wait(asked=60) == QUARTER
    assert wait(failures=1, asked=7 * 86_400) == timedelta(days=7)


def test_who_is_looked_at_seldom_is_not_looked_at_more_often_for_failing() -> None:
    weekly = timedelta(days=7)
    assert next_check(NOW, weekly, failures=3, asked=0, chance=0.5) - NOW == weekly


@given(st.integers(0, 10_000), st.floats(0, 1e7), st.floats(0, 1))
def test_the_time_is_always_in_the_future(failures: int, asked: float, chance: float) -> None:
    assert wait(failures=failures, asked=asked, chance=chance) >= QUARTER * 0.9
