"""A bound for the requests that are under way, by the files that the system lets the bot open."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

_MOST, _LEAST = 2_000, 32  # requests at once, whatever the system allows
_SHARE = 2  # one in so many of the open files may be a connection
_SUSPECT_SHARE = 2  # one in so many requests may be to a host that was silent the last time


class RequestLimit:
    """Bounds the requests under way, so that hosts that hang cannot use up what others need.

    The bound is far above what hosts that answer ever need at once. Should so many hang, those that
    have hung before leave half of it to the others.
    """

    def __init__(self, most: int | None = None) -> None:
        """Takes the number of requests at once; None for what the system allows."""
        most = _system_limit() if most is None else most
        self._all = asyncio.Semaphore(most)
        self._suspects = asyncio.Semaphore(max(1, most // _SUSPECT_SHARE))

    @asynccontextmanager
    async def slot(self, *, is_suspect: bool) -> AsyncIterator[None]:
        """Holds a slot as long as the block lasts.

        Args:
            is_suspect: True for a host that did not answer the last time.
        """
        async with AsyncExitStack() as held:
            if is_suspect:
                await held.enter_async_context(self._suspects)
            await held.enter_async_context(self._all)
            yield


def _system_limit() -> int:
    if sys.platform == "win32":  # which has no such limit
        return _MOST
    import resource  # noqa: PLC0415 - not on every system

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if files < 0 else min(max(files // _SHARE, _LEAST), _MOST)
