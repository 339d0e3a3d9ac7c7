"""Claims posts under a lease, one a chat at a time, and recovers what was claimed and lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.model import Chat
from bot.posting.model import State
from bot.posting.outbox_row import OutboxRow, Rows

LEASE = timedelta(minutes=10)
"""The time that a claim counts; a process that sends has long given up by then."""


def claim(rows: Rows, busy: Collection[Chat], wanted: Sequence[int], now: datetime) -> Rows:
    """Marks those of the wanted rows as being sent that are due and whose chats are free.

    Args:
        rows: The wanted rows, as far as they exist.
        busy: Chats that something is being sent to.
        wanted: Their numbers, in the order in which they are to be sent.
        now: The time.
    """
    after = dict(rows)
    taken = set(busy)
    for number in wanted:
        one = after.get(number)
        if one is not None and one.state is State.DUE and one.chat not in taken:
            after[number] = _claim(one, now)
            taken.add(one.chat)
    return after


def _claim(one: OutboxRow, now: datetime) -> OutboxRow:
    return one._replace(
        state=State.SENDING,
        tries=one.tries + 1,
        lease=now + LEASE,
        claimed=one.claimed or now,
    )


def recover(rows: Rows, now: datetime, *, dead: bool) -> Rows:
    """Makes due again what is being sent by nobody: whether it arrived is in doubt from then on.

    Args:
        rows: What is being sent.
        now: The time.
        dead: True to recover all; else only what has a lease that has run out.
    """
    return {
        number: _make_due(one, now) if _is_lost(one, now, dead=dead) else one
        for number, one in rows.items()
    }


def _is_lost(one: OutboxRow, now: datetime, *, dead: bool) -> bool:
    has_run_out = one.lease is not None and one.lease < now
    return one.state is State.SENDING and (dead or has_run_out)


def _make_due(one: OutboxRow, now: datetime) -> OutboxRow:
    return one._replace(state=State.DUE, deaths=one.deaths + 1, due=now)
