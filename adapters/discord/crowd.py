"""A crowd: questions that come at once are acknowledged first, then answered a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

_MAX_QUEUED = 5.0  # seconds that a question waits for others
_LULL = 0.01  # seconds without another question, after which all of the crowd have come
_MAX_HELD = 1.0  # seconds from the first question of a crowd, after which it is answered anyway


class Crowd:
    """Orders what many questions want at once, so that Discord hears of each of them in time.

    Args:
        concurrent: The number of questions that the core gets at once.
    """

    def __init__(self, concurrent: int) -> None:
        self._slots = asyncio.Semaphore(concurrent)  # first come, first served
        self._members = 0
        self._unacknowledged = 0
        self._calm_at = 0.0
        self._held_until = 0.0

    @contextmanager
    def joining(self) -> Iterator[None]:
        """Counts a question as one of the crowd, from its acknowledgement to its answer."""
        now = asyncio.get_running_loop().time()
        if not self._members:
            self._held_until = now + _MAX_HELD
        self._members += 1
        self._calm_at = now + _LULL
        try:
            yield
        finally:
            self._members -= 1

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """Counts a question as one that is being acknowledged."""
        self._unacknowledged += 1
        try:
            yield
        finally:
            self._unacknowledged -= 1

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits until few questions are in the core and, where a crowd begins, for its end.

        Neither for long: a question that has waited for its time goes on beside the others.
        """
        acquired = False
        with suppress(TimeoutError):
            acquired = await asyncio.wait_for(self._slots.acquire(), _MAX_QUEUED)
        try:
            while (hold := self._hold()) > 0:  # noqa: ASYNC110 - for a lull, which nothing tells
                await asyncio.sleep(hold)
            yield
        finally:
            if acquired:
                self._slots.release()

    def _hold(self) -> float:
        """Returns the seconds until it may be seen again if all of the crowd are acknowledged."""
        now = asyncio.get_running_loop().time()
        more = _LULL if self._unacknowledged else self._calm_at - now
        return min(more, self._held_until - now)
