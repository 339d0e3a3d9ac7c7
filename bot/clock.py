"""The time, as the core is told it, and the computer's own clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point, never running backwards; for intervals only."""
        ...


class SystemClock:
    """Implements `bot.clock.Clock` with the computer's own time."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point, never running backwards."""
        return time.monotonic()


_SLACK = timedelta(seconds=30)  # clocks are set right by less than that without harm


class JumpDetector:
    """Detects that the clock was set, by what passes on the monotonic one meanwhile."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.now(), clock.monotonic()

    def jump(self) -> timedelta:
        """Returns how far the clock was set since the last call: forward above zero, else back.

        Zero when it was not. A machine that slept looks like a clock that was set forward.
        """
        (then, began), self._last = self._last, (self._clock.now(), self._clock.monotonic())
        now, passed = self._last
        jump = (now - then) - timedelta(seconds=passed - began)
        return jump if abs(jump) > _SLACK else timedelta()
