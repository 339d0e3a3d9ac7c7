"""The bot on the tests' own Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

from newsdesk import TestDesk
from pydantic import SecretStr
from servers.telegram.api import BotApi

from adapters.telegram.platform import Telegram
from adapters.telegram.sending import PACE
from bot.clock import SystemClock
from bot.config.schema import TelegramConfig
from bot.posting.rate_limiter import RateLimiter


def platform(server: BotApi, desk: TestDesk, **config: Any) -> Telegram:
    """The bot, not yet begun."""
    given: dict[str, Any] = {"api_url": server.url, "token": SecretStr(server.token), **config}
    # The desk's clock stands still; whoever waits for a turn to send waits for real.
    return Telegram(desk.dispatcher, TelegramConfig(**given), RateLimiter(SystemClock(), PACE))


@asynccontextmanager
async def serving(
    server: BotApi, desk: TestDesk, moderators: Collection[int] = ()
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, serving as long as the block lasts; nothing that it sent may be amiss."""
    task = asyncio.create_task(platform(server, desk, moderators=frozenset(moderators)).serve())
    try:
        await server.called("getUpdates")
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    sound(server)


def sound(server: BotApi) -> None:
    """Nothing that the bot sent was refused, and nobody was called or led astray."""
    assert (server.refused, server.unmodelled, server.pings) == ([], [], [])
    assert [link for link in server.links if not link.startswith(("https://", "http://"))] == []
