"""The time for which a client serves: anew whenever it is lost, beside what posts through it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

_FIRST_BACKOFF, _MAX_BACKOFF = 1.0, 300.0  # seconds before a client is made anew
_STABLE = 600.0  # seconds of service after which the backoff begins anew


async def serve_forever(serve: Callable[[], Awaitable[None]]) -> None:
    """Makes a new client whenever one is lost for good, with backoff: Discord counts logins."""
    loop = asyncio.get_running_loop()
    backoff = _FIRST_BACKOFF
    while True:
        began = loop.time()
        await serve()
        backoff = _FIRST_BACKOFF if loop.time() - began > _STABLE else backoff
        await asyncio.sleep(backoff)
        backoff = min(backoff * 2, _MAX_BACKOFF)


async def run_beside(posting: asyncio.Task[None], connection: Coroutine[Any, Any, None]) -> None:
    """Runs the connection until it is lost or posting fails; raises the error of either."""
    connecting = asyncio.create_task(connection)
    try:
        await asyncio.wait({posting, connecting}, return_when=asyncio.FIRST_COMPLETED)
        if posting.done():
            await posting
        await connecting
    finally:
        connecting.cancel()
        await asyncio.wait({connecting})
