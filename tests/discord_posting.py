"""A messenger over a stock client, and posts for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
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
from adapters.discord.crossposts import Crossposter
from adapters.discord.forum_posts import ForumPoster
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.messenger import RATE_LIMITS, DiscordMessenger
from adapters.discord.post_history import PostHistory
from adapters.discord.post_threads import PostThreads
from adapters.discord.rendered_message import RenderContext
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


@dataclass
class Waits:
    """Waits that are over when the test says so; then as much time has passed.

    Attributes:
        clock: The time that passes.
        asked: The seconds of each that was begun.
    """

    clock: HandClock
    asked: list[float] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.may_end.wait()
        self.clock.pass_(seconds)


class Connected(discord.AutoShardedClient):
    """The library's client as the bot has it, without its waits for servers and shards."""

    def __init__(self) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NO_MENTIONS,
            max_messages=None,
            max_ratelimit_timeout=60.0,
            guild_ready_timeout=0.0,
        )

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait five seconds between shards."""


@dataclass
class Postman:
    """A messenger, and the parts it is made of.

    Attributes:
        clock: The time of the messenger, but not of its rate limiter; it begins now.
        waits: The messenger's waits for another try to rename a thread.
    """

    messenger: DiscordMessenger
    client: discord.AutoShardedClient
    crossposter: Crossposter
    clock: HandClock
    settings: ChatSettings
    waits: Waits

    async def send(self, post: Post) -> str:
        return await self.messenger.send(post)

    def ago(self, **past: float) -> datetime:
        return self.clock.now() - timedelta(**past)


@asynccontextmanager
async def postman(desk: TestDesk, store: Store | None = None) -> AsyncIterator[Postman]:
    """Makes a messenger over a client that is logged in to a server, and not yet connected.

    Args:
        desk: The desk that it posts for.
        store: Keeps the settings; the desk's own if None.
    """
    settings, clock = ChatSettings((store or desk.store).chats), HandClock(datetime.now(UTC))
    waits = Waits(clock)
    rate_limiter, tokens = RateLimiter(SystemClock(), RATE_LIMITS), ActionTokens(desk.store.chats)
    async with Connected() as client:
        await client.login(A_TOKEN)
        crossposter = Crossposter(client, settings, rate_limiter, clock)
        render_context = RenderContext(load("en"), ZoneInfo("UTC"))
        shared = (client, rate_limiter, clock)
        threads = PostThreads(*shared, sleep=waits.sleep)
        messenger = DiscordMessenger(
            client,
            rate_limiter,
            render_context,
            tokens,
            PostHistory(*shared),
            crossposter,
            ForumPoster(*shared),
            threads,
        )
        yield Postman(messenger, client, crossposter, clock, settings, waits)
        await crossposter.finish()
        await threads.finish()
        await tokens.flush()


@asynccontextmanager
async def on_air(postman: Postman, server: Server) -> AsyncIterator[None]:
    """Connects the client to the gateway, so that it knows its servers."""
    connecting = asyncio.create_task(postman.client.connect())
    await server.ready()
    await postman.client.wait_until_ready()
    try:
        yield
    finally:
        await postman.client.close()
        await connecting


def chat_of(channel: Channel) -> Chat:
    """Returns a channel as the core knows it."""
    house = str(channel.guild.id) if channel.guild else ""
    return Chat("discord", str(channel.id), house=house)


def story_reply(one: Story = STORY) -> Reply:
    """Returns a story as the reply of a post."""
    read = Button("Read", Action("read", (("story", one.id),)), Role.READ)
    return Reply("post", cards=(Card(one, "The Wire"),), buttons=(read,))


def post(channel: Channel | Chat, one: Story = STORY, key: str = "", **more: Any) -> Post:
    """Returns a post of a story for a channel."""
    chat = channel if isinstance(channel, Chat) else chat_of(channel)
    return Post(chat, story_reply(one), key or one.id, **more)


def titles(channel: Channel) -> list[str]:
    """Returns the titles of the posted stories."""
    return [title for message in channel.seen for title in message.headlines]


def only(channel: Channel) -> Message:
    """Returns the only message of a channel."""
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
