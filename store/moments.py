"""Moments of a store: whether its stories are still as they were read at one."""

from __future__ import annotations

from typing import NamedTuple

_FRESH = 1.0  # seconds, after which another process may have written


class Moment(NamedTuple):
    """A moment, as far as a process knows of writes.

    Attributes:
        commits: Transactions that the process has committed until then.
        told: Grows with each write of stories, by whatever process, that the store has told of;
            None where it tells of none.
        at: When it was, in seconds of a clock that never goes back.
    """

    commits: int
    told: int | None
    at: float

    def is_current(self, now: Moment) -> bool:
        """Tells whether nobody wrote since, by what is known now.

        Where the store does not tell, that is taken to be so for a second.
        """
        if (self.commits, self.told) != (now.commits, now.told):
            return False
        return self.told is not None or now.at - self.at < _FRESH
