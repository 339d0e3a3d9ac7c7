"""The time, as the core is told it, and the computer's own clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
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
