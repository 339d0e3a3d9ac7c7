"""Supervisor of the process: serves the chat platforms and what runs beside them until the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.ports import Platform
from bot.errors import PlatformError
from bot.supervision import RestartTiming, keep_running

log = logging.getLogger(__name__)

_GRACE = 9.0  # seconds to finish what is being done; whoever stops a process waits ten


@dataclass(frozen=True, slots=True)
class SupervisorTiming:
    """The timing of the supervisor.

    Attributes:
        restarts: Of platforms that fail.
        grace: Seconds that platforms are given to end.
    """

    restarts: RestartTiming = field(default_factory=RestartTiming)
    grace: float = _GRACE


_REAL = SupervisorTiming()


async def serve(
    platforms: Sequence[Platform],
    stop: asyncio.Event,
    timing: SupervisorTiming = _REAL,
    vital: Sequence[asyncio.Task[None]] = (),
) -> None:
    """Serves all platforms at once; the failure of one does not concern the others.

    Args:
        platforms: At least one.
        stop: Ends it, once it is set.
        timing: Its timing.
        vital: What runs beside them and never ends: if one does all the same, serving ends.

    Raises:
        PlatformError: None of them can be served any more; the first one's reason.
        Exception: What something vital has ended with.
    """
    serving = [
        asyncio.create_task(_restart_on_failure(one, timing.restarts), name=one.name)
        for one in platforms
    ]
    ending = asyncio.create_task(stop.wait())
    ends: set[asyncio.Task[Any]] = {ending, *vital}
    try:
        while not any(task.done() for task in ends) and not all(task.done() for task in serving):
            running = (task for task in serving if not task.done())
            await asyncio.wait({*ends, *running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        for task in serving:
            task.cancel()
        await _join(serving, timing.grace)
    if stop.is_set():
        return
    for one in vital:
        if one.done():
            await one
    raise next(task.result() for task in serving if not task.cancelled())


async def _join(serving: Sequence[asyncio.Task[PlatformError]], grace: float) -> None:
    _, pending = await asyncio.wait(serving, timeout=grace)
    for task in pending:
        log.warning("%s has not stopped; leaving it as it is", task.get_name())


async def _restart_on_failure(platform: Platform, timing: RestartTiming) -> PlatformError:
    """Serves a platform, again after each failure; returns the error that makes it pointless."""
    try:
        await keep_running(platform.name, platform.serve, timing, fatal=(PlatformError,))
    except PlatformError as error:
        log.error("%s", error)  # noqa: TRY400 - what the operator has to do; no traceback
        return error
