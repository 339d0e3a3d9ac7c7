"""Typing indicator, while an answer to a direct message takes longer than a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from discord.abc import Messageable

from adapters.discord.failures import REQUEST_ERRORS

log = logging.getLogger(__name__)

_AFTER = 1.0  # seconds
# Discord shows it for ten seconds, or until a message arrives
# (https://docs.discord.com/developers/resources/channel#trigger-typing-indicator).
_EVERY = 8.0

_showing = set[asyncio.Task[None]]()  # so that none is collected before it ends


@asynccontextmanager
async def show_typing(channel: Messageable) -> AsyncIterator[None]:
    """Shows that the bot is typing from the second second of the block on."""
    is_over = asyncio.Event()
    showing = asyncio.create_task(_keep_showing(channel, is_over))
    _showing.add(showing)
    showing.add_done_callback(_showing.discard)
    try:
        yield
    finally:
        is_over.set()  # no request is cut short: see `adapters.discord.requests`


async def _keep_showing(channel: Messageable, is_over: asyncio.Event) -> None:
    pause = _AFTER
    while not await _is_set_within(is_over, pause):
        pause = _EVERY
        try:
            await channel.typing()
        except REQUEST_ERRORS as error:  # the answer itself will say what is wrong
            log.debug("Discord: cannot show that an answer comes: %s", error)
            return


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
