"""Answers for one's own eyes in groups, over the wire; and servers and groups without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from newsdesk import TestDesk, desk_over, twelve
from servers.telegram import faults
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, server
from telegram_bot import assert_no_violations, platform, serving

from bot.i18n import languages

__all__ = ["ada", "server"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await twelve(opened)
        yield opened


@pytest.fixture
def bob(server: Server) -> Person:
    server.ephemeral = True
    return server.person("Bob")


@pytest.fixture
def group(server: Server, ada: Person, bob: Person) -> Chat:
    """A group of Ada, who is an administrator, and Bob; the bot is one, too."""
    return server.supergroup("Readers", admins=[ada], members=[bob], bot="administrator")


@pytest.fixture
def plain(server: Server, ada: Person, bob: Person) -> Chat:
    """A group in which the bot is a member like others."""
    return server.supergroup("Neighbours", admins=[ada], members=[bob])


def flags(server: Server, group: Chat, kind: str = "chat") -> set[Any]:
    """The commands of a group's own menu that nobody else sees."""
    menu = server.profile.commands.get(((kind, group.id, 0), ""), [])
    return {one["command"] for one in menu if one.get("is_ephemeral")}


async def private(server: Server, ada: Person, group: Chat) -> None:
    """Has the answers of a group be for who asks."""
    await ada.says(group, "/settings@DatelineBot answers private")
    assert "answers: private" in (await server.next_message(group)).text


@pytest.mark.parametrize("rich", [True, False])
async def test_private_answers_are_seen_by_who_asks_and_paged_by_them(
    server: Server, desk: TestDesk, ada: Person, bob: Person, group: Chat, *, rich: bool
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=rich)):
        await private(server, ada, group)
        before = len(server.sent(group))
        asked = await bob.says(group, "/latest@DatelineBot")
        page = await server.whisper(group, bob)
        assert (bool(page.rich), page.reply_to) == (rich, asked)
        await bob.presses(page, "Read 2" if rich else "📖 2")
        await server.edited(page)
        assert page.text.startswith("Story 2\n")
        await bob.presses(page, "Back to the list")
        await server.edited(page, 2)
        await bob.presses(page, "Next ›")
        await server.edited(page, 3)
        assert "Story 6" in page.text
        assert len(server.whispered(group, bob)) == 1
        assert (len(server.sent(group)), server.whispered(group, ada)) == (before, [])


