"""The first hour on Discord of a reader, of a moderator and of a rude member, over the wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from discord_hour import DiscordHour, discord_hour
from servers.discord.people import Person
from servers.discord.server import discord_server
from servers.discord.world import Channel, Role
from transcripts import Transcript, transcript

from bot.errors import SourceError
from bot.ingest.results import FetchResult
from bot.model import Chat

__all__ = ["transcript"]

pytestmark = pytest.mark.slow


async def test_first_hour_of_a_reader_on_discord(tmp_path: Path, transcript: Transcript) -> None:
    async with discord_server() as server:
        readers = server.guild("Harbour Readers", "general", "news")
        ada, ben = server.person("Ada", readers), server.person("Ben", readers)
        async with discord_hour(tmp_path, server, transcript) as hour:
            transcript.scene("The first minute")
            await hour.writes(ada, "hi")
            welcome = await hour.types(ada, readers, "start")
            page = await hour.presses(ada, welcome, "Latest")
            await hour.presses(ada, page, "Next")
            own = await hour.presses(ben, page, "Previous")
            assert own.ephemeral
            await hour.types(ada, readers, "read", story="2")
            await hour.passes(minutes=2)

            transcript.scene("Looking for something")
            asked = await hour.types(ada, readers, "search")
            await hour.fills_in(ada, asked, "electic fery winter")
            await hour.types(ada, readers, "topic", name="feries")
            await hour.types(ada, readers, "topic")
            await hour.types(ada, readers, "latest", topic="ferries & ports", since="3w")
            await hour.types(ada, readers, "catchup")
            await hour.types(ada, readers, "related")
            await hour.passes(minutes=5)

            transcript.scene("In direct messages")
            await hour.writes(ada, "what's new?")
            await hour.writes(ada, "more")
            await hour.writes(ada, "read the second")
            await hour.writes(ada, "thx")
            (preview,) = await hour.writes(ada, "follow covd every other friday")
            await hour.presses(ada, preview, "Weekly on Friday at 08:00")
            await hour.types(ada, None, "subscribe", what="ferries & ports, gullhaven at once")
            await hour.types(ada, None, "subscribe", what="ferries & ports at once")
            kept = await hour.types(ada, None, "subscribe", what="science", when="morning")
            await hour.presses(ada, kept, "Subscribe")
            choice = await hour.types(ada, None, "subscribe", when="mon,thu 8", silent=True)
            asked = await hour.presses(ada, choice, "Words of my own")
            kept = await hour.fills_in(ada, asked, "night trains")
            assert "silently" in kept.content
            await hour.presses(ada, kept, "Subscribe")
            await hour.types(ada, None, "subscriptions")
            await hour.passes(minutes=10)

            transcript.scene("What a reader may not do, and where it goes on")
            await hour.types(ada, readers, "subscribe", what="football", forced=True)
            await hour.types(ada, readers, "help")
            await hour.types(ada, readers, "help", command="latest")
            await hour.writes(ada, "stop")
            await hour.writes(ada, "goodbye")


async def test_first_hour_of_a_moderator_on_discord(tmp_path: Path, transcript: Transcript) -> None:
    async with discord_server() as server:
        readers = server.guild("Harbour Readers", "office", "news")
        office, news = readers.channels
        mo = server.person("Mo", readers, manages=True)
        role = server.world.ids.next()
        readers.roles[role] = {mo.id}
        readers.mentionable.add(role)
        server.may_call.add(role)
        async with discord_hour(tmp_path, server, transcript) as hour:
            transcript.scene("Setting up")
            settings = await hour.types(mo, office, "settings")
            asked = await hour.presses(mo, settings, "Change the time zone")
            await hour.fills_in(mo, asked, "tokio")
            await hour.types(mo, office, "settings", setting="timezone", value="tokyo")
            await hour.types(mo, office, "settings", setting="answers", value="secret")
            await hour.passes(minutes=2)

            transcript.scene("Setting up another channel, which nobody sees")
            choice = await hour.types(mo, office, "subscribe", channel=news, when="8am on weekdays")
            await hour.chooses(mo, choice, "Football")
            page = await hour.types(
                mo,
                office,
                "subscribe",
                what="football, ferries & ports",
                channel=news,
                role=Role(role),
            )
            assert page.ephemeral
            done = await hour.presses(mo, page, "Subscribe")
            await hour.presses(mo, done, "All subscriptions there")
            await hour.types(mo, office, "subscribe", what="source:coperline", channel=news)
            await hour.types(mo, office, "subscribe", what="everything at 25:00", channel=news)
            assert len(await hour.room.desk.store.subscriptions.of(_chat(news.id))) == 2
            await hour.passes(minutes=5)

            transcript.scene("Something happens")
            await hour.room.breaks(
                hour.room.breaking(
                    "Goalkeeper Brandl signs for two more years",
                    "The football club keeps its goalkeeper.\nHe scored again on Sunday.",
                )
            )
            await hour.passes(minutes=1)
            await hour.posted(news)
            posts = await hour.types(mo, office, "posts", channel=news)
            assert "Goalkeeper Brandl signs" in posts.boxes[0]
            await hour.types(mo, office, "posts")
            await hour.chooses(mo, posts, "Goalkeeper Brandl signs for two more years")
            await hour.passes(minutes=10)

            await _work_of_the_day(hour, mo, office, news)


async def _work_of_the_day(hour: DiscordHour, mo: Person, office: Channel, news: Channel) -> None:
    hour.transcript.scene("The day's work")
    await hour.types(mo, office, "sources")
    lantern, copperline = hour.room.desk.wire, hour.room.desk.other
    fog = hour.room.breaking("Fog on the sound", "Wait for it.")
    lantern.gives.append(FetchResult((fog,)))
    copperline.gives.append(SourceError("the folder cannot be read"))
    copperline.may_go.clear()
    asking = asyncio.create_task(hour.types(mo, office, "reload"))
    for _ in range(4):
        await hour.passes(minutes=0)
    copperline.may_go.set()
    await asking
    await hour.passes(minutes=0)
    await hour.types(mo, office, "unsubscribe", which="footbal", channel=news)
    await hour.types(mo, office, "subscriptions", channel=news)
    await hour.types(mo, office, "subscriptions")
    await hour.types(mo, office, "help", command="subscribe")


async def test_first_hour_of_a_rude_member_on_discord(
    tmp_path: Path, transcript: Transcript
) -> None:
    async with discord_server() as server:
        readers = server.guild("Harbour Readers", "general")
        ada, rex = server.person("Ada", readers), server.person("Rex", readers)
        async with discord_hour(tmp_path, server, transcript) as hour:
            transcript.scene("What is not for him")
            page = await hour.types(ada, readers, "latest")
            before = page.boxes
            await hour.presses(rex, page, "Next")
            assert page.boxes == before
            for name in ("unsubscribe", "settings", "reload", "posts"):
                refused = await hour.types(rex, readers, name, forced=True)
                assert refused.content.startswith("Only moderators can use")
                assert refused.ephemeral
            await hour.passes(minutes=5)

            transcript.scene("He writes whatever comes to his mind")
            for words in (
                "@everyone <@&1> [here](https://evil.example) **look**",
                "x" * 300,
                "```",
                "\u202e\u200b",
            ):
                await hour.types(rex, readers, "search", words=words)
            await hour.types(rex, readers, "topic", name="'; drop table stories; --")
            await hour.types(rex, readers, "read", story="../../etc/passwd")
            await hour.types(rex, readers, "latest", since="yesteryear")
            await hour.writes(rex, "shut up")
            await hour.writes(rex, "???")
            await hour.passes(minutes=5)

            transcript.scene("He asks faster than anybody reads")
            hour.pace = 0.0
            told = [await hour.types(rex, readers, "latest") for _ in range(25)]
            assert any("Please wait" in one.content or "seconds" in one.content for one in told)
            answer = await hour.types(ada, readers, "topic", name="football")
            assert "Football" in answer.content


def _chat(channel: int) -> Chat:
    return Chat("discord", str(channel))
