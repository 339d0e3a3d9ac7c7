"""The lag of the event loop: how late what is due is done, since something held it up."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

_EVERY = 0.5  # seconds
_REMEMBERED = 120  # measurements: a minute


class LoopLag:
    """Measures the lag of the event loop that it runs on.

    Attributes:
        on_lag: Told each measurement, in seconds.
    """

    def __init__(self, on_lag: Callable[[float], None] = lambda _: None) -> None:
        self.on_lag = on_lag
        self._lately: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def is_measured(self) -> bool:
        """True where something was measured."""
        return bool(self._lately)

    @property
    def worst(self) -> float:
        """The longest lag of the last minute, in seconds."""
        return max(self._lately, default=0.0)

    def note(self, lag: float) -> None:
        """Notes a measurement."""
        self._lately.append(lag)
        self.on_lag(lag)

    async def keep_measuring(self) -> None:
        """Measures twice a second, until it is cancelled."""
        while True:
            due = time.monotonic() + _EVERY
            await asyncio.sleep(_EVERY)
            self.note(max(0.0, time.monotonic() - due))
