"""The lifecycle of a subscription at a hub: pure functions from one state to the next.

A subscription is renewed by another one, with a callback and a secret of its own (WebSub, section
5.1.1: the callback should be changed when subscriptions are renewed). The old one lasts until the
hub has verified the new one, so that nothing that is pushed meanwhile is lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.ingest.websub.model import HubSubscription, Mode, Phase

LEASE = timedelta(days=10)
"""The lease that is asked for; WebSub, section 8.2, calls it a good default."""

MAX_UNSUBSCRIBE_REQUESTS = 5
"""After so many a hub is left alone: the lease ends by itself."""

_LONGEST_LEASE = timedelta(days=30)  # of a longer one, as much is believed
_UNSAID_LEASE = timedelta(days=1)  # of hubs older than WebSub, which may give none
_SHORTEST_RENEWAL = timedelta(minutes=10)  # or a lease of a second would keep us asking
_RENEWED_AFTER = 0.6  # of the lease, and up to as much again as the spread
_RENEWAL_SPREAD = 0.2
_VERIFICATION = timedelta(minutes=15)  # that a hub gets to verify what it has accepted
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(days=1)
_LONGEST_WAIT = timedelta(days=7)  # that a hub may ask for, and after which a denial is tested
_DOUBLINGS = 11  # after so many failures the longest time is reached
_SKEW = timedelta(minutes=1)
_LONGEST_NUMBER = 12  # digits


def accepted(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Returns a subscription whose hub has accepted the request, and has to verify it now."""
    due = now + _VERIFICATION
    if subscription.phase is Phase.LEAVING:
        return replace(subscription, due=due, failures=subscription.failures + 1)
    return replace(subscription, phase=Phase.PENDING, due=due)


def failed(subscription: HubSubscription, now: datetime, asked: float = 0.0) -> HubSubscription:
    """Returns a subscription whose request has led to nothing, to be asked for again later.

    Args:
        subscription: The subscription.
        now: The time.
        asked: Seconds that the hub asked to wait; a week at most counts.
    """
    failures = subscription.failures + 1
    asked_wait = timedelta(seconds=min(max(asked, 0.0), _LONGEST_WAIT.total_seconds()))
    due = now + max(asked_wait, _backoff(failures))
    phase = Phase.NEW if subscription.phase is Phase.PENDING else subscription.phase
    return replace(subscription, phase=phase, due=due, failures=failures)


def _backoff(failures: int) -> timedelta:
    doubled: int = 2 ** min(failures - 1, _DOUBLINGS)
    return min(_FIRST_RETRY * doubled, _LAST_RETRY)


def is_intended(subscription: HubSubscription, mode: str, topic: str) -> bool:
    """Returns True when a hub's verification is of what was asked for (WebSub, section 5.3.1).

    An active subscription may be verified once more: the hub may not have got the first answer, and
    hubs older than WebSub renew by that.
    """
    if topic != subscription.topic:
        return False
    if mode == Mode.SUBSCRIBE.value:
        return subscription.phase in {Phase.NEW, Phase.PENDING, Phase.ACTIVE}
    return mode == Mode.UNSUBSCRIBE.value and subscription.phase is Phase.LEAVING


def granted(
    subscription: HubSubscription, lease_seconds: str, now: datetime, chance: float
) -> HubSubscription:
    """Returns a subscription that its hub has verified.

    Args:
        subscription: The subscription.
        lease_seconds: `hub.lease_seconds`, as the hub wrote it.
        now: The time.
        chance: From 0 to 1: where in the spread the renewal falls.
    """
    lease = _lease(lease_seconds)
    renewal = max(lease * (_RENEWED_AFTER + _RENEWAL_SPREAD * chance), _SHORTEST_RENEWAL)
    return replace(
        subscription, phase=Phase.ACTIVE, granted=now, lease=lease, due=now + renewal, failures=0
    )


def _lease(text: str) -> timedelta:
    if not (text.isascii() and text.isdecimal()):
        return _UNSAID_LEASE
    return min(timedelta(seconds=int(text[:_LONGEST_NUMBER])), _LONGEST_LEASE)


def renewing(subscription: HubSubscription) -> HubSubscription:
    """Returns a subscription that has a successor, and is looked after when its lease ends."""
    return replace(subscription, due=subscription.lease_end or subscription.due)


def denied(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Returns a subscription that its hub does not want (WebSub, section 5.2)."""
    return replace(subscription, phase=Phase.DENIED, due=now + _LONGEST_WAIT, granted=None)


def ended(subscription: HubSubscription, now: datetime) -> HubSubscription | None:
    """Returns a subscription that its hub is to end; None when the hub never began it."""
    if subscription.lease_end is None or subscription.lease_end <= now:
        return None
    if subscription.phase is Phase.LEAVING:
        return subscription
    return replace(subscription, phase=Phase.LEAVING, due=now, failures=0)


def repaired(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Returns a subscription without times that only a clock which was ahead can have set.

    What lies further away than the subscription's own timetable allows is due now.
    """
    begun = subscription.granted
    if begun is not None and begun > now + _SKEW:
        return replace(subscription, granted=now, due=now)
    if subscription.due > now + _longest_wait(subscription) + _SKEW:
        return replace(subscription, due=now)
    return subscription


def _longest_wait(subscription: HubSubscription) -> timedelta:
    if subscription.phase is Phase.ACTIVE:
        return max(subscription.lease, _SHORTEST_RENEWAL)
    return _LONGEST_WAIT
