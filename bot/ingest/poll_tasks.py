"""Tasks of scheduled polls: one for each source, so that none waits for another one's host."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class PollTasks:
    """Runs polls beside one another, at most one of each source; an async context manager.

    Leaving it cancels the polls that are under way, and waits until they have ended.

    Args:
        woken: Set when something has changed that `wait` is to end for; a poll's end sets it, too.
        sleep: Waits for a number of seconds.
    """

    def __init__(self, woken: asyncio.Event, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._woken = woken
        self._sleep = sleep
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    @property
    def sources(self) -> AbstractSet[str]:
        """The sources whose polls are under way, or have ended since the last `wait`."""
        return self._tasks.keys()

    def start(self, source: str, poll: Coroutine[Any, Any, None]) -> None:
        """Starts the poll of a source that is none of `sources`."""
        task = self._tasks[source] = asyncio.create_task(poll, name=f"poll of {source}")
        task.add_done_callback(lambda _: self._woken.set())

    async def wait(self, seconds: float) -> None:
        """Waits for some seconds, or until `woken` is set.

        Raises:
            Exception: What a poll that has ended raised.
        """
        timer = asyncio.ensure_future(self._sleep(seconds))
        waker = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait((timer, waker), return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            waker.cancel()
        self._collect()

    def _collect(self) -> None:
        for source in [source for source, task in self._tasks.items() if task.done()]:
            self._tasks.pop(source).result()


async def gather_to_end(polls: Iterable[Awaitable[T]]) -> list[T]:
    """Returns what the polls return, when all of them have ended.

    Raises:
        BaseException: What the first of them raised that failed.
    """
    results: list[T] = []
    for end in await asyncio.gather(*polls, return_exceptions=True):
        if isinstance(end, BaseException):
            raise end
        results.append(end)
    return results


async def gather_in_time(polls: Iterable[Coroutine[Any, Any, T]], patience: float) -> list[T]:
    """Returns what the polls return that end within a number of seconds; the others are cancelled.

    Raises:
        BaseException: What the first of them raised that failed.
    """
    tasks = [asyncio.create_task(poll) for poll in polls]
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=None if math.isinf(patience) else patience)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [task.result() for task in tasks if not task.cancelled()]
