"""Batching: claims and marks of many chats share one commit (group commit)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Does in one batch what came while the last one was under way (group commit)."""

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        """Does things by `work`, which gives a result for each, in their order."""
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, thing: T) -> R:
        """Does a thing, and returns its result.

        Whoever is cancelled here does not keep it from being done. What `work` raises is raised for
        all that were done at once.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await self._work([thing for thing, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits is to have it
                for done in _pending(batch):
                    done.set_exception(error)
            else:
                for (_, done), result in zip(batch, results, strict=True):
                    if not done.done():
                        done.set_result(result)


def _pending(batch: Sequence[tuple[T, asyncio.Future[R]]]) -> list[asyncio.Future[R]]:
    """The results that are still waited for."""
    return [done for _, done in batch if not done.done()]