async def test_who_turns_somebody_elses_page_gets_one_of_their_own_in_its_place(
    server: Server, desk: TestDesk, ada: Person, bob: Person, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await ada.says(plain, "/latest@DatelineBot")
        shown = await server.next_message(plain)
        answer = await bob.presses(shown, "Next ›")
        own = await server.whisper(plain, bob)
        assert (answer.text, own.replaces, "6. Story 6" in own.text) == ("", shown, True)
        await bob.presses(own, "Next ›")
        await server.edited(own)
        assert "11. Story 11" in own.text
        assert (shown.edits, len(server.whispered(plain, bob))) == (0, 1)
        await ada.presses(shown, "Next ›")
        await server.edited(shown)
        assert server.whispered(plain, ada) == []


@pytest.mark.parametrize("line", ["/subscribe", "/unsubscribe"])
async def test_a_moderators_setup_and_a_refusal_are_for_their_eyes(
    server: Server, desk: TestDesk, ada: Person, bob: Person, group: Chat, line: str
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await ada.says(group, f"{line}@DatelineBot")
        await server.whisper(group, ada)
        await bob.says(group, f"{line}@DatelineBot osaka")
        assert "Only moderators" in (await server.whisper(group, bob)).text
        await bob.says(group, "/latest@DatelineBot")
        await server.next_message(group)
        assert len(server.sent(group)) == 1


async def test_a_question_for_words_is_answered_by_a_reply_that_nobody_else_sees(
    server: Server, desk: TestDesk, ada: Person, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await ada.whispers(plain, "/subscribe daily 8:00 silent")
        await ada.presses(await server.whisper(plain, ada), "Words of my own")
        asked = await server.whisper(plain, ada, 2)
        assert (asked.markup or {})["force_reply"] is True
        await ada.whispers(plain, "tram harbour", reply_to=asked)
        preview = await server.whisper(plain, ada, 3)
        assert all(
            part in preview.text for part in ("“tram harbour”", "daily at 08:00", "silently")
        )
        await ada.whispers(plain, "osaka", reply_to=preview)  # which asks for nothing
        assert "Subscribe to" not in (await server.whisper(plain, ada, 4)).text
        assert server.sent(plain) == []


async def test_a_command_that_nobody_sees_is_answered_alike_where_the_bot_is_no_administrator(
    server: Server, desk: TestDesk, bob: Person, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        asked = await bob.whispers(plain, "/latest")
        page = await server.whisper(plain, bob)
        assert (page.reply_to, page.text.startswith("Latest stories")) == (asked, True)
        await bob.presses(page, "Read 1")
        await server.edited(page)
        assert server.sent(plain) == []


async def test_the_menu_of_a_private_group_hides_its_commands(
    server: Server, desk: TestDesk, ada: Person, group: Chat, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await server.called("setMyCommands", times=3 * len(languages()))
        everywhere = server.profile.commands[("all_chat_administrators", 0, 0), ""]
        hidden = {one["command"] for one in everywhere if one.get("is_ephemeral")}
        discreet = {one.name for one in desk.dispatcher.registry if one.discreet}
        assert hidden == discreet > {"subscribe", "forget", "audit", "source", "template"}
        await private(server, ada, group)
        await server.called("setMyCommands", len(server.made("setMyCommands")))
        await server.world.until(
            lambda: flags(server, group, "chat_administrators") or None, "the menu"
        )
        assert {"latest", "read", "search"} <= flags(server, group)
        assert {"subscribe", "settings"} <= flags(server, group, "chat_administrators")
        assert flags(server, plain) == set()
        await ada.says(group, "/settings@DatelineBot answers public")
        await server.called("deleteMyCommands", 2 * len(languages()))
        assert flags(server, group) == set()


async def test_where_the_bot_is_no_administrator_private_answers_are_open_as_before(
    server: Server, desk: TestDesk, ada: Person, bob: Person, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await private(server, ada, plain)
        await bob.says(plain, "/latest@DatelineBot")
        assert "Story 1" in (await server.next_message(plain)).text
        await bob.says(plain, "/topics@DatelineBot")
        await server.next_message(plain)
        asked = server.made("getChatAdministrators", plain)
        await ada.adds_bot(plain, admin=True)
        await bob.says(plain, "/latest@DatelineBot")
        await server.whisper(plain, bob)
    assert len(asked) == len(server.made("getChatAdministrators", plain)) - 1


async def test_an_anonymous_administrator_is_answered_in_the_open(
    server: Server, desk: TestDesk, ada: Person, group: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await private(server, ada, group)
        server.make(ada, "administrator", group, anonymous=True)
        await ada.says(group, "/latest@DatelineBot")
        assert "Story 1" in (await server.next_message(group)).text


async def test_a_page_that_is_gone_is_sent_anew(
    server: Server, desk: TestDesk, bob: Person, plain: Chat
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await bob.whispers(plain, "/latest")
        page = await server.whisper(plain, bob)
        server.expire_ephemeral(plain)
        await bob.presses(page, "Read 3")
        assert (await server.whisper(plain, bob, 2)).text.startswith("Story 3\n")


async def test_what_comes_too_late_for_a_hidden_question_comes_in_private(
    server: Server, desk: TestDesk, bob: Person, plain: Chat
) -> None:
    at_home = server.private(bob)
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        server.fails("sendRichMessage", faults.bad_request("MESSAGE_ID_INVALID"), chat=plain.id)
        server.fails("sendMessage", faults.bad_request("MESSAGE_ID_INVALID"), chat=plain.id)
        await bob.whispers(plain, "/latest")
        assert "From Neighbours, for you alone:" in (await server.next_message(at_home)).text
    assert server.sent(plain) == []


# Servers that know no ephemeral messages


async def test_an_old_server_is_asked_once_and_shows_nobody_what_was_meant_for_one(
    server: Server, desk: TestDesk, ada: Person, group: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    bob = server.person("Bob")
    server.ephemeral = False
    async with serving(server, desk, serve=platform(server, desk, rich=True)):
        await ada.says(group, "/settings@DatelineBot")
        assert "answers:" not in (await server.next_message(group)).text
        await ada.says(group, "/latest@DatelineBot")
        page = await server.next_message(group)
        assert "somebody else's" in (await bob.presses(page, "Next ›")).text
        await bob.says(group, "/subscribe@DatelineBot osaka")
        assert "Only moderators" in (await server.next_message(group)).text
    assert len(server.made("deleteEphemeralMessage")) == 1
    calls = [one for one in server.calls if "ephemeral_message_parameters" in one.params]
    assert (calls, caplog.text.count("knows no ephemeral messages")) == ([], 1)


@pytest.mark.parametrize("rich", [True, False])
async def test_a_server_that_forgets_them_mid_conversation_is_used_as_before(
    server: Server, desk: TestDesk, ada: Person, group: Chat, *, rich: bool
) -> None:
    async with serving(server, desk, serve=platform(server, desk, rich=rich)):
        await private(server, ada, group)
        await ada.says(group, "/latest@DatelineBot")
        await server.whisper(group, ada)
        server.ephemeral = False
        await ada.says(group, "/topics@DatelineBot")
        await server.called("deleteMessage")
        shown = (await server.replies(group, count=2))[-1]
        assert shown.text.startswith("Topics")
        await ada.says(group, "/latest@DatelineBot")
        await server.replies(group, after=shown)
    assert len(server.made("deleteMessage")) == 1
    assert_no_violations(server)


async def test_a_setting_that_would_do_nothing_is_not_offered(
    server: Server, desk: TestDesk, ada: Person, group: Chat
) -> None:
    at_home = server.private(ada)
    async with serving(server, desk, serve=platform(server, desk, rich=False)):
        await ada.says(group, "/settings@DatelineBot")
        shown = (await server.next_message(group)).text
        assert ("rich:" in shown, "answers:" in shown) == (False, True)
        await ada.says(at_home, "/settings")
        shown = (await server.next_message(at_home)).text
        assert ("rich:" in shown, "answers:" in shown) == (False, False)
        await ada.says(at_home, "/settings rich on")
        assert "rich means nothing here" in (await server.next_message(at_home)).text
