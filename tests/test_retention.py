"""How long posts are kept."""

from __future__ import annotations

from outboxes import DAY, NOW, WEEK

from bot.posting.model import State
from bot.posting.retention import expiry


def test_what_was_sent_is_kept_a_week_and_what_failed_a_month() -> None:
    assert expiry(NOW) == {
        State.SENT: NOW - WEEK,
        State.GATHERED: NOW - WEEK,
        State.JOINED: NOW - WEEK,
        State.FAILED: NOW - 30 * DAY,
    }


def test_what_is_not_done_is_never_forgotten() -> None:
    open_states = {State.WAITING, State.DUE, State.SENDING, State.PAUSED}
    assert set(State) - expiry(NOW).keys() == open_states
