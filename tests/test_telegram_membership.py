"""Membership of the bot in its chats: over the wire, into a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import chats as telegram_chats
from servers.telegram.members import Member
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, HandClock
from telegram import Update
from telegram.ext import ContextTypes
from telegram_bot import serving
from telegram_stock import polling

from adapters.telegram.membership import TelegramMembership
from adapters.telegram.people import chat_of_message
from bot.chat.ports import Store
from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["ada", "chat", "server"]

BLOCKED = "the bot was blocked"
REMOVED = "the bot is no longer in the chat"
SILENCED = "the bot is not allowed to post in the chat; an administrator can allow it"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


async def follows(desk: TestDesk, chat: telegram_chats.Chat) -> None:
    """The chat follows a topic."""
    place = Chat("telegram", str(chat.id))
    chosen = Subscription(place, TargetKind.TOPIC, "World", owner="1", made=NOW)
    await desk.store.subscriptions.put(chosen)


async def becomes(desk: TestDesk, chat: telegram_chats.Chat, paused: str) -> None:
    """Waits until what the chat follows is paused for a reason; empty for not paused."""
    place = Chat("telegram", str(chat.id))
    async with asyncio.timeout(20):
        while [one.paused for one in await desk.store.subscriptions.of(place)] != [paused]:
            await asyncio.sleep(0.01)  # updates are handled side by side, and tell nobody


async def test_somebody_blocks_the_bot_and_thinks_better_of_it(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    await follows(desk, chat)
    async with serving(server, desk):
        await ada.blocks_bot()
        await becomes(desk, chat, BLOCKED)
        await ada.unblocks_bot()
        await becomes(desk, chat, "")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_the_bot_is_thrown_out_of_a_group_and_let_in_again(
    server: Server, desk: TestDesk, ada: Person, kind: str
) -> None:
    group = (server.group if kind == "group" else server.supergroup)("Readers", admins=[ada])
    other = server.group("Others")
    await follows(desk, group)
    await follows(desk, other)
    async with serving(server, desk):
        await ada.removes_bot(group)
        await becomes(desk, group, REMOVED)
        await ada.adds_bot(group)
        await becomes(desk, group, "")
        server.world.set_member(group, Member(server.world.bot, "left"), ada.user)
        await becomes(desk, group, REMOVED)
        await ada.adds_bot(group, admin=True)
        await becomes(desk, group, "")
        await becomes(desk, other, "")


async def test_the_bot_loses_the_right_to_post_in_a_channel_and_is_given_it_again(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    channel = server.channel("News", admins=[ada])
    await follows(desk, channel)
    async with serving(server, desk):
        await ada.silences_bot(channel)
        await becomes(desk, channel, SILENCED)
        await ada.adds_bot(channel, admin=True)
        await becomes(desk, channel, "")
        await ada.adds_bot(channel)  # as a mere reader
        await becomes(desk, channel, SILENCED)


async def test_the_bot_is_restricted_in_a_group(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group = server.supergroup("Readers", admins=[ada])
    await follows(desk, group)

    def restrict(*, writes: bool, present: bool) -> None:
        me = Member(server.world.bot, "restricted", writes=writes, present=present)
        server.world.set_member(group, me, ada.user)

    async with serving(server, desk):
        await ada.silences_bot(group)
        await becomes(desk, group, SILENCED)
        restrict(writes=True, present=True)
        await becomes(desk, group, "")
        restrict(writes=True, present=False)
        await becomes(desk, group, REMOVED)


async def test_a_group_goes_on_following_as_a_supergroup(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group = server.group("Readers", admins=[ada])
    await follows(desk, group)
    async with serving(server, desk):
        # Telegram may tell that the bot has left the old group before it tells of the new one.
        await desk.store.subscriptions.pause(Chat("telegram", str(group.id)), REMOVED, NOW)
        moved = server.migrate(group)
        await becomes(desk, moved, "")


@pytest.mark.usefixtures("chat")
async def test_a_store_in_trouble_is_told_of(
    server: Server, desk: TestDesk, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bob = server.person("Bob")
    other = server.private(bob)
    async with serving(server, desk):
        await desk.store.aclose()
        await ada.blocks_bot()
        async with asyncio.timeout(20):
            while "the bot's membership in a chat" not in caplog.text:
                await asyncio.sleep(0.01)
        await bob.says(other, "/help")
        await server.next_message(other)  # it goes on


# The order of what is heard


@dataclass
class SlowSubscriptions:
    """Subscriptions in a store that waits until it is released.

    Attributes:
        done: The pauses and resumptions, in order.
        may_go: Nothing ends before it is set.
    """

    done: list[str] = field(default_factory=list)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def pause(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        await self.may_go.wait()
        self.done.append(f"{chat.id} {reason}")
        assert now == NOW
        return ()

    async def resume(self, chat: Chat, now: datetime) -> int:
        await self.may_go.wait()
        self.done.append(f"{chat.id} resumed")
        assert now == NOW
        return 1


@dataclass
class OnlySubscriptions:
    """As much of a store as is needed here."""

    subscriptions: SlowSubscriptions = field(default_factory=SlowSubscriptions)


def membership(store: OnlySubscriptions) -> TelegramMembership:
    given: Any = store
    whole: Store = given
    return TelegramMembership(whole, HandClock())


def update(chat: int, status: str, number: int, date: int = 1_000) -> Update:
    """That the bot has become something in a private chat."""
    me = {"id": 1, "is_bot": True, "first_name": "Dateline"}
    until = {"until_date": 0} if status == "kicked" else {}
    body = {
        "chat": {"id": chat, "type": "private", "first_name": "Ada"},
        "from": {"id": chat, "is_bot": False, "first_name": "Ada"},
        "date": date,
        "old_chat_member": {"user": me, "status": "member"},
        "new_chat_member": {"user": me, "status": status, **until},
    }
    return Update.de_json({"update_id": number, "my_chat_member": body})


NOTHING: Any = None
CONTEXT: ContextTypes.DEFAULT_TYPE = NOTHING


async def test_of_a_chat_the_last_word_counts_however_the_words_come() -> None:
    store = OnlySubscriptions()
    members = membership(store)
    words = [
        update(5, "kicked", 10),
        update(5, "member", 12),
        update(5, "kicked", 11),  # a webhook is told of things side by side
        update(6, "kicked", 13),
        update(6, "kicked", 20, date=900),
    ]
    heard = [asyncio.create_task(members.handle(word, CONTEXT)) for word in words]
    await asyncio.sleep(0)
    store.subscriptions.may_go.set()
    await asyncio.gather(*heard)
    # The first word was being kept already when the next came.
    assert store.subscriptions.done == [f"5 {BLOCKED}", "5 resumed", f"6 {BLOCKED}"]
    # Telegram counts anew after a quiet week: it is the time that tells.
    await members.handle(update(5, "kicked", 3, date=700_000), CONTEXT)
    assert store.subscriptions.done[-1] == f"5 {BLOCKED}"


async def test_what_is_overtaken_while_it_waits_is_left_out() -> None:
    store = OnlySubscriptions()
    members = membership(store)
    words = [update(7, "kicked", 1), update(5, "kicked", 2), update(5, "member", 3)]
    heard = [asyncio.create_task(members.handle(word, CONTEXT)) for word in words]
    await asyncio.sleep(0)
    store.subscriptions.may_go.set()
    await asyncio.gather(*heard)
    assert store.subscriptions.done == [f"7 {BLOCKED}", "5 resumed"]


async def test_an_update_about_something_else_is_none_of_its_business() -> None:
    store = OnlySubscriptions()
    await membership(store).handle(Update(1), CONTEXT)
    assert store.subscriptions.done == []


# Where something is asked


async def test_a_forum_topic_is_a_part_of_its_chat(server: Server, ada: Person) -> None:
    forum, group = server.forum("Forum", members=[ada]), server.supergroup("G", members=[ada])
    sports = forum.topic("Sports")
    private = server.private(ada)
    async with polling(server) as stock:
        await ada.says(forum, "/help", thread=sports)
        await ada.says(forum, "/help")  # in General
        first = await ada.says(group, "/help")
        await ada.says(group, "/help", reply_to=first)  # has a thread, which is no topic
        await ada.says(private, "/help")
        messages = [update.effective_message for update in await stock.saw(5)]
    places = [chat_of_message(message) for message in messages if message]
    assert [(place.id, place.thread) for place in places] == [
        (str(forum.id), str(sports)),
        (str(forum.id), ""),
        (str(group.id), ""),
        (str(group.id), ""),
        (str(ada.id), ""),
    ]
