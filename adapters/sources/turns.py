"""One request a host at a time, with a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MANY = 256  # hosts, above which those that nobody asks are forgotten


class _Host:
    """A host's turn."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self.free_at = 0.0


class Turns:
    """Whose turn it is to ask a host.

    Args:
        pause: Seconds between the end of one request to a host and the next one to it.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._hosts: dict[tuple[str, int], _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, port: int) -> AsyncIterator[None]:
        """Nobody else asks the host as long as the block lasts; first come, first served."""
        self._forget()
        turn = self._hosts.setdefault((host, port), _Host())
        turn.users += 1
        try:
            async with turn.lock:
                await _sleep_until(turn.free_at)
                try:
                    yield
                finally:
                    turn.free_at = asyncio.get_running_loop().time() + self._pause
        finally:
            turn.users -= 1

    def _forget(self) -> None:
        if len(self._hosts) <= _MANY:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {
            key: host for key, host in self._hosts.items() if host.users or host.free_at > now
        }


async def _sleep_until(time: float) -> None:
    left = time - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)
