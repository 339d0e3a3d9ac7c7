"""Supervision of long-lived tasks: restarts what fails, with backoff, and logs each failure."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before what failed is begun anew


@dataclass(frozen=True, slots=True)
class RestartTiming:
    """The clock and the sleep of a supervisor, which tests replace.

    Attributes:
        monotonic: Seconds from some fixed point.
        sleep: Waits for a number of seconds.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


_REAL = RestartTiming()

Work = Callable[[], Awaitable[None]]
"""Begins something long-lived, each time it is called."""


async def keep_running(
    name: str, work: Work, timing: RestartTiming = _REAL, fatal: tuple[type[Exception], ...] = ()
) -> NoReturn:
    """Runs something for as long as the process lives: it is begun anew whenever it ends.

    Args:
        name: Names it in the log.
        work: Begins it.
        timing: Its timing.
        fatal: Errors after which beginning anew makes no sense; these are raised.
    """
    supervisor = _Supervisor(name, timing)
    while True:
        await supervisor.run(work, fatal)
        await supervisor.rest()


async def run_until_done(name: str, work: Work, timing: RestartTiming = _REAL) -> None:
    """Runs something that ends by itself, again after each error; arguments as `keep_running`."""
    supervisor = _Supervisor(name, timing)
    while not await supervisor.run(work):
        await supervisor.rest()


async def work_until(work: Awaitable[None], end: Awaitable[T]) -> T | None:
    """Works until that ends, or something else does; cancels the other one, and waits for it.

    Args:
        work: Something long-lived; what it raises is raised.
        end: Waits for what is to end it.

    Returns:
        What the latter has come to; None where the work has ended first.
    """
    working, ending = asyncio.ensure_future(work), asyncio.ensure_future(end)
    try:
        await asyncio.wait((working, ending), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return ending.result()
        await working
        return None
    finally:
        working.cancel()
        ending.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)


@dataclass(slots=True)
class _Supervisor:
    """Runs one thing, logs how it ends, and rests the longer the more often that happens."""

    name: str
    timing: RestartTiming
    pause: float = _FIRST_PAUSE
    began: float = field(default=0.0)
    error: Exception | None = None
    logged: str = ""

    async def run(self, work: Work, fatal: tuple[type[Exception], ...] = ()) -> bool:
        """Runs it once; returns whether it ended without an error."""
        self.began = self.timing.monotonic()
        self.error = None
        try:
            await work()
        except fatal:
            raise
        except Exception as error:  # noqa: BLE001 - `rest` logs it
            self.error = error
        if _is_cancelled():
            if self.error:
                log.error("%s failed while stopping", self.name, exc_info=self.error)
            raise asyncio.CancelledError
        return self.error is None

    async def rest(self) -> None:
        """Logs how it has ended, and waits until it may be begun anew."""
        if self.timing.monotonic() - self.began > _LONGEST_PAUSE:
            self.pause = _FIRST_PAUSE
        self._log()
        pause, self.pause = self.pause, min(self.pause * 2, _LONGEST_PAUSE)
        await self.timing.sleep(pause)

    def _log(self) -> None:
        """Logs one line, with a traceback for an error that the last line was not about."""
        reason = f": {type(self.error).__name__}: {self.error}" if self.error else ""
        log.error(
            "%s stopped; restarting it in %.0f s%s",
            self.name,
            self.pause,
            reason,
            exc_info=self.error if reason != self.logged else None,
        )
        self.logged = reason


def _is_cancelled() -> bool:
    """Tells whether this task was cancelled, even if the error was swallowed or replaced."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
