"""Admission: how many pages are made at once, and how many requests wait for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_AT_ONCE = 2  # of the store's three readers, so that whoever asks in a chat has one
_WAITING = 200


class TooBusyError(Exception):
    """There is more to do than can be done soon."""


class Admission:
    """Lets requests in, first come, first served; those that are too many are told at once."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._asked = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Holds a slot for as long as the block lasts.

        Raises:
            TooBusyError: Too many wait already.
        """
        if self._asked >= self._waiting:
            raise TooBusyError
        self._asked += 1
        try:
            async with self._slots:
                yield
        finally:
            self._asked -= 1
