"""The rate limiter of polls that hubs ask for, so that no hub can make us hammer a host."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock

_PACE = 60.0  # seconds between two polls of a source that a hub may cause
_DOUBLINGS = 10


@dataclass(slots=True)
class _PacedSource:
    """One source: whether a poll is asked for, and when the last one began."""

    is_asked: bool = False
    is_answered: bool = False
    began: float = -math.inf
    fruitless: int = 0
    pace: float = _PACE


class PushPacer:
    """Says when a source is polled that a hub has something new of.

    Any number of pushes ask for one poll, and none is lost: one that comes during a poll asks for
    the next. There is a minute between two polls, and twice as much after each one in a row that
    brought nothing, up to the source's own interval: a hub that lies costs no more than polling.
    """

    def __init__(self, clock: Clock) -> None:
        """Reads `clock`, by the monotonic time."""
        self._clock = clock
        self._sources: dict[str, _PacedSource] = {}

    def request(self, source: str) -> bool:
        """Asks for a poll of a source; returns False when that was asked for before."""
        paced = self._sources.setdefault(source, _PacedSource())
        was_asked, paced.is_asked = paced.is_asked, True
        return not was_asked

    def begin(self, source: str) -> None:
        """Notes that a poll begins; it is the one that was asked for."""
        paced = self._sources.get(source)
        if paced:
            paced.is_answered, paced.is_asked = paced.is_asked, False
            paced.began = self._clock.monotonic()

    def complete(self, source: str, every: timedelta, *, fruitful: bool) -> None:
        """Notes how the poll of a source ended that is otherwise polled at an interval."""
        paced = self._sources.get(source)
        if paced and paced.is_answered:
            paced.fruitless = 0 if fruitful else min(paced.fruitless + 1, _DOUBLINGS)
            paced.pace = min(_PACE * 2**paced.fruitless, max(every.total_seconds(), _PACE))

    def forget(self, source: str) -> None:
        """Forgets a source."""
        self._sources.pop(source, None)

    def seconds_until_due(self, source: str) -> float:
        """Returns the seconds until a poll that was asked for; infinite when none was."""
        paced = self._sources.get(source)
        if paced is None or not paced.is_asked:
            return math.inf
        return max(0.0, paced.began + paced.pace - self._clock.monotonic())
