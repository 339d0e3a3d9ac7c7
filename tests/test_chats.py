"""`/chats`: another chat that is set up from the private chat, with the rights of that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from chats import telegram_chat
from following import GROUP, HOST, button, choose, entries, followed, labels, news, press
from newsdesk import TestDesk
from stories import MODERATOR, NOW, story
from typing_extensions import override

from bot.chat.directories import ChatDirectory
from bot.errors import NotAllowedError, ReaderError, UnreachableError
from bot.model import BotRights, Capability, Chat, Person
from bot.reply import Action, Reply

OWN = Chat("telegram", "17", capabilities=telegram_chat("17").capabilities)
NEWS = Chat("telegram", "-1", name="Harbour News")
TALK = Chat("telegram", "-2", name="Harbour Talk")
HOUR = 3600
FAMILY = ("/subscriptions", "/settings", "/posts", "/audit", "/unsubscribe", "/subscribe wire")


@dataclass
class Directory(ChatDirectory):
    """The chats of a platform; those in `gone` have lost the bot."""

    moderates: set[str] = field(default_factory=lambda: {"-1", "-2"})
    gone: set[str] = field(default_factory=set)
    is_down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    @override
    def shared(self) -> str:
        return "-*"

    @override
    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        return [one for one in (NEWS, TALK) if one.id in self.moderates - self.gone]

    @override
    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:
        self.asked.append((id, person.id))
        if self.is_down:
            raise UnreachableError("No answer. Try again in a moment.")
        known = {one.id: one for one in (NEWS, TALK)}
        if id not in known or id in self.gone:
            raise ReaderError("I can't see that chat.")
        if id not in self.moderates:
            raise NotAllowedError(f"Only administrators of {known[id].name} can do that.")
        there = replace(known[id], rights=BotRights(), capabilities=OWN.capabilities)
        return replace(person, moderator=True, host=False), there

    @override
    def in_private(self, person: Person) -> Person:
        return person

    @override
    def message_link(self, chat: Chat, message: str) -> str:
        return ""


@pytest.fixture
def directory(desk: TestDesk) -> Directory:
    made = Directory()
    desk.dispatcher.services.directories.register("telegram", made)
    return made


async def ask(desk: TestDesk, line: str, person: Person = HOST, chat: Chat = OWN) -> Reply:
    return await desk.ask(line, person, chat)


async def chosen(desk: TestDesk, name: str = NEWS.name) -> Reply:
    return await choose(desk, await ask(desk, "/chats"), name, HOST, OWN)


async def test_the_chats_are_listed_and_the_chosen_one_is_marked(
    desk: TestDesk, directory: Directory
) -> None:
    reply = await ask(desk, "/chats")
    assert entries(reply) == [
        ("Harbour News", "0 subscriptions"),
        ("Harbour Talk", "0 subscriptions"),
    ]
    assert labels(reply) == []
    told = await chosen(desk)
    assert "are about Harbour News" in told.text[0]
    assert "/subscribe" in told.text[0]
    reply = await ask(desk, "/chats")
    assert entries(reply)[0] == ("Harbour News", "chosen · 0 subscriptions")
    back = await press(desk, reply, "Our private chat again", HOST, OWN)
    assert back.text[0] == "From now on, commands are about our private chat again."
    assert entries(await ask(desk, "/chats"))[0] == ("Harbour News", "0 subscriptions")
    directory.moderates.clear()
    assert "I know of no chat" in (await ask(desk, "/chats")).text[0]


@pytest.mark.usefixtures("directory")
async def test_all_of_the_family_is_about_the_chosen_chat_and_says_so(desk: TestDesk) -> None:
    await chosen(desk)
    for line in FAMILY:
        reply = await ask(desk, line)
        assert reply.ok, reply.text
        assert reply.notes[0] == "For Harbour News:", line
    preview = await ask(desk, "/subscribe osaka expo")
    done = await press(desk, preview, "Subscribe", HOST, OWN)
    assert done.ok, done.text
    (one,) = await followed(desk, NEWS)
    assert (one.what, one.owner, one.place) == ("Osaka Expo", HOST.id, "Harbour News")
    assert await followed(desk, OWN) == []
    await ask(desk, "/settings timezone tokyo")
    assert await desk.store.chats.settings(NEWS) == {"timezone": "Asia/Tokyo"}
    assert "timezone" not in await desk.store.chats.settings(OWN)
    await news(desk, story("Osaka Expo opens", "The Osaka Expo.", published=NOW))
    told = await ask(desk, "/why osaka expo opens")
    assert told.text == ("About to be posted (Osaka Expo)",)
    assert (await ask(desk, "/posts")).title == "Posts in Harbour News"
    changes = [name for name, _ in entries(await ask(desk, "/audit"))]
    assert changes == ["Changed the setting “timezone: Asia/Tokyo”", "Subscribed to “Osaka Expo”"]


async def test_what_is_no_command_of_a_chat_s_is_about_the_private_one(
    desk: TestDesk, directory: Directory
) -> None:
    await chosen(desk)
    directory.asked.clear()
    for line in ("/latest", "/privacy", "/help", "osaka", "/chats"):
        assert not [note for note in (await ask(desk, line)).notes if "Harbour" in note]
    assert directory.asked == []
    in_group = await ask(desk, "/subscriptions", MODERATOR, GROUP)
    assert in_group.title != "Subscriptions in Harbour News"
    assert in_group.notes == ()


@pytest.mark.usefixtures("directory")
async def test_a_number_of_the_private_chat_s_last_list_is_understood(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo opens", published=NOW), story("Another", published=NOW))
    await ask(desk, "/latest")
    await chosen(desk)
    numbers = {(await ask(desk, f"/why {n}")).title for n in (1, 2)}
    assert numbers == {"Osaka Expo opens", "Another"}


@pytest.mark.parametrize("line", FAMILY)
async def test_who_was_demoted_is_refused_and_the_choice_is_dropped(
    desk: TestDesk, directory: Directory, line: str
) -> None:
    await chosen(desk)
    directory.moderates.remove("-1")
    refused = await ask(desk, line)
    assert (refused.ok, refused.entries) == (False, ())
    told = "Only administrators of Harbour News can do that. From now on, commands are about our "
    assert refused.text == (f"{told}private chat again.",)
    again = await ask(desk, line)
    assert (again.ok, again.notes[:1] == ("For Harbour News:",)) == (True, False)


async def test_a_button_counts_no_longer_once_the_rights_are_gone(
    desk: TestDesk, directory: Directory
) -> None:
    await chosen(desk)
    preview = await ask(desk, "/subscribe osaka expo")
    await chosen(desk, TALK.name)
    done = await press(desk, preview, "Subscribe", HOST, OWN)  # it stays about its own chat
    assert done.ok
    assert len(await followed(desk, NEWS)) == 1
    directory.moderates.remove("-1")
    for action in (button(preview, "Subscribe"), button(done, "Unsubscribe")):
        refused = await desk.dispatcher.press(action, HOST, OWN)
        assert not refused.ok
    assert len(await followed(desk, NEWS)) == 1
    assert (await ask(desk, "/subscriptions")).notes == ("For Harbour Talk:",)


@pytest.mark.parametrize("id_", ["-3", "12", "no", "-2"])
async def test_forged_choices_are_refused_in_words(
    desk: TestDesk, directory: Directory, id_: str
) -> None:
    directory.moderates.remove("-2")
    forged = await desk.dispatcher.press(Action("chats", (("chat", id_),)), HOST, OWN)
    assert (forged.ok, bool(forged.text)) == (False, True)
    named = Action("settings", (("setting", "preview"), ("value", "off"), ("channel", id_)))
    assert not (await desk.dispatcher.press(named, HOST, OWN)).ok
    assert (await ask(desk, "/subscriptions")).notes == ()
    assert not await desk.store.chats.settings(TALK)


async def test_a_chat_that_lost_the_bot_is_dropped_but_not_for_a_silent_platform(
    desk: TestDesk, directory: Directory
) -> None:
    await chosen(desk)
    directory.is_down = True
    assert (await ask(desk, "/posts")).text == ("No answer. Try again in a moment.",)
    directory.is_down = False
    assert (await ask(desk, "/posts")).notes == ("For Harbour News:",)
    directory.gone.add("-1")
    assert "again" in (await ask(desk, "/posts")).text[0]
    assert (await ask(desk, "/posts")).notes == ()


@pytest.mark.usefixtures("directory")
async def test_a_choice_ends_an_hour_after_its_last_use(desk: TestDesk) -> None:
    await chosen(desk)
    for _ in range(3):
        desk.clock.pass_(HOUR - 60)
        assert (await ask(desk, "/posts")).notes == ("For Harbour News:",)
    desk.clock.pass_(HOUR)
    over = await ask(desk, "/subscribe wire")
    assert "our private chat again" in over.notes[0]
    await press(desk, over, "Subscribe", HOST, OWN)
    assert (len(await followed(desk, NEWS)), len(await followed(desk, OWN))) == (0, 1)
    assert (await ask(desk, "/posts")).notes == ()


@pytest.mark.usefixtures("directory")
async def test_a_choice_is_told_and_goes_with_what_is_forgotten(desk: TestDesk) -> None:
    await chosen(desk)
    told = await ask(desk, "/privacy")
    assert ("Settings for this chat", "1 setting") in entries(told)
    asked = await ask(desk, "/forget")
    await press(desk, asked, "Delete it", HOST, OWN)
    assert (await ask(desk, "/posts")).notes == ()


@pytest.mark.usefixtures("directory")
async def test_only_a_private_chat_of_a_platform_has_them(desk: TestDesk) -> None:
    in_group = await ask(desk, "/chats", MODERATOR, GROUP)
    assert in_group.text == ("Please send me /chats in our private chat.",)
    terminal = Chat("console", "terminal", capabilities=Capability(0))
    told = (await ask(desk, "/chats", HOST, terminal)).text
    assert told == ("Other chats can be set up only on Telegram and Discord.",)


@pytest.mark.usefixtures("directory")
async def test_completions_are_those_of_the_chosen_chat(desk: TestDesk) -> None:
    await chosen(desk)
    await press(desk, await ask(desk, "/subscribe wire"), "Subscribe", HOST, OWN)
    found = await desk.dispatcher.complete("unsubscribe", "which", "", HOST, OWN)
    assert "The Wire" in [one.label for one in found]
    desk.clock.pass_(120)  # rights may have changed since
    assert not await desk.dispatcher.complete("unsubscribe", "which", "", HOST, OWN)
