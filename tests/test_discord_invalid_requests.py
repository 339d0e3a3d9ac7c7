"""The bot is never shut out for asking for what it is refused."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from stories import HandClock

from adapters.discord.failures import classify
from adapters.discord.invalid_requests import (
    MAX_INVALID,
    PAUSE,
    InvalidRequestLimiter,
    TooManyInvalidRequestsError,
)
from bot.errors import RetryLaterError

pytestmark = pytest.mark.server


async def _refusing(request: web.Request) -> web.Response:
    headers = {"X-RateLimit-Scope": "shared"} if "shared" in request.path else {}
    return web.Response(status=int(request.match_info["status"]), headers=headers)


async def test_refusals_stop_all_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    clock, revoked = HandClock(), list[str]()
    app = web.Application()
    app.router.add_get("/{api:.*}/{status}", _refusing)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = "http://{}:{}".format(*runner.addresses[0][:2])
        refusals = InvalidRequestLimiter(clock, f"{base}/api", lambda: revoked.append("revoked"))
        async with aiohttp.ClientSession(trace_configs=[refusals.trace()]) as session:

            async def ask(path: str) -> int:
                async with session.get(base + path) as response:
                    return response.status

            for _ in range(MAX_INVALID - 3):
                refusals.count()
            for path in ("/api/shared/429", "/api/200", "/api/404", "/api/500", "/api/403"):
                await ask(path)
            assert refusals.wait() == 0
            await ask("/api/webhooks/401")
            assert (refusals.wait(), revoked) == (0, [])
            await ask("/api/401")
            assert (refusals.wait(), revoked) == (PAUSE, ["revoked"])
            with pytest.raises(TooManyInvalidRequestsError) as caught:
                await ask("/api/200")
            assert isinstance(classify(caught.value), RetryLaterError)
            assert await ask("/gateway/200") == 200  # only what counts is held up
            clock.pass_(PAUSE)
            assert await ask("/api/429") == 429
            with pytest.raises(TooManyInvalidRequestsError):
                await ask("/api/200")
            clock.pass_(600)
            await ask("/api/403")
            assert await ask("/api/200") == 200
    finally:
        await runner.cleanup()
    assert caplog.text.count("requests were refused in ten minutes") == 2
