from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stories import HandClock

from bot.chat.rate_limit import QuestionLimiter


def test_ten_questions_may_come_at_once_and_then_one_every_two_seconds() -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock)
    assert [question_limiter.wait("ada") for _ in range(10)] == [0.0] * 10
    assert question_limiter.wait("ada") == 2.0
    clock.pass_(1.5)
    assert question_limiter.wait("ada") == 0.5
    clock.pass_(0.5)
    assert [question_limiter.wait("ada"), question_limiter.wait("ada")] == [0.0, 2.0]


def test_whoever_asks_too_soon_does_not_wait_the_longer_for_it() -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock, burst=1, every=2.0)
    question_limiter.wait("ada")
    for _ in range(50):
        assert question_limiter.wait("ada") == 2.0
    clock.pass_(2.0)
    assert question_limiter.wait("ada") == 0.0


def test_one_persons_questions_are_none_of_anothers() -> None:
    question_limiter = QuestionLimiter(HandClock(), burst=1)
    question_limiter.wait("ada")
    assert question_limiter.wait("ada") > 0
    assert question_limiter.wait("max") == 0.0


def test_rest_gives_no_more_than_a_burst() -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock, burst=3)
    question_limiter.wait("ada")
    clock.pass_(1_000_000)
    assert [question_limiter.wait("ada") > 0 for _ in range(4)] == [False, False, False, True]


def test_a_wait_is_told_once_until_a_question_is_fine_again() -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock, burst=1, every=2.0)
    assert not question_limiter.should_notify("stranger")
    for _ in range(2):
        question_limiter.wait("ada")
        assert question_limiter.wait("ada") > 0
        assert question_limiter.should_notify("ada")
        assert not question_limiter.should_notify("ada")
        question_limiter.wait("ada")
        assert not question_limiter.should_notify("ada")
        clock.pass_(2.0)


def test_a_crowd_does_not_let_off_whoever_asks_all_the_time() -> None:
    question_limiter = QuestionLimiter(HandClock(), burst=1)
    question_limiter.wait("ada")
    for n in range(30_000):
        question_limiter.wait(f"person {n}")
        if n % 5_000 == 0:
            assert question_limiter.wait("ada") > 0


@given(st.lists(st.floats(0, 10), max_size=60), st.floats(0.1, 5))
def test_whoever_waits_as_long_as_told_may_ask(pauses: list[float], every: float) -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock, burst=3, every=every)
    for pause in pauses:
        clock.pass_(pause)
        wait = question_limiter.wait("ada")
        if wait:
            assert 0 < wait <= every + 0.001
            clock.pass_(wait)
            assert question_limiter.wait("ada") == 0.0


@given(st.lists(st.floats(0, 3), max_size=80))
def test_nobody_asks_more_than_a_burst_and_one_each_interval(pauses: list[float]) -> None:
    clock = HandClock()
    question_limiter = QuestionLimiter(clock, burst=3, every=2.0)
    fine = []
    for pause in pauses:
        clock.pass_(pause)
        if not question_limiter.wait("ada"):
            fine.append(clock.monotonic())
    for i, begun in enumerate(fine):
        for n, at in enumerate(fine[i:], 1):
            assert n <= 3 + (at - begun) / 2.0 + 0.001
