"""A messenger over a stock client, and what it is to post."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from newsdesk import TestDesk
from servers.discord.server import A_TOKEN, Server
from servers.discord.world import Channel, Guild, Message
from stories import HandClock, story

from adapters.discord.connection import INTENTS
from adapters.discord.crossposts import Crossposts
from adapters.discord.exchange import NOBODY
from adapters.discord.messenger import PACE, DiscordMessenger
from adapters.discord.render import RenderContext
from bot.chat.button_tokens import ActionTokens
from bot.chat.ports import Store
from bot.chat.settings import ChatSettings
from bot.clock import SystemClock
from bot.i18n import load
from bot.model import Action, Chat, Story
from bot.posting.messenger import Message as Post
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Button, Card, Reply, Role

STORY = story(
    "Tram line opens",
    "A tram runs to the harbour.",
    url="https://example.org/tram",
    image="https://example.org/tram.png",
)


class Connected(discord.AutoShardedClient):
    """The library's client as the bot has it, that need not wait for servers nor for shards."""

    def __init__(self) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NOBODY,
            max_messages=None,
            max_ratelimit_timeout=60.0,
            guild_ready_timeout=0.0,
        )

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait five seconds between shards."""


@dataclass
class Postman:
    """A messenger, and what stands behind it.

    Attributes:
        clock: Tells the messenger the time, but not how fast it may send; it begins now.
    """

    messenger: DiscordMessenger
    client: discord.AutoShardedClient
    crossposts: Crossposts
    clock: HandClock
    settings: ChatSettings

    async def send(self, post: Post) -> str:
        return await self.messenger.send(post)

    def ago(self, **past: float) -> datetime:
        return self.clock.now() - timedelta(**past)


@asynccontextmanager
async def postman(desk: TestDesk, store: Store | None = None) -> AsyncIterator[Postman]:
    """A messenger over a client that is logged in to a server, and not yet connected.

    Args:
        dispatcher: What it posts for.
        store: Keeps the settings; the desk's own if None.
    """
    settings, clock = ChatSettings((store or desk.store).chats), HandClock(datetime.now(UTC))
    rate_limiter, tokens = RateLimiter(SystemClock(), PACE), ActionTokens(desk.store.chats)
    async with Connected() as client:
        await client.login(A_TOKEN)
        crossposts = Crossposts(client, settings, rate_limiter, clock)
        look = RenderContext(load("en"), ZoneInfo("UTC"))
        messenger = DiscordMessenger(client, rate_limiter, look, tokens, clock, crossposts)
        yield Postman(messenger, client, crossposts, clock, settings)
        await crossposts.finish()
        await tokens.flush()


@asynccontextmanager
async def on_air(postman: Postman, server: Server) -> AsyncIterator[None]:
    """Connects a client, so that it knows its servers."""
    connecting = asyncio.create_task(postman.client.connect())
    await server.ready()
    await postman.client.wait_until_ready()
    try:
        yield
    finally:
        await postman.client.close()
        await connecting


def chat_of(channel: Channel) -> Chat:
    """A channel, as the core knows it."""
    house = str(channel.guild.id) if channel.guild else ""
    return Chat("discord", str(channel.id), house=house)


def told(one: Story = STORY) -> Reply:
    """A story, as it is posted."""
    read = Button("Read", Action("read", (("story", one.id),)), Role.READ)
    return Reply("post", cards=(Card(one, "The Wire"),), buttons=(read,))


def post(channel: Channel | Chat, one: Story = STORY, key: str = "", **more: Any) -> Post:
    """A story for a channel."""
    chat = channel if isinstance(channel, Chat) else chat_of(channel)
    return Post(chat, told(one), key or one.id, **more)


def titles(channel: Channel) -> list[str]:
    """What was posted."""
    return [embed["title"] for message in channel.seen for embed in message.embeds]


def only(channel: Channel) -> Message:
    """The only message of a channel."""
    (found,) = channel.seen
    return found


@pytest.fixture
def newsroom(server: Server) -> Guild:
    """A guild with two channels."""
    return server.guild("Readers", "news", "more")


@pytest.fixture
def news(newsroom: Guild) -> Channel:
    return newsroom.channel


@pytest.fixture
async def by(desk: TestDesk, newsroom: Guild) -> AsyncIterator[Postman]:
    del newsroom  # the client learns of it at the start
    async with postman(desk) as made:
        yield made
