"""The time, as the core is told it, and the computer's own clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point, never running backwards; for intervals only."""
        ...

    def epoch(self) -> str:
        """The name of the point that `monotonic` counts from.

        Two processes have the same only if their monotonic times can be compared.
        """
        ...


class SystemClock:
    """Implements `bot.clock.Clock` with the computer's own time."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point, never running backwards."""
        return time.monotonic()

    def epoch(self) -> str:
        """The name of the point that `monotonic` counts from."""
        return _epoch()


@cache
def _epoch() -> str:
    """The boot on Linux, whose monotonic clock counts from there; elsewhere this process.

    See `/proc/sys/kernel/random/boot_id` in random(4), and CLOCK_MONOTONIC in clock_gettime(2).
    """
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return uuid4().hex


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
