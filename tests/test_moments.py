"""Moments of a store: how long what was read is known to be as it was."""

from __future__ import annotations

import pytest

from store.moments import Moment

READ = Moment(3, None, 100.0)
TOLD = Moment(3, 7, 100.0)


@pytest.mark.parametrize(
    ("at", "now", "is_current"),
    [
        (READ, Moment(3, None, 100.0), True),
        (READ, Moment(3, None, 100.9), True),
        (READ, Moment(3, None, 101.0), False),
        (READ, Moment(4, None, 100.1), False),
        (TOLD, Moment(3, 7, 90_000.0), True),
        (TOLD, Moment(3, 8, 100.0), False),
        (TOLD, Moment(4, 7, 100.0), False),
        (TOLD, Moment(3, None, 100.1), False),  # nobody listens any more
        (READ, Moment(3, 7, 100.1), False),  # nobody has listened until now
    ],
)
def test_what_was_read_is_current_until_somebody_writes(
    at: Moment, now: Moment, *, is_current: bool
) -> None:
    assert at.is_current(now) is is_current
