"""Runs the bot on the local Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

from newsdesk import TestDesk
from pydantic import SecretStr
from servers.telegram.server import Server

from adapters.telegram.messenger import RATE_LIMITS
from adapters.telegram.platform import Telegram
from bot.clock import SystemClock
from bot.config.platforms import TelegramConfig
from bot.posting.rate_limiter import RateLimiter


def platform(server: Server, desk: TestDesk, **config: Any) -> Telegram:
    """Returns the bot, not yet running."""
    # Most tests are of the classic form, which all others stand beside.
    given: dict[str, Any] = {
        "api_url": server.url,
        "token": SecretStr(server.token),
        "rich": False,
        **config,
    }
    # The desk's clock stands still; the rate limiter needs a real one.
    return Telegram(
        desk.dispatcher, TelegramConfig(**given), RateLimiter(SystemClock(), RATE_LIMITS)
    )


@asynccontextmanager
async def serving(
    server: Server,
    desk: TestDesk,
    moderators: Collection[int] = (),
    serve: Telegram | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    """Runs the bot (`serve`, if it is given) during the block.

    Nothing that it sent may violate a rule.
    """
    bot = serve or platform(server, desk, moderators=frozenset(moderators))
    task = asyncio.create_task(bot.serve())
    try:
        await server.called("getUpdates")
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert_no_violations(server)


def assert_no_violations(server: Server) -> None:
    """Fails if a call was refused, or if a message mentions people or links elsewhere."""
    assert (server.refused, server.unmodelled, server.pings) == ([], [], [])
    assert [link for link in server.links if not link.startswith(("https://", "http://"))] == []
