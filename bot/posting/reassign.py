"""Reassigns unsent posts when a subscription ends, pauses, resumes or changes its times.

Whatever happens, what is unsent goes by a subscription that has not ended, and is paused just when
that is. What is being sent is left alone until it is known how that ended. Notices go anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache

from bot.posting.model import STALE, UNSUBSCRIBED, WAS_PAUSED, WITHDRAWN, PostKind, State
from bot.posting.outbox_row import UNSENT, OutboxRow, Rows, parts_by_digest
from bot.subscriptions.model import Subscription

_STALE = timedelta(days=7)  # after which nobody wants what could not be posted


def reassign(rows: Rows, subscriptions: Mapping[int, Subscription], now: datetime) -> Rows:
    """Passes on, drops, pauses or resumes unsent posts, as their subscriptions are now.

    Args:
        rows: The posts; with a digest all that is in it, and with a part of one the digest.
        subscriptions: Those that the rows go by or could go by, by id. What goes by one that is not
            among these is left as it is.
        now: The time.
    """
    inherited = _pass_on(rows, subscriptions, now)
    return {number: _pause_or_resume(one, subscriptions, now) for number, one in inherited.items()}


def _pass_on(rows: Rows, subscriptions: Mapping[int, Subscription], now: datetime) -> Rows:
    """Gives what goes by ended subscriptions to their heirs; drops what has none."""
    orphans = [one for one in rows.values() if _is_orphaned(one, rows, subscriptions)]
    if not orphans:
        return rows
    after = dict(rows)

    @cache  # many posts have one heir
    def due(heir: int) -> datetime:
        return subscriptions[heir].when.next(now, subscriptions[heir].timezone)

    def pass_on(one: OutboxRow, heirs: tuple[int | None, ...]) -> None:
        heir = _first_active(heirs, subscriptions)
        after[one.id] = _inherit(one, heir, due) if heir else _drop(one, now)

    digests = [one for one in orphans if one.kind is PostKind.DIGEST]
    for one in orphans:
        if one.kind is not PostKind.DIGEST:
            pass_on(one, one.also)
    # Digests come last: what is in them has its heirs by then, or has left them.
    parts = parts_by_digest(after.values()) if digests else {}
    for one in digests:
        pass_on(one, tuple(part.subscription for part in parts.get(one.id, ())))
    return after


def _is_orphaned(one: OutboxRow, rows: Rows, subscriptions: Mapping[int, Subscription]) -> bool:
    """Returns whether a post, or the digest it is in, is unsent and goes by what has ended."""
    goes_by = subscriptions.get(one.subscription or 0)
    if goes_by is None or not goes_by.ended or not _follows_subscription(one):
        return False
    whole = rows.get(one.digest) if one.digest is not None else None
    return one.state in UNSENT or (whole is not None and whole.state in UNSENT)


def _follows_subscription(one: OutboxRow) -> bool:
    return one.done is None and one.kind is not PostKind.NOTICE


def _first_active(
    ids: tuple[int | None, ...], subscriptions: Mapping[int, Subscription]
) -> Subscription | None:
    found = (subscriptions.get(one or 0) for one in ids)
    return next((one for one in found if one is not None and not one.ended), None)


def _inherit(one: OutboxRow, heir: Subscription, due: Callable[[int], datetime]) -> OutboxRow:
    """Has a post go by its heir, and where and when that wants it."""
    passed = one._replace(subscription=heir.id)
    # What may have arrived already goes nowhere else.
    if one.kind is not PostKind.STORY or one.state not in UNSENT or one.claimed is not None:
        return passed
    when = due(heir.id) if _waits_for_digest(one) else one.due
    return passed._replace(thread=heir.chat.thread, due=when)


def _drop(one: OutboxRow, now: datetime) -> OutboxRow:
    return one._replace(state=State.FAILED, reason=UNSUBSCRIBED, done=now, digest=None)


def _pause_or_resume(
    one: OutboxRow, subscriptions: Mapping[int, Subscription], now: datetime
) -> OutboxRow:
    goes_by = subscriptions.get(one.subscription or 0)
    if goes_by is None or goes_by.ended or not _follows_subscription(one):
        return one
    if goes_by.paused and one.state in {State.DUE, State.WAITING}:
        return one._replace(state=State.PAUSED, reason=goes_by.paused)
    if not goes_by.paused and one.state is State.PAUSED:
        return _resume(one, now)
    return one


def _resume(one: OutboxRow, now: datetime) -> OutboxRow:
    """Has a story wait for a digest with all that was paused; what can go in none goes as it is."""
    if one.kind is PostKind.EDIT:  # an old message is read by nobody
        return one._replace(state=State.FAILED, done=now)
    # A digest was gathered before, and what may have arrived goes nowhere else.
    can_be_gathered = one.kind is PostKind.STORY and one.claimed is None
    return one._replace(
        state=State.WAITING if can_be_gathered else State.DUE,
        due=one.made,
        tries=0,
        reason=WAS_PAUSED,
        gathered=one.kind is PostKind.DIGEST,
    )


def stale_since(now: datetime) -> datetime:
    """Returns the time before which what is paused must have come to be given up."""
    return now - _STALE


def give_up_stale(rows: Rows, now: datetime) -> Rows:
    """Gives up what was paused for too long; a digest with all that is in it.

    Args:
        rows: The posts; with a digest all that is in it.
        now: The time.
    """
    stale = {one.id for one in rows.values() if _is_stale(one, now)}
    after = dict(rows)
    for number, one in rows.items():
        if number in stale:
            after[number] = one._replace(state=State.FAILED, reason=STALE, done=now)
        elif one.digest in stale:
            after[number] = one._replace(done=now)
    return after


def _is_stale(one: OutboxRow, now: datetime) -> bool:
    is_old = one.state is State.PAUSED and one.made < stale_since(now)
    return is_old and _follows_subscription(one)


def set_digest_time(rows: Rows, at: datetime) -> Rows:
    """Has what was paused, and goes on, wait for one digest at a time."""
    return {
        number: one._replace(due=at) if _waited_for_resume(one) else one
        for number, one in rows.items()
    }


def withdraw(rows: Rows, now: datetime) -> Rows:
    """Gives up what was paused and waits for its digest, since it is read in another way."""
    return {
        number: one._replace(state=State.FAILED, reason=WITHDRAWN, done=now)
        if _waited_for_resume(one)
        else one
        for number, one in rows.items()
    }


def _waited_for_resume(one: OutboxRow) -> bool:
    return one.state is State.WAITING and one.reason == WAS_PAUSED


def retime(rows: Rows, changed: Iterable[Subscription], now: datetime) -> Rows:
    """Has what waits for the digests of subscriptions wait for their next times."""
    due = {one.id: one.when.next(now, one.timezone) for one in changed}
    return {
        number: one._replace(due=due.get(one.subscription or 0, one.due))
        if _waits_for_digest(one)
        else one
        for number, one in rows.items()
    }


def _waits_for_digest(one: OutboxRow) -> bool:
    return one.state is State.WAITING and not one.reason  # what waits for another reason goes on to
