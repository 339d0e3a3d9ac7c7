"""A clock for what must be counted over restarts, whatever happens to the wall clock."""

from __future__ import annotations

from bot.clock import Clock
from bot.posting.outbox_ports import Bursts


class SteadyClock:
    """Counts seconds that have surely passed, over restarts of the process and of the machine.

    It never runs faster than the true time. In all processes of one boot it is the monotonic clock;
    where that begins anew, it goes on from the latest time in the outbox.
    """

    def __init__(self, clock: Clock) -> None:
        """Counts as `clock` does; together with earlier processes once it is anchored."""
        self._clock = clock
        self._offset = 0.0

    async def anchor(self, store: Bursts, platform: str) -> None:
        """Goes on from what earlier processes have counted on a platform.

        Raises:
            StoreError: The store cannot be used.
        """
        passed = self._clock.monotonic()
        self._offset = await store.steady_offset(platform, self._clock.epoch(), passed)

    def now(self) -> float:
        """Returns the seconds from some fixed point; for intervals only."""
        return self._offset + self._clock.monotonic()
