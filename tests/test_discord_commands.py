"""The commands that Discord is told of."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from discord_desk import serving, until
from newsdesk import TestDesk
from servers.discord.command_rules import CHAT_INPUT, MESSAGE_MENU, bulk_command_violations
from servers.discord.server import Server, server
from stories import story

from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Registry
from bot.commands.latest import LATEST

__all__ = ["server"]

MANAGE_GUILD = str(1 << 5)


def options(command: Any) -> dict[str, Any]:
    return {one["name"]: one for one in command["options"]}


async def test_what_is_offered(server: Server, desk: TestDesk) -> None:
    async with serving(server, desk):
        offered = {one["name"]: one for one in server.commands.registered[None]}
    assert bulk_command_violations(list(offered.values())) == []
    menu = offered.pop("Related stories")
    assert (menu["type"], menu["contexts"]) == (MESSAGE_MENU, [0, 1, 2])
    assert list(offered) == [command.name for command in desk.dispatcher.registry]
    assert {one["type"] for one in offered.values()} == {CHAT_INPUT}
    for name in ("latest", "search", "read", "help"):
        assert (offered[name]["contexts"], offered[name]["integration_types"]) == (
            [0, 1, 2],
            [0, 1],
        )
        assert offered[name]["default_member_permissions"] is None
    assert (offered["settings"]["contexts"], offered["settings"]["integration_types"]) == (
        [0, 1],
        [0, 1],
    )
    assert (offered["reload"]["contexts"], offered["reload"]["integration_types"]) == ([0], [0])
    for name in ("settings", "reload"):
        assert offered[name]["default_member_permissions"] == MANAGE_GUILD


async def test_options_are_typed(server: Server, desk: TestDesk) -> None:
    async with serving(server, desk):
        offered = {one["name"]: one for one in server.commands.registered[None]}
    page = options(offered["latest"])["page"]
    assert (page["type"], page["min_value"], page["max_value"]) == (4, 1, 100_000)
    words = options(offered["search"])["words"]
    assert (words["type"], words.get("required", False), words["autocomplete"]) == (3, False, True)
    assert words["max_length"] == 1000
    assert options(offered["read"])["story"]["description"] == (
        "Its number in the last list, its ID, or words from its title"
    )
    setting = options(offered["settings"])["setting"]
    names = [one["value"] for one in setting["choices"]]
    assert names == ["answers", "pictures", "role", "publish", "language", "timezone"]
    assert not setting.get("autocomplete")


async def test_what_is_to_be_posted_is_chosen_and_completed(server: Server, desk: TestDesk) -> None:
    await desk.has(story("Crematorium sold"))
    readers = server.guild("Readers")
    mo = server.person("Mo", readers, manages=True)
    async with serving(server, desk):
        offered = {one["name"]: one for one in server.commands.registered[None]}
        subscribe = options(offered["subscribe"])
        assert (subscribe["what"].get("required", False), subscribe["what"]["max_length"]) == (
            False,
            1000,
        )
        assert {name for name, one in subscribe.items() if one.get("autocomplete")} == {
            "what",
            "when",
            "quiet",
            "events",
            "language",
            "exclude",
            "age",
        }
        most = subscribe["most"]
        assert (most["type"], most["min_value"], most["max_value"]) == (4, 0, 100)
        assert [subscribe[name]["type"] for name in ("picture", "silent", "threads")] == [5] * 3
        assert (subscribe["role"]["type"], subscribe["channel"]["type"]) == (8, 7)
        assert set(subscribe["channel"]["channel_types"]) == {0, 5, 10, 11, 12, 15}
        assert await mo.autocomplete("subscribe", "what", "osa", readers) == ["osa", "Osaka Expo"]
        assert await mo.autocomplete("subscribe", "when", "wee", readers) == [
            "weekdays 9:00",
            "weekly mon 8:00",
        ]
        zones = await mo.autocomplete("settings", "value", "tok", readers)
        assert zones == ["Asia/Tokyo"]


async def test_only_changes_are_told(server: Server, desk: TestDesk) -> None:
    for _ in range(3):
        async with serving(server, desk):
            pass
    assert len(server.commands.syncs) == 1
    fewer = Dispatcher(desk.dispatcher.services, Registry([LATEST]))
    async with serving(server, fewer):
        await until(lambda: len(server.commands.syncs) == 2)
    assert server.commands.syncs[1] == (None, ["latest", "Related stories"])


async def test_one_server_while_developing(server: Server, desk: TestDesk) -> None:
    lab = server.guild("Lab")
    ada = server.person("Ada", lab)
    for _ in range(2):
        async with serving(server, desk, guild=lab.id):
            assert (await ada.command(lab, "help")).boxes
    assert [where for where, _ in server.commands.syncs] == [lab.id]
    async with serving(server, desk):
        await until(lambda: len(server.commands.syncs) == 3)
        assert (await ada.command(lab, "help")).boxes
    # Then everywhere, and no longer twice there.
    assert server.commands.syncs[1][0] is None
    assert server.commands.syncs[2] == (lab.id, [])


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (400, 50035), (400, 30034), (503, 0)])
async def test_without_being_offered_they_work(
    server: Server, desk: TestDesk, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    readers = server.guild("Readers")
    ada = server.person("Ada", readers)
    async with serving(server, desk):
        pass
    fewer = Dispatcher(desk.dispatcher.services, Registry([LATEST]))
    path = f"/applications/{server.bot.id}/commands"
    server.fails("PUT", path, status, code)
    async with serving(server, fewer):
        await until(lambda: "could not update the commands" in caplog.text)
        assert (await ada.command(readers, "latest")).content
        outdated = await ada.command(readers, "help")
        assert outdated.ephemeral
        assert outdated.content.startswith("This command has changed.")
    assert "Traceback" not in caplog.text
    async with serving(server, fewer):  # the next start tries again
        await until(lambda: len(server.commands.syncs) == 2)
        await asyncio.sleep(0)
