"""`/template` over the wire: forms, a template that is typed, and presses of others."""

from __future__ import annotations

import discord_desk
import pytest
import telegram_bot
from newsdesk import TestDesk
from servers.discord.server import Server as DiscordServer
from servers.discord.server import readers, server
from servers.discord.world import Guild
from servers.telegram.server import Server as TelegramServer
from stories import NOW, story

from bot.model import Chat
from bot.posting.templates.presets import PRESETS
from bot.subscriptions.post_template import PostTemplate

__all__ = ["readers", "server"]

WRITTEN = "**{title}**\n-# {source}"


@pytest.fixture
async def stocked(desk: TestDesk) -> TestDesk:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo opened.", published=NOW))
    return desk


async def template_in(desk: TestDesk, chat: Chat) -> PostTemplate:
    (one,) = await desk.store.subscriptions.of(chat)
    return one.template


async def test_on_discord(server: DiscordServer, readers: Guild, stocked: TestDesk) -> None:
    mo, ada = server.person("Mo", readers, manages=True), server.person("Ada", readers)
    news = server.channel(readers, "news")
    place = Chat("discord", str(news.id))
    async with discord_desk.serving(server, stocked):
        await mo.presses(await mo.command(news, "subscribe", what="osaka expo"), "Subscribe")
        shown = await mo.command(news, "template")
        assert shown.content.startswith("## Posts of Osaka Expo")
        shown = await mo.presses(shown, "Compact card")
        assert "**Osaka Expo opens**" in shown.boxes[0]
        saved = await mo.presses(shown, "Save")
        assert saved.content.startswith("Saved: new posts of Osaka Expo look like this.")
        assert await template_in(stocked, place) == PRESETS["compact"].template

        asked = await mo.presses(await mo.command(news, "template"), "Write it yourself")
        assert asked.modal is not None
        shown = await mo.submits(asked, WRITTEN)
        assert shown.boxes[0].startswith("**Osaka Expo opens**\n-# The Wire")
        wrong = await mo.submits(asked, "{titel}")
        assert "Did you mean {title}?" in wrong.content
        await mo.presses(shown, "Save")
        assert (await template_in(stocked, place)).text == WRITTEN
        refused = await ada.command(news, "template", forced=True, preset="simple")
        assert refused.content.startswith("Only moderators can use /template")
        assert (await template_in(stocked, place)).text == WRITTEN


async def test_on_telegram(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada, bob = server.person("Ada"), server.person("Bob")
        group = server.supergroup("Readers", members=[ada, bob])
        server.make(ada, "administrator", group)
        place = Chat("telegram", str(group.id))
        said = await ada.says(group, "/subscribe osaka expo confirm:on")
        await server.replies(group, after=said)
        said = await ada.says(group, "/template preset:headline")
        (shown,) = await server.replies(group, after=said)
        assert shown.text.startswith("Posts of Osaka Expo\n")
        assert "\nOsaka Expo opens — The Wire" in shown.text
        told = await bob.presses(shown, "Save")
        assert told.alert
        assert await template_in(stocked, place) == PostTemplate()
        await ada.presses(shown, "Save")
        await server.edited(shown)
        assert await template_in(stocked, place) == PRESETS["headline"].template

        said = await ada.says(group, f'/template text:"{WRITTEN}" save:on')
        (saved,) = await server.replies(group, after=said)
        assert saved.text.startswith("Saved: new posts of Osaka Expo look like this.")
        assert (await template_in(stocked, place)).text == WRITTEN


async def test_on_telegram_a_template_is_the_answer_to_a_question(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada = server.person("Ada")
        chat = server.private(ada)
        await ada.says(chat, "/subscribe osaka expo confirm:on")
        await server.next_message(chat)
        await ada.says(chat, "/template")
        shown = await server.next_message(chat)
        await ada.presses(shown, "Write it yourself")
        asked = await server.next_message(chat)
        assert asked.text.strip("\u200b") == "What is the template for Osaka Expo?"
        await ada.says(chat, WRITTEN, reply_to=asked)
        answered = await server.next_message(chat)
        assert "Osaka Expo opens\nThe Wire" in answered.text
        assert "Save" in str(answered.markup)
