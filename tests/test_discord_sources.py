"""`/source` on Discord: menus, cards and forms, and lists of feeds as files that come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord_desk import serving, until
from scripted_sources import SourcesDesk, feed, sources_desk_over
from servers.discord.attachments import SentFile
from servers.discord.people import Person
from servers.discord.server import Server, ada, readers, server
from servers.discord.world import Guild
from stories import NOW, story

from bot.config.opml import Feed, read_opml, write_opml
from bot.ingest.results import FetchResult

__all__ = ["ada", "readers", "server"]

URL = "https://harbour.example/feed"


@pytest.fixture
async def desk(tmp_path: Path, server: Server, ada: Person) -> AsyncIterator[SourcesDesk]:
    async with sources_desk_over(tmp_path / "store.db") as one:
        given = (
            story(f"Story *{n}*", "Text & more.", published=NOW - timedelta(hours=n))
            for n in range(5)
        )
        one.roster.gives[URL] = FetchResult(tuple(given))
        one.finder.finds["harbour.example"] = (
            feed(URL, "The *Harbour*"),
            feed("https://harbour.example/ships", "Ships & Ports"),
        )
        async with serving(server, one.desk, operators=frozenset({ada.id})):
            yield one


def opml(server: Server) -> SentFile:
    return server.file("feeds.opml", write_opml("x", [Feed("Harbour", URL, ("Ports",))]))


async def test_a_source_is_found_shown_and_added(
    readers: Guild, ada: Person, desk: SourcesDesk
) -> None:
    page = await ada.command(
        readers, "source", forced=True, action="add", what="harbour.example", every="1h"
    )
    assert page.shown.only is ada
    page = await ada.selects(page, "The *Harbour*")
    assert page.shown.content.startswith("## Add The \\*Harbour\\*?")
    assert "every hour" in page.shown.content
    assert len(page.shown.headlines) == 3
    assert page.shown.labels == ["Add", "Cancel"]
    page = await ada.presses(page, "Add")
    assert "is a source now, as the-harbour." in page.shown.content
    (config,) = desk.roster.added
    assert (config.url, config.every) == (URL, timedelta(hours=1))
    assert (await desk.editor.store.edits()).added[0].added.person == str(ada.id)


async def test_a_setting_is_asked_for_in_a_form(
    readers: Guild, ada: Person, desk: SourcesDesk
) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    page = await ada.command(readers, "source", forced=True, action="edit", what="the-harbour")
    form = await ada.selects(page, "Checked")
    shown = await ada.submits(form, "2h")
    assert "every 2 hours" in shown.shown.boxes[0]
    assert desk.roster.added[0].every == timedelta(hours=2)


@pytest.mark.usefixtures("desk")
async def test_sources_are_offered_as_they_are_typed(ada: Person) -> None:
    assert await ada.autocomplete("source", "what", "oth", action="test") == ["Other News"]


def assert_holds_list(message: Any) -> None:
    (file,) = message.attachments
    assert file["filename"] == "sources.opml"
    assert [one.url for one in read_opml(file["content"])] == ["https://other.example/feed"]
    assert "1 source, for a feed reader or another Dateline." in message.content


@pytest.mark.usefixtures("desk")
async def test_all_sources_are_exported_as_a_file(
    server: Server, readers: Guild, ada: Person
) -> None:
    page = await ada.command(readers, "source", forced=True, action="export")
    assert_holds_list(page.shown)
    own = server.world.dm(ada)
    await ada.writes(None, "/source export")
    await until(lambda: len(own.seen) == 2)
    assert_holds_list(own.seen[1])
    page = await ada.command(readers, "source", forced=True)
    page = await ada.presses(page, "Export as OPML")
    assert_holds_list(page.shown)


@pytest.mark.usefixtures("desk")
async def test_a_file_that_is_refused_leaves_the_words(
    server: Server, readers: Guild, ada: Person
) -> None:
    server.fails("POST", "/interactions/*/callback", 413, 40005)
    page = await ada.command(readers, "source", forced=True, action="export")
    assert page.shown.attachments == []
    assert "1 source, for a feed reader" in page.shown.content
    assert "The file can't be sent here." in page.shown.content


async def test_a_list_is_imported_from_a_file(
    server: Server, readers: Guild, ada: Person, desk: SourcesDesk
) -> None:
    page = await ada.command(readers, "source", forced=True, action="import", file=opml(server))
    assert page.shown.content.startswith("## Add 1 source?")
    page = await ada.presses(page, "Add them")
    assert "1 source was added." in page.shown.content
    assert [(one.url, one.topics) for one in desk.roster.added] == [(URL, ("Ports",))]


async def test_a_file_that_is_gone_is_told(
    server: Server, readers: Guild, ada: Person, desk: SourcesDesk
) -> None:
    file = opml(server)
    server.front.files.clear()
    page = await ada.command(readers, "source", forced=True, action="import", file=file)
    assert "The file could not be fetched: " in page.shown.content
    assert desk.roster.added == ()


@pytest.mark.usefixtures("desk")
async def test_moderators_of_a_server_change_nothing(server: Server, readers: Guild) -> None:
    eve = server.person("Eve", readers, manages=True)
    asked: tuple[dict[str, Any], ...] = (
        {"action": "export"},
        {"action": "add", "what": "harbour.example"},
    )
    for given in asked:
        page = await eve.command(readers, "source", **given)
        assert page.shown.only is eve
        assert "Only operators can change the sources." in page.shown.content
