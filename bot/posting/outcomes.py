"""Applies the outcomes of tries to the rows of the outbox: sent, retried, deferred, failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.posting.model import (
    WAS_PAUSED,
    Deferral,
    Delivery,
    Failure,
    Outcome,
    Pause,
    Retry,
    State,
)
from bot.posting.outbox_row import OutboxRow, Rows, parts_by_digest

# A try that ends when its row was taken for lost, and made due again, counts as well.
_OPEN = {State.SENDING, State.DUE}


def apply_outcomes(rows: Rows, outcomes: Iterable[Outcome], now: datetime) -> Rows:
    """Records how tries ended; what is in a digest ends as that does.

    Args:
        rows: The rows that were tried, and with a digest all that is in it.
        outcomes: One for each try, in their order.
        now: The time.
    """
    after = dict(rows)
    parts = parts_by_digest(rows.values())
    for outcome in outcomes:
        if outcome.post in after:
            tried = apply_outcome(after[outcome.post], outcome, now)
            after[outcome.post] = tried
            after.update(_end_parts(tried, parts.get(outcome.post, ())))
    return after


def _end_parts(digest: OutboxRow, parts: Sequence[OutboxRow]) -> Rows:
    if digest.done is None:
        return {}
    return {part.id: part._replace(done=digest.done) for part in parts}


def apply_outcome(one: OutboxRow, outcome: Outcome, now: datetime) -> OutboxRow:
    """Records the outcome of one try.

    What has arrived has arrived, whatever was decided about its chat meanwhile; any other outcome
    changes only what is still being sent or due.
    """
    match outcome:
        case Delivery(_, message, arrived):
            # That it waited for the end of a pause is told afterwards, too.
            reason = one.reason if one.reason == WAS_PAUSED else ""
            sent = one._replace(state=State.SENT, message=message, reason=reason, done=now)
            return sent._replace(arrived=arrived)
        case _ if one.state not in _OPEN:
            return one
        case Retry(_, due, reason, doubt, outage):
            again = _with_doubt(one, doubt=doubt)
            return again._replace(state=State.DUE, due=due, reason=reason, outage=outage)
        case Deferral(_, until, reason):
            waiting = _with_doubt(one, doubt=False)
            return waiting._replace(state=State.WAITING, due=until, reason=reason, tries=0)
        case Failure(_, reason, doubt, arrived):
            doubts = one.doubts + doubt
            failed = one._replace(state=State.FAILED, reason=reason, done=now, doubts=doubts)
            return failed._replace(arrived=arrived)
        case Pause(_, reason):
            return _with_doubt(one, doubt=False)._replace(state=State.PAUSED, reason=reason)


def _with_doubt(one: OutboxRow, *, doubt: bool) -> OutboxRow:
    """Counts a doubt, and forgets the first claim where there never was any.

    One try that surely failed does not tell how an earlier one ended.
    """
    doubts = one.doubts + doubt
    return one._replace(doubts=doubts, claimed=one.claimed if doubts + one.deaths else None)
