"""Keeps every chat platform served, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.errors import PlatformError
from bot.ports import Platform

log = logging.getLogger(__name__)

_GRACE = 9.0  # seconds to finish what is being done; whoever stops a process waits ten
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before a platform that failed is begun anew


async def serve(platforms: Sequence[Platform], stop: asyncio.Event) -> None:
    """Serves all of them at once; the trouble of one is none of the others'.

    Args:
        platforms: At least one.
        stop: Ends it, once it is set.

    Raises:
        PlatformError: None of them can be served any more; the first one's reason.
    """
    serving = [asyncio.create_task(_kept(one), name=one.name) for one in platforms]
    ending = asyncio.create_task(stop.wait())
    try:
        while not ending.done() and not all(task.done() for task in serving):
            running = (task for task in serving if not task.done())
            await asyncio.wait({ending, *running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        for task in serving:
            task.cancel()
        await _finished(serving)
    if not stop.is_set():
        raise serving[0].result()


async def _finished(serving: Sequence[asyncio.Task[PlatformError]]) -> None:
    _, pending = await asyncio.wait(serving, timeout=_GRACE)
    for task in pending:
        log.warning("%s does not end; it is left as it is", task.get_name())


async def _kept(platform: Platform) -> PlatformError:
    """Serves a platform, again after each failure; returns why that makes no sense any more."""
    pause = _FIRST_PAUSE
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await platform.serve()
        except PlatformError as error:
            log.error("%s", error)  # noqa: TRY400 - what the operator has to do; no traceback
            return error
        except Exception:
            log.exception("%s fails; beginning anew in %.0f s", platform.name, pause)
        else:
            log.warning("%s ended; beginning anew in %.0f s", platform.name, pause)
        await asyncio.sleep(pause)
        long_ago = asyncio.get_running_loop().time() - began > _LONGEST_PAUSE
        pause = _FIRST_PAUSE if long_ago else min(pause * 2, _LONGEST_PAUSE)
