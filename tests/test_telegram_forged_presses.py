"""Forged presses on Telegram: callback data that no button of the message has, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over, twelve
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story
from telegram_bot import platform, serving

from adapters.telegram.platform import Post
from bot.model import Chat
from bot.posting.digest import DisplayNames, digest
from bot.posting.messenger import Message, Messenger
from bot.reply import Reply

__all__ = ["ada", "chat", "server"]

FORGED = (
    "search?words=BUY%20CRYPTO%20AT%20evil.example%20NOW",
    "latest",
    "help",
    "topic?name=CLICK%20evil.example",
    "sources",
    "subscriptions",
    "latest?page=2",
    "read?story=bcdfghjkmnpq",
    "subscriptions?resume=on",
    "#" + "0" * 30,
    "?",
    "\x00",
    "x" * 64,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await twelve(opened)
        yield opened


def posts(reply: Reply, place: int) -> Post:
    async def post(messenger: Messenger) -> None:
        await messenger.send(Message(Chat("telegram", str(place)), reply, "key"))

    return post


@pytest.mark.parametrize("data", FORGED)
async def test_a_channels_post_stays_as_it_is_whatever_a_subscriber_sends(
    server: Server, desk: TestDesk, ada: Person, data: str
) -> None:
    channel = server.channel("News", admins=[server.person("Mo")])
    server.make(ada, "member", channel)
    names = DisplayNames(desk.dispatcher.services.translations, {})
    stories = [story(f"Story {n}", f"Text {n}.", published=NOW - timedelta(n)) for n in range(3)]
    posting = replace(platform(server, desk), post=posts(digest(stories, names), channel.id))
    async with serving(server, desk, serve=posting):
        shown = await server.next_message(channel)
        pressed = await ada.forges(shown, data)
    assert pressed.text
    assert not pressed.alert
    assert shown.edits == 0
    assert server.sent(channel) == [shown]


async def test_a_reply_takes_its_own_buttons_only(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    bob = server.person("Bob")
    group = server.supergroup("Readers", members=[ada, bob])
    async with serving(server, desk):
        await ada.says(group, "/latest")
        shown = await server.next_message(group)
        await bob.says(group, "/topics")
        other = await server.next_message(group)
        own = {button.data for button in shown.buttons}
        foreign = [*FORGED, *(button.data for button in other.buttons if button.data)]
        for data in [one for one in foreign if one not in own]:
            pressed = await bob.forges(shown, data)
            assert (bool(pressed.text), pressed.alert) == (True, False), data
        assert shown.edits == 0
        turned = shown.button("Next ›").data
        await ada.presses(shown, "Next ›")
        second = (await server.edited(shown)).text
        # What the page has turned away from is no button of it any more.
        assert (await bob.forges(shown, turned)).text == (
            "The message has changed. Please press again."
        )
        assert (shown.edits, shown.text) == (1, second)


async def test_data_for_a_message_that_is_gone_or_is_no_reply(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    group = server.supergroup("Readers", members=[ada])
    async with serving(server, desk):
        mine = await ada.says(group, "/latest")
        shown = await server.next_message(group)
        assert (await ada.forges(mine, "help")).text
        shown.deleted = True
        assert "too old" in (await ada.forges(shown, "help")).text
        assert len(server.sent(group)) == 0
