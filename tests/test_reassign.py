"""What becomes of unsent posts when subscriptions end, pause, resume or change their times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from outbox_rows import by_number, digest, part, row, subscription
from outboxes import DAILY, DAY, EIGHT, HOUR, NOW, ROOM, SECOND, WEEK

from bot.posting.model import STALE, UNSUBSCRIBED, WAS_PAUSED, PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.posting.reassign import give_up_stale, reassign, retime
from bot.subscriptions.model import Subscription

ENDED = subscription(1, ended=True)
HEIR = subscription(2, replace(ROOM, thread="topic"), when=DAILY)
PAUSED = subscription(3, paused="blocked")
DROPPED: dict[str, Any] = {"state": State.FAILED, "reason": UNSUBSCRIBED, "done": NOW}


def reassigned(rows: Rows, *subscriptions: Subscription) -> Rows:
    return reassign(rows, {one.id: one for one in subscriptions}, NOW)


def one_reassigned(one: OutboxRow, *subscriptions: Subscription) -> OutboxRow:
    return reassigned(by_number(one), *subscriptions)[one.id]


# Ended


@pytest.mark.parametrize("state", [State.WAITING, State.DUE, State.PAUSED])
def test_what_is_unsent_and_has_no_heir_is_dropped(state: State) -> None:
    one = row(state=state, also=(2, 404))
    dropped = one_reassigned(one, ENDED, replace(HEIR, ended=True))
    assert dropped == one._replace(**DROPPED)


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.FAILED])
def test_what_is_being_sent_or_done_is_left(state: State) -> None:
    one = row(state=state, also=(2,), done=None if state is State.SENDING else NOW)
    assert one_reassigned(one, ENDED, HEIR) == one


def test_a_notice_goes_whatever_has_ended_or_is_paused() -> None:
    one = row(kind=PostKind.NOTICE, also=(2,))
    assert one_reassigned(one, ENDED, HEIR) == one
    other = one._replace(subscription=3)
    assert one_reassigned(other, PAUSED) == other


def test_what_goes_by_a_subscription_that_is_not_known_is_left() -> None:
    assert one_reassigned(row(), HEIR) == row()
    assert one_reassigned(row(subscription=None), HEIR) == row(subscription=None)


def test_the_first_heir_that_has_not_ended_is_taken() -> None:
    one = row(also=(5, 4, 2))
    heir = one_reassigned(one, ENDED, HEIR, subscription(4), subscription(5, ended=True))
    assert heir == one._replace(subscription=4)


def test_what_is_inherited_goes_where_the_heir_wants_it() -> None:
    one = row(also=(2,))
    assert one_reassigned(one, ENDED, HEIR) == one._replace(subscription=2, thread="topic")


def test_what_waits_for_a_digest_waits_for_the_heir_s() -> None:
    waits = row(state=State.WAITING, due=NOW + HOUR, also=(2,))
    put_off = waits._replace(id=2, reason="quiet hours")
    after = reassigned(by_number(waits, put_off), ENDED, HEIR)
    assert (after[1].due, after[2].due) == (EIGHT, NOW + HOUR)


@pytest.mark.parametrize("given", [{"claimed": NOW}, {"kind": PostKind.EDIT}])
def test_what_may_have_arrived_and_edits_go_nowhere_else(given: dict[str, Any]) -> None:
    one = row(also=(2,), **given)
    assert one_reassigned(one, ENDED, HEIR) == one._replace(subscription=2)


def test_a_digest_loses_what_nobody_wants_and_goes_by_what_is_left() -> None:
    whole = digest(9)
    gone, kept, inherited = part(1, 9), part(2, 9, subscription=4), part(3, 9, also=(2,))
    after = reassigned(by_number(whole, gone, kept, inherited), ENDED, HEIR, subscription(4))
    assert after[1] == gone._replace(**DROPPED, digest=None)
    assert after[2] == kept
    assert after[3] == inherited._replace(subscription=2)
    assert after[9] == whole._replace(subscription=4)


def test_a_digest_that_nothing_is_left_of_is_dropped() -> None:
    after = reassigned(by_number(digest(9), part(1, 9), part(2, 9)), ENDED)
    assert {one.state for one in after.values()} == {State.FAILED}
    assert {one.digest for one in after.values()} == {None}


def test_a_digest_that_is_being_sent_keeps_what_is_in_it() -> None:
    rows = by_number(digest(9, state=State.SENDING), part(1, 9))
    assert reassigned(rows, ENDED) == rows


def test_what_is_inherited_is_paused_as_the_heir_is() -> None:
    paused = one_reassigned(row(also=(3,)), ENDED, PAUSED)
    assert (paused.state, paused.reason, paused.subscription) == (State.PAUSED, "blocked", 3)


# Paused and resumed


@pytest.mark.parametrize("state", [State.WAITING, State.DUE])
def test_what_is_unsent_is_paused_with_its_subscription(state: State) -> None:
    one = row(subscription=3, state=state)
    paused = one_reassigned(one, PAUSED)
    assert paused == one._replace(state=State.PAUSED, reason="blocked")
    assert one_reassigned(paused, PAUSED) == paused


@pytest.mark.parametrize("state", [State.SENDING, State.GATHERED, State.SENT, State.FAILED])
def test_what_is_not_unsent_by_itself_is_not_paused(state: State) -> None:
    one = row(subscription=3, state=state)
    assert one_reassigned(one, PAUSED) == one


def test_a_story_that_was_paused_waits_to_be_gathered() -> None:
    one = row(state=State.PAUSED, made=NOW - DAY, tries=3, gathered=True, reason="blocked")
    assert one_reassigned(one, subscription()) == one._replace(
        state=State.WAITING, due=NOW - DAY, tries=0, reason=WAS_PAUSED, gathered=False
    )


def test_what_may_have_arrived_before_the_pause_is_due_by_itself() -> None:
    resumed = one_reassigned(row(state=State.PAUSED, claimed=NOW), subscription())
    assert (resumed.state, resumed.claimed, resumed.gathered) == (State.DUE, NOW, False)


def test_a_digest_that_was_paused_is_due_as_it_is() -> None:
    resumed = one_reassigned(digest(9, state=State.PAUSED), subscription())
    assert (resumed.state, resumed.gathered) == (State.DUE, True)


def test_an_edit_that_was_paused_is_given_up() -> None:
    one = row(kind=PostKind.EDIT, state=State.PAUSED, reason="blocked")
    assert one_reassigned(one, subscription()) == one._replace(state=State.FAILED, done=NOW)


# Stale


def test_what_was_paused_for_more_than_a_week_is_given_up() -> None:
    stale = row(1, state=State.PAUSED, made=NOW - WEEK - SECOND)
    fresh = row(2, state=State.PAUSED, made=NOW - WEEK)
    after = give_up_stale(by_number(stale, fresh), NOW)
    assert after[1] == stale._replace(state=State.FAILED, reason=STALE, done=NOW)
    assert after[2] == fresh


def test_what_is_not_paused_or_a_notice_is_not_stale() -> None:
    old = NOW - 2 * WEEK
    rows = by_number(
        row(1, state=State.WAITING, made=old),
        row(2, state=State.PAUSED, made=old, kind=PostKind.NOTICE),
        row(3, made=old),
    )
    assert give_up_stale(rows, NOW) == rows


def test_a_stale_digest_ends_with_all_that_is_in_it() -> None:
    whole = digest(9, state=State.PAUSED, made=NOW - 2 * WEEK)
    after = give_up_stale(by_number(whole, part(1, 9), part(2, 8)), NOW)
    assert [after[number].done for number in (9, 1, 2)] == [NOW, NOW, None]
    assert after[1].digest == 9


# New times


def test_only_what_waits_for_a_digest_has_a_new_time() -> None:
    waits = row(1, subscription=2, state=State.WAITING)
    rows = by_number(
        waits,
        waits._replace(id=2, reason="quiet hours"),
        waits._replace(id=3, state=State.DUE),
        waits._replace(id=4, subscription=1),
    )
    after = retime(rows, [HEIR], NOW)
    assert after == {**rows, 1: waits._replace(due=EIGHT)}
