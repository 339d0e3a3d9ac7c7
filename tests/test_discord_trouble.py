"""Faults between the bot and Discord, and the messages to readers and operators."""

from __future__ import annotations

import asyncio
import logging

import pytest
from discord_desk import BrokenDesk, HeldDesk, serving, until
from newsdesk import ScriptedSource, TestDesk, twelve
from servers.discord.interaction import DEFER, DEFER_UPDATE, REPLY, Interaction, NoResponseError
from servers.discord.people import Person
from servers.discord.server import A_TOKEN, Server, ada, readers, server
from servers.discord.world import MEMBER, SEND, Guild
from stories import story

from bot.errors import PlatformError

__all__ = ["ada", "readers", "server"]

CALLBACK = "/interactions/*/callback"
LATER = "/webhooks/*"


@pytest.fixture
async def held(desk: TestDesk) -> HeldDesk:
    await twelve(desk)
    return HeldDesk(desk.dispatcher.services)


def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was logged that is no single line."""
    assert not [record for record in caplog.records if record.exc_info]


# Answers that take long, or come too late


async def test_a_slow_answer_asks_for_time_first(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    async with serving(server, held, patience=0.01):
        page = await ada.start_command(readers, "latest")
        await page.until(lambda: page.deferred)
        assert not page.has_response
        held.may_go.set()
        await page.until(lambda: page.has_response)
        assert page.headlines[0] == "1. Story 1"
        held.may_go.clear()
        pressed = await ada.press(page, "Next")
        await pressed.until(lambda: pressed.type == DEFER_UPDATE)
        held.may_go.set()
        await pressed.until(lambda: pressed.has_response)
    assert page.headlines[0] == "6. Story 6"


async def test_a_reload_asks_for_time_at_once(server: Server, desk: TestDesk) -> None:
    readers = server.guild("Readers")
    mo = server.person("Mo", readers, manages=True)
    desk.wire.may_go.clear()

    def give(source: ScriptedSource) -> None:
        source.gives.append(LookupError("not to be read"))

    give(desk.wire)
    give(desk.other)
    async with serving(server, desk):
        answer = await mo.start_command(readers, "reload")
        await answer.until(lambda: answer.deferred)
        desk.wire.may_go.set()
        await answer.until(lambda: answer.has_response)
    assert answer.content


async def _settled(answer: Interaction) -> None:
    await answer.until(lambda: answer.has_response)


async def test_of_a_crowd_all_are_heard_before_any_is_answered(
    server: Server, readers: Guild, held: HeldDesk
) -> None:
    crowd = [server.person(f"Reader {n}", readers) for n in range(12)]
    async with serving(server, held):
        asked = [await one.start_command(readers, "latest") for one in crowd]
        await until(lambda: sum(one.type == DEFER for one in asked) >= 8)
        assert len(held.asked) <= 8  # four at once, and four of the others
        held.may_go.set()
        await asyncio.gather(*(_settled(one) for one in asked))
    assert len(readers.channel.seen) == 12


async def test_a_refusal_after_asking_for_time(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    held.may_go.set()
    async with serving(server, held, patience=0):
        page = await ada.command(readers, "latest")
        page.shown.buttons[-1]["custom_id"] = f"b:{ada.id}:read?story=bcdfghjkmnpq"
        pressed = await ada.presses(page, "Next")
    assert (pressed.type, [one.ephemeral for one in pressed.followups]) == (DEFER_UPDATE, [True])
    assert page.headlines[0] == "1. Story 1"


async def test_the_first_answer_too_late(
    server: Server, readers: Guild, ada: Person, held: HeldDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, held):
        late = await ada.start_command(readers, "latest")
        await until(lambda: held.asked)
        server.clock.move(seconds=3.5)
        held.may_go.set()
        with pytest.raises(NoResponseError, match="10062"):
            await late.until(lambda: late.has_response)
        assert (await ada.command(readers, "latest")).boxes
    assert "Unknown interaction" in caplog.text
    quiet(caplog)


async def test_too_late_to_ask_for_time(
    server: Server, readers: Guild, ada: Person, held: HeldDesk, caplog: pytest.LogCaptureFixture
) -> None:
    server.fails("POST", CALLBACK, 404, 10062)
    async with serving(server, held, patience=0):
        late = await ada.start_command(readers, "latest")
        await until(lambda: late.log)
        held.may_go.set()
        await until(lambda: "came too late" in caplog.text)
        assert (await ada.command(readers, "latest")).boxes
    assert not late.has_response
    quiet(caplog)


async def test_a_token_that_has_run_out(
    server: Server, readers: Guild, ada: Person, held: HeldDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, held, patience=0) as running:
        late = await ada.start_command(readers, "latest")
        await late.until(lambda: late.deferred)
        server.clock.move(minutes=15.1)
        held.may_go.set()
        with pytest.raises(NoResponseError, match="50027"):
            await late.until(lambda: late.has_response)
        assert (await ada.command(readers, "latest")).boxes
        assert not running.done()  # it is no word on the bot's own token
    quiet(caplog)


# Connections that are cut


@pytest.mark.parametrize("after", [False, True])
async def test_an_answer_that_is_cut_off_is_sent_again_and_never_twice(
    server: Server,
    readers: Guild,
    ada: Person,
    desk: TestDesk,
    after: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await twelve(desk)
    server.drops("POST", CALLBACK, after=after)
    async with serving(server, desk):
        answer = await ada.command(readers, "latest")
        await until(lambda: len(server.called("POST", CALLBACK)) == 2)
        await until(lambda: server.called("POST", CALLBACK)[1].status)
    assert answer.type == REPLY
    assert len(readers.channel.seen) == 1
    quiet(caplog)


async def test_a_deferral_that_got_there_after_all(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    server.drops("POST", CALLBACK, after=True)
    held.may_go.set()
    async with serving(server, held, patience=0):
        answer = await ada.command(readers, "latest")
    assert answer.deferred
    assert answer.boxes


async def test_the_line_is_resumed_or_made_anew(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    async with serving(server, desk):
        for shake in (
            server.gateway.reconnect,
            server.gateway.drop,
            lambda: server.gateway.invalidate(resumable=True),
        ):
            await shake()
            assert (await ada.command(readers, "latest")).boxes
        assert [one for one in server.gateway.log if one.startswith(("identify", "resume"))] == [
            "identify 0",
            "resume 0",
            "resume 0",
            "resume 0",
        ]


async def test_discord_may_be_away_at_the_start(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    server.drops("GET", "/users/@me", after=False, times=2)
    async with serving(server, desk):
        assert (await ada.command(readers, "help")).boxes
    assert "Discord cannot be reached; trying again" in caplog.text
    quiet(caplog)


async def test_a_lost_line_is_made_anew(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, desk):
        (wire,) = server.gateway.connections
        await wire.close(4011)
        await until(lambda: server.gateway.log.count("identify 0") == 2)
        assert (await ada.command(readers, "help")).boxes
    assert "connection lost" in caplog.text
    quiet(caplog)


# Refusals


async def test_too_many_requests(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    held.may_go.set()
    server.throttles("POST", CALLBACK, 0.01)
    server.throttles("PATCH", LATER, 0.01)
    async with serving(server, held, patience=0):
        assert (await ada.command(readers, "latest")).boxes


@pytest.mark.parametrize(
    ("method", "path", "patience"), [("POST", CALLBACK, 9), ("PATCH", LATER, 0)]
)
async def test_what_is_missing_is_told(
    server: Server, readers: Guild, desk: TestDesk, method: str, path: str, patience: float
) -> None:
    await twelve(desk)
    narrow = server.channel(readers, "narrow", bot_may=MEMBER & ~SEND)
    mo = server.person("Mo", readers, manages=True)
    server.fails(method, path, 403, 50013)
    async with serving(server, desk, patience=patience):
        answer = await mo.start_command(narrow, "latest")
        await until(lambda: answer.message and "allowed" in answer.content)
    assert answer.content.endswith("give me these permissions: Send Messages.")
    assert answer.ephemeral is bool(patience)


async def test_an_address_that_discord_refuses_costs_only_the_link(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    url = "https://example.org/a"
    await desk.has(story("Linked", "Text.", url=url, image=f"{url}.png"))
    server.fails("POST", CALLBACK, 400, 50035)
    async with serving(server, desk):
        answer = await ada.command(readers, "latest")
    assert answer.headlines[0] == "1. Linked"
    assert answer.shown.pictures == []
    assert "could not send an answer" in caplog.text


async def test_a_message_that_is_gone(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    held.may_go.set()
    async with serving(server, held, patience=0):
        page = await ada.command(readers, "latest")
        held.may_go.clear()
        pressed = await ada.press(page, "Next")
        await pressed.until(lambda: pressed.deferred)
        page.shown.deleted = True
        held.may_go.set()
        await pressed.until(lambda: pressed.followups)
    (instead,) = pressed.followups
    assert instead.ephemeral
    assert instead.headlines[0] == "6. Story 6"


async def test_a_mistake_of_the_bots_is_told_and_logged(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, BrokenDesk(desk.dispatcher.services, desk.dispatcher.registry)):
        answer = await ada.command(readers, "latest")
    assert answer.ephemeral
    assert answer.content.startswith("Something went wrong.")
    assert "a mistake in /latest" in caplog.text


# The end, wanted and unwanted


async def test_a_wrong_token_ends_it(server: Server, desk: TestDesk) -> None:
    server.gateway.token = "another"  # noqa: S105 # opens nothing
    with pytest.raises(PlatformError, match=r"Discord rejected the token.*Reset Token"):
        async with serving(server, desk):
            pass


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (4004, "rejected the token"),
        (4014, r"\(guilds, dm_messages\)"),
        (4012, "upgrade Dateline"),
    ],
)
async def test_being_shut_out_ends_it(server: Server, desk: TestDesk, code: int, why: str) -> None:
    async with serving(server, desk) as running:
        (wire,) = server.gateway.connections
        await wire.close(code)
        with pytest.raises(PlatformError, match=why):
            await running


async def test_a_token_that_is_refused_on_the_way_ends_it(server: Server, desk: TestDesk) -> None:
    async with serving(server, desk):
        pass
    server.commands.registered.clear()
    server.fails("GET", "/gateway/bot", 401)
    with pytest.raises(PlatformError, match="rejected the token"):
        async with serving(server, desk):
            pass


async def test_servers_and_channels_come_and_go(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    other = server.guild("Other")
    server.world.guilds[other.id].members[ada.id] = MEMBER
    extra = server.channel(readers, "extra")
    async with serving(server, desk):
        await server.begin_outage(readers)
        assert (await ada.command(readers, "help")).boxes
        await server.add_bot(readers)
        await server.delete(extra)
        await server.remove_bot(other)
        await until(lambda: f"removed from Other ({other.id})" in caplog.text)
        await server.add_bot(other)
        assert (await ada.command(other, "help")).boxes
    quiet(caplog)


async def test_what_is_being_answered_is_finished_at_the_end(
    server: Server, readers: Guild, ada: Person, held: HeldDesk
) -> None:
    async with serving(server, held) as running:
        asked = await ada.start_command(readers, "latest")
        await until(lambda: held.asked)
        running.cancel()
        await asyncio.sleep(0)
        held.may_go.set()
        await asked.until(lambda: asked.has_response)
        await asyncio.wait({running})
    assert asked.boxes
    await until(lambda: "closed 1000" in server.gateway.log)


async def test_no_log_shows_the_token(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(server, desk):
        await ada.command(readers, "help")
        await server.gateway.reconnect()
    assert "discord" in caplog.text
    assert A_TOKEN not in caplog.text
