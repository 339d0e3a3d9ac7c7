"""A scripted Discord on 127.0.0.1, for stock discord.py clients.

What is not modelled is refused and remembered in `unmodelled`; a body that breaks a rule is refused
and remembered in `refused`. `discord_server` fails a test that leaves something in either.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from servers.discord.asking import Asking, shard_of
from servers.discord.calls import Call, Trouble
from servers.discord.front import API, Front
from servers.discord.gateway import Gateway, Session
from servers.discord.limits import Limits, too_many
from servers.discord.payloads import channel as channel_payload
from servers.discord.payloads import guild as guild_payload
from servers.discord.payloads import user
from servers.discord.people import User
from servers.discord.places import Places
from servers.discord.spec import SPEC, spec_at
from servers.discord.world import THREADS, Channel, Guild, World

A_TOKEN = "a-token"  # noqa: S105 # opens nothing


class Server(Places):
    """All of Discord that there is for a test.

    Attributes:
        calls: Every request, the refused ones too.
        refused: What was wrong with bodies.
        unmodelled: What was asked for that is not here.
        commands: What the bot has registered.
        accepted: The bot's messages that were made in channels, in order.
        may_call: Roles that a message may call.
    """

    def __init__(self, *, token: str = A_TOKEN, shards: int = 1, spec: Path = SPEC) -> None:
        super().__init__(World())
        self.clock, self.bot = self.world.clock, self.world.bot
        self.gateway = Gateway(self._greeting)
        self.gateway.token, self.gateway.shards = token, shards
        self.front = Front(self.world, self.gateway, spec_at(spec))
        self.calls, self.refused = self.front.calls, self.front.refused
        self.unmodelled, self.commands = self.gateway.unmodelled, self.front.commands
        self.accepted, self.may_call = self.front.messages.accepted, self.world.may_call
        self._asking = Asking(self.world, self.gateway, self.commands, self.front.interactions)

    @property
    def api_url(self) -> str:
        """Where the REST API is."""
        return f"http://{self.front.url}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self.front.url}/gateway"

    @property
    def limits(self) -> Limits | None:
        """How many calls are taken; None, as at the beginning, for any number."""
        return self.front.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.front.limits = limits

    @property
    def too_many(self) -> int:
        """How many calls were answered with 429, whatever the reason."""
        return sum(call.status == 429 for call in self.calls)

    @property
    def remembers(self) -> float:
        """Seconds for which a nonce is remembered."""
        return self.front.messages.repeats

    @remembers.setter
    def remembers(self, seconds: float) -> None:
        self.front.messages.repeats = seconds

    async def ready(self) -> None:
        """Waits until all shards are connected."""
        await self.gateway.online()

    async def joins(self, guild: Guild) -> None:
        """Somebody adds the bot to a guild, or an outage of the guild ends."""
        told = guild_payload(guild, self.bot)
        if not guild.has_bot:
            del told["unavailable"]  # so a client tells the one from the other
        guild.has_bot = guild.available = True
        await self._tell(guild, "GUILD_CREATE", told)

    async def leaves(self, guild: Guild) -> None:
        """Somebody removes the bot from a guild."""
        guild.has_bot = False
        await self._tell(guild, "GUILD_DELETE", {"id": str(guild.id)})

    async def goes_down(self, guild: Guild) -> None:
        """An outage of a guild begins."""
        guild.available = False
        await self._tell(guild, "GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    async def deletes(self, channel: Channel) -> None:
        """Somebody deletes a channel, with its threads, or a thread."""
        assert channel.guild is not None
        told = channel_payload(channel)
        channel.gone = True
        if channel.kind in THREADS:
            told = {key: told[key] for key in ("id", "guild_id", "parent_id", "type")}
            await self._tell(channel.guild, "THREAD_DELETE", told)
            return
        for thread in channel.guild.threads:
            thread.gone = thread.gone or thread.parent is channel
        await self._tell(channel.guild, "CHANNEL_DELETE", told)

    def fails(
        self, method: str, path: str, status: int, code: int = 0, *, times: int = 1
    ) -> Trouble:
        """Refuses the next calls; `*` stands for anything in a path."""
        body = {"message": f"scripted {status}", "code": code}
        return self.front.troubles.plan(Trouble(method, path, times, status, body))

    def throttles(
        self,
        method: str,
        path: str,
        retry_after: float,
        *,
        everywhere: bool = False,
        times: int = 1,
    ) -> Trouble:
        """Answers the next calls with 429: wait so many seconds."""
        trouble = too_many(method, path, retry_after, everywhere=everywhere, times=times)
        return self.front.troubles.plan(trouble)

    def drops(self, method: str, path: str, *, after: bool, times: int = 1) -> Trouble:
        """Cuts the connection of the next calls, before or after they have had their effect."""
        return self.front.troubles.plan(Trouble(method, path, times, after=after))

    def holds(self, method: str, path: str, *, after: bool = False) -> Trouble:
        """Lets the next call wait until it is released."""
        return self.front.troubles.plan(Trouble(method, path, after=after, held=True))

    def called(self, method: str, path: str) -> list[Call]:
        """The calls of a kind; `*` stands for anything in a path."""
        return [call for call in self.calls if Trouble(method, path).fits(call)]

    def blameless(self) -> None:
        """Fails when the bot sent what Discord refuses, or what is not modelled."""
        assert not self.unmodelled, f"not modelled: {self.unmodelled}"
        assert not self.refused, f"refused: {self.refused}"

    async def _tell(self, guild: Guild, event: str, data: object) -> None:
        session = await self.gateway.connected(shard_of(guild, self.gateway.shards))
        await session.tell(event, data)

    def _greeting(self, session: Session) -> Iterable[tuple[str, Any]]:
        """What a new session is told first: who it is, then its guilds."""
        guilds = [
            guild
            for guild in self.world.guilds.values()
            if guild.has_bot and shard_of(guild, session.shards) == session.shard
        ]
        yield (
            "READY",
            {
                "v": 10,
                "user": user(self.bot),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.gateway_url,
                "shard": [session.shard, session.shards],
                "application": {"id": str(self.world.application), "flags": 0},
            },
        )
        for guild in guilds:
            if guild.available:
                yield "GUILD_CREATE", guild_payload(guild, self.bot)


@contextmanager
def pointed_at(api_url: str, gateway_url: str) -> Iterator[None]:
    """Lets every discord.py client of the process talk to these addresses.

    discord.py has no setting for them. All REST calls are made from `Route.BASE`; the gateway is
    asked for at /gateway/bot first, but `DEFAULT_GATEWAY` is where a client goes when its session
    was invalidated, or when it was told how many shards there are.
    """
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_url, yarl.URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def discord_server(
    *, token: str = A_TOKEN, shards: int = 1, spec: Path = SPEC
) -> AsyncIterator[Server]:
    """A server that discord.py is pointed at; close clients before it."""
    server = Server(token=token, shards=shards, spec=spec)
    await server.front.open()
    try:
        with pointed_at(server.api_url, server.gateway_url):
            yield server
    finally:
        await server.front.close()
    server.blameless()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with discord_server() as opened:
        yield opened


@pytest.fixture
def readers(server: Server) -> Guild:
    return server.guild("Readers")


@pytest.fixture
def ada(server: Server, readers: Guild) -> User:
    return server.user("Ada", readers)
