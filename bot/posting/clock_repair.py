"""Repairs times in the outbox that a wrong clock has set: due times, leases, and when it was made.

No post waits longer than its subscription's schedule makes it wait from now on; what does was put
off by a clock that was ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.posting.bursts import WINDOW
from bot.posting.claims import LEASE
from bot.posting.model import State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.posting.policy import EVENING, LONGEST_BACKOFF
from bot.posting.router import SOON
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import Rhythm

_LONGEST_RETRY = timedelta(hours=1)  # where a server may have said so

SKEW = timedelta(minutes=1)
"""The time by which the clocks of processes may differ that share a store."""


def repair_times(rows: Rows, subscriptions: Mapping[int, Subscription], now: datetime) -> Rows:
    """Repairs the times of what is not sent yet.

    Args:
        rows: What waits, is due, or is being sent.
        subscriptions: What they go by.
        now: The time, by a clock that is right.
    """
    return {
        number: _repair(one, subscriptions.get(one.subscription or 0), now)
        for number, one in rows.items()
    }


def _repair(one: OutboxRow, by: Subscription | None, now: datetime) -> OutboxRow:
    repaired = one._replace(
        made=one.made if one.made <= now + SKEW else now,
        claimed=one.claimed and min(one.claimed, now + SKEW),
        lease=one.lease and min(one.lease, now + LEASE + SKEW),
        due=_repair_due(one, by, now),
    )
    return one if repaired == one else repaired


def _repair_due(one: OutboxRow, by: Subscription | None, now: datetime) -> datetime:
    quiet = by.quiet.until(now, by.timezone) if by and by.quiet else None
    if one.state is State.WAITING:
        usual = _next_digest(by, now)
        evening = EVENING.next(now, by.timezone) if by and by.most else now
        return one.due if one.due <= max(usual, evening, quiet or now) + SKEW else usual
    return one.due if one.due <= max(now + _longest_wait(one), quiet or now) + SKEW else now


def _longest_wait(one: OutboxRow) -> timedelta:
    """Returns how long what is due may wait for its next try, or for its first."""
    if not one.tries:
        return WINDOW  # for others in its chat
    return LONGEST_BACKOFF if one.outage else _LONGEST_RETRY


def _next_digest(by: Subscription | None, now: datetime) -> datetime:
    """Returns when the next digest goes; of what is posted at once, that is soon."""
    if by is None or by.when.rhythm is Rhythm.AT_ONCE:
        return now + SOON
    return by.when.next(now, by.timezone)
