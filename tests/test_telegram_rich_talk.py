"""Rich messages over the wire: questions, presses, posts, inline results, and doing without."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over, twelve
from rich_replies import report
from servers.telegram import faults
from servers.telegram.chats import Chat, Message
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story
from telegram_bot import assert_no_violations, platform, serving

from adapters.telegram.platform import Telegram

__all__ = ["ada", "chat", "server"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


def rich(server: Server, desk: TestDesk) -> Telegram:
    return platform(server, desk, rich=True)


def kinds(message: Message) -> list[str]:
    """The kinds of a message's blocks, in order."""
    assert message.rich, f"{message} is no rich message"
    return [block["type"] for block in message.rich["blocks"]]


async def test_a_story_of_a_list_is_one_tap_away(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/latest")
        message = await server.next_message(chat)
        assert kinds(message)[:5] == ["heading", "heading", "footer", "paragraph", "buttons"]
        assert "1. Story 1" in message.text
        await ada.presses(message, "Read 3")
        await server.edited(message)
        assert message.text.startswith("Story 3\n")
        assert "Text 3." in message.text
        await ada.presses(message, "Back to the list")
        await server.edited(message, 2)
        await ada.presses(message, "Next ›")
        await server.edited(message, 3)
        assert "6. Story 6" in message.text
    assert not server.made("sendMessage")


async def test_a_report_of_many_pages_is_one_message(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await desk.has(report())
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/read trams")
        message = await server.next_message(chat)
        assert all(f"Section {number}" in message.text for number in range(1, 7))
        assert len(message.text) > 10_000
        assert [button.text for button in message.buttons] == ["example.org ↗", "Related stories"]


@pytest.mark.parametrize("asked", ["/topics", "/sources", "/help", "/settings", "/latest", "tram"])
async def test_every_kind_of_answer_is_taken(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, asked: str
) -> None:
    await twelve(desk)
    await desk.has(story("Tram line opens", "The tram runs.\nAt last.", topics=("World",)))
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, asked)
        assert (await server.next_message(chat)).rich


async def test_a_line_of_a_list_is_its_own_button(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/topics")
        message = await server.next_message(chat)
        assert message.text.count("World") == 1
        await ada.presses(message, "World")
        await server.edited(message)
        assert "1. Story 1" in message.text


async def test_a_press_on_a_button_that_a_rich_message_does_not_have_is_not_answered(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/latest")
        message = await server.next_message(chat)
        answer = await ada.forges(message, "sources")
        assert answer.text == "The message has changed. Please press again."
        assert message.edits == 0


async def test_in_a_group_a_message_changes_for_who_asked(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    await twelve(desk)
    bob = server.person("Bob")
    group = server.supergroup("Readers", members=[ada, bob])
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(group, "/latest@DatelineBot")
        message = await server.next_message(group)
        await bob.presses(message, "Read 2")
        assert message.edits == 0
        await ada.presses(message, "Read 2")
        await server.edited(message)
        assert message.text.startswith("Story 2\n")


async def test_what_replies_to_a_rich_message_is_about_its_story(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await desk.has(report(), story("Ferries", "A ferry sails."))
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/read trams")
        shown = await server.next_message(chat)
        await ada.says(chat, "/related", reply_to=shown)
        assert "A year of trams" in (await server.next_message(chat)).text


async def test_an_inline_result_is_posted_as_a_rich_message(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await desk.has(report())
    async with serving(server, desk, serve=rich(server, desk)):
        results = (await ada.asks_inline("trams")).results
        posted = await ada.posts(results[0], chat)
        assert kinds(posted)[:2] == ["heading", "footer"]
        assert posted.text.startswith("A year of trams\n")


async def test_a_chat_may_have_the_classic_form(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    group = server.supergroup("Readers", admins=[ada])
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(group, "/settings rich off")
        assert (await server.next_message(group)).rich is None
        await ada.says(group, "/latest")
        assert (await server.next_message(group)).rich is None
        await ada.says(chat, "/latest")
        assert (await server.next_message(chat)).rich
        await ada.says(group, "/settings rich on")
        assert (await server.next_message(group)).rich


@pytest.mark.parametrize("first", ["off", "on"])
async def test_a_page_becomes_the_other_kind_where_the_setting_has_changed(
    server: Server, desk: TestDesk, ada: Person, first: str
) -> None:
    await twelve(desk)
    group = server.supergroup("Readers", admins=[ada])
    then = {"off": "on", "on": "off"}[first]
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(group, f"/settings rich {first}")
        await server.next_message(group)
        await ada.says(group, "/latest")
        page = await server.next_message(group)
        assert bool(page.rich) == (first == "on")
        for number, now in enumerate((then, first), 1):
            await ada.says(group, f"/settings rich {now}")
            await server.next_message(group)
            await ada.presses(page, "Next ›")
            await server.edited(page, number)
            assert (bool(page.rich), f"{number * 5 + 1}. Story" in page.text) == (now == "on", True)
            # Of the kind that it was nothing is left: neither its keyboard nor its text.
            assert bool(page.markup) == (now == "off")
            assert [one.text for one in page.buttons].count("Next ›") == (number < 2)
        await ada.presses(page, "‹ Previous")
        await server.edited(page, 3)
    assert len([one for one in server.sent(group) if "Story" in one.text]) == 1


async def test_a_picture_becomes_no_rich_message(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    """A photo has no text that could be edited: what follows it stands below."""
    await twelve(desk)
    async with serving(server, desk, serve=platform(server, desk)):
        await ada.says(chat, "/latest")
        page = await server.next_message(chat)
    page.photo = "https://example.org/a.jpg"  # as a version sent it that put pictures there
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.presses(page, "Next ›")
        assert "6. Story 6" in (await server.next_message(chat)).text
        assert page.edits == 0


# Servers that know no rich messages, and messages that are refused


async def test_an_old_server_is_asked_once_and_the_talk_goes_on(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await twelve(desk)
    server.rich = False
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/latest")
        message = await server.next_message(chat)
        assert (message.rich, message.text.startswith("Latest stories")) == (None, True)
        await ada.presses(message, "📖 3")
        await server.edited(message)
        await ada.says(chat, "/topics")
        await server.next_message(chat)
        results = (await ada.asks_inline("story")).results
    assert "message_text" in results[0]["input_message_content"]
    assert len(server.made("sendRichMessage")) == 1
    assert caplog.text.count("knows no rich messages") == 1


async def test_a_server_that_forgets_rich_messages_mid_conversation_gets_the_classic_form(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/latest")
        message = await server.next_message(chat)
        server.rich = False
        await ada.presses(message, "Read 3")
        await server.edited(message)
        assert (message.rich, message.text.startswith("Story 3\n")) == (None, True)
        await ada.presses(message, "Back to the list")
        await server.edited(message, 2)
        tried = [call for call in server.made("editMessageText") if "rich_message" in call.params]
        assert len(tried) == 1


@pytest.mark.parametrize("line", ["/latest", "/topics", "/read 2", "Story 3"])
async def test_a_refused_message_is_sent_once_in_the_classic_form(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: Chat,
    caplog: pytest.LogCaptureFixture,
    line: str,
) -> None:
    await twelve(desk)
    server.fails("sendRichMessage", faults.bad_request("RICH_MESSAGE_INVALID"))
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, line)
        assert (await server.next_message(chat)).rich is None
        await ada.says(chat, line)
        assert (await server.next_message(chat)).rich
    assert len(server.made("sendMessage")) == 1
    assert "classic form: Rich_message_invalid" in caplog.text


async def test_a_picture_that_cannot_be_fetched_costs_only_the_picture(
    server: Server, desk: TestDesk, ada: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await desk.has(report(image="https://example.org/gone.jpg", published=NOW - timedelta(1)))
    server.fails("sendRichMessage", faults.bad_request("failed to get HTTP URL content"))
    async with serving(server, desk, serve=rich(server, desk)):
        await ada.says(chat, "/read trams")
        assert "photo" not in kinds(await server.next_message(chat))
        await ada.says(chat, "/read trams")
        assert "photo" in kinds(await server.next_message(chat))
    assert "without its pictures" in caplog.text


async def test_what_the_classic_form_would_not_change_is_not_tried_twice(
    server: Server, desk: TestDesk, ada: Person, chat: Chat
) -> None:
    await twelve(desk)
    async with serving(server, desk, serve=rich(server, desk)):
        server.fails("sendRichMessage", faults.blocked())
        await ada.says(chat, "/latest")
        await server.called("sendRichMessage", status=403)
        await ada.says(chat, "/topics")
        await server.next_message(chat)
    assert not server.made("sendMessage")
    assert_no_violations(server)
