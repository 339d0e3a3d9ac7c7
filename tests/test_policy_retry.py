"""The retry policy: what an error means for a post, and the backoff before the next try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posting import ROOM
from stories import NOW

from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    PlatformError,
    RejectedError,
    RetryLaterError,
    StoreError,
)
from bot.posting.model import Failure, Outcome, Pause, Post, PostKind, Retry, State
from bot.posting.policy import LOST, outcome_after

POST = Post(7, ROOM, "s1", PostKind.STORY, State.SENDING, ("s1",), None, NOW, NOW)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
CUT = RetryLaterError("cut", in_doubt=True)
BROKEN = RetryLaterError("502", in_doubt=True, answered=True)


def end(post: Post, error: Exception, chance: float = 0.5, *, knows: bool = False) -> Outcome:
    return outcome_after(post, error, NOW, chance, deduplicates=knows)


@pytest.mark.parametrize("knows", [False, True])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryLaterError("busy"), Retry(7, NOW + SECOND, "busy", outage=True)),
        (RetryLaterError("flood", 30.0), Retry(7, NOW + 33 * SECOND, "flood")),
        (ChatGoneError("blocked"), Pause(7, "blocked")),
        (RejectedError("too odd"), Failure(7, "too odd")),
        (ChatMovedError("castle"), Retry(7, NOW, "the chat's ID is now castle")),
        (PlatformError("revoked"), Retry(7, NOW, "revoked")),
        (StoreError("busy"), Retry(7, NOW, "busy")),
        (CUT, Retry(7, NOW + SECOND, "cut", doubt=True, outage=True)),
        (KeyError("x"), Retry(7, NOW + SECOND, "unexpected KeyError", doubt=True)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_each_error_says_what_is_to_be_done(
    error: Exception, expected: Outcome, *, knows: bool
) -> None:
    assert end(POST, error, knows=knows) == expected


def test_a_notice_to_a_chat_that_is_gone_waits_for_nothing() -> None:
    notice = replace(POST, kind=PostKind.NOTICE)
    assert end(notice, ChatGoneError("blocked")) == Failure(7, "blocked")


# Answers that were lost


def test_what_was_lost_twice_is_given_up() -> None:
    once = replace(POST, doubts=1, since=NOW, tries=1)
    assert end(once, CUT) == Failure(7, LOST, doubt=True)
    assert isinstance(end(once, RetryLaterError("busy")), Retry)


def test_where_repeats_are_known_it_is_tried_for_a_day() -> None:
    often = replace(POST, doubts=9, since=NOW - DAY, tries=9)
    again = end(often, CUT, knows=True)
    assert isinstance(again, Retry)
    assert again.doubt
    longer = replace(often, since=NOW - DAY - SECOND)
    assert end(longer, CUT, knows=True) == Failure(7, LOST, doubt=True)
    assert isinstance(end(longer, RetryLaterError("busy"), knows=True), Retry)


def test_a_platform_with_trouble_of_its_own_has_probably_not_taken_it() -> None:
    often = replace(POST, doubts=9, since=NOW - 2 * DAY)
    again = end(often, BROKEN)
    assert isinstance(again, Retry)
    assert not again.doubt


def test_where_repeats_are_known_even_that_is_remembered() -> None:
    again = end(POST, BROKEN, knows=True)
    assert isinstance(again, Retry)
    assert again.doubt


# Errors that nobody foresaw


@pytest.mark.parametrize("knows", [False, True])
def test_what_fails_in_an_unknown_way_is_given_up_after_five_tries(*, knows: bool) -> None:
    ends = [end(replace(POST, tries=n), ValueError("x"), knows=knows) for n in range(6)]
    assert [type(one) for one in ends] == [Retry] * 4 + [Failure] * 2
    assert all(one.doubt for one in ends if isinstance(one, Retry | Failure))


# Pauses


@given(tries=st.integers(0, 10_000), chance=st.floats(0, 1))
def test_pauses_double_up_to_ten_minutes_and_are_spread(tries: int, chance: float) -> None:
    again = end(replace(POST, tries=tries), RetryLaterError("busy"), chance)
    assert isinstance(again, Retry)
    usual = min(600.0, 2.0 ** min(tries, 100))
    assert 0.8 * usual <= (again.due - NOW).total_seconds() <= 1.2 * usual


@given(wait=st.floats(0, 100_000), chance=st.floats(0, 1), tries=st.integers(0, 50))
def test_what_the_platform_asks_for_is_kept(wait: float, chance: float, tries: int) -> None:
    again = end(replace(POST, tries=tries), RetryLaterError("flood", wait), chance)
    assert isinstance(again, Retry)
    passed = (again.due - NOW).total_seconds()
    assert wait - 1e-5 <= passed <= 1.2 * wait + 1e-5
