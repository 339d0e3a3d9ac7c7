"""Supervisor of the chat platforms: restarts what fails, with backoff, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.chat.ports import Platform
from bot.errors import PlatformError

log = logging.getLogger(__name__)

_GRACE = 9.0  # seconds to finish what is being done; whoever stops a process waits ten
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before a platform that failed is begun anew


@dataclass(frozen=True, slots=True)
class SupervisorTiming:
    """The clock, the sleep and the grace time of a supervisor.

    Attributes:
        monotonic: Seconds from some fixed point.
        sleep: Waits for a number of seconds.
        grace: Seconds that platforms are given to end.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    grace: float = _GRACE


_REAL = SupervisorTiming()


async def serve(
    platforms: Sequence[Platform], stop: asyncio.Event, timing: SupervisorTiming = _REAL
) -> None:
    """Serves all platforms at once; the failure of one does not concern the others.

    Args:
        platforms: At least one.
        stop: Ends it, once it is set.
        timing: Its timing.

    Raises:
        PlatformError: None of them can be served any more; the first one's reason.
    """
    serving = [
        asyncio.create_task(_restart_on_failure(one, timing), name=one.name) for one in platforms
    ]
    ending = asyncio.create_task(stop.wait())
    try:
        while not ending.done() and not all(task.done() for task in serving):
            running = (task for task in serving if not task.done())
            await asyncio.wait({ending, *running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        for task in serving:
            task.cancel()
        await _join(serving, timing.grace)
    if not stop.is_set():
        raise serving[0].result()


async def _join(serving: Sequence[asyncio.Task[PlatformError]], grace: float) -> None:
    _, pending = await asyncio.wait(serving, timeout=grace)
    for task in pending:
        log.warning("%s has not stopped; leaving it as it is", task.get_name())


async def _restart_on_failure(platform: Platform, timing: SupervisorTiming) -> PlatformError:
    """Serves a platform, again after each failure; returns the error that makes it pointless."""
    pause = _FIRST_PAUSE
    while True:
        began = timing.monotonic()
        try:
            await platform.serve()
        except PlatformError as error:
            log.error("%s", error)  # noqa: TRY400 - what the operator has to do; no traceback
            return error
        except Exception:
            log.exception("%s failed", platform.name)
        if _is_cancelled():
            raise asyncio.CancelledError
        if timing.monotonic() - began > _LONGEST_PAUSE:
            pause = _FIRST_PAUSE
        log.warning("%s stopped; restarting it in %.0f s", platform.name, pause)
        await timing.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _is_cancelled() -> bool:
    """Tells whether this task was cancelled, even if the error was swallowed or replaced."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
