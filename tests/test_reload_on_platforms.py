"""`/reload config` on both platforms, and menus that follow what it changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from discord_desk import platform as discord_platform
from discord_desk import until
from newsdesk import TestDesk
from servers.discord.server import Server as DiscordServer
from servers.discord.server import readers, server
from servers.discord.world import Guild
from servers.telegram.server import Server as TelegramServer
from telegram_bot import assert_no_violations, serving
from telegram_bot import platform as telegram_platform

from bot.chat.configuration import RunningConfiguration
from bot.chat.ports import Platform
from bot.config.changes import ConfigChanges, SettingChange, TopicChanges
from bot.config.schema import SourceConfig
from bot.config.source_changes import SourceChanges
from bot.i18n import SpokenTranslations, languages, load

__all__ = ["readers", "server"]

CHANGES = ConfigChanges(
    SourceChanges(added=(SourceConfig(id="new", kind="feed", name="@everyone <b>News</b> *x*"),)),
    TopicChanges(changed=("Osaka Expo",)),
    (
        SettingChange("bot.timezone", "UTC → Asia/Tokyo"),
        SettingChange("discord.moderators", "+1 −2"),
    ),
    ("telegram.rich", "discord.guild"),
)


@dataclass
class ReadConfiguration(RunningConfiguration):
    """A configuration that has changed."""

    reads: int = 0

    async def reload(self) -> ConfigChanges:
        self.reads += 1
        return CHANGES


def visible(text: str) -> str:
    """A text without the signs of no width that keep names from becoming links."""
    return text.replace("\u2060", "").replace("\u200b", "").replace("\u200d", "").replace("\\", "")


async def test_discord_shows_it_to_operators(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    boss, mo = server.person("Bo", readers), server.person("Mo", readers, manages=True)
    configuration = desk.dispatcher.services.configuration = ReadConfiguration()
    bot = discord_platform(
        server, desk, moderators=frozenset({mo.id}), operators=frozenset({boss.id})
    )
    async with _running(bot, server, desk):
        refused = await mo.command(readers, "reload", source="config")
        assert refused.content.startswith("Only operators")
        assert configuration.reads == 0
        assert await mo.autocomplete("reload", "source", "conf", readers) == []
        assert await boss.autocomplete("reload", "source", "conf", None) == ["config"]
        answer = await boss.command(None, "reload", source="config")
        told = visible("\n".join([answer.content, *answer.boxes]))
        assert "The configuration was read again" in told
        assert "telegram.rich, discord.guild take effect" in told
        assert "UTC → Asia/Tokyo" in told
        assert answer.shown.pings == []
        await boss.writes(None, "reload config")
        await until(lambda: configuration.reads == 2)
        bot.staff.appoint([], [])
        assert (await boss.command(None, "reload", source="config")).content == (
            "Only moderators can use /reload."
        )


@asynccontextmanager
async def _running(bot: Platform, server: DiscordServer, desk: TestDesk) -> AsyncIterator[None]:
    task = asyncio.create_task(bot.serve())
    await server.ready()
    store = desk.store.chats
    while not await store.note(f"discord commands {server.bot.id}"):
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_discord_is_told_of_commands_again_when_that_is_asked_for(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    ada = server.person("Ada", readers)
    translations = desk.dispatcher.services.translations
    assert isinstance(translations, SpokenTranslations)
    bot = discord_platform(server, desk)
    async with _running(bot, server, desk):
        assert len(server.commands.syncs) == 1
        bot.renew()
        await asyncio.sleep(0.05)
        assert len(server.commands.syncs) == 1  # nothing has changed
        translations.change_own(load("ja"))
        bot.staff.appoint([ada.id], [])
        bot.renew()
        await until(lambda: len(server.commands.syncs) == 2)
        offered = {one["name"]: one for one in server.commands.registered[None]}
        assert offered["reload"]["description"] != "Check the sources for new stories now"
        assert offered["reload"]["contexts"] == [0, 1]


async def test_telegram_shows_it_to_operators(desk: TestDesk) -> None:
    configuration = desk.dispatcher.services.configuration = ReadConfiguration()
    async with TelegramServer() as server:
        bo, mo = server.person("Bo"), server.person("Mo")
        group, private = server.supergroup("Readers", admins=[mo]), server.private(bo)
        bot = telegram_platform(server, desk, operators=frozenset({bo.id}))
        async with serving(server, desk, serve=bot):
            asked = await mo.says(group, "/reload config")
            (refused,) = await server.replies(group, after=asked)
            assert refused.text.startswith("Only operators")
            assert configuration.reads == 0
            asked = await bo.says(private, "/reload config")
            (answer,) = await server.replies(private, after=asked)
            told = visible(answer.text)
            assert "@everyone <b>News</b> *x*" in told
            assert "bot.timezone" in told
            assert "discord.moderators" in told
            before = len(server.made("setMyCommands"))
            bot.renew()
            await server.called("setMyCommands", times=before + 3 * len(languages()))
            assert_no_violations(server)
