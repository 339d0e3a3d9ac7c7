"""Endings on Telegram, over the wire: told to somebody who can act, and over once they acted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from newsdesk import WIRE, TestDesk, desk_over
from servers.telegram import chats as telegram_chats
from servers.telegram.members import Member
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story, write_news
from telegram_bot import platform, serving

from bot.chat.settings import ChatSettings
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["ada", "chat", "server"]


@dataclass
class Newsroom:
    """A bot that serves and posts."""

    desk: TestDesk
    worker: PostingWorkers
    router: SubscriptionRouter

    async def brings(self, *titles: str) -> None:
        new = [story(title, "It is.", published=NOW) for title in titles]
        await write_news(self.router, self.desk.store, new, now=self.desk.clock.now())
        self.worker.wake()

    async def paused(self, place: telegram_chats.Chat) -> list[tuple[str, str]]:
        """The threads and the pauses of what a chat follows."""
        found = await self.desk.store.subscriptions.of(Chat("telegram", str(place.id)))
        return [(one.chat.thread, one.paused) for one in found]

    async def becomes(self, place: telegram_chats.Chat, *paused: tuple[str, str]) -> None:
        async with asyncio.timeout(20):
            while await self.paused(place) != list(paused):
                await asyncio.sleep(0.01)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


@asynccontextmanager
async def newsroom(server: Server, desk: TestDesk) -> AsyncIterator[Newsroom]:
    names = DisplayNames(desk.dispatcher.services.translations, {"wire": WIRE.name})
    move = ChatSettings(desk.store.chats).move
    limits = FloodLimits()
    worker = PostingWorkers(
        DeliveryContext(desk.store, desk.clock, PostComposer(names), limits, move)
    )
    async with serving(server, desk, serve=replace(platform(server, desk), post=worker.run)):
        yield Newsroom(
            desk, worker, SubscriptionRouter(desk.store.subscriptions, limits, worker.wake)
        )


async def subscribes(
    server: Server, person: Person, place: telegram_chats.Chat, what: str, thread: int | None = None
) -> None:
    asked = await person.says(place, f"/subscribe {what}", thread=thread)
    (preview,) = await server.replies(place, after=asked)
    told = await person.presses(preview, "Subscribe")
    if place.kind == "channel":  # where the talk is gone when it is done
        assert told.text.startswith("Subscribed")
        return
    assert (await server.edited(preview)).text.startswith("Subscribed")


async def test_a_kick_is_told_once_with_the_chat_the_things_and_what_to_do(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    group = server.supergroup("Harbour talk", admins=[ada])
    async with newsroom(server, desk) as news:
        await subscribes(server, ada, group, "wire")
        await subscribes(server, ada, group, "osaka tower")
        await ada.removes_bot(group)
        told = await server.next_message(chat)
        assert told.text == (
            "Posting has stopped in “Harbour talk”: the bot is no longer in the chat. What "
            "was followed there: The Wire, “osaka tower”.\n"
            "\n"
            "Add the bot to the chat again, and posting resumes by itself."
        )
        assert told.buttons == []
        await ada.adds_bot(group)
        await news.becomes(group, ("", ""), ("", ""))
        await ada.says(chat, "/topics")
        assert (await server.next_message(chat)).text.startswith("Topics")  # nothing more was told


async def test_a_channel_that_silences_the_bot_is_told_and_resumed_by_the_notice(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    channel, bob = server.channel("Harbour", admins=[ada]), server.person("Bob")
    bobs = server.private(bob)
    async with newsroom(server, desk) as news:
        await subscribes(server, ada, channel, "wire")
        # No update tells of it: the next post finds out.
        channel.members[server.world.bot.id] = Member(
            server.world.bot, "administrator", writes=False
        )
        await news.brings("One")
        told = await server.next_message(chat)
        assert told.text == (
            "Posting has stopped in “Harbour”: the bot is not allowed to post in the chat; an "
            "administrator can allow it. What was followed there: The Wire.\n"
            "\n"
            "Allow the bot to post (in a channel: Administrators, Post Messages; in a group: "
            "Permissions, Send Messages), then press Resume."
        )
        channel.members[server.world.bot.id] = Member(server.world.bot, "administrator")
        await bob.says(bobs, f"/subscriptions resume:on chat:{channel.id}")
        refused = await server.next_message(bobs)
        assert refused.text.startswith("Only the person who subscribed")
        await ada.presses(told, "Resume")
        assert (await server.edited(told)).text.startswith("Posting has resumed there.")
        await news.becomes(channel, ("", ""))


async def test_a_deleted_topic_ends_its_own_subscription_once_without_a_traceback(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: telegram_chats.Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:
    forum = server.forum("Readers", admins=[ada])
    sports, other = forum.topic("Sports"), forum.topic("Other")
    async with newsroom(server, desk) as news:
        await subscribes(server, ada, forum, "wire", sports)
        await subscribes(server, ada, forum, "world", other)
        del forum.topics[sports]
        for number in range(3):
            await news.brings(f"Story {number}")
            await news.becomes(
                forum,
                (str(sports), "the forum topic was deleted; subscribe again in another one"),
                (str(other), ""),
            )
        told = await server.next_message(chat)
        assert told.text == (
            "Posting has stopped in “Readers”: the forum topic was deleted; subscribe again "
            "in another one. What was followed there: The Wire."
        )
        assert told.buttons == []  # resuming cannot help
        await ada.says(forum, "/subscriptions", thread=other)
        listed = await server.world.until(
            lambda: next(
                (one for one in server.sent(forum) if "Subscriptions in this chat" in one.text),
                None,
            ),
            "the list of subscriptions",
        )
        assert "paused 1 minute ago: the forum topic was deleted" in listed.text
    assert len(server.sent(chat)) == 1
    assert len([one for one in server.made("sendMessage") if one.status == 400]) == 1
    assert "Traceback" not in caplog.text
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_where_no_subscriber_can_be_told_whoever_did_it_is(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    channel = server.channel("Harbour", admins=[ada])
    async with newsroom(server, desk):
        asked = await ada.says(channel, "/subscribe wire confirm:on")  # as the channel itself
        await server.replies(channel, after=asked)
        await ada.silences_bot(channel)
        assert "in “Harbour”" in (await server.next_message(chat)).text


@pytest.mark.parametrize("how", ["private", "group", "channel"])
async def test_what_is_back_while_the_bot_does_not_run_is_resumed_at_the_start(
    server: Server, desk: TestDesk, chat: telegram_chats.Chat, how: str
) -> None:
    back = {
        "private": chat,
        "group": server.supergroup("Readers"),
        "channel": server.channel("News"),
    }[how]
    reasons = {
        "private": "the bot was blocked",
        "group": "the bot is no longer in the chat",
        "channel": "the bot is not allowed to post in the chat; an administrator can allow it",
    }
    bob, gone = server.person("Bob"), server.group("Gone", bot="kicked")
    blocked = server.private(bob)
    blocked.members[server.world.bot.id] = Member(server.world.bot, "kicked")
    silent, deleted = server.supergroup("Silent"), server.supergroup("Deleted")
    silent.silent = True
    subscriptions = desk.store.subscriptions
    for place, reason in (
        (gone, reasons["group"]),
        (blocked, reasons["private"]),
        (silent, reasons["channel"]),
        (deleted, "the forum topic was deleted; subscribe again in another one"),
        (back, reasons[how]),
    ):
        one = Subscription(Chat("telegram", str(place.id)), TargetKind.TOPIC, "World", made=NOW)
        await subscriptions.put(one)
        await subscriptions.pause(one.chat, reason, NOW)
    async with newsroom(server, desk) as news:
        await news.becomes(back, ("", ""))
        for place in (gone, blocked, silent, deleted):
            assert (await news.paused(place))[0][1]


# What lacks at /subscribe


async def test_a_channel_where_the_bot_may_not_post_keeps_nothing(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    channel = server.channel("News", admins=[ada])
    place = Chat("telegram", str(channel.id))
    async with newsroom(server, desk):
        asked = await ada.says(channel, "/subscribe wire")
        (preview,) = await server.replies(channel, after=asked)
        channel.members[server.world.bot.id] = Member(
            server.world.bot, "administrator", writes=False
        )
        told = await ada.presses(preview, "Subscribe")
        assert told.alert
        assert told.text == (
            "I am not allowed to post here yet. Ask someone who manages this chat to allow me: "
            "Post Messages. Then subscribe again."
        )
        assert await desk.store.subscriptions.of(place) == []
        channel.members[server.world.bot.id] = Member(server.world.bot, "administrator")
        assert (await ada.presses(preview, "Subscribe")).text.startswith("Subscribed")
    assert server.sent(chat) == []


async def test_a_group_that_lets_the_bot_say_nothing_is_told_in_private(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    group, forum = server.supergroup("Readers", admins=[ada]), server.forum("F", admins=[ada])
    group.silent = True
    closed = forum.topic("Closed")
    forum.closed.add(closed)
    async with newsroom(server, desk):
        await ada.says(group, "/subscribe wire confirm:on")
        assert "this chat to allow me: Send Messages." in (await server.next_message(chat)).text
        await ada.says(forum, "/subscribe wire confirm:on", thread=closed)
        assert "this chat to allow me: Manage Topics." in (await server.next_message(chat)).text
        for place in (group, forum):
            assert await desk.store.subscriptions.of(Chat("telegram", str(place.id))) == []


async def test_rights_that_cannot_be_asked_for_hinder_nobody(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    from servers.telegram import faults  # noqa: PLC0415 - only here

    group = server.supergroup("Readers", admins=[ada])
    server.fails("getChat", faults.broken(500), times=None)
    async with newsroom(server, desk):
        await subscribes(server, ada, group, "wire")
