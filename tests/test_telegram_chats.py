"""Another chat that is set up from the private chat, and `/why` in reply to a post, on Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from newsdesk import TestDesk
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server
from stories import NOW, story
from telegram_bot import serving

from bot.model import Chat as CoreChat
from bot.model import Person as CorePerson


@pytest.fixture
async def server(desk: TestDesk) -> AsyncIterator[Server]:
    await desk.has(story("Osaka Expo opens", "The Osaka Expo.", published=NOW))
    async with Server(patience=20) as api, serving(api, desk):
        yield api


@pytest.fixture
def ed(server: Server) -> Person:
    editor = server.person("Ed")
    server.private(editor)
    return editor


async def answer(server: Server, person: Person, line: str) -> str:
    """What the bot answers in the private chat."""
    private = server.private(person)
    asked = await person.says(private, line)
    (told,) = await server.replies(private, after=asked)
    return told.text


async def chooses(server: Server, ed: Person, chat: Chat) -> None:
    private = server.private(ed)
    asked = await ed.says(private, "/chats")
    (listed,) = await server.replies(private, after=asked)
    await ed.presses(listed, f"{chat.title} · 0 subscriptions")
    told = await server.edited(listed)
    assert f"are about {chat.title}, until" in told.text


async def test_a_channel_that_the_bot_has_just_joined_is_set_up_without_a_word_there(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    other = server.person("Other")
    channel = server.channel("Harbour News", admins=[ed])
    hidden = server.channel("Not Ed's", admins=[other])
    for chat in (channel, hidden):
        await other.adds_bot(chat, admin=True)
    place = CoreChat("telegram", str(channel.id))
    await desk_knows(desk, 2)
    private = server.private(ed)
    asked = await ed.says(private, "/chats")
    (listed,) = await server.replies(private, after=asked)
    assert listed.text.startswith("Your chats\n\nChoose the chat")
    assert "Harbour News" in f"{listed.text}{listed.markup}"
    assert "Not Ed's" not in f"{listed.text}{listed.markup}"
    await chooses(server, ed, channel)
    told = await answer(server, ed, "/subscribe wire confirm:on")
    assert told.startswith("For Harbour News:\n\nSubscribed to The Wire.")
    told = await answer(server, ed, "/settings timezone tokyo")
    assert told.startswith("Settings for Harbour News\nFor Harbour News:")
    assert "Subscribed to “The Wire”" in await answer(server, ed, "/audit")
    assert "For Harbour News:" in await answer(server, ed, "/why osaka expo opens")
    (one,) = await desk.store.subscriptions.of(place)
    assert (one.owner, one.place) == (str(ed.id), "Harbour News")
    assert await desk.store.chats.settings(place) == {"timezone": "Asia/Tokyo"}
    assert server.sent(channel) == []

    server.make(ed, "member", channel)
    refused = await answer(server, ed, "/unsubscribe all confirm:on")
    assert refused.startswith("Only administrators of Harbour News can set that up.")
    assert refused.endswith("about our private chat again.")
    assert len(await desk.store.subscriptions.of(place)) == 1
    assert "Harbour News" not in await answer(server, ed, "/subscriptions")


async def desk_knows(desk: TestDesk, count: int) -> None:
    """Waits until the bot has heard that it is in so many chats."""
    async with asyncio.timeout(20):
        while len(await desk.store.chats.places("telegram", CorePerson("0"), "-*")) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("may_delete", [True, False])
async def test_in_a_channel_what_is_for_moderators_alone_is_told_in_private(
    server: Server, ed: Person, may_delete: bool
) -> None:
    channel, private = server.channel("Harbour News", admins=[ed]), server.private(ed)
    await ed.lets_bot_delete(channel, may=may_delete)
    asked = await ed.says(channel, "/read osaka expo opens")
    (shown,) = await server.replies(channel, after=asked)
    for line, told in (("/audit", "What moderators changed in"), ("/why", "Osaka Expo opens")):
        asked = await ed.says(channel, line, reply_to=shown)
        (offer,) = await server.replies(channel, after=asked)
        assert offer.text == "Let's do that in private: here, all readers would see it."
        (button,) = offer.buttons
        opened = await ed.opens(button.url)
        (answered,) = await server.replies(private, after=opened)
        assert answered.text.startswith(told)
        assert "For Harbour News:" in answered.text


async def test_why_is_asked_in_reply_to_what_the_bot_has_sent(
    server: Server, desk: TestDesk, ed: Person
) -> None:
    group = server.supergroup("Readers", admins=[ed])
    asked = await ed.says(group, "/read osaka expo opens")
    (shown,) = await server.replies(group, after=asked)
    asked = await ed.says(group, "/why", reply_to=shown)
    (told,) = await server.replies(group, after=asked)
    title, _, rest = told.text.partition("\n\n")
    assert (title, rest[:30]) == (shown.text.partition("\n")[0], "It was not posted here because")
    link = desk.dispatcher.services.directories.message_link
    assert link(CoreChat("telegram", str(group.id)), "7") == f"https://t.me/c/{str(group.id)[4:]}/7"
    for place, message in ((str(group.id), "x"), (str(ed.id), "7"), ("-42", "7"), ("-100", "")):
        assert link(CoreChat("telegram", place), message) == ""
