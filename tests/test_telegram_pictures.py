"""Pictures on Telegram: uploaded with a caption, in the place of a text, or the text instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from scripted_renderer import ScriptedRenderer, png
from servers.telegram import faults
from servers.telegram.calls import Upload
from servers.telegram.chats import Chat, Message
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat
from stories import NOW, story
from telegram_bot import serving

from bot.model import Topic

__all__ = ["ada", "chat"]

TOPICS = (Topic("Osaka Expo", "expo"), Topic("大阪 & <Friends>", "大阪"))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    renderer = ScriptedRenderer()
    async with desk_over(tmp_path / "store.db", topics=TOPICS, pictures=renderer) as one:
        for days in (0, 1, 9):
            at = NOW - timedelta(days=days)
            await one.has(story(f"Expo {days}", published=at), story(f"大阪 {days}", published=at))
        yield one


@pytest.fixture
async def server(desk: TestDesk) -> AsyncIterator[Server]:
    async with Server(patience=20) as api, serving(api, desk):
        yield api


def photo(message: Message) -> bytes:
    assert isinstance(message.photo, Upload)
    assert message.photo.name == "trends.png"
    return message.photo.content


async def test_a_picture_comes_with_its_facts_as_a_caption(
    server: Server, ada: Person, chat: Chat
) -> None:
    asked = await ada.says(chat, "/trends")
    (sent,) = await server.replies(chat, after=asked)
    assert photo(sent) == png()
    assert sent.text.splitlines()[0] == "What the news was about"
    assert "Osaka Expo — ▁▁▁▁▁▁▁▁▁▁▅█ 3 stories" in sent.text
    assert "大阪 & <Friends> — ▁▁▁▁▁▁▁▁▁▁▅█ 3 stories" in sent.text
    assert [button.text for button in sent.buttons] == ["Osaka Expo", "大阪 & <Friends>"]
    assert server.made("sendMessage", chat) == []


async def test_another_picture_takes_its_place_and_a_text_stands_below(
    server: Server, ada: Person, chat: Chat
) -> None:
    asked = await ada.says(chat, "/trends")
    (sent,) = await server.replies(chat, after=asked)
    await ada.presses(sent, "Osaka Expo")
    await server.edited(sent)
    assert photo(sent) == png()
    assert sent.text.startswith("Osaka Expo\n\nStories a day, ")
    await ada.presses(sent, "Stories")
    (listed,) = await server.replies(chat, after=sent)
    assert listed.photo is None
    assert listed.text.startswith(
        "Osaka Expo\n\n3 stories since Nov 14, 2026. 2 this week.\n\n1. Expo 0"
    )
    assert sent.edits == 1


async def test_a_picture_takes_the_place_of_a_text(server: Server, ada: Person, chat: Chat) -> None:
    asked = await ada.says(chat, "/help trends")
    (text,) = await server.replies(chat, after=asked)
    assert text.photo is None
    await ada.presses(text, "/trends")
    await server.edited(text)
    assert photo(text) == png()


async def test_a_question_that_is_edited_gets_its_picture_or_text(
    server: Server, ada: Person, chat: Chat
) -> None:
    asked = await ada.says(chat, "/trends")
    (sent,) = await server.replies(chat, after=asked)
    await ada.edits(asked, "/topics")
    (listed,) = await server.replies(chat, after=sent)
    assert listed.text.startswith("Topics")
    await ada.edits(asked, "/trends osaka expo")
    await server.edited(listed)
    assert photo(listed) == png()


async def test_where_photos_are_not_allowed_the_text_comes(server: Server, ada: Person) -> None:
    group = server.supergroup("Readers", members=[ada])
    group.no_photos = True
    asked = await ada.says(group, "/trends")
    (sent,) = await server.replies(group, after=asked)
    assert sent.photo is None
    assert sent.text.startswith("What the news was about\n\nStories a week, ")
    assert "Osaka Expo — ▁▁▁▁▁▁▁▁▁▁▅█ 3 stories" in sent.text
    await ada.presses(sent, "Osaka Expo")
    await server.edited(sent)
    assert sent.photo is None
    assert sent.text.startswith("Osaka Expo\n\nStories a day, ")


@pytest.mark.parametrize("no_photos", [False, True])
async def test_a_picture_for_ones_own_eyes_is_paged_alike(
    server: Server, ada: Person, *, no_photos: bool
) -> None:
    server.ephemeral = True
    group = server.supergroup("Readers", members=[ada])
    group.no_photos = no_photos
    await ada.whispers(group, "/help trends")
    page = await server.whisper(group, ada)
    await ada.presses(page, "/trends")
    await server.edited(page)
    assert (page.photo is None, page.text.startswith("What the news was about")) == (
        no_photos,
        True,
    )
    await ada.presses(page, "Osaka Expo")
    await server.edited(page, 2)
    await ada.presses(page, "Stories")
    shown = page if no_photos else await server.whisper(group, ada, 2)
    await server.edited(page, 3 if no_photos else 2)
    assert (shown.photo, "1. Expo 0" in shown.text) == (None, True)
    await ada.whispers(group, "/trends")
    sent = await server.whisper(group, ada, 2 if no_photos else 3)
    assert (sent.photo is None) == no_photos
    assert server.sent(group) == []


async def test_a_picture_that_is_refused_becomes_a_text(
    server: Server, ada: Person, chat: Chat
) -> None:
    server.fails("sendPhoto", faults.bad_request("IMAGE_PROCESS_FAILED"))
    asked = await ada.says(chat, "/trends")
    (sent,) = await server.replies(chat, after=asked)
    assert sent.photo is None
    assert "Osaka Expo — ▁▁▁▁▁▁▁▁▁▁▅█ 3 stories" in sent.text


async def test_a_picture_that_meets_trouble_is_sent_again(
    server: Server, ada: Person, chat: Chat
) -> None:
    server.fails("sendPhoto", faults.broken(502))
    asked = await ada.says(chat, "/trends")
    (sent,) = await server.replies(chat, after=asked)
    assert photo(sent) == png()
    assert len(server.made("sendPhoto", chat)) == 2


async def test_a_caption_of_many_long_names_is_cut(tmp_path: Path) -> None:
    topics = [Topic(f"{n} {'Transport & Tourism ' * 8}", f"word{n}") for n in range(8)]
    async with desk_over(tmp_path / "s.db", topics=topics, pictures=ScriptedRenderer()) as desk:
        await desk.has(*(story(f"word{n}") for n in range(8)))
        async with Server(patience=20) as server, serving(server, desk):
            ada = server.person("Ada")
            chat = server.private(ada)
            asked = await ada.says(chat, "/trends")
            (sent,) = await server.replies(chat, after=asked)
            assert photo(sent) == png()
            assert len(sent.text) <= 1024
            assert sent.text.endswith("…")
