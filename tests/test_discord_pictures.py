"""Pictures on Discord: attached with a description, replaced, cleared, or the text instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord_desk import serving, until
from newsdesk import TestDesk, desk_over
from scripted_renderer import ScriptedRenderer, png
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import ATTACH, MEMBER, Guild
from stories import NOW, story

from bot.model import Topic

__all__ = ["ada", "readers", "server"]

TOPICS = (Topic("Osaka Expo", "expo"), Topic("大阪", "大阪"))
ROW = "▁▁▁▁▁▁▁▁▁▁▅█ 3 stories"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    renderer = ScriptedRenderer()
    async with desk_over(tmp_path / "store.db", topics=TOPICS, pictures=renderer) as one:
        for days in (0, 1, 9):
            at = NOW - timedelta(days=days)
            await one.has(story(f"Expo {days}", published=at), story(f"大阪 {days}", published=at))
        yield one


def assert_shows_picture(message: Any, title: str) -> None:
    assert message.content.startswith(f"## {title}\n")
    assert message.boxes == []
    assert message.pictures == ["attachment://trends.png"]
    (picture,) = message.attachments
    assert (picture["filename"], picture["content"]) == ("trends.png", png())
    assert picture["description"].startswith(f"{title}. Stories a ")


def assert_shows_text(message: Any) -> None:
    assert message.attachments == []
    assert message.pictures == []
    assert message.content.startswith("## What the news was about\n")
    (box,) = message.boxes
    assert f"**Osaka Expo** — {ROW}" in box


async def test_a_picture_is_attached_with_a_description(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    async with serving(server, desk):
        page = await ada.command(readers, "trends")
        assert_shows_picture(page.shown, "What the news was about")
        (picture,) = page.shown.attachments
        assert "大阪: 3 stories, most from" in picture["description"]
        assert page.shown.labels == ["Osaka Expo", "大阪"]


@pytest.mark.parametrize("patience", [0.0, 3_600.0], ids=["deferred", "at once"])
async def test_a_picture_is_replaced_and_cleared_in_place(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, patience: float
) -> None:
    async with serving(server, desk, patience=patience):
        page = await ada.command(readers, "trends")
        first = page.shown.attachments[0]["id"]
        page = await ada.presses(page, "Osaka Expo")
        assert_shows_picture(page.shown, "Osaka Expo")
        assert page.shown.attachments[0]["id"] != first
        page = await ada.presses(page, "Stories")
        assert page.shown.attachments == []
        assert "Expo 0" in page.shown.headlines[0]


async def test_a_picture_takes_the_place_of_a_text(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    async with serving(server, desk):
        page = await ada.command(readers, "help", command="trends")
        assert page.shown.attachments == []
        page = await ada.presses(page, "/trends")
        assert_shows_picture(page.shown, "What the news was about")


async def test_in_private_it_comes_as_well(server: Server, ada: Person, desk: TestDesk) -> None:
    async with serving(server, desk):
        own = server.world.dm(ada)
        await ada.writes(None, "/trends")
        await until(lambda: len(own.seen) == 2)
        assert_shows_picture(own.seen[1], "What the news was about")


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (413, 40005), (400, 50035)])
async def test_a_picture_that_is_refused_becomes_a_text(
    server: Server, readers: Guild, ada: Person, desk: TestDesk, status: int, code: int
) -> None:
    async with serving(server, desk):
        server.fails("POST", "/interactions/*/callback", status, code)
        page = await ada.command(readers, "trends")
        assert_shows_text(page.shown)


async def test_in_private_a_picture_that_is_refused_becomes_a_text(
    server: Server, ada: Person, desk: TestDesk
) -> None:
    async with serving(server, desk):
        own = server.world.dm(ada)
        own.bot_may = MEMBER & ~ATTACH
        await ada.writes(None, "/trends")
        await until(lambda: len(own.seen) == 2)
        assert_shows_text(own.seen[1])
