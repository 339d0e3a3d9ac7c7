"""Posts as rich messages, over the wire: sent, edited, and on servers that do not know them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from rich_replies import CONTEXT
from servers.telegram import chats as telegram_chats
from servers.telegram import faults
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story
from telegram import Bot
from telegram_stock import bot

from adapters.telegram.links import read_link
from adapters.telegram.messenger import RATE_LIMITS, TelegramMessenger
from adapters.telegram.rich.sending import RichSender
from bot.chat.button_tokens import ActionTokens
from bot.chat.settings import RICH
from bot.clock import SystemClock
from bot.errors import ChatGoneError, RejectedError, RetryLaterError
from bot.model import Action, Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Button, Card, Reply, Role

__all__ = ["ada", "bot", "chat", "server"]

EXPO = story(
    "Expo opens",
    "It opened.",
    url="https://example.org/expo",
    image="https://example.org/expo.jpg",
    published=NOW,
)
READ = Button("Read", Action("read", (("story", EXPO.id),)), Role.READ)
POST = Reply("post", cards=(Card(EXPO, "The Wire"),), buttons=(READ,))
LATER = Reply("post", cards=(Card(story("Expo opens late"), "The Wire"),))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
def messenger(bot: Bot, desk: TestDesk) -> TelegramMessenger:
    return over(bot, desk)


def over(bot: Bot, desk: TestDesk) -> TelegramMessenger:
    limiter = RateLimiter(SystemClock(), RATE_LIMITS)
    rich = RichSender(desk.dispatcher.services.settings)
    return TelegramMessenger(bot, limiter, ActionTokens(desk.store.chats), CONTEXT, rich)


def to(
    chat: telegram_chats.Chat,
    reply: Reply = POST,
    thread: int = 0,
    *,
    silent: bool = False,
    picture: bool = True,
) -> Message:
    place = Chat("telegram", str(chat.id), str(thread or ""))
    return Message(place, reply, "k", silent=silent, picture=picture)


def kinds(message: telegram_chats.Message) -> list[str]:
    assert message.rich
    return [block["type"] for block in message.rich["blocks"]]


async def test_a_post_is_sent_as_its_subscription_wants_it(
    server: Server, messenger: TelegramMessenger
) -> None:
    forum = server.forum("Readers")
    sports = forum.topic("Sports")
    first = await messenger.send(to(forum, thread=sports, silent=True))
    second = await messenger.send(to(forum, picture=False))
    shown = server.sent(forum)
    assert [str(message.id) for message in shown] == [first, second]
    assert [(one.thread, one.silent) for one in shown] == [(sports, True), (None, False)]
    assert kinds(shown[0]) == ["photo", "heading", "footer", "buttons"]
    assert kinds(shown[1]) == ["heading", "footer", "buttons"]
    assert [button.url for button in shown[0].buttons] == [
        read_link("DatelineBot", EXPO.id),
        "https://example.org/expo",
    ]


async def test_an_edit_replaces_all_of_a_post(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    sent = await messenger.send(to(chat))
    await messenger.edit(to(chat, LATER), sent)
    (message,) = server.sent(chat)
    assert (kinds(message), message.edits) == (["heading", "footer"], 1)
    await messenger.edit(to(chat, LATER), sent)  # which changes nothing, and is no error
    assert message.edits == 1


async def test_a_chat_that_wants_the_classic_form_gets_it(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger, desk: TestDesk
) -> None:
    place = Chat("telegram", str(chat.id))
    await desk.dispatcher.services.settings.set(place, RICH, "off")
    sent = await messenger.send(to(chat))
    await messenger.edit(to(chat, LATER), sent)
    assert server.sent(chat)[0].rich is None
    await desk.dispatcher.services.settings.set(place, RICH, "on")
    await messenger.send(to(chat))
    assert server.sent(chat)[1].rich


async def test_a_post_of_the_classic_form_becomes_a_rich_one(
    server: Server, chat: telegram_chats.Chat, desk: TestDesk, bot: Bot
) -> None:
    messenger = over(bot, desk)
    server.rich = False
    sent = await messenger.send(to(chat))
    assert server.sent(chat)[0].rich is None
    server.rich = True
    await over(bot, desk).edit(to(chat, LATER), sent)  # another process
    assert server.sent(chat)[0].text.startswith("Expo opens late")
    assert server.sent(chat)[0].rich


async def test_an_old_server_is_remembered_though_nobody_asked_who_the_bot_is(
    server: Server, chat: telegram_chats.Chat, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    server.rich = False
    # The bot that posts is never initialized; the library then calls a 404 a refused token.
    async with Bot(server.token, base_url=server.base_url) as ready:
        uninitialized = Bot(server.token, base_url=server.base_url, request=ready.request)
        messenger = over(uninitialized, desk)
        sent = await messenger.send(to(chat))
        await messenger.edit(to(chat, LATER), sent)
        await messenger.send(to(chat))
    assert len(server.made("sendRichMessage")) == 1
    assert [message.rich for message in server.sent(chat)] == [None, None]
    assert caplog.text.count("knows no rich messages") == 1


async def test_an_old_server_is_noticed_by_an_edit_too(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    sent = await messenger.send(to(chat))
    server.rich = False
    await messenger.edit(to(chat, LATER), sent)
    await messenger.send(to(chat))
    assert [message.rich for message in server.sent(chat)] == [None, None]
    assert len(server.made("sendRichMessage")) == 1


@pytest.mark.parametrize("reason", ["RICH_MESSAGE_INVALID", "BUTTON_INVALID", "can't parse blocks"])
async def test_a_refused_post_is_sent_in_the_classic_form(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger, reason: str
) -> None:
    server.fails("sendRichMessage", faults.bad_request(reason))
    await messenger.send(to(chat))
    await messenger.send(to(chat))
    assert [bool(message.rich) for message in server.sent(chat)] == [False, True]


@pytest.mark.parametrize(
    "reason",
    [
        "failed to get HTTP URL content",
        "wrong type of the web page content",
        "WEBPAGE_MEDIA_EMPTY",
        "PHOTO_INVALID_DIMENSIONS",
        "not enough rights to send photos to the chat",
    ],
)
async def test_a_picture_that_is_refused_costs_only_the_picture(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger, reason: str
) -> None:
    server.fails("sendRichMessage", faults.bad_request(reason))
    await messenger.send(to(chat))
    assert kinds(server.sent(chat)[0]) == ["heading", "footer", "buttons"]


async def test_a_post_that_cannot_arrive_is_not_tried_in_another_form(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    for fault, error in (
        (faults.blocked(), ChatGoneError),
        (faults.too_many(7), RetryLaterError),
        (faults.chat_not_found(), ChatGoneError),
        (faults.broken(), RetryLaterError),
    ):
        server.fails("sendRichMessage", fault)
        with pytest.raises(error):
            await messenger.send(to(chat))
    assert not server.made("sendMessage")
    assert not server.sent(chat)


async def test_an_edit_of_a_message_that_is_gone_is_rejected(
    chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    await messenger.send(to(chat))
    with pytest.raises(RejectedError, match="to edit not found"):
        await messenger.edit(to(chat, LATER), "99")
