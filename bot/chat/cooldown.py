"""Cooldowns: what a person may have done again only after some time."""

from __future__ import annotations

import math

from bot.clock import Clock
from bot.errors import TooSoonError

_REMEMBERED = 1_000  # people, the last who came


class Cooldown:
    """Remembers when people last had something done, while the process lives."""

    def __init__(self, clock: Clock) -> None:
        """Reads `clock`."""
        self._clock = clock
        self._done: dict[str, float] = {}  # by the monotonic clock

    def admit(self, person: str, seconds: float) -> None:
        """Lets a person have it done now.

        Args:
            person: Their id, with their platform's name.
            seconds: The time that must have passed since the last time.

        Raises:
            TooSoonError: It has not.
        """
        now = self._clock.monotonic()
        wait = self._done.get(person, -math.inf) + seconds - now
        if wait > 0:
            raise TooSoonError(wait)
        self._done.pop(person, None)
        if len(self._done) >= _REMEMBERED:
            del self._done[next(iter(self._done))]
        self._done[person] = now
