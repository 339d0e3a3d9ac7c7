"""Found topics over the wire: on Telegram, on Discord, in the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import discord_desk
import pytest
import telegram_bot
from newsdesk import TestDesk, desk_over
from servers.discord.interaction import Interaction
from servers.discord.server import Server as DiscordServer
from servers.discord.server import ada, readers, server
from servers.discord.world import Guild
from servers.telegram.server import Server as TelegramServer
from test_found_topics import KOSAN, VARNA, told

__all__ = ["ada", "readers", "server"]

CONFIG = """\
[[sources]]
id = "wire"
name = "The Wire"
kind = "archive"
path = "wire.txt"
"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "found.db", find_topics=True) as opened:
        await opened.polls(*VARNA, *KOSAN)
        yield opened


def shown_list(answer: Interaction) -> str:
    embedded = (str(embed.get("description", "")) for embed in answer.embeds)
    return "\n".join((answer.content, *answer.boxes, *embedded))


async def test_on_telegram_a_moderator_renames_a_topic_by_a_reply(desk: TestDesk) -> None:
    async with TelegramServer(patience=20) as api:
        mo, ben = api.person("Mo"), api.person("Ben")
        group = api.supergroup("Readers", admins=[mo], members=[ben])
        async with telegram_bot.serving(api, desk):
            await mo.says(group, "/topic kosan")
            shown = await api.next_message(group)
            assert shown.text.startswith("Kosan\n")
            await mo.presses(shown, "Edit topic")
            menu = await api.edited(shown)
            await mo.presses(menu, "Rename it")
            asked = await api.next_message(group)
            assert "What is the topic “Kosan” to be called?" in asked.text
        async with telegram_bot.serving(api, desk):  # the question outlives a restart
            said = await mo.says(group, "Kosan Lines", reply_to=asked)
            (done,) = await api.replies(group, after=said)
            assert "“Kosan” is called “Kosan Lines” now." in done.text
            said = await ben.says(group, "/topic kosan lines")
            (opened,) = await api.replies(group, after=said)
            assert opened.text.startswith("Kosan Lines\n")
            assert not [one for one in opened.buttons if one.text == "Edit topic"]


async def test_on_telegram_nobody_else_edits_by_a_press_or_a_forged_one(desk: TestDesk) -> None:
    async with TelegramServer(patience=20) as api:
        mo, ben = api.person("Mo"), api.person("Ben")
        group = api.supergroup("Readers", admins=[mo], members=[ben])
        async with telegram_bot.serving(api, desk):
            said = await mo.says(group, "/topic kosan")
            (shown,) = await api.replies(group, after=said)
            await ben.presses(shown, "Edit topic")
            for data in ("topic?name=Kosan&hide=yes", "topic?name=Kosan&merge=Varna%20Expo"):
                await ben.forges(shown, data)
                await mo.forges(shown, data)
            said = await ben.says(group, "/topic kosan")
            (again,) = await api.replies(group, after=said)
            assert again.text.startswith("Kosan\n")


async def test_on_discord_a_moderator_renames_a_topic_by_a_form_and_undoes_it(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    mo = server.person("Mo", readers, manages=True)
    async with discord_desk.serving(server, desk):
        shown = await mo.command(readers, "topic", name="kosna")
        assert "I took “kosna” for the topic “Kosan”." in shown.content
        await mo.presses(shown, "Edit topic")
        asked = await mo.presses(shown, "Rename it")
        assert asked.modal is not None
        done = await mo.submits(asked, "Kosan Lines")
        assert "“Kosan” is called “Kosan Lines” now." in done.content
        await mo.presses(done, "Undo")
        listed = shown_list(await mo.command(readers, "topics"))
        assert "Kosan" in listed
        assert "Kosan Lines" not in listed


async def test_on_discord_readers_see_what_is_alive_and_change_nothing(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    reader = server.person("Rea", readers)
    async with discord_desk.serving(server, desk):
        listed = shown_list(await reader.command(readers, "topics"))
        assert "### Found in the stories" in listed
        assert "Kosan" in listed
        shown = await reader.command(readers, "topic", name="kosan")
        assert "Edit topic" not in shown.labels
        assert shown.message is not None
        await reader.forges(shown.message, "topic?name=Kosan&hide=yes")
        assert "Kosan" in shown_list(await reader.command(readers, "topics"))


@pytest.mark.process
def test_in_the_terminal_topics_are_found_edited_and_rebuilt(tmp_path: Path) -> None:
    stories = [*VARNA, *KOSAN, told("A vaccine for hens", "The vaccine is new. A vaccine, so.")]
    text = "\n###\n".join(
        f"{one.title}\n\nRONSBY, {one.published:%b. %d, %Y}— {one.text}\n" for one in stories
    )
    (tmp_path / "wire.txt").write_text(text, encoding="utf-8")

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "bot.cli", "--config", "config.toml", *arguments]
        done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout

    (tmp_path / "config.toml").write_text(
        f"{CONFIG}[bot]\nfind_topics = false\nsubjects = false\n", "utf-8"
    )
    run("load")
    assert "There are no topics." in run("ask", "/topics")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    assert "5 stories searched for topics" in run("rebuild")
    listed = run("ask", "/topics")
    assert all(name in listed for name in ("Kosan", "Varna Expo", "Vaccine"))
    assert "RONSBY" not in listed.upper()
    assert "“Kosan” is hidden." in run("ask", "/topic kosan hide:yes")
    assert "searched for topics" not in run("rebuild")
    assert "Kosan" not in run("ask", "/topics")
    assert "Varna Expo" in run("ask", "/topic varna")
