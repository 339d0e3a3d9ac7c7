"""Precedence: whoever asks in a chat goes before the readers of the site.

Both share one event loop, and the connections of one store. A page begins when nobody in a chat
waits, or a moment later, and leaves a connection to those who ask meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from bot.work_counter import WorkCounter

_LONGEST = 0.02  # seconds that work waits: what comes second must come even so


class Precedence(WorkCounter):
    """The work that goes before other work; it counts what of it is under way."""

    def __init__(self, longest: float = _LONGEST) -> None:
        """Makes one with nothing under way, for which others wait so many seconds at most."""
        self._longest = longest
        self._becomes_idle = asyncio.Event()
        super().__init__(self._becomes_idle)

    async def give_way(self) -> None:
        """Waits until nothing is under way, or for the longest that anybody waits."""
        if not self.is_idle:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._longest):
                    await self._becomes_idle.wait()


_SECOND: ContextVar[bool] = ContextVar("second", default=False)


@contextmanager
def coming_second() -> Iterator[None]:
    """Makes the block, with the tasks that begin in it, work that comes second."""
    token = _SECOND.set(True)
    try:
        yield
    finally:
        _SECOND.reset(token)


def comes_second() -> bool:
    """Tells whether other work goes before what runs here."""
    return _SECOND.get()
