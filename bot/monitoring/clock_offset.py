"""The offset of the computer's clock, by the dates of the servers that are asked anyway."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from statistics import median_low

from bot.clock import Clock

_HOSTS = 100  # the last that answered
_KEPT = 2 * 3_600.0  # seconds; what was heard before that says nothing of now
_ENOUGH = 3  # hosts: of two that disagree, nobody knows which is right


class ClockOffsets:
    """Offsets from the clocks of hosts: the median of many is right, whatever one of them says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: OrderedDict[str, tuple[float, timedelta]] = OrderedDict()

    def note(self, host: str, its_time: datetime) -> None:
        """Notes the time that a host has just told."""
        self._heard.pop(host, None)
        self._heard[host] = self._clock.monotonic(), self._clock.now() - its_time
        while len(self._heard) > _HOSTS:
            self._heard.popitem(last=False)

    def offset(self) -> timedelta | None:
        """Returns how far the clock is ahead (below zero: behind); None where too few told."""
        since = self._clock.monotonic() - _KEPT
        told = [offset for at, offset in self._heard.values() if at >= since]
        return median_low(told) if len(told) >= _ENOUGH else None
