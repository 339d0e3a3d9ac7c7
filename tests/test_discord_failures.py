"""Classification of Discord's errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
from aiohttp import web

from adapters.discord import connection
from adapters.discord.failures import classify, fatal_error
from bot.errors import ChatGoneError, DatelineError, PlatformError, RejectedError, RetryLaterError

pytestmark = pytest.mark.server


@asynccontextmanager
async def answering(app: web.Application) -> AsyncIterator[aiohttp.ClientResponse]:
    """Yields the response of a server."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = "http://{}:{}".format(*runner.addresses[0][:2])
    async with aiohttp.ClientSession() as session, session.get(url) as answered:
        yield answered
    await runner.cleanup()


@pytest.fixture
async def response() -> AsyncIterator[aiohttp.ClientResponse]:
    """Yields the response of a server with a status."""
    async with answering(web.Application()) as answered:
        yield answered


@pytest.mark.parametrize(
    ("status", "code", "meant"),
    [
        (400, 50035, RejectedError),
        (401, 0, PlatformError),
        (401, 50027, RejectedError),
        (403, 50013, ChatGoneError),
        (403, 50001, ChatGoneError),
        (403, 50007, ChatGoneError),
        (403, 99999, ChatGoneError),
        (403, 50005, RejectedError),
        (403, 20009, RejectedError),
        (403, 40333, RetryLaterError),
        (403, 0, RetryLaterError),
        (400, 50008, ChatGoneError),
        (400, 50083, ChatGoneError),
        (400, 50033, ChatGoneError),
        (404, 10003, ChatGoneError),
        (404, 10008, RejectedError),
        (404, 10062, RejectedError),
        (404, 10015, RejectedError),
        (429, 0, RetryLaterError),
        (500, 0, RetryLaterError),
        (503, 0, RetryLaterError),
    ],
)
async def test_answers(
    response: aiohttp.ClientResponse, status: int, code: int, meant: type[DatelineError]
) -> None:
    response.status = status
    found = classify(discord.HTTPException(response, {"code": code, "message": "because"}))
    assert type(found) is meant
    assert meant is PlatformError or "because" in str(found)
    assert getattr(found, "in_doubt", False) is (status >= 500)


async def test_what_discord_says_at_length_is_one_line(response: aiohttp.ClientResponse) -> None:
    response.status = 403
    page = f"<html>\n<h1>Denied</h1>\n{'<br>' * 1_000}"
    told = str(classify(discord.HTTPException(response, page)))
    assert told.startswith("403 <html> <h1>Denied</h1>")
    assert "\n" not in told
    assert len(told) < 400


@pytest.mark.parametrize(
    ("header", "wait"), [("7", 7.0), ("0.25", 0.25), ("-1", 0.0), ("soon", None), ("", None)]
)
async def test_a_limit_says_how_long_to_wait(header: str, wait: float | None) -> None:
    async def limited(request: web.Request) -> web.Response:
        del request
        return web.Response(status=429, headers={"Retry-After": header})

    app = web.Application()
    app.router.add_get("/", limited)
    async with answering(app) as answered:
        found = classify(discord.HTTPException(answered, None))
    assert isinstance(found, RetryLaterError)
    assert (found.wait, found.in_doubt) == (wait, False)


async def test_what_never_got_there_may_be_sent_again() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get("http://127.0.0.1:1")
    never = classify(caught.value)
    assert isinstance(never, RetryLaterError)
    assert not never.in_doubt
    for error in (aiohttp.ServerDisconnectedError(), ConnectionResetError(), TimeoutError()):
        cut = classify(error)
        assert isinstance(cut, RetryLaterError)
        assert cut.in_doubt
    slow = classify(discord.RateLimited(70.0))
    assert isinstance(slow, RetryLaterError)
    assert slow.wait == 70.0


def test_only_what_the_operator_can_change_is_fatal() -> None:
    intents = connection.INTENTS
    assert fatal_error(discord.LoginFailure("no"), intents)
    told = fatal_error(
        discord.PrivilegedIntentsRequired(None), intents | discord.Intents(members=True)
    )
    assert "guilds, members, dm_messages" in str(told)
    assert fatal_error(TimeoutError(), intents) is None


@pytest.mark.parametrize("error", [TimeoutError("late"), aiohttp.ClientError("cut")])
def test_a_lost_connection_is_told_in_a_line(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    log = logging.getLogger("discord.shard")
    log.error("Attempting a reconnect for shard ID %s in %.2fs", 0, 1.5, exc_info=error)
    log.error("a mistake", exc_info=LookupError("x"))
    lost, mistake = caplog.records
    assert lost.getMessage() == f"Attempting a reconnect for shard ID 0 in 1.50s ({error!r})"
    assert lost.exc_info is None
    assert mistake.exc_info
