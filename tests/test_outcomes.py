"""What the outcomes of tries make of the rows of the outbox."""

from __future__ import annotations

from typing import Any

import pytest
from outbox_rows import by_number, digest, part, row
from outboxes import HOUR, NOW

from bot.posting.model import Deferral, Delivery, Failure, Outcome, Pause, Retry, State
from bot.posting.outbox_row import OutboxRow
from bot.posting.outcomes import apply_outcomes

SENDING = row(state=State.SENDING, claimed=NOW - HOUR, tries=2, reason="busy")
LATER = NOW + HOUR


def after(one: OutboxRow, outcome: Outcome) -> OutboxRow:
    return apply_outcomes(by_number(one), [outcome], NOW)[one.id]


@pytest.mark.parametrize("state", list(State))
def test_what_has_arrived_is_sent_whatever_was_decided_meanwhile(state: State) -> None:
    sent = after(SENDING._replace(state=state), Delivery(1, "7"))
    assert sent == SENDING._replace(state=State.SENT, message="7", reason="", done=NOW)


def test_a_try_that_surely_failed_forgets_the_claim() -> None:
    again = after(SENDING, Retry(1, LATER, "busy"))
    assert again == SENDING._replace(state=State.DUE, due=LATER, claimed=None)


def test_a_try_in_doubt_keeps_the_first_claim() -> None:
    doubtful = after(SENDING, Retry(1, LATER, "cut", doubt=True))
    assert (doubtful.doubts, doubtful.claimed) == (1, SENDING.claimed)


@pytest.mark.parametrize("given", [{"doubts": 1}, {"deaths": 1}])
@pytest.mark.parametrize(
    "outcome", [Retry(1, LATER, "busy"), Deferral(1, LATER, "quiet"), Pause(1, "blocked")]
)
def test_a_doubt_of_before_stays(outcome: Outcome, given: dict[str, Any]) -> None:
    assert after(SENDING._replace(**given), outcome).claimed == SENDING.claimed
    assert after(SENDING, outcome).claimed is None


def test_what_is_deferred_waits_with_no_tries() -> None:
    waiting = after(SENDING, Deferral(1, LATER, "quiet hours"))
    assert (waiting.state, waiting.due, waiting.tries) == (State.WAITING, LATER, 0)
    assert waiting.reason == "quiet hours"


def test_what_fails_is_done() -> None:
    failed = after(SENDING, Failure(1, "too odd", doubt=True))
    assert failed == SENDING._replace(state=State.FAILED, reason="too odd", done=NOW, doubts=1)


def test_what_cannot_reach_its_chat_is_paused() -> None:
    assert after(SENDING, Pause(1, "blocked")).state is State.PAUSED


@pytest.mark.parametrize("state", sorted(set(State) - {State.SENDING, State.DUE}))
@pytest.mark.parametrize(
    "outcome",
    [Retry(1, LATER, "a"), Deferral(1, LATER, "a"), Failure(1, "a"), Pause(1, "a")],
)
def test_what_is_not_open_any_more_is_left(outcome: Outcome, state: State) -> None:
    one = SENDING._replace(state=state)
    assert after(one, outcome) == one


@pytest.mark.parametrize("outcome", [Delivery(9, "7"), Failure(9, "too odd")])
def test_what_is_in_a_digest_ends_with_it(outcome: Outcome) -> None:
    rows = by_number(digest(9, state=State.SENDING), part(1, 9), part(2, 8))
    ended = apply_outcomes(rows, [outcome], NOW)
    assert [ended[number].done for number in (9, 1, 2)] == [NOW, NOW, None]
    assert ended[1].state is State.GATHERED


def test_a_digest_that_is_tried_again_ends_nothing() -> None:
    rows = by_number(digest(9, state=State.SENDING), part(1, 9))
    assert apply_outcomes(rows, [Retry(9, LATER, "busy")], NOW)[1] == rows[1]


def test_outcomes_count_in_their_order_and_of_unknown_rows_not_at_all() -> None:
    outcomes: list[Outcome] = [
        Retry(1, NOW, "busy"),
        Delivery(404, "7"),
        Failure(1, "odd"),
        Retry(1, NOW, "late"),
    ]
    ended = apply_outcomes(by_number(SENDING), outcomes, NOW)
    assert {number: one.reason for number, one in ended.items()} == {1: "odd"}
