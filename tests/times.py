"""Time that passes as fast as a test likes, for what waits by itself."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count
from math import inf

from stories import HandClock


class FreeTime(HandClock):
    """A clock with a sleep of its own: whoever sleeps is woken when a test lets time pass."""

    def __init__(self) -> None:
        super().__init__()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._passed + seconds, next(self._order), woken))
        await woken

    @property
    def next_wake(self) -> float:
        """When the next sleeper is to wake; infinite where nobody sleeps."""
        return self._sleepers[0][0] if self._sleepers else inf

    async def pass_until(self, end: float) -> None:
        """Wakes whoever sleeps, one at a time, until nobody is to wake before `end`."""
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, woken = heappop(self._sleepers)
            if not woken.done():  # else it was cancelled
                self._passed = max(self._passed, at)
                woken.set_result(None)
                await settle()
        self._passed = end


async def settle() -> None:
    """Lets every task go on as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)
