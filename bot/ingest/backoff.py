"""Backoff: when a source is polled again, the later the more often polls have failed in a row."""

from __future__ import annotations

from datetime import datetime, timedelta

_LONGEST = timedelta(days=1)  # between two tries of a source that fails
_JITTER = 0.1  # of the time: so that sources of one host do not all come at once, each time
_DOUBLINGS = 16  # after so many failures the longest time is reached, whatever it began with


def next_check(
    now: datetime, every: timedelta, *, failures: int, asked: float, chance: float
) -> datetime:
    """Returns when to poll a source again.

    Args:
        now: When the last poll ended.
        every: How often to poll while all is well.
        failures: How many polls in a row have failed; each doubles the time, up to a day.
        asked: Seconds that the source itself asked to wait.
        chance: From 0 to 1: where in the spread the time falls.
    """
    wait = every
    if failures:
        wait = min(every * 2 ** min(failures, _DOUBLINGS), max(_LONGEST, every))
    wait *= 1 + _JITTER * (2 * chance - 1)
    return now + max(wait, timedelta(seconds=asked))
