"""Discord's shards over several processes: each answers in its part of the servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest
from discord_desk import platform, until
from discord_posting import chat_of, post
from newsdesk import TestDesk
from servers.discord.interaction_events import shard_of
from servers.discord.server import Server, discord_server
from servers.discord.world import CROSSPOSTED, NEWS, Guild
from stories import NOW, story
from test_shards import Ground, allocator_for
from times import FreeTime

from bot.chat.settings import ON, PUBLISH
from bot.chat.shards import DealtPlatform
from bot.chat.standby import LedPlatform
from bot.model import Chat
from bot.posting.messenger import Messenger
from bot.subscriptions.model import Subscription, TargetKind
from bot.supervision import RestartTiming

pytestmark = pytest.mark.slow

_FASTER = 20  # times: the waits of shards are of seconds


@dataclass
class Town:
    """Two servers in two shards, and processes that may serve them.

    Attributes:
        messengers: Of the processes that have posted, by their names.
    """

    server: Server
    desk: TestDesk
    guilds: list[Guild]
    ground: Ground
    messengers: dict[str, Messenger] = field(default_factory=dict)

    @asynccontextmanager
    async def process(self, name: str) -> AsyncIterator[asyncio.Task[None]]:
        """Runs a process; it ends as one that dies, or when the block does."""
        timing = RestartTiming(sleep=lambda seconds: asyncio.sleep(seconds / _FASTER))
        self.ground.processes.add(name)
        allocator = allocator_for(self.ground, name, "discord", timing)

        async def keep_posting(messenger: Messenger) -> None:
            self.messengers[name] = messenger
            await asyncio.Event().wait()

        bot = replace(platform(self.server, self.desk, post=keep_posting), allocator=allocator)
        dealt = DealtPlatform(bot, allocator, LedPlatform(bot, allocator.leadership))
        task = asyncio.create_task(dealt.serve())
        try:
            yield task
        finally:
            await self.end(name, task)

    async def end(self, name: str, task: asyncio.Task[None]) -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self.ground.free(name)

    def holder(self, office: str) -> str:
        return self.ground.holders.get(office, "")


@pytest.fixture
async def town(desk: TestDesk) -> AsyncIterator[Town]:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW))
    async with discord_server(shards=2) as server:
        guilds = sorted(
            (server.guild("One"), server.guild("Two")), key=lambda one: shard_of(one, 2)
        )
        server.gateway.pace = 4 / _FASTER
        yield Town(server, desk, guilds, Ground(FreeTime()))


async def test_each_process_answers_in_its_servers_and_one_posts_in_all(town: Town) -> None:
    near, far = town.guilds
    server, ada = town.server, town.server.person("Ada", near, far)
    news = server.channel(far, "announcements", kind=NEWS)
    settings = town.desk.dispatcher.services.settings
    await settings.set(Chat("discord", str(far.id)), PUBLISH, ON)
    followed = Subscription(chat_of(news), TargetKind.SOURCE, "wire", made=NOW)
    await town.desk.store.subscriptions.put(followed)
    async with AsyncExitStack() as stack:
        tasks = {name: await stack.enter_async_context(town.process(name)) for name in "ab"}
        await server.ready()
        for guild in town.guilds:
            assert "Osaka Expo opens" in str((await ada.command(guild, "latest")).shown.body)
        await until(lambda: town.messengers)
        ((posting, messenger),) = town.messengers.items()
        assert posting == town.holder("discord")
        await messenger.send(post(news))
        await messenger.send(post(far.channel))
        await messenger.send(post(near.channel))
        await until(lambda: news.seen[0].flags & CROSSPOSTED)
        assert not far.channel.seen[0].flags & CROSSPOSTED
        (kept,) = await town.desk.store.subscriptions.of(chat_of(news))
        assert not kept.paused

        await town.end(posting, tasks[posting])
        await until(lambda: len(town.messengers) == 2)
        await server.ready()
        for guild in town.guilds:
            assert "Osaka Expo opens" in str((await ada.command(guild, "latest")).shown.body)
        assert set(town.ground.holders.values()) == set("ab") - {posting}
    assert not [line for line in server.gateway.log if line.startswith("too soon")]


async def test_a_channel_of_a_far_server_is_set_up_in_private(town: Town) -> None:
    near, far = town.guilds
    mo = town.server.person("Mo", far, manages=True)
    ada = town.server.person("Ada", near, far)
    async with town.process("a"), town.process("b"):
        await town.server.ready()
        await until(lambda: town.messengers)
        page = await mo.command(None, "chats")
        name = f"#general ({far.name})"
        assert name in str(page.shown.body)
        await mo.selects(page, name)
        assert f"are about {name}, until" in page.content
        kept = await mo.command(None, "subscribe", what="wire")
        await mo.presses(kept, "Subscribe")
        assert "Subscribed to The Wire" in kept.content
        assert "I know of no chat" in (await ada.command(None, "chats")).content
