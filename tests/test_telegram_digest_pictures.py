"""Weekly digests with their picture on Telegram: sent below, and never in the digest's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from newsdesk import TestDesk, desk_over
from scripted_renderer import png
from servers.telegram import chats as telegram_chats
from servers.telegram import faults
from servers.telegram.calls import Upload
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import story
from telegram import Bot
from telegram_stock import bot

from adapters.telegram.messenger import RATE_LIMITS, TelegramMessenger
from adapters.telegram.rendered_message import RenderContext
from bot.chat.button_tokens import ActionTokens
from bot.clock import SystemClock
from bot.i18n import load
from bot.model import Chat
from bot.posting.digest import DisplayNames, digest
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Picture

__all__ = ["ada", "bot", "chat", "server"]

ALT = "What the news was about. <Osaka> & @everyone: 3 stories /start. " * 20
NAMES = DisplayNames(load("en"), {"wire": "The Wire"})


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
def messenger(bot: Bot, desk: TestDesk) -> TelegramMessenger:
    context = RenderContext(load("en"), ZoneInfo("UTC"), "DatelineBot")
    tokens = ActionTokens(desk.store.chats)
    return TelegramMessenger(bot, RateLimiter(SystemClock(), RATE_LIMITS), tokens, context)


def weekly(chat: telegram_chats.Chat, thread: int = 0) -> Message:
    stories = [story(f"Story {n}", "Text.", topics=("Osaka Expo",)) for n in range(3)]
    reply = replace(digest(stories, NAMES), picture=Picture(png(), ALT, "trends.png"))
    return Message(Chat("telegram", str(chat.id), str(thread or "")), reply, "k")


async def test_the_picture_stands_below_the_digest_and_rings_no_bell(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger
) -> None:
    shown = await messenger.send(weekly(chat))
    text, photo = await server.replies(chat, count=2)
    assert str(text.id) == shown
    assert text.text.startswith("3 new stories")
    assert isinstance(photo.photo, Upload)
    assert photo.photo.content == png()
    assert photo.text.startswith("What the news was about. <Osaka> & ")
    assert len(photo.text) <= 1024
    assert photo.silent
    assert (server.refused, server.pings) == ([], [])


async def test_it_stands_in_the_same_topic(
    server: Server, messenger: TelegramMessenger, ada: Person
) -> None:
    forum = server.forum("Readers", members=[ada])
    topic = forum.topic("News")
    await messenger.send(weekly(forum, topic))
    assert [one.thread for one in await server.replies(forum, count=2)] == [topic, topic]


@pytest.mark.parametrize(
    "fault", [faults.bad_request("IMAGE_PROCESS_FAILED"), faults.broken(502), faults.too_many(30)]
)
async def test_without_its_picture_the_digest_has_arrived(
    server: Server, chat: telegram_chats.Chat, messenger: TelegramMessenger, fault: faults.Fault
) -> None:
    server.fails("sendPhoto", fault)
    shown = await messenger.send(weekly(chat))
    (text,) = await server.replies(chat)
    assert str(text.id) == shown
    assert len(server.made("sendPhoto", chat)) == 1
