"""The scripted Discord's limits, with a stock discord.py client; nothing waits for real seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from servers.discord.limits import Limits
from servers.discord.server import A_TOKEN, Server, discord_server
from servers.discord.world import NEWS, Channel
from stories import HandClock


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with discord_server() as opened:
        yield opened


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bot {A_TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as opened:
        yield opened


class Caller:
    """Calls the API by hand, for clients wait where a test wants to see why."""

    def __init__(self, server: Server, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session
        self.headers: dict[str, str] = {}
        self.body: Any = None

    async def call(self, method: str, path: str, body: Any = None) -> int:
        url = self.server.api_url + path
        async with self.session.request(method, url, json=body) as response:
            self.headers, self.body = dict(response.headers), await response.json()
            return response.status

    async def say(self, channel: Channel) -> int:
        body = {"content": "x", "allowed_mentions": {"parse": []}}
        return await self.call("POST", f"/channels/{channel.id}/messages", body)


@pytest.fixture
def caller(server: Server, session: aiohttp.ClientSession) -> Caller:
    return Caller(server, session)


async def test_by_default_anything_goes(server: Server, caller: Caller) -> None:
    (channel,) = server.channels(1)
    assert {await caller.say(channel) for _ in range(60)} == {200}
    assert server.too_many == 0


async def test_fifty_calls_a_second(server: Server, caller: Caller) -> None:
    clock = HandClock()
    server.limits = Limits(now=clock.monotonic)
    assert {await caller.call("GET", "/users/@me") for _ in range(50)} == {200}
    assert await caller.call("GET", "/users/@me") == 429
    assert caller.headers["X-RateLimit-Global"] == "true"
    assert caller.headers["X-RateLimit-Scope"] == "global"
    assert caller.headers["Retry-After"] == "1"
    assert caller.headers["Via"]
    assert caller.body == {
        "message": "You are being rate limited.",
        "retry_after": pytest.approx(0.02),
        "global": True,
    }
    # What answers interactions counts elsewhere.
    assert await caller.call("POST", "/interactions/1/x/callback", {"type": 5}) == 404
    clock.pass_(0.1)
    assert [await caller.call("GET", "/users/@me") for _ in range(6)] == [200] * 5 + [429]
    assert server.too_many == 2


async def test_five_messages_in_five_seconds_in_a_channel(server: Server, caller: Caller) -> None:
    clock = HandClock()
    server.limits = Limits(now=clock.monotonic)
    one, other = server.channels(2)
    for left in (4, 3, 2, 1, 0):
        clock.pass_(0.5)
        assert await caller.say(one) == 200
        assert caller.headers["X-RateLimit-Remaining"] == str(left)
        assert caller.headers["X-RateLimit-Limit"] == "5"
    assert caller.headers["X-RateLimit-Reset-After"] == "3.000"
    assert await caller.say(one) == 429
    assert "X-RateLimit-Global" not in caller.headers
    assert caller.headers["X-RateLimit-Scope"] == "user"
    assert (caller.body["retry_after"], caller.body["global"]) == (3.0, False)
    assert await caller.say(other) == 200
    clock.pass_(3)
    assert await caller.say(one) == 200
    assert len(server.accepted) == 7


async def test_ten_crossposts_an_hour_in_a_channel(server: Server, caller: Caller) -> None:
    clock = HandClock()
    server.limits = Limits(messages=(100, 1.0), now=clock.monotonic)
    (news,) = server.channels(1, kind=NEWS)
    answers = []
    for _ in range(11):
        assert await caller.say(news) == 200
        path = f"/channels/{news.id}/messages/{caller.body['id']}/crosspost"
        answers.append(await caller.call("POST", path))
    assert answers == [200] * 10 + [429]
    assert caller.body["retry_after"] == 3_600.0


async def test_thousands_of_channels(server: Server, caller: Caller) -> None:
    channels = server.channels(1_200)
    assert [len(guild.channels) for guild in server.world.guilds.values()] == [500, 500, 200]
    with pytest.raises(AssertionError, match="500 channels"):
        server.channel(next(iter(server.world.guilds.values())), "one more")
    assert await caller.say(channels[-1]) == 200
    assert server.accepted[0][:2] == (channels[-1].id, channels[-1].seen[0].id)
    assert server.accepted[0].says == ("x",)
