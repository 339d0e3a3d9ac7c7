"""Retention: how long posts and ended subscriptions are kept once they are done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.posting.model import State

_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)

RETENTION: Mapping[State, timedelta] = {
    State.SENT: _WEEK,
    State.GATHERED: _WEEK,
    State.JOINED: _WEEK,
    State.FAILED: _MONTH,
}
"""The time a post is kept after it is done; what went with a digest is kept as that is."""

ENDED_RETENTION = _MONTH
"""The time an ended subscription is kept: others may hold it in memory and have to hear of it."""


def expiry(now: datetime) -> Mapping[State, datetime]:
    """Returns, by state, the time before which a post must be done to be forgotten."""
    return {state: now - kept for state, kept in RETENTION.items()}
