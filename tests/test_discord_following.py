"""Subscriptions of a channel on Discord: created, listed and ended over the wire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord_desk import serving
from newsdesk import TestDesk
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import MEMBER, OPEN_THREADS, SEND, Guild, Role
from stories import NOW, story

from bot.model import Chat
from bot.subscriptions.model import TargetKind
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
    readers.roles[role] = set()
    async with serving(server, desk):
        await mo.command(channel, "settings", setting="timezone", value="tokyo")
        refused = await ada.command(channel, "subscribe", forced=True, what="wire")
        assert (
            refused.content
            == "Only moderators can use /subscribe here. In a private chat with me, you can."
        )
        page = await mo.command(
            channel, "subscribe", what="osaka expo", when="daily 8", most=3, role=Role(role)
        )
        assert page.ephemeral
        assert page.content.startswith("## Subscribe to Osaka Expo?")
        assert f"mentioning <@&{role}>" in page.content
        assert page.shown.pings == []
        assert page.headlines[0] == "1. Osaka Expo opens"
        assert page.shown.labels[:2] == ["Read 1", "Subscribe"]
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
        assert "The Wire" in seen.boxes[0]
        assert "osaka tower" not in seen.boxes[0]
        assert await mo.autocomplete("unsubscribe", "which", "", other) == ["“osaka tower”"]
        ended = await mo.command(other, "unsubscribe", which="osaka tower")
        assert ended.content.startswith("Unsubscribed from “osaka tower”.")
        assert await mo.autocomplete("unsubscribe", "which", "", other) == []
        chosen = await mo.command(one, "unsubscribe")
        await mo.selects(chosen, "1. The Wire")
        assert (await ada.command(one, "subscriptions")).content.startswith(
            "This chat has no subscriptions"
        )


# Setup out of sight


async def test_a_moderator_sets_up_another_channel_and_nobody_sees_it(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW - timedelta(hours=2)))
    office, news = server.channel(readers, "office"), server.channel(readers, "news")
    async with serving(server, desk):
        page = await mo.command(
            office, "subscribe", what="osaka expo, ntt daily 8:00", channel=news, silent=True
        )
        assert (page.ephemeral, page.content.split("\n")[0]) == (
            True,
            "## Subscribe to Osaka Expo and “ntt”?",
        )
        assert "in #news (Readers)" in page.content
        done = await mo.presses(page, "Subscribe")
        assert done.content.startswith("Subscribed to Osaka Expo and “ntt”.")
        place = Chat("discord", str(news.id))
        kept = await desk.store.subscriptions.of(place)
        assert [one.what for one in kept] == ["Osaka Expo", "ntt"]
        assert all(one.silent and one.place == "#news (Readers)" for one in kept)
        assert await desk.store.subscriptions.of(Chat("discord", str(office.id))) == []
        listed = await mo.command(office, "subscriptions", channel=news)
        assert "Osaka Expo" in listed.boxes[0]
        assert await mo.autocomplete("unsubscribe", "which", "", office, channel=news) == [
            "Osaka Expo",
            "“ntt”",
        ]
        await mo.presses(page, "Unsubscribe from both")
        assert page.content.startswith("Unsubscribed from Osaka Expo and “ntt”.")
        assert await desk.store.subscriptions.of(place) == []
    assert [*office.seen, *news.seen] == [listed.shown]


async def test_the_rights_are_those_in_the_channel_that_is_named(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    office, news = server.channel(readers, "office"), server.channel(readers, "news")
    mute = server.channel(readers, "mute")
    news.denied[mo.id] = mute.denied[server.bot.id] = SEND
    async with serving(server, desk):
        refused = await mo.command(office, "subscribe", what="wire", channel=news)
        assert (refused.ephemeral, refused.content) == (
            True,
            "You can't write in #news yourself, so I can't post there for you.",
        )
        reader = await ada.command(office, "subscribe", forced=True, what="wire", channel=mute)
        assert (
            reader.content
            == "Only moderators can use /subscribe here. In a private chat with me, you can."
        )
        page = await mo.command(office, "subscribe", what="wire", channel=mute)
        assert "I am not allowed to post here yet." in page.content
        assert "Send Messages" in page.content
        kept = await mo.presses(page, "Subscribe")
        assert (kept.ephemeral, kept.content.split(".")[0]) == (
            True,
            "I am not allowed to post here yet",
        )
        for channel in (office, news, mute):
            assert await desk.store.subscriptions.of(Chat("discord", str(channel.id))) == []


async def test_rights_that_are_lost_before_the_press_are_missed_by_it(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    office, news = server.channel(readers, "office"), server.channel(readers, "news")
    async with serving(server, desk):
        page = await mo.command(office, "subscribe", what="wire", channel=news)
        await server.deny(news, mo, SEND)
        told = await mo.presses(page, "Subscribe")
        assert (told.ephemeral, told.content) == (
            True,
            "You can't write in #news yourself, so I can't post there for you.",
        )
        assert await desk.store.subscriptions.of(Chat("discord", str(news.id))) == []


async def test_a_public_list_stays_when_somebody_sets_up_from_it(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    news = server.channel(readers, "news")
    async with serving(server, desk):
        page = await mo.command(news, "subscribe", what="wire")
        await mo.presses(page, "Subscribe")
        listed = await mo.command(news, "subscriptions")
        before = listed.boxes
        chosen = await mo.presses(listed, "Unsubscribe")
        assert chosen.ephemeral
        assert listed.boxes == before


async def test_without_words_there_is_something_to_choose(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    news = server.channel(readers, "news")
    async with serving(server, desk):
        page = await mo.command(news, "subscribe", when="weekdays 9")
        assert page.content.startswith(
            "## What would you like to follow, Monday to Friday at 09:00?"
        )
        await mo.presses(page, "Everything")
        await mo.presses(page, "Subscribe")
    (one,) = await desk.store.subscriptions.of(Chat("discord", str(news.id)))
    assert (one.kind, str(one.when)) == (TargetKind.EVERYTHING, "weekdays 09:00")


async def test_a_role_can_be_given_up(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    news, role = server.channel(readers, "news"), server.world.ids.next()
    readers.roles[role] = set()
    async with serving(server, desk):
        page = await mo.command(news, "subscribe", what="wire", role=Role(role))
        await mo.presses(page, "Subscribe")
        again = await mo.command(news, "subscribe", what="wire")
        await mo.presses(again, "Without the role")
        await mo.presses(again, "Change")
    (one,) = await desk.store.subscriptions.of(Chat("discord", str(news.id)))
    assert one.role == ""


async def test_posts_of_another_channel_are_told(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    office, empty = server.channel(readers, "office"), server.channel(readers, "news")
    async with serving(server, desk):
        page = await mo.command(office, "subscribe", what="wire", channel=empty)
        await mo.presses(page, "Subscribe")
        told = await mo.command(office, "posts", channel=empty)
        assert told.content.startswith("## Posts in #news (Readers)")
        assert "Nothing was posted there" in told.content
        await mo.presses(told, "All subscriptions there")
        (shown,) = [one for one in office.messages.values() if one.boxes]
        assert "The Wire" in shown.boxes[0]
        assert "## Subscriptions in #news (Readers)" in shown.content
        here = await mo.command(office, "posts")
        assert here.content.startswith("## Posts in this chat")
        none = await mo.command(empty, "subscriptions", channel=office)
        assert "#office (Readers) has no subscriptions." in none.content


async def test_in_direct_messages_nothing_has_to_be_hidden(
    server: Server, ada: Person, desk: TestDesk
) -> None:
    async with serving(server, desk):
        page = await ada.command(None, "subscribe", what="wire")
        assert not page.ephemeral
        asked = await ada.presses(await ada.command(None, "subscribe"), "Words of my own")
        assert not (await ada.submits(asked, "tram")).ephemeral


@pytest.mark.parametrize("name", ["reload", "settings", "posts"])
async def test_a_refusal_is_nobody_elses_business(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, name: str
) -> None:
    async with serving(server, desk):
        refused = await ada.command(readers, name, forced=True)
        assert refused.content.startswith(f"Only moderators can use /{name}")
        assert refused.ephemeral


# Forums and threads


async def test_a_forum_is_set_up_from_elsewhere(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    office, talk = server.channel(readers, "office"), server.forum(readers, "talk", "Transport")
    async with serving(server, desk):
        page = await mo.command(office, "subscribe", what="wire", channel=talk)
        assert "in #talk (Readers)" in page.content
        done = await mo.presses(page, "Subscribe")
        assert done.content.startswith("Subscribed to The Wire.")
        await server.deny(talk, server.bot, SEND)
        refused = await mo.command(office, "subscribe", what="ntt", channel=talk)
        assert "allow me: Create Posts." in refused.content
    (one,) = await desk.store.subscriptions.of(Chat("discord", str(talk.id)))
    assert (one.what, one.place) == ("wire", "#talk (Readers)")


async def test_posts_open_threads_where_that_is_asked_for(
    server: Server, readers: Guild, mo: Person, desk: TestDesk
) -> None:
    news = server.channel(readers, "news", bot_may=MEMBER & ~OPEN_THREADS)
    thread, talk = server.thread(news, "talk"), server.forum(readers, "forum")
    async with serving(server, desk):
        page = await mo.command(news, "subscribe", what="wire", threads=True)
        assert "each with a thread of its own" in page.content
        assert "open no threads until I am allowed: Create Public Threads." in page.content
        await mo.presses(page, "Subscribe")
        (one,) = await desk.store.subscriptions.of(Chat("discord", str(news.id)))
        assert one.threads
        again = await mo.command(news, "subscribe", what="wire", threads=False)
        await mo.presses(again, "Change")
        (one,) = await desk.store.subscriptions.of(Chat("discord", str(news.id)))
        assert not one.threads
        for place in (thread, talk):
            told = await mo.command(news, "subscribe", what="wire", threads=True, channel=place)
            assert told.content == "Posts can't open threads here."
