"""Endings on Discord, over the wire: told to who subscribed, and over once they acted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from discord_desk import serving, until
from discord_posting import newsroom
from newsdesk import WIRE, TestDesk
from servers.discord.people import Person
from servers.discord.server import Server, server
from servers.discord.world import MEMBER, SEND, Channel, Guild, Role
from stories import NOW, story, write_news

from bot.chat.settings import ChatSettings
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["newsroom", "server"]  # fixtures

EVERYONE = 1 << 17  # the permission to mention every role


@pytest.fixture
def mo(server: Server, newsroom: Guild) -> Person:
    return server.person("Mo", newsroom, manages=True)


@asynccontextmanager
async def posting(server: Server, desk: TestDesk) -> AsyncIterator[PostingWorkers]:
    names = DisplayNames(desk.dispatcher.services.translations, {"wire": WIRE.name})
    move = ChatSettings(desk.store.chats).move
    worker = PostingWorkers(
        DeliveryContext(desk.store, desk.clock, PostComposer(names), FloodLimits(), move)
    )
    async with serving(server, desk, post=worker.run):
        yield worker


async def brings(desk: TestDesk, worker: PostingWorkers, *titles: str) -> None:
    router = SubscriptionRouter(desk.store.subscriptions, FloodLimits(), worker.wake)
    new = [story(title, "It is.", published=NOW) for title in titles]
    await write_news(router, desk.store, new, now=desk.clock.now())
    worker.wake()


async def subscribes(person: Person, channel: Channel, what: str, **options: Any) -> str:
    page = await person.command(channel, "subscribe", what=what, **options)
    await person.presses(page, "Subscribe")
    return page.content


async def paused(desk: TestDesk, channel: Channel) -> list[str]:
    found = await desk.store.subscriptions.of(Chat("discord", str(channel.id)))
    return [one.paused for one in found]


async def until_paused(desk: TestDesk, channel: Channel, *reasons: str) -> None:
    async with asyncio.timeout(20):
        while await paused(desk, channel) != list(reasons):
            await asyncio.sleep(0.005)


async def until_paused_for(desk: TestDesk, channel: Channel, reason: str) -> None:
    async with asyncio.timeout(20):
        while not all(why.startswith(reason) for why in await paused(desk, channel)):
            await asyncio.sleep(0.005)


async def test_a_refused_post_tells_who_subscribed_where_and_what_to_allow(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news = newsroom.channel
    async with posting(server, desk) as worker:
        await subscribes(mo, news, "wire")
        await subscribes(mo, news, "osaka tower")
        news.bot_may = MEMBER & ~SEND  # the bot is told of nothing
        await brings(desk, worker, "One")
        private = server.world.dm(mo)
        await until(lambda: private.seen)
        (told,) = private.seen
        assert told.content == (
            "Posting has stopped in “#news (Readers)”: the bot is not allowed to send "
            "messages there. What was followed there: The Wire, “osaka "
            "tower”.\n"
            "\n"
            "Give the bot Send Messages there (in a forum: Create Posts), then press Resume."
        )
        news.bot_may = MEMBER
        pressed = await mo.presses(told, "Resume")
        assert pressed.content.startswith("Posting has resumed there.")
        assert await paused(desk, news) == ["", ""]


async def test_a_permission_that_is_given_back_resumes_by_itself(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news, more = newsroom.channels
    async with posting(server, desk) as worker:
        for channel in (news, more):
            await subscribes(mo, channel, "wire")
            channel.bot_may = MEMBER & ~SEND
        await brings(desk, worker, "One")
        for channel in (news, more):
            async with asyncio.timeout(20):
                while not all(await paused(desk, channel)):
                    await asyncio.sleep(0.005)
        await server.allow(more, MEMBER & ~SEND)  # which is what it was
        await server.allow(news, MEMBER)
        await until_paused(desk, news, "")
        assert all(await paused(desk, more))


async def test_a_removal_and_a_deleted_channel_are_told(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news, more = newsroom.channels
    private = server.world.dm(mo)
    async with posting(server, desk):
        await until(lambda: server.gateway.connections)
        await subscribes(mo, news, "wire")
        await subscribes(mo, more, "osaka tower")
        await asyncio.sleep(0)
        await server.delete(more)
        await until(lambda: private.seen)
        assert private.seen[0].content == (
            "Posting has stopped in “#more (Readers)”: the channel was deleted. What was followed "
            "there: “osaka tower”."
        )
        assert private.seen[0].labels == []  # resuming cannot help
        await server.remove_bot(newsroom)
        await until(lambda: len(private.seen) == 2)
        assert private.seen[1].content == (
            "Posting has stopped in “Readers”: the bot was removed from the server. What was "
            "followed there: The Wire.\n\n"
            "Add the bot to the server again, and posting resumes by itself."
        )


async def test_what_is_back_while_the_bot_does_not_run_is_resumed_at_the_start(
    server: Server, newsroom: Guild, desk: TestDesk
) -> None:
    other = server.guild("Other")
    other.has_bot = False
    news, more = newsroom.channels
    gone, silent = server.channel(newsroom, "gone"), server.channel(newsroom, "silent")
    silent.bot_may = MEMBER & ~SEND
    refused = "the bot is not allowed to send messages there: 403 (50013)"
    removed = "the bot was removed from the server"
    for channel, reason in (
        (news, removed),
        (more, refused),
        (silent, refused),
        (gone, "the channel was deleted"),
        (other.channel, removed),
    ):
        assert channel.guild
        place = Chat("discord", str(channel.id), house=str(channel.guild.id))
        await desk.store.subscriptions.put(Subscription(place, TargetKind.TOPIC, "W", made=NOW))
        await desk.store.subscriptions.pause(place, reason, NOW)
    async with posting(server, desk):
        await until_paused(desk, news, "")
        await until_paused(desk, more, "")
        assert await paused(desk, silent) == [refused]
        assert await paused(desk, gone) == ["the channel was deleted"]
        assert await paused(desk, other.channel) == [removed]


async def follows(desk: TestDesk, owner: Person, *channels: Channel) -> None:
    """Channels follow something that somebody asked for before the process that runs now."""
    for channel in channels:
        assert channel.guild
        place = Chat("discord", str(channel.id), house=str(channel.guild.id))
        name = f"#{channel.name} ({channel.guild.name})"
        one = Subscription(place, TargetKind.SOURCE, "wire", made=NOW, owner=str(owner.id))
        await desk.store.subscriptions.put(replace(one, place=name))


async def test_a_removal_while_the_bot_does_not_run_is_told_once_at_the_start(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    other = server.guild("Other")
    news, more = newsroom.channels
    await follows(desk, mo, news, more, other.channel)
    newsroom.has_bot = False
    private = server.world.dm(mo)
    removed = "the bot was removed from the server"
    for _ in range(2):  # it is told by the first process only
        async with posting(server, desk):
            await until(lambda: private.seen)
            await until_paused_for(desk, news, removed)
            await until_paused_for(desk, more, removed)
            assert await paused(desk, other.channel) == [""]
    (told,) = private.seen
    assert told.content.startswith("Posting has stopped in “#news (Readers)”: the bot was removed")
    assert "What was followed there: The Wire." in told.content
    newsroom.has_bot = True
    async with posting(server, desk):
        await until_paused(desk, news, "")
        await until_paused(desk, more, "")


async def test_an_outage_at_the_start_pauses_nothing(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    other, third = server.guild("Other"), server.guild("Third")
    await follows(desk, mo, *newsroom.channels, other.channel, third.channel)
    newsroom.available = other.available = third.has_bot = False
    async with posting(server, desk):
        await until_paused_for(desk, third.channel, "the bot was removed")  # after all others
        for channel in (*newsroom.channels, other.channel):
            assert await paused(desk, channel) == [""]
        await server.add_bot(newsroom)
        await server.remove_bot(other)
        await until_paused_for(desk, other.channel, "the bot was removed")
        assert await paused(desk, newsroom.channel) == [""]


async def test_channels_that_are_deleted_while_the_bot_does_not_run(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news, more = newsroom.channels
    gone, talk, archived, deleted = (
        server.channel(newsroom, "gone"),
        server.thread(news, "talk"),
        server.thread(news, "archived"),
        server.thread(news, "deleted"),
    )
    archived.archived = gone.gone = deleted.gone = True
    await follows(desk, mo, news, more, gone, talk, archived, deleted)
    private = server.world.dm(mo)
    async with posting(server, desk):
        for channel in (gone, deleted):
            await until_paused_for(desk, channel, "the channel was deleted")
        await until(lambda: len(private.seen) == 2)
        for channel in (news, more, talk, archived):
            assert await paused(desk, channel) == [""]


async def test_what_cannot_be_asked_is_not_taken_for_deleted(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    archived = server.thread(newsroom.channel, "archived")
    archived.archived = True
    await follows(desk, mo, archived)
    path = f"/channels/{archived.id}"
    for times, status in enumerate((403, 500, 404)):
        fault = server.fails("GET", path, status, times=9)
        async with posting(server, desk):
            await until(partial(_is_called, server, path, times + 1))
            await asyncio.sleep(0.05)
            assert await paused(desk, archived) == [""]
        fault.times = 0


def _is_called(server: Server, path: str, times: int) -> bool:
    return len(server.called("GET", path)) >= times


# What lacks at /subscribe


async def test_a_channel_where_the_bot_may_not_post_keeps_nothing(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news, more = newsroom.channels
    news.bot_may = MEMBER & ~SEND
    thread = server.thread(more, "talk")
    thread.bot_may = MEMBER & ~(1 << 38)
    async with serving(server, desk):
        page = await mo.command(news, "subscribe", what="wire")
        lacks = (
            "I am not allowed to post here yet. Ask someone who manages this chat to allow me: {}. "
            "Then subscribe again."
        )
        assert lacks.format("Send Messages") in page.content
        refused = await mo.presses(page, "Subscribe")
        assert refused.content == lacks.format("Send Messages")
        assert await paused(desk, news) == []
        page = await mo.command(thread, "subscribe", what="wire")
        assert lacks.format("Send Messages in Threads") in page.content
        news.bot_may = MEMBER
        assert (await subscribes(mo, news, "wire")).startswith("Subscribed")


async def test_a_role_that_nobody_may_mention_is_told_of_at_once(
    server: Server, newsroom: Guild, mo: Person, desk: TestDesk
) -> None:
    news = newsroom.channel
    quiet, loud = (server.world.ids.next() for _ in range(2))
    newsroom.roles |= {quiet: set(), loud: set()}
    newsroom.mentionable.add(loud)
    warning = "is not notified yet: let anyone mention it (Server Settings, Roles), or allow me"
    async with serving(server, desk):
        assert warning in await subscribes(mo, news, "wire", role=Role(quiet))
        assert warning not in await subscribes(mo, news, "osaka expo", role=Role(loud))
        news.bot_may = MEMBER | EVERYONE
        assert warning not in await subscribes(mo, news, "osaka tower", role=Role(quiet))
