"""The server that tests use: a scripted Discord on 127.0.0.1, for stock discord.py clients.

A call that is not modelled is refused and recorded in `unmodelled`; a body that violates a rule is
refused and recorded in `refused`. `discord_server` fails a test that leaves anything in either.
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

from servers.discord.attachments import SentFile
from servers.discord.calls import Call
from servers.discord.faults import Fault
from servers.discord.gateway import Gateway, Session
from servers.discord.http_api import API, CDN, HttpApi
from servers.discord.interaction_events import InteractionEvents, shard_of
from servers.discord.limits import Limits, rate_limit_fault
from servers.discord.payloads import channel as channel_payload
from servers.discord.payloads import guild as guild_payload
from servers.discord.payloads import user
from servers.discord.people import Person
from servers.discord.spec import SPEC, load_spec
from servers.discord.world import THREADS, Channel, Guild, User, World
from servers.discord.world_builder import WorldBuilder

A_TOKEN = "a-token"  # noqa: S105 # opens nothing


class Server(WorldBuilder):
    """Discord, as one test has it.

    Attributes:
        calls: Every request, including the refused ones.
        refused: The violations of refused bodies.
        unmodelled: The calls that are not modelled.
        commands: The commands that the bot has registered.
        emoji: The application's own emoji.
        accepted: The bot's messages that were created in channels, in order.
        may_call: The roles that a message may mention.
    """

    def __init__(self, *, token: str = A_TOKEN, shards: int = 1, spec: Path = SPEC) -> None:
        super().__init__(World())
        self.clock, self.bot = self.world.clock, self.world.bot
        self.gateway = Gateway(self._first_events)
        self.gateway.token, self.gateway.shards = token, shards
        self.front = HttpApi(self.world, self.gateway, load_spec(spec))
        self.calls, self.refused = self.front.calls, self.front.refused
        self.unmodelled, self.commands = self.gateway.unmodelled, self.front.commands
        self.emoji = self.front.emoji
        self.accepted, self.may_call = self.front.messages.accepted, self.world.may_call
        self._interaction_events = InteractionEvents(
            self.world, self.gateway, self.commands, self.front.interactions
        )

    @property
    def api_url(self) -> str:
        """The address of the REST API."""
        return f"http://{self.front.url}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self.front.url}/gateway"

    def file(self, name: str, content: bytes) -> SentFile:
        """Uploads a file, to be attached to a command."""
        number = self.world.ids.next()
        self.front.files[number] = content
        return SentFile(number, name, content, f"http://{self.front.url}{CDN}/{number}/{name}")

    @property
    def limits(self) -> Limits | None:
        """The enforced rate limits; None, as at the beginning, for none."""
        return self.front.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.front.limits = limits

    @property
    def too_many(self) -> int:
        """Counts the calls that were answered with 429, for any reason."""
        return sum(call.status == 429 for call in self.calls)

    @property
    def remembers(self) -> float:
        """Seconds for which a message is deduplicated by its nonce."""
        return self.front.messages.nonce_lifetime

    @remembers.setter
    def remembers(self, seconds: float) -> None:
        self.front.messages.nonce_lifetime = seconds

    async def ready(self) -> None:
        """Waits until all shards are connected."""
        await self.gateway.all_connected()

    async def add_bot(self, guild: Guild) -> None:
        """Adds the bot to a guild, or ends an outage of it."""
        payload = guild_payload(guild, self.bot)
        if not guild.has_bot:
            del payload["unavailable"]  # so a client tells the one from the other
        guild.has_bot = guild.available = True
        await self._dispatch(guild, "GUILD_CREATE", payload)

    async def remove_bot(self, guild: Guild) -> None:
        """Removes the bot from a guild."""
        guild.has_bot = False
        await self._dispatch(guild, "GUILD_DELETE", {"id": str(guild.id)})

    async def begin_outage(self, guild: Guild) -> None:
        """Begins an outage of a guild."""
        guild.available = False
        await self._dispatch(guild, "GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    async def allow(self, channel: Channel, permissions: int) -> None:
        """Changes the permissions of the bot in a channel."""
        assert channel.guild is not None
        channel.bot_may = permissions
        await self._dispatch(channel.guild, "CHANNEL_UPDATE", channel_payload(channel))

    async def deny(self, channel: Channel, person: User, permissions: int) -> None:
        """Takes permissions in a channel from a person, or from the bot."""
        assert channel.guild is not None
        channel.denied[person.id] = permissions
        await self._dispatch(channel.guild, "CHANNEL_UPDATE", channel_payload(channel))

    async def delete(self, channel: Channel) -> None:
        """Deletes a channel with its threads, or a thread."""
        assert channel.guild is not None
        payload = channel_payload(channel)
        channel.gone = True
        if channel.kind in THREADS:
            payload = {key: payload[key] for key in ("id", "guild_id", "parent_id", "type")}
            await self._dispatch(channel.guild, "THREAD_DELETE", payload)
            return
        for thread in channel.guild.threads:
            thread.gone = thread.gone or thread.parent is channel
        await self._dispatch(channel.guild, "CHANNEL_DELETE", payload)

    def fails(self, method: str, path: str, status: int, code: int = 0, *, times: int = 1) -> Fault:
        """Answers the next calls with an error; `*` in a path stands for anything."""
        body = {"message": f"scripted {status}", "code": code}
        return self.front.faults.add(Fault(method, path, times, status, body))

    def throttles(
        self,
        method: str,
        path: str,
        retry_after: float,
        *,
        everywhere: bool = False,
        times: int = 1,
    ) -> Fault:
        """Answers the next calls with 429 and a `retry_after` in seconds."""
        fault = rate_limit_fault(method, path, retry_after, everywhere=everywhere, times=times)
        return self.front.faults.add(fault)

    def drops(self, method: str, path: str, *, after: bool, times: int = 1) -> Fault:
        """Cuts the connection of the next calls, before or after they have had their effect."""
        return self.front.faults.add(Fault(method, path, times, after=after))

    def holds(self, method: str, path: str, *, after: bool = False) -> Fault:
        """Holds the next call until it is released."""
        return self.front.faults.add(Fault(method, path, after=after, held=True))

    def called(self, method: str, path: str) -> list[Call]:
        """Returns the calls of a kind; `*` in a path stands for anything."""
        return [call for call in self.calls if Fault(method, path).matches(call)]

    def assert_no_violations(self) -> None:
        """Fails if any call was refused for a violation, or is not modelled."""
        assert not self.unmodelled, f"not modelled: {self.unmodelled}"
        assert not self.refused, f"refused: {self.refused}"

    async def _dispatch(self, guild: Guild, event: str, data: object) -> None:
        session = await self.gateway.connected(shard_of(guild, self.gateway.shards))
        await session.dispatch(event, data)

    def _first_events(self, session: Session) -> Iterable[tuple[str, Any]]:
        """Yields the first events of a new session: READY, then its guilds."""
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
    """Points every discord.py client of the process to these addresses during the block.

    discord.py has no setting for them. `Route.BASE` is the base of all REST calls. A client finds
    the gateway by /gateway/bot, but goes to `DEFAULT_GATEWAY` after an invalidated session, or if
    it was given a number of shards.
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
    """Runs a server that discord.py is pointed at; clients must be closed before it."""
    server = Server(token=token, shards=shards, spec=spec)
    await server.front.open()
    try:
        with pointed_at(server.api_url, server.gateway_url):
            yield server
    finally:
        await server.front.close()
    server.assert_no_violations()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with discord_server() as opened:
        yield opened


@pytest.fixture
def readers(server: Server) -> Guild:
    return server.guild("Readers")


@pytest.fixture
def ada(server: Server, readers: Guild) -> Person:
    return server.person("Ada", readers)
