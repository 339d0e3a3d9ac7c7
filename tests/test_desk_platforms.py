"""Links to the desk on the web, on both platforms, and the rights that these tell of."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import discord_desk
import pytest
import telegram_bot
from newsdesk import TestDesk
from servers.discord.server import Server as Discord
from servers.discord.server import readers, server
from servers.discord.world import MEMBER, Guild
from servers.telegram.server import Server as Telegram
from site_desk import BASE

from bot.errors import NotAllowedError
from bot.logins.logins import Logins
from bot.model import Person
from bot.web.desk_access import DeskAccess, LoggedOutError

__all__ = ["readers", "server"]

pytestmark = [pytest.mark.server, pytest.mark.slow]

LINK = re.compile(re.escape(BASE) + r"/desk/enter/([\w-]+)")


@pytest.fixture
def access(desk: TestDesk) -> DeskAccess:
    services = desk.dispatcher.services
    services.logins = Logins(desk.store.logins, desk.clock, BASE)
    return DeskAccess(services, services.logins)


def key_of(text: str) -> str:
    match = LINK.search(text)
    assert match, text
    return match[1]


async def test_on_telegram_a_moderator_gets_in_in_private_and_stays_as_long_as_they_are_one(
    desk: TestDesk, access: DeskAccess
) -> None:
    async with Telegram(patience=20) as api, telegram_bot.serving(api, desk):
        ed, other = api.person("Ed"), api.person("Other")
        channel = api.channel("Harbour News", admins=[ed])
        hidden = api.channel("Not Ed's", admins=[other])
        for chat in (channel, hidden):
            await other.adds_bot(chat, admin=True)
        async with asyncio.timeout(20):
            while len(await desk.store.chats.places("telegram", Person("0"), "-*")) < 2:
                await asyncio.sleep(0.01)
        private = api.private(ed)
        asked = await ed.says(private, "/desk")
        (told,) = await api.replies(private, after=asked)
        assert told.text.startswith("The desk on the web")
        (link,) = [one.url for one in told.entities if one.type == "text_link"]
        token = await access.logins.enter(key_of(link))
        visit = await access.visit(token)
        assert (visit.chat.id, visit.person.moderator, visit.person.host) == (
            str(channel.id),
            True,
            False,
        )
        assert [one.name for one in await access.chats(visit)] == ["Harbour News"]
        with pytest.raises(NotAllowedError):
            await access.visit(token, str(hidden.id))
        group = api.supergroup("Readers", admins=[ed])
        asked = await ed.says(group, "/desk")
        (sent,) = await api.replies(group, after=asked)
        assert sent.text == "Please send me /desk in our private chat."
        api.make(ed, "member", channel)
        api.make(ed, "member", group)
        with pytest.raises(LoggedOutError):
            await access.visit(token)
        strange = api.private(other)
        api.make(other, "member", hidden)
        asked = await other.says(strange, "/desk")
        (refused,) = await api.replies(strange, after=asked)
        assert refused.text.startswith("The desk is for operators, and for moderators")


async def test_on_discord_a_moderator_gets_in_in_private_and_stays_as_long_as_they_are_one(
    server: Discord, readers: Guild, desk: TestDesk, access: DeskAccess
) -> None:
    channel, mo = server.channel(readers, "harbour"), server.person("Mo", readers, manages=True)
    ada = server.person("Ada", readers)
    async with discord_desk.serving(server, desk):
        sent = await mo.command(channel, "desk")
        assert sent.ephemeral
        assert re.fullmatch(r"Please send me </desk:\d+> in our private chat\.", sent.content)
        page = await mo.command(None, "desk")
        token = await access.logins.enter(key_of(str(page.shown.body)))
        visit = await access.visit(token, str(channel.id))
        assert (visit.chat.house, visit.person.id) == (str(readers.id), str(mo.id))
        refused = await ada.command(None, "desk")
        assert refused.content.startswith("The desk is for operators, and for moderators")
        readers.members[mo.id] = MEMBER
        with pytest.raises(LoggedOutError):
            await access.visit(token)


async def test_staff_get_in_as_who_the_configuration_says(
    desk: TestDesk, access: DeskAccess
) -> None:
    async with Telegram(patience=20) as api:
        boss = api.person("Boss")
        config = telegram_bot.platform(api, desk, operators=frozenset({boss.id}))
        async with telegram_bot.serving(api, desk, serve=config):
            private = api.private(boss)
            asked = await boss.says(private, "/desk")
            (told,) = await api.replies(private, after=asked)
            (link,) = [one.url for one in told.entities if one.type == "text_link"]
            token = await access.logins.enter(key_of(link))
            visit = await access.visit(token)
            assert (visit.person, visit.place) == (
                replace(visit.own, operator=True, moderator=True, host=True),
                "",
            )
            config.staff.appoint([], [1])
            with pytest.raises(LoggedOutError):
                await access.visit(token)
