"""`/source` on Telegram: cards and buttons, and lists of feeds as files that come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from scripted_sources import SourcesDesk, feed, sources_desk_over
from servers.telegram import faults
from servers.telegram.calls import Upload
from servers.telegram.chats import Chat, Message
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat
from stories import NOW, story
from telegram_bot import platform, serving

from bot.config.opml import Feed, read_opml, write_opml
from bot.ingest.results import FetchResult

__all__ = ["ada", "chat"]

URL = "https://harbour.example/feed"
LIST = Upload("feeds.opml", "text/x-opml", write_opml("x", [Feed("Harbour", URL, ("Ports",))]))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SourcesDesk]:
    async with sources_desk_over(tmp_path / "store.db") as one:
        given = (
            story(f"Story <{n}>", "Text & more.", published=NOW - timedelta(hours=n))
            for n in range(5)
        )
        one.roster.gives[URL] = FetchResult(tuple(given))
        one.finder.finds["harbour.example"] = (
            feed(URL, "The <Harbour>"),
            feed("https://harbour.example/ships", "Ships & Ports"),
        )
        yield one


@pytest.fixture
async def server(desk: SourcesDesk) -> AsyncIterator[Server]:
    async with Server(patience=20) as api:
        # The first person of a server is Ada.
        operators = frozenset({5_000_000_001})
        bot = platform(api, desk.desk, operators=operators)
        bot.staff.appoint((), operators)
        async with serving(api, desk.desk, serve=bot):
            yield api


def document(message: Message) -> bytes:
    assert message.document
    return message.document.content


async def test_a_source_is_found_shown_and_added(
    server: Server, ada: Person, chat: Chat, desk: SourcesDesk
) -> None:
    asked = await ada.says(chat, "/source add harbour.example")
    (offer,) = await server.replies(chat, after=asked)
    assert "1. The <Harbour> — https://harbour.example/feed" in offer.text
    assert [one.text for one in offer.buttons] == ["1", "2", "Cancel"]
    await ada.presses(offer, "1")
    await server.edited(offer)
    assert offer.text.startswith("Add The <Harbour>?\n\nhttps://harbour.example/feed")
    assert "Story <0>" in offer.text
    assert "Story <2>" in offer.text
    assert "Story <3>" not in offer.text
    assert [one.text for one in offer.buttons] == ["Add", "Cancel"]
    await ada.presses(offer, "Add")
    await server.edited(offer, 2)
    assert offer.text.startswith("The <Harbour> is a source now, as the-harbour.")
    (added,) = (await desk.editor.store.edits()).added
    assert (added.url, added.added.person) == (URL, str(ada.id))
    await ada.presses(offer, "Show the source")
    await server.edited(offer, 3)
    assert "added by Ada" in offer.text


async def test_a_setting_is_asked_for_and_answered(
    server: Server, ada: Person, chat: Chat, desk: SourcesDesk
) -> None:
    await desk.adds(feed(URL, "The <Harbour>"))
    asked = await ada.says(chat, "/source edit the-harbour")
    (offer,) = await server.replies(chat, after=asked)
    assert "3. Checked — every 15 minutes" in offer.text
    await ada.presses(offer, "3")
    (question,) = await server.replies(chat, after=offer)
    assert "How often should the-harbour be checked?" in question.text
    answer = await ada.says(chat, "2h", reply_to=question)
    (shown,) = await server.replies(chat, after=answer)
    assert "every 2 hours" in shown.text
    assert desk.roster.added[0].every == timedelta(hours=2)


async def test_all_sources_are_exported_as_a_file(server: Server, ada: Person, chat: Chat) -> None:
    asked = await ada.says(chat, "/source export")
    (sent,) = await server.replies(chat, after=asked)
    assert [one.url for one in read_opml(document(sent))] == ["https://other.example/feed"]
    assert sent.document
    assert sent.document.name == "sources.opml"
    assert sent.text == "1 source, for a feed reader or another Dateline."

    asked = await ada.says(chat, "/source")
    (overview,) = await server.replies(chat, after=asked)
    await ada.presses(overview, "Export as OPML")
    (below,) = await server.replies(chat, after=overview)
    assert document(below) == document(sent)
    assert overview.document is None


async def test_where_files_are_not_allowed_the_text_comes(server: Server, ada: Person) -> None:
    group = server.supergroup("Desk", members=[ada])
    group.no_documents = True
    asked = await ada.says(group, "/source export")
    (sent,) = await server.replies(group, after=asked)
    assert sent.document is None
    assert sent.text.startswith("1 source, for a feed reader")
    assert "The file can't be sent here." in sent.text


@pytest.mark.parametrize("is_caption", [True, False])
async def test_a_list_is_imported_from_a_file(
    server: Server, ada: Person, chat: Chat, desk: SourcesDesk, *, is_caption: bool
) -> None:
    if is_caption:
        asked = await ada.says(chat, "/source import", document=LIST)
    else:
        sent = await ada.says(chat, "", document=LIST)
        asked = await ada.says(chat, "/source import", reply_to=sent)
    (preview,) = await server.replies(chat, after=asked)
    assert preview.text.startswith("Add 1 source?\n\n1 new.")
    await ada.presses(preview, "Add them")
    await server.edited(preview)
    assert preview.text.startswith("1 source was added.")
    assert [(one.url, one.topics) for one in desk.roster.added] == [(URL, ("Ports",))]


async def test_a_file_that_telegram_does_not_give_is_told_without_its_address(
    server: Server, ada: Person, chat: Chat
) -> None:
    for fault in (faults.bad_request("file is too big"), faults.broken(502)):
        server.fails("getFile", fault)
        asked = await ada.says(chat, "/source import", document=LIST)
        (refused,) = await server.replies(chat, after=asked)
        assert refused.text.startswith("The file could not be fetched: ")
        assert server.token not in refused.text
    asked = await ada.says(chat, "/source import")
    (hint,) = await server.replies(chat, after=asked)
    assert hint.text.startswith("Attach a list of feeds")


async def test_nobody_else_adds_exports_or_imports(server: Server, ada: Person) -> None:
    eve = server.person("Eve")
    group = server.supergroup("Desk", admins=[eve], members=[ada])
    for line, file in (
        ("/source add harbour.example", None),
        ("/source export", None),
        ("/source import", LIST),
    ):
        asked = await eve.says(group, line, document=file)
        (refused,) = await server.replies(group, after=asked)
        assert refused.text == "Only operators can change the sources."
    assert server.made("getFile") == []
    assert server.made("sendDocument") == []
