"""The scripted Discord, with a stock discord.py client."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import discord
import pytest
from discord_example import QUIET, Example, connected
from servers.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES
from servers.discord.interaction import DEFER, DEFER_UPDATE, REPLY, UPDATE, NoResponseError
from servers.discord.server import Server, discord_server, server
from servers.discord.world import FORUM, HISTORY, MANAGE_THREADS, NEWS, SEND, VIEW

__all__ = ["server"]


async def test_a_command_is_answered(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers, locale="ja")
    async with connected(server):
        answer = await ada.command(readers, "search", words="osaka exp")
    assert server.commands.syncs[0][0] is None
    assert (answer.type, answer.ephemeral) == (REPLY, False)
    assert answer.embeds[0]["description"] == "osaka exp in ja, context [0]"
    assert answer.labels == ["Next", "Site"]
    assert [link.url for link in answer.shown.links] == [
        "https://example.org/latest",
        "https://example.org",
    ]
    assert readers.channel.seen == [answer.shown]


async def test_suggestions(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server):
        assert await ada.autocomplete("search", "words", "osa") == ["Osaka Expo"]
        assert await ada.autocomplete("search", "words", "x") == []


async def test_a_button_changes_its_message_also_after_a_restart(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with connected(server):
        answer = await ada.command(readers, "search", words="x")
        pressed = await ada.presses(answer, "Next")
    assert (pressed.type, pressed.message) == (UPDATE, answer.message)
    assert answer.embeds[0]["title"] == "Page 2"
    async with connected(server):
        await ada.presses(answer, "Next")
    assert answer.embeds[0]["title"] == "Page 3"


async def test_a_menu_is_answered_by_a_followup(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server):
        answer = await ada.command(None, "search", words="x")
        chosen = await ada.selects(answer, "Story 2")
    assert chosen.type == DEFER_UPDATE
    assert [(one.content, one.ephemeral) for one in chosen.followups] == [("Story 2", True)]


async def test_a_command_on_a_message(server: Server) -> None:
    readers = server.guild("Readers")
    ada, ben = server.person("Ada", readers), server.person("Ben", readers)
    async with connected(server) as client:
        message = await ben.writes(readers, "the news")
        answer = await ada.message_command(message, "Related stories")
        with pytest.raises(AssertionError, match="Ben does not see"):
            await ben.message_command(answer.shown, "Related stories")
        assert "MESSAGE_CREATE" not in client.heard
    assert (answer.content, answer.ephemeral) == ("Like the news", True)


async def test_what_is_written_is_heard_as_the_intents_allow(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    async with connected(server, Example(intents)):
        await ada.writes(readers, "hidden")
        await ada.writes(readers, f"<@{server.bot.id}> shown")
        await ada.writes(None, "private")
        events = next(iter(server.gateway.sessions.values())).events
    heard = [data["content"] for event, data in events if event == "MESSAGE_CREATE"]
    assert server.gateway.identified[0]["intents"] & (GUILD_MESSAGES | DIRECT_MESSAGES)
    assert heard == ["", f"<@{server.bot.id}> shown", "private"]


async def test_deferred_answers_and_followups(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server) as client:
        client.pause.set()
        answer = await ada.command(None, "slow", first=True)
        await answer.until(lambda: answer.followups)
        other = await ada.command(None, "followed")
        await other.until(lambda: other.shown.deleted)
    assert (answer.type, answer.content, answer.ephemeral) == (DEFER, "Done.", True)
    assert [one.content for one in answer.followups] == ["And more."]
    assert other.content == "One"  # the first after a deferral takes the reply's place
    assert [one.content for one in other.followups] == ["Two!"]


async def test_an_answer_after_three_seconds_is_unknown(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server) as client:
        asked = await ada.start_command(None, "slow")
        await client.reached.wait()
        server.clock.move(seconds=3.5)
        client.pause.set()
        with pytest.raises(NoResponseError, match=r"callback -> 404.*later than 3 s"):
            await asked.until(lambda: asked.has_response)


async def test_a_token_is_over_after_fifteen_minutes(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server) as client:
        asked = await ada.start_command(None, "slow", first=True)
        await client.reached.wait()
        server.clock.move(minutes=15.1)
        client.pause.set()
        with pytest.raises(NoResponseError, match=r"-> 401.*after 15 minutes"):
            await asked.until(lambda: asked.has_response)


async def test_what_never_comes_is_named() -> None:
    async with discord_server() as server:
        ada = server.person("Ada")
        async with connected(server):
            asked = await ada.start_command(None, "slow")
            with pytest.raises(NoResponseError, match=r"Ada: slow \(log: nothing\): nothing for"):
                await asked.until(lambda: asked.has_response, wait=0.01)


async def test_answering_twice_is_refused(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server) as client:

        @client.tree.command()
        async def twice(interaction: discord.Interaction) -> None:
            """Answer twice."""
            await interaction.response.send_message("Once")
            # discord.py keeps track too, and would not ask the server a second time
            interaction.response._response_type = None  # noqa: SLF001
            with pytest.raises(discord.HTTPException) as caught:
                await interaction.response.send_message("Twice")
            await interaction.followup.send(str(caught.value.code))

        await client.tree.sync()
        answer = await ada.command(None, "twice")
        await answer.until(lambda: answer.followups)
    assert (answer.content, answer.followups[0].content) == ("Once", "40060")


async def test_who_is_offered_what(server: Server) -> None:
    readers = server.guild("Readers")
    ada, mo = server.person("Ada", readers), server.person("Mo", readers, manages=True)
    async with connected(server):
        assert (await mo.command(readers, "manage")).content == "Yes."
        assert (await ada.command(readers, "manage", forced=True)).content == "No."
        for place, why in ((readers, "is not shown to Ada"), (None, "in context 1")):
            with pytest.raises(AssertionError, match=why):
                await ada.command(place, "manage")
        with pytest.raises(AssertionError, match="there is no 'find'"):
            await ada.command(readers, "find")
        with pytest.raises(AssertionError, match=r"required: {'words'}"):
            await ada.command(readers, "search")
        answer = await ada.command(readers, "search", words="x")
        with pytest.raises(AssertionError, match="no button 'Previous'"):
            await ada.presses(answer, "Previous")


async def test_a_user_install_works_where_the_bot_is_not(server: Server) -> None:
    elsewhere = server.guild("Elsewhere", has_bot=False)
    ada = server.person("Ada", elsewhere)
    trip = server.group("Trip", ada, server.person("Ben"))
    async with connected(server):
        with pytest.raises(AssertionError, match="not installed there"):
            await ada.command(trip, "search", words="x")
        ada.installs()
        answer = await ada.command(trip, "search", words="x")
        assert answer.embeds[0]["description"].endswith("context [2]")
        answer = await ada.command(elsewhere, "search", words="x")
        assert answer.embeds[0]["description"].endswith("context [0]")
        assert (await ada.presses(answer, "Next")).type == UPDATE


async def test_a_refused_body_is_remembered(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server):
        assert (await ada.command(None, "broken")).content == "50035"
    (refused,) = server.refused
    assert "title" in refused
    server.refused.clear()


async def test_without_the_specification_the_rules_stand(tmp_path: Path) -> None:
    async with discord_server(spec=tmp_path / "none.json") as server:
        ada = server.person("Ada")
        async with connected(server):
            assert (await ada.command(None, "broken")).content == "50035"
        assert server.refused.pop().endswith("257 characters of embed title; at most 256")


async def test_posting(server: Server) -> None:
    readers = server.guild("Readers")
    news = server.channel(readers, "news", kind=NEWS)
    async with connected(server) as client:
        target = client.get_partial_messageable(news.id)
        first = await target.send("Story", nonce="abc")
        assert (await target.send("Story", nonce="abc")).id == first.id
        # Its author counts, not its channel.
        other = client.get_partial_messageable(readers.channel.id)
        assert (await other.send("Story", nonce="abc")).id == first.id
        server.clock.move(minutes=6)
        assert (await target.send("Story", nonce="abc")).id != first.id
        server.remembers = 30.0
        server.clock.move(seconds=31)
        assert (await other.send("Story", nonce="abc")).id == readers.channel.seen[0].id
        await first.edit(content="Story, corrected", allowed_mentions=QUIET)
        channel = await client.fetch_channel(news.id)
        assert isinstance(channel, discord.TextChannel)
        await (await channel.fetch_message(first.id)).publish()
        news.bot_may = VIEW | HISTORY
        with pytest.raises(discord.Forbidden, match="50013"):
            await target.get_partial_message(first.id).publish()
    assert [one.content for one in news.seen] == ["Story, corrected", "Story"]
    assert news.seen[0].flags == 1
    assert [one.nonce for one in server.accepted] == ["abc"] * 3


async def test_a_nonce_of_a_message_that_was_deleted(server: Server) -> None:
    readers = server.guild("Readers")
    async with connected(server) as client:
        target = client.get_partial_messageable(readers.channel.id)
        await (await target.send("Story", nonce="abc")).delete()
        with pytest.raises(discord.NotFound, match="10008"):
            await target.send("Story", nonce="abc")


async def test_what_was_said_in_a_channel(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    said = [
        server.world.add_message(readers.channel, ada, {"content": str(n), "nonce": str(n)})
        for n in range(250)
    ]
    async with connected(server) as client:
        target = client.get_partial_messageable(readers.channel.id)
        newest = [one.content async for one in target.history(limit=3)]
        assert newest == ["249", "248", "247"]
        after = discord.Object(said[20].id)
        later = [one async for one in target.history(limit=None, after=after)]
        assert [one.content for one in later] == [str(n) for n in range(21, 250)]
        assert not later[0].nonce
        readers.channel.bot_may = VIEW
        assert [one async for one in target.history(limit=3)] == []
    asked = [call.query for call in server.called("GET", "/channels/*/messages")]
    assert [one["limit"] for one in asked] == ["3", "100", "100", "100", "3"]


async def test_threads(server: Server) -> None:
    readers = server.guild("Readers")
    talk, closed = (server.thread(readers.channel, name) for name in ("talk", "closed"))
    closed.archived = True
    async with connected(server) as client:
        await client.until_heard("GUILD_CREATE")
        guild = client.get_guild(readers.id)
        assert guild is not None
        assert [(one.name, one.parent_id) for one in guild.threads] == [
            ("talk", readers.channel.id)
        ]
        await client.get_partial_messageable(closed.id).send("x")
        assert not closed.archived
        closed.archived = closed.locked = talk.locked = True
        for thread, code in ((closed, 50083), (talk, 160005)):
            with pytest.raises(discord.HTTPException, match=str(code)):
                await client.get_partial_messageable(thread.id).send("x")
            thread.bot_may |= MANAGE_THREADS
            await client.get_partial_messageable(thread.id).send("x")
        talk.bot_may = VIEW | SEND
        with pytest.raises(discord.Forbidden, match="50013"):
            await client.get_partial_messageable(talk.id).send("x")
        await server.delete(talk)
        await client.until_heard("THREAD_DELETE")
        assert not guild.threads
        await server.delete(readers.channel)
        with pytest.raises(discord.NotFound, match="10003"):
            await client.get_partial_messageable(closed.id).send("x")


async def test_forums_take_no_messages(server: Server) -> None:
    (forum,) = server.channels(1, kind=FORUM)
    async with connected(server) as client:
        with pytest.raises(discord.HTTPException, match="50008"):
            await client.get_partial_messageable(forum.id).send("x")


async def test_a_server_that_is_new_is_told_from_one_that_is_back(server: Server) -> None:
    readers, later = server.guild("Readers"), server.guild("Later", has_bot=False)
    heard: list[str] = []
    example = Example()

    @example.event
    async def on_guild_join(guild: discord.Guild) -> None:
        heard.append(f"join {guild.name}")

    @example.event
    async def on_guild_available(guild: discord.Guild) -> None:
        heard.append(f"back {guild.name}")

    async with connected(server, example) as client:
        await client.wait_until_ready()
        await client.until_heard("GUILD_CREATE")
        heard.clear()
        await server.begin_outage(readers)
        await server.add_bot(readers)
        await server.add_bot(later)
        while len(heard) < 2:
            await asyncio.sleep(0)
    assert heard == ["back Readers", "join Later"]


async def test_refusals_as_discord_words_them(server: Server) -> None:
    readers = server.guild("Readers")
    closed = server.channel(readers, "closed", bot_may=0)
    mute = server.channel(readers, "mute", bot_may=VIEW)
    ada = server.person("Ada")
    ada.blocks = True
    expected = {closed.id: 50001, mute.id: 50013, server.world.dm(ada).id: 50007, 5: 10003}
    async with connected(server) as client:
        for channel, code in expected.items():
            with pytest.raises(discord.HTTPException) as caught:
                await client.get_partial_messageable(channel).send("x")
            assert caught.value.code == code
        await server.remove_bot(readers)
        with pytest.raises(discord.Forbidden, match="50001"):
            await client.get_partial_messageable(readers.channel.id).send("x")


async def test_what_a_bot_does_to_its_messages(server: Server) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with connected(server) as client:
        target = client.get_partial_messageable(readers.channel.id)
        await target.typing()
        sent = await target.send("x")
        theirs = await ada.writes(readers, "mine")
        for refused, code in (
            (sent.publish(), 50024),
            (target.get_partial_message(theirs.id).edit(content="y"), 50005),
            (target.get_partial_message(5).delete(), 10008),
            (sent.edit(content=None, allowed_mentions=QUIET), 50006),
        ):
            with pytest.raises(discord.HTTPException) as caught:
                await refused
            assert caught.value.code == code
        await sent.delete()
    assert readers.channel.seen == [theirs]


async def test_commands_of_a_guild_come_before_those_of_all(server: Server) -> None:
    readers, other = server.guild("Readers"), server.guild("Other")
    ada = server.person("Ada", readers, other)
    async with connected(server) as client:
        own = discord.app_commands.Group(name="manage", description="Two of them")

        @own.command()
        async def add(interaction: discord.Interaction, count: int) -> None:
            """Add some."""
            await interaction.response.send_message(f"{count} added")

        client.tree.add_command(own, guild=discord.Object(readers.id))
        await client.tree.sync(guild=discord.Object(readers.id))
        assert len(await client.tree.fetch_commands()) == 6
        assert (await ada.command(readers, "manage add", count=2)).content == "2 added"
        with pytest.raises(AssertionError, match="'two' is no value of type 4"):
            await ada.command(readers, "manage add", count="two")
        with pytest.raises(AssertionError, match="not shown"):
            await ada.command(other, "manage")
    assert [where for where, _ in server.commands.syncs] == [None, readers.id]


async def test_a_clock_that_runs_sees_who_is_slow(server: Server) -> None:
    server.clock.runs()
    before = server.clock.now()
    while server.clock.now() == before:
        await asyncio.sleep(0)
    assert server.clock.now() > before


async def test_scripted_trouble(server: Server) -> None:
    readers = server.guild("Readers")
    path = f"/channels/{readers.channel.id}/messages"
    server.throttles("POST", path, 0.01)
    server.throttles("POST", path, 0.01, everywhere=True)
    async with connected(server) as client:
        target = client.get_partial_messageable(readers.channel.id)
        await target.send("through")
        assert [call.status for call in server.called("POST", path)] == [429, 429, 200]
        server.fails("POST", "/channels/*/messages", 403, 50013)
        with pytest.raises(discord.Forbidden, match="50013"):
            await target.send("x")
        server.fails("POST", path, 503)
        with pytest.raises(discord.DiscordServerError):
            await target.send("x")
        for after, there in ((False, 1), (True, 2)):
            server.drops("POST", path, after=after)
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await target.send("cut")
            assert len(readers.channel.seen) == there
    assert server.calls[-1].status == 0


async def test_a_call_can_be_held(server: Server) -> None:
    readers = server.guild("Readers")
    held = server.holds("POST", "/channels/*/messages")
    async with connected(server) as client:
        sending = asyncio.create_task(
            client.get_partial_messageable(readers.channel.id).send("later")
        )
        await held.reached.wait()
        assert not readers.channel.seen
        held.release()
        await sending
    assert [one.content for one in readers.channel.seen] == ["later"]


async def test_direct_messages_are_opened(server: Server) -> None:
    ada = server.person("Ada")
    async with connected(server) as client:
        person = await client.fetch_user(ada.id)
        await person.send("Hello", file=discord.File(Path(__file__), "a.txt"))
    assert [one.content for one in server.world.dm(ada).seen] == ["Hello"]


async def test_what_is_not_modelled_fails_loudly(server: Server) -> None:
    async with connected(server) as client:
        with pytest.raises(discord.HTTPException, match="not modelled"):
            await client.http.request(discord.http.Route("GET", "/voice/regions"))
    assert server.unmodelled == ["GET /voice/regions"]
    with pytest.raises(AssertionError, match="voice/regions"):
        server.assert_no_violations()
    server.unmodelled.clear()


async def test_a_message_that_calls_somebody_is_refused(server: Server) -> None:
    readers = server.guild("Readers")
    async with connected(server) as client:
        target = client.get_partial_messageable(readers.channel.id)
        with pytest.raises(discord.HTTPException):
            await target.send("@everyone", allowed_mentions=discord.AllowedMentions.all())
    with pytest.raises(AssertionError, match="allows unwanted mentions"):
        server.assert_no_violations()
    server.refused.clear()


async def test_a_wrong_token_is_refused(server: Server) -> None:
    server.gateway.token = "another"  # noqa: S105 # opens nothing
    async with Example() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("a-token")
