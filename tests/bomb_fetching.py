"""Fetches a bomb and tells how much memory that took; run as a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness

STATUS = Path("/proc/self/status")
FORGET_PEAK = "5"


def _peak() -> int:
    """The most bytes that this process had in memory since that was forgotten.

    `getrusage` would tell of the process, too, that started this one.
    """
    kibibytes = next(line for line in STATUS.read_text().splitlines() if line[:6] == "VmHWM:")
    return int(kibibytes.split()[1]) * 1_024


async def _fetch(harmless: str, bomb: str, host: str) -> None:
    error = ""
    async with Fetcher(Politeness(allow_hosts=(host,), pause=0)) as fetcher:
        await fetcher.fetch(harmless)
        Path("/proc/self/clear_refs").write_text(FORGET_PEAK)
        before = _peak()
        ticks = asyncio.create_task(_worst_pause())
        try:
            await fetcher.fetch(bomb)
        except FetchError as told:
            error = str(told)
        ticks.cancel()
    report = {"took": _peak() - before, "error": error, "pause": _worst[0]}
    sys.stdout.write(json.dumps(report))


_worst = [0.0]


async def _worst_pause() -> None:
    """Notes for how long others on the event loop had to wait."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0)
        _worst[0] = max(_worst[0], loop.time() - before)


asyncio.run(_fetch(*sys.argv[1:]))
