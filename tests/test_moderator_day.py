"""A moderator's day on both platforms, in English and in Japanese: in their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from discord_desk import serving as serving_discord
from following import news
from newsdesk import TestDesk
from servers.discord.interaction import Interaction
from servers.discord.server import Server as DiscordServer
from servers.discord.server import readers, server
from servers.discord.world import Guild
from servers.telegram.chats import Message
from servers.telegram.server import Server as TelegramServer
from stories import NOW, story
from telegram_bot import serving as serving_telegram

from bot.i18n import load
from bot.ingest.results import FetchResult, LoadReport
from bot.model import Chat

__all__ = ["readers", "server"]
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("language", ["en", "ja"])]

EXPO = story("Osaka Expo opens", "The Osaka Expo is open.", published=NOW)
BLOCKED = "the bot was blocked"


async def ready(desk: TestDesk) -> None:
    desk.wire.gives.append(FetchResult())
    await desk.store.sources.finish_load(LoadReport("wire", NOW), "")
    desk.clock.pass_(60)


async def expo_comes(desk: TestDesk) -> None:
    desk.clock.pass_(60)
    await news(desk, EXPO)


@pytest.fixture
def words(language: str) -> Callable[[str], str]:
    return load(language).gettext


async def test_on_telegram(desk: TestDesk, language: str, words: Callable[[str], str]) -> None:
    await ready(desk)
    async with TelegramServer(patience=20) as api, serving_telegram(api, desk):
        mia = api.person("Mia", language=language)
        channel, private = api.supergroup("Harbour News", admins=[mia]), api.private(mia)
        place = Chat("telegram", str(channel.id))

        async def asks(line: str, *, alone: bool = False) -> str:
            chat = private if alone else channel
            asked = await mia.says(chat, line)
            await api.replies(chat, after=asked)
            (told,) = api.sent(chat, asked)
            shown.append(told)
            return told.text

        shown: list[Message] = []
        assert words("Checked {source}").format(source="The Wire") in await asks("/reload wire")
        await asks("/subscribe osaka expo")
        await mia.presses(shown[-1], words("Subscribe"))
        told = words("Subscribed to {what}.").format(what="Osaka Expo")
        assert told in (await api.edited(shown[-1])).text
        await expo_comes(desk)
        why = await asks("/why osaka expo opens")
        for expected in ("Queued", "about to be posted", "as a new story", "matches"):
            assert words(expected) in why
        await desk.store.subscriptions.pause(place, BLOCKED, desk.clock.now())
        assert words(BLOCKED) in await asks("/why osaka expo opens")
        await asks("/subscriptions")
        await mia.presses(shown[-1], words("Resume"))
        assert words("Posting has resumed.") in (await api.edited(shown[-1])).text

        before = len(api.sent(channel))
        await asks("/chats", alone=True)
        assert words("Your chats") in shown[-1].text
        (button,) = shown[-1].buttons
        await mia.presses(shown[-1], button.data)
        await api.edited(shown[-1])
        about = words("For {channel}:").format(channel="Harbour News")
        for line in ("/settings timezone tokyo", "/why osaka expo opens", "/unsubscribe all"):
            assert about in await asks(line, alone=True)
        changes = await asks("/audit", alone=True)
        for one in ("Resumed posting", "Changed the setting {target}", "Subscribed to {target}"):
            assert words(one).partition("{")[0] in changes
        assert len(api.sent(channel)) == before


async def test_on_discord(
    server: DiscordServer,
    readers: Guild,
    desk: TestDesk,
    language: str,
    words: Callable[[str], str],
) -> None:
    await ready(desk)
    channel = server.channel(readers, "harbour")
    place = Chat("discord", str(channel.id))
    mia = server.person("Mia", readers, manages=True, locale=language)
    async with serving_discord(server, desk):
        page = await mia.command(channel, "reload", source="wire")
        assert words("Checked {source}").format(source="The Wire") in said(page)
        page = await mia.command(channel, "subscribe", what="osaka expo")
        await mia.presses(page, words("Subscribe"))
        told = words("Subscribed to {what}.").format(what="Osaka Expo")
        assert told in said(page)
        await expo_comes(desk)
        why = said(await mia.command(channel, "why", story="osaka expo opens"))
        for expected in ("Queued", "about to be posted", "as a new story", "matches"):
            assert words(expected) in why
        await desk.store.subscriptions.pause(place, BLOCKED, desk.clock.now())
        assert words(BLOCKED) in said(await mia.command(channel, "why", story="osaka expo opens"))
        page = await mia.command(channel, "subscriptions")
        await mia.presses(page, words("Resume"))
        assert words("Posting has resumed.") in said(page)

        before = len(channel.messages)
        page = await mia.command(None, "chats")
        assert words("Your chats") in said(page)
        await mia.selects(page, "#harbour (Readers)")
        about = words("For {channel}:").format(channel="#harbour (Readers)")
        for page in (
            await mia.command(None, "settings", setting="timezone", value="tokyo"),
            await mia.command(None, "why", story="osaka expo opens"),
            await mia.command(None, "unsubscribe", which="all"),
        ):
            assert about in said(page)
        changes = said(await mia.command(None, "audit"))
        for one in ("Resumed posting", "Changed the setting {target}", "Subscribed to {target}"):
            assert words(one).partition("{")[0] in changes
        assert len(channel.messages) == before


def said(page: Interaction) -> str:
    """All that a page says."""
    return "\n".join([page.content, *page.boxes])
