"""Chats that follow something, for tests of the commands about that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chats import discord_chat, telegram_chat
from newsdesk import TOPICS, TestDesk
from stories import MODERATOR, write_news

from bot.model import Chat, Person, Story
from bot.posting.model import Delivery, Outcome, Post
from bot.posting.router import SubscriptionRouter
from bot.reply import Action, Reply
from bot.subscriptions.model import Subscription

GROUP = telegram_chat("-100")
FORUM = telegram_chat("-100", thread="7")
CHANNEL = discord_chat("300", house="200")
HOST = Person("host", "Grace", host=True)
ROLE = "123456789012345678"


def labels(reply: Reply) -> list[str]:
    """What can be pressed, in order."""
    return [button.label for button in reply.buttons]


def entries(reply: Reply) -> list[tuple[str, str]]:
    """The lines of a reply's list."""
    return [(entry.name, entry.text) for entry in reply.entries]


def button(reply: Reply, label: str) -> Action:
    """What the only button with that label asks for."""
    (found,) = (one for one in reply.buttons if one.label == label)
    return found.action


async def press(
    desk: TestDesk, reply: Reply, label: str, person: Person = MODERATOR, chat: Chat = GROUP
) -> Reply:
    """Presses the only button with that label."""
    return await desk.dispatcher.press(button(reply, label), person, chat)


async def choose(
    desk: TestDesk, reply: Reply, name: str, person: Person = MODERATOR, chat: Chat = GROUP
) -> Reply:
    """Chooses the only line of the list that is called so."""
    (found,) = (one for one in reply.entries if one.name == name)
    assert found.action
    return await desk.dispatcher.press(found.action, person, chat)


async def follow(
    desk: TestDesk, asked: str, chat: Chat = GROUP, person: Person = MODERATOR
) -> Subscription:
    """Has a chat follow something, by what a person types and then presses."""
    preview = await desk.ask(f"/subscribe {asked}", person, chat)
    kept = await press(desk, preview, "Subscribe", person, chat)
    assert kept.ok, kept.text
    return (await followed(desk, chat))[-1]


async def followed(desk: TestDesk, chat: Chat = GROUP) -> Sequence[Subscription]:
    """What a chat follows in all its threads, the oldest first."""
    return await desk.store.subscriptions.of(chat)


async def news(desk: TestDesk, *stories: Story) -> None:
    """Puts new stories into the store and, for those who follow them, into the outbox."""
    router = SubscriptionRouter(desk.store.subscriptions)
    await write_news(router, desk.store, stories, TOPICS, desk.clock.now())


async def posts(desk: TestDesk, chat: Chat = GROUP) -> Sequence[Post]:
    """What is to be sent to a chat right now."""
    due = await desk.store.outbox.due(chat.platform, desk.clock.now(), 100)
    return [one for one in due if one.chat == chat]


async def end(desk: TestDesk, make: Callable[[int], Outcome], chat: Chat = GROUP) -> None:
    """Claims the chat's next post, and lets the try to send it end so."""
    outbox, now = desk.store.outbox, desk.clock.now()
    await outbox.gather(chat.platform, now)
    (post,) = await posts(desk, chat)
    assert await outbox.claim(chat.platform, [post.id], now) == [post.id]
    await outbox.mark([make(post.id)], now)


async def sent(desk: TestDesk, chat: Chat = GROUP) -> None:
    """Lets the chat's next post arrive."""
    await end(desk, lambda row: Delivery(row, "m1"), chat)
