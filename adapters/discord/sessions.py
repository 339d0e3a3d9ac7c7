"""Sessions with Discord: login with backoff, staying connected, and closing in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.connection import INTENTS, DiscordClient
from adapters.discord.failures import REQUEST_ERRORS, REVOKED, fatal_error
from bot.config.platforms import DiscordConfig
from bot.errors import PlatformError
from bot.supervision import keep_running
from bot.text.urls import request_url

log = logging.getLogger(__name__)

_FIRST_BACKOFF, _MAX_BACKOFF = 1.0, 60.0  # seconds between tries to log in; doubles each time
_CLOSE_TIMEOUT = 3.0  # seconds


def use_api(url: str) -> None:
    """Sends all requests of the process to `url` in place of Discord's API."""
    if url != DiscordConfig().api_url:
        Route.BASE = url


def use_gateway(url: str) -> None:
    """Sends all sessions of the process to `url`, where its API is not Discord's.

    Whoever connects single shards is not told of it by the library.
    """
    asked = request_url(url.replace("ws", "http", 1))  # the guard knows http and https alone
    if asked and DiscordConfig().api_url != Route.BASE:
        scheme = asked.url.scheme.replace("http", "ws")
        DiscordWebSocket.DEFAULT_GATEWAY = asked.url.with_scheme(scheme)


async def _prepare_nothing(client: DiscordClient) -> None:
    del client


@asynccontextmanager
async def login(
    make_client: Callable[[], DiscordClient],
    token: str,
    prepare: Callable[[DiscordClient], Awaitable[None]] = _prepare_nothing,
) -> AsyncIterator[DiscordClient]:
    """Logs a client in, waiting for Discord with backoff, and closes it after the block.

    Args:
        make_client: Makes a client; one that failed to log in cannot be used again.
        token: The bot's token.
        prepare: Prepares it once it is logged in, and may ask Discord something.

    Raises:
        PlatformError: Discord refuses the token.
    """
    client = await _log_in(make_client, token, prepare)
    try:
        async with _keeping_session(client):
            yield client
    finally:
        await _close(client)


@asynccontextmanager
async def _keeping_session(client: DiscordClient) -> AsyncIterator[None]:
    """Keeps a client's session during the block, if another process could resume it."""
    if client.sessions is None:
        yield
        return
    keeper = client.sessions.keeper
    saving = asyncio.create_task(keep_running("keeping of Discord's session", keeper.keep_saving))
    try:
        yield
    finally:
        saving.cancel()
        await asyncio.wait({saving})
        with suppress(TimeoutError):
            await asyncio.wait_for(keeper.save(), _CLOSE_TIMEOUT)


async def _log_in(
    make_client: Callable[[], DiscordClient],
    token: str,
    prepare: Callable[[DiscordClient], Awaitable[None]],
) -> DiscordClient:
    backoff = _FIRST_BACKOFF
    while True:
        client = make_client()
        try:
            await client.login(token)
            await prepare(client)
        except REQUEST_ERRORS as error:
            await _close(client)
            if fatal := fatal_error(error, INTENTS):
                raise fatal from None
            log.warning("Discord cannot be reached; trying again: %s", error)
        except BaseException:
            await _close(client)
            raise
        else:
            return client
        await asyncio.sleep(backoff)
        backoff = min(backoff * 2, _MAX_BACKOFF)


async def stay_connected(client: DiscordClient, revoked: asyncio.Event) -> None:
    """Connects to the gateway, and returns when the connection is lost for good.

    Another client has to be made then.

    Raises:
        PlatformError: Discord refuses the token or the intents.
    """
    connecting = asyncio.create_task(client.connect())
    revoking = asyncio.create_task(revoked.wait())
    try:
        await asyncio.wait({connecting, revoking}, return_when=asyncio.FIRST_COMPLETED)
        if revoked.is_set():
            raise PlatformError(REVOKED)
        await connecting
    except REQUEST_ERRORS as error:
        if fatal := fatal_error(error, INTENTS):
            raise fatal from None
        log.warning("Discord: connection lost: %s", error)
    finally:
        for task in (connecting, revoking):
            task.cancel()
        await asyncio.wait({connecting, revoking})


async def _close(client: DiscordClient) -> None:
    """Closes a client; what takes too long is abandoned, since the process ends after it."""
    with suppress(*REQUEST_ERRORS):
        await asyncio.wait_for(client.close(), _CLOSE_TIMEOUT)
    await client.http.close()
