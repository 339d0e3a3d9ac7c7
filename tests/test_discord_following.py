"""Subscriptions of a channel on Discord: created, listed and ended over the wire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord_desk import serving
from newsdesk import TestDesk
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import Guild
from stories import NOW, story

from bot.model import Chat
from bot.subscriptions.schedule import Rhythm, Timetable

__all__ = ["ada", "readers", "server"]


@pytest.fixture
def mo(server: Server, readers: Guild) -> Person:
    return server.person("Mo", readers, manages=True)


async def test_a_channel_follows_something_when_a_moderator_says_so(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW - timedelta(hours=2)))
    channel = server.channel(readers, "news")
    role = server.world.ids.next()
    async with serving(server, desk):
        await mo.command(channel, "settings", setting="timezone", value="tokyo")
        refused = await ada.command(channel, "subscribe", forced=True, what="wire")
        assert refused.content == "Only moderators can use /subscribe."
        page = await mo.command(
            channel, "subscribe", what="osaka expo", when="daily 8", most=3, role=f"<@&{role}>"
        )
        assert page.content.startswith("**Subscribe to Osaka Expo?**")
        assert f"mentioning <@&{role}>" in page.content
        assert page.shown.pings == []
        assert page.embeds[0]["title"] == "1. Osaka Expo opens"
        assert page.shown.labels[0] == "Subscribe"
        told = await ada.presses(page, "Subscribe")
        assert (told.ephemeral, told.content) == (True, "Only moderators can use /subscribe.")
        await mo.presses(page, "Weekly")
        await mo.presses(page, "Subscribe")
        assert page.content.startswith("Subscribed to Osaka Expo.")

    (one,) = await desk.store.subscriptions.of(Chat("discord", str(channel.id)))
    assert (one.chat.house, one.zone) == (str(readers.id), "Asia/Tokyo")
    assert (one.when, one.most, one.role) == (Timetable(Rhythm.WEEKLY), 3, str(role))


async def test_a_channel_shows_its_own_and_what_it_follows_is_completed(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    one, other = server.channel(readers, "one"), server.channel(readers, "other")
    async with serving(server, desk):
        for channel, what in ((one, "wire"), (other, "osaka tower")):
            page = await mo.command(channel, "subscribe", what=what)
            await mo.presses(page, "Subscribe")
        seen = await ada.command(one, "subscriptions")
        assert "The Wire" in seen.embeds[0]["description"]
        assert "osaka tower" not in seen.embeds[0]["description"]
        assert await mo.autocomplete("unsubscribe", "which", "", other) == ["“osaka tower”"]
        ended = await mo.command(other, "unsubscribe", which="osaka tower")
        assert ended.content.startswith("Unsubscribed from “osaka tower”.")
        assert await mo.autocomplete("unsubscribe", "which", "", other) == []
        chosen = await mo.command(one, "unsubscribe")
        await mo.selects(chosen, "1. The Wire")
        assert (await ada.command(one, "subscriptions")).content.startswith(
            "This chat has no subscriptions"
        )
