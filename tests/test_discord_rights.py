"""Permissions on Discord: moderators, and the visibility of replies."""

from __future__ import annotations

import pytest
from discord_desk import HeldDesk, serving
from newsdesk import TestDesk, twelve
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import Guild

from bot.chat.settings import ANSWERS
from bot.ingest.results import FetchResult
from bot.model import Chat

__all__ = ["ada", "readers", "server"]


@pytest.fixture
def mo(server: Server, readers: Guild) -> Person:
    return server.person("Mo", readers, manages=True)


def gives(desk: TestDesk, times: int = 1) -> None:
    for source in (desk.wire, desk.other):
        source.gives += [FetchResult() for _ in range(times)]


async def test_moderators_and_impostors(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    gives(desk)
    async with serving(server, desk):
        with pytest.raises(AssertionError, match="not shown to Ada"):
            await ada.command(readers, "reload")
        for name in ("reload", "settings"):
            refused = await ada.command(readers, name, forced=True)
            assert refused.content.startswith(f"Only moderators can use /{name}")
        answer = await mo.command(readers, "reload")
        assert answer.deferred
        assert answer.content.startswith("## Checked ")
        assert await mo.autocomplete("help", "command", "relo", readers) == ["reload"]
        assert await ada.autocomplete("help", "command", "relo", readers) != ["reload"]
    assert desk.wire.asked == [""]


async def test_a_role_makes_moderators(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    role = server.world.ids.next()
    readers.roles[role] = {ada.id}
    ben = server.person("Ben", readers)
    async with serving(server, desk):
        page = await mo.command(readers, "settings")
        assert (await ada.command(readers, "settings", forced=True)).content.startswith(
            "Only moderators"
        )
        done = await mo.command(readers, "settings", setting="role", value=f"<@&{role}>")
        assert f"Done: role is now <@&{role}> here." in done.content
        assert f"**role: <@&{role}>**" in done.boxes[0]
        assert done.shown.pings == []
        assert (await ada.command(readers, "settings", forced=True)).boxes
        assert (await ben.command(readers, "settings", forced=True)).content.startswith(
            "Only moderators"
        )
        await ada.presses(page, "Answer in private")
        assert "answers is now private" in page.content
        # The role of everybody is no role.
        await mo.command(readers, "settings", setting="role", value=str(readers.id))
        assert (await ben.command(readers, "settings", forced=True)).content.startswith(
            "Only moderators"
        )


async def test_whom_the_operator_named_moderates_everywhere(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    gives(desk)
    ben = server.person("Ben")
    async with serving(server, desk, moderators=frozenset({ada.id})):
        assert (await ada.command(readers, "settings", forced=True)).boxes
        assert (await ada.command(None, "reload")).content.startswith("## Checked ")
        assert (await ben.command(None, "reload")).content == "Only moderators can use /reload."


async def test_in_direct_messages_everybody_is_a_host_and_no_moderator(
    server: Server, ada: Person, desk: TestDesk
) -> None:
    async with serving(server, desk):
        answer = await ada.command(None, "settings")
        assert "\n**timezone: UTC**" in answer.boxes[0]
        with pytest.raises(AssertionError, match="not offered in context 1"):
            await ada.command(None, "reload")
        page = await ada.command(None, "help")
        page.shown.menus[0]["options"].append({"label": "x", "value": "reload"})
        (told,) = (await ada.selects(page, "x")).followups
        assert (told.ephemeral, told.content) == (True, "Only moderators can use /reload.")


async def test_where_somebody_brought_the_bot_along_nobody_is_its_moderator(
    server: Server, desk: TestDesk
) -> None:
    await twelve(desk)
    elsewhere = server.guild("Elsewhere", has_bot=False)
    owner = server.person("Owner", elsewhere, manages=True)
    owner.installs()
    async with serving(server, desk):
        page = await owner.command(elsewhere, "latest")
        assert not page.ephemeral
        await owner.presses(page, "Next")
        assert page.headlines[0] == "6. Story 6"
        refused = await owner.command(elsewhere, "settings")
        assert (
            refused.content
            == "Only moderators can use /settings here. In a private chat with me, you can."
        )
        with pytest.raises(AssertionError, match="not installed there"):
            await owner.command(elsewhere, "reload")


async def test_answers_are_seen_by_whom_the_moderators_say(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    other = server.channel(readers, "other")
    async with serving(server, desk):
        await mo.command(readers, "settings", setting="answers", value="private")
        for place in (readers.channel, other):
            page = await ada.command(place, "latest")
            assert page.ephemeral
            await ada.presses(page, "Next")
            assert page.headlines[0] == "6. Story 6"
        assert not (await ada.command(None, "latest")).ephemeral
        await mo.command(readers, "settings", setting="answers", value="public")
        assert not (await ada.command(other, "latest")).ephemeral
    settings = desk.dispatcher.services.settings
    assert await settings.get(Chat("discord", str(readers.id)), ANSWERS) == "public"


async def test_a_slow_private_answer_stays_private(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    held = HeldDesk(desk.dispatcher.services)
    held.may_go.set()
    async with serving(server, held, patience=0):
        await mo.command(readers, "settings", setting="answers", value="private")
        answer = await ada.command(readers, "latest")
        assert (answer.deferred, answer.ephemeral) == (True, True)
        assert answer.boxes
    person, chat = held.asked[-1][1:]
    assert (person.id, person.name) == (str(ada.id), "Ada")
    assert (person.moderator, person.host) == (False, False)
    assert chat == Chat("discord", str(readers.channel.id))


async def test_a_forged_press_changes_nothing(
    server: Server, readers: Guild, ada: Person, mo: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    async with serving(server, desk):
        page = await mo.command(readers, "topics")
        before = (page.content, page.boxes)
        press = await mo.forges(page.shown, f"b:{mo.id}:help")  # of which there is no such button
        (menu,) = page.shown.menus
        choice = await mo.forges(page.shown, menu["custom_id"], "help")
        await choice.until(lambda: choice.has_response)
        assert choice.content == "This button no longer works."
        assert choice.ephemeral
        assert (press.has_response, page.content, page.boxes) == (False, *before)
        assert (await ada.command(readers, "latest")).boxes  # it goes on
