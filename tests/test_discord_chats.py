"""A channel that is set up from direct messages, on Discord."""

from __future__ import annotations

from dataclasses import replace

import pytest
from discord_desk import serving
from newsdesk import TestDesk
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import MANAGE_GUILD, MEMBER, SEND, Guild
from stories import NOW, story

from adapters.discord.forum_posts import post_id
from bot.model import Chat

__all__ = ["ada", "readers", "server"]


@pytest.fixture
def mo(server: Server, readers: Guild) -> Person:
    return server.person("Mo", readers, manages=True)


async def test_a_channel_is_set_up_without_a_word_there_by_who_moderates_it_now(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW))
    channel, silent = server.channel(readers, "harbour"), server.channel(readers, "silent")
    silent.bot_may = MEMBER & ~SEND
    server.guild("Another", "secret")
    place = Chat("discord", str(channel.id))
    async with serving(server, desk):
        page = await mo.command(None, "chats")
        assert "#harbour (Readers)" in str(page.shown.body)
        assert not [name for name in ("secret", "silent") if name in str(page.shown.body)]
        await mo.selects(page, "#harbour (Readers)")
        assert "are about #harbour (Readers), until" in page.content
        kept = await mo.command(None, "subscribe", what="wire")
        await mo.presses(kept, "Subscribe")
        assert "Subscribed to The Wire" in kept.content
        told = await mo.command(None, "settings", setting="timezone", value="tokyo")
        assert "For #harbour (Readers):" in told.content
        why = await mo.command(None, "why", story="osaka expo opens")
        assert "For #harbour (Readers):" in why.content
        seen = await mo.command(None, "audit")
        assert "Subscribed to “The Wire”" in seen.boxes[0]
        assert await mo.autocomplete("unsubscribe", "which", "", None) == ["The Wire"]
        readers.members[mo.id] = MEMBER
        refused = await mo.command(None, "unsubscribe", which="all")
        assert refused.content.startswith("Only moderators of its server can set #harbour up.")
        stranger = await ada.command(None, "chats")
        assert "I know of no chat" in stranger.content
        link = desk.dispatcher.services.directories.message_link
        server_url = f"https://discord.com/channels/{readers.id}"
        assert link(replace(place, house=str(readers.id)), "7") == f"{server_url}/{channel.id}/7"
        assert link(replace(place, house=str(readers.id)), post_id(8)) == f"{server_url}/8"
        for unlinked, message in ((place, "7"), (replace(place, house="1"), "x")):
            assert link(unlinked, message) == ""
    (one,) = await desk.store.subscriptions.of(place)
    assert (one.chat.house, one.place, one.owner) == (
        str(readers.id),
        "#harbour (Readers)",
        str(mo.id),
    )
    assert await desk.store.chats.settings(Chat("discord", str(readers.id))) == {
        "timezone": "Asia/Tokyo"
    }
    assert not channel.messages


async def test_every_server_is_asked_and_those_without_the_person_only_once(
    server: Server, mo: Person, desk: TestDesk
) -> None:
    strange = [server.guild(f"Strange {number}", "talk") for number in range(60)]
    last = server.guild("Last", "harbour")
    last.members[mo.id] = MEMBER | MANAGE_GUILD
    path = "/guilds/{}/members/{}"
    async with serving(server, desk):
        page = await mo.command(None, "chats")
        assert "#harbour (Last)" in str(page.shown.body)
        assert all(server.called("GET", path.format(one.id, mo.id)) for one in strange)
        last.members[mo.id] = MEMBER
        again = await mo.command(None, "chats")
        assert "#harbour (Last)" not in str(again.shown.body)
        counts = [len(server.called("GET", path.format(one.id, mo.id))) for one in strange]
        assert counts == [1] * len(strange)
        strange[0].members[mo.id] = MEMBER | MANAGE_GUILD
        desk.clock.pass_(601)
        later = await mo.command(None, "chats")
        assert "#talk (Strange 0)" in str(later.shown.body)
