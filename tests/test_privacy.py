"""What is kept about a person is told to them, and deleted when they ask."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from newsdesk import TestDesk, desk_over, twelve
from outboxes import at_once, comes, follow, later, send_next
from stories import CHAT, NOW, READER

from bot.chat.settings import PREVIEW
from bot.logins.logins import Logins
from bot.logins.ports import Visitor
from bot.model import Chat, Person
from bot.reply import Action, Reply

ADA = Person("4711-ada", "Ada Lovelace", host=True)
OWN = Chat("scripted", "own-chat-of-ada")


def names(reply: Reply) -> list[str]:
    return [entry.name for entry in reply.entries]


async def fill(desk: TestDesk) -> None:
    """Ada does all that leaves a trace."""
    await twelve(desk)
    await desk.ask("/search story", ADA, OWN)
    await desk.ask("/catchup", ADA, OWN)
    in_group = replace(ADA, host=False)
    await desk.ask("/latest", in_group, Chat("scripted", "a group"))
    mine = await follow(desk.store, chat=OWN, owner=ADA.id)
    await follow(desk.store, what="other", chat=Chat("scripted", "a group"), owner=ADA.id)
    await comes(desk.store, "Sent", at_once(mine))
    await send_next(desk.store, chat=OWN)
    await comes(desk.store, "Due", at_once(mine))
    await comes(desk.store, "Waiting", later(mine))
    await desk.dispatcher.services.settings.set(OWN, PREVIEW, "off")
    logins = Logins(desk.store.logins, desk.clock, "https://news.example.org")
    visitor = Visitor(OWN.platform, ADA.id, ADA.name, OWN.id)
    for _ in range(2):
        address = await logins.make_link(visitor)
        assert await logins.enter(address.rpartition("/")[2])
    await logins.make_link(visitor)
    assert await logins.tokens.make(visitor, "report")


async def test_who_left_no_trace_is_told_so(desk: TestDesk) -> None:
    stranger = Person("stranger")
    told = await desk.ask("/privacy", stranger)
    assert names(told) == ["Nothing is kept about you."]
    assert not told.buttons
    assert (await desk.ask("/forget", stranger)).text == ("Nothing is kept about you.",)


async def test_each_is_told_of_their_own_alone(desk: TestDesk) -> None:
    await fill(desk)
    told = await desk.ask("/privacy", ADA, OWN)
    counts = {entry.name: entry.text for entry in told.entries}
    assert counts.pop("When you last asked for what's new")
    assert counts == {
        "The last list you were shown": "in 2 chats, for a month",
        "Subscriptions you asked for": "2 subscriptions",
        "Subscriptions in this chat": "1 subscription",
        "Settings for this chat": "1 setting",
        "Posts in this chat": "1 post",
        "The desk on the web, for a week": "3 logins",
        "The desk's API, until you revoke them": "1 token",
    }
    assert names(await desk.ask("/privacy", READER)) == ["Nothing is kept about you."]
    elsewhere = Chat("other platform", "x")
    assert names(await desk.ask("/privacy", ADA, elsewhere)) == ["Nothing is kept about you."]


async def test_nothing_is_deleted_before_it_is_confirmed(desk: TestDesk) -> None:
    await fill(desk)
    asked = await desk.ask("/forget", ADA, OWN)
    assert asked.text[-1] == "This cannot be undone."
    (button,) = asked.buttons
    assert button.action == Action("forget", (("confirm", "yes"),))
    assert (await desk.ask("/privacy", ADA, OWN)).buttons


async def test_nothing_of_a_person_is_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    async with desk_over(path) as desk:
        await fill(desk)
        await desk.ask("/latest", READER)
        (button,) = (await desk.ask("/forget", ADA, OWN)).buttons
        reply = await desk.dispatcher.press(button.action, ADA, OWN)
        assert reply.text == ("Deleted. Nothing is kept about you any more.",)
        assert names(await desk.ask("/privacy", ADA, OWN)) == ["Nothing is kept about you."]
        assert await desk.dispatcher.services.settings.get(OWN, PREVIEW) == PREVIEW.default
        assert not await desk.store.subscriptions.of(OWN)
        (other,) = await desk.store.subscriptions.of(Chat("scripted", "a group"))
        assert (other.what, other.owner) == ("other", "")
        assert not await desk.store.outbox.due("scripted", NOW, 10)
        assert await desk.store.chats.last_list(CHAT, READER)  # others' stay
        assert await desk.store.check() == []
    with closing(sqlite3.connect(path)) as raw:
        dump = "\n".join(raw.iterdump())
    assert ADA.id not in dump
    assert ADA.name not in dump


async def test_in_a_group_the_group_s_own_stays(desk: TestDesk) -> None:
    await fill(desk)
    group, ada = Chat("scripted", "a group"), replace(ADA, host=False)
    asked = await desk.ask("/forget", ada, group)
    assert any("your private chat" in line for line in asked.text)
    await desk.dispatcher.press(asked.buttons[0].action, ada, group)
    assert len(await desk.store.subscriptions.of(group)) == 1
    assert len(await desk.store.subscriptions.of(OWN)) == 1
    assert names(await desk.ask("/privacy", ada, group)) == ["Nothing is kept about you."]


async def test_who_forgot_may_begin_anew(desk: TestDesk) -> None:
    await fill(desk)
    await desk.dispatcher.press(Action("forget", (("confirm", "yes"),)), ADA, OWN)
    again = await follow(desk.store, chat=OWN, owner=ADA.id)
    await comes(desk.store, "New", at_once(again))
    assert (await send_next(desk.store, chat=OWN)).stories
    assert len(await desk.store.subscriptions.of(OWN)) == 1
    assert names(await desk.ask("/privacy", ADA, OWN))[0] != "Nothing is kept about you."


async def test_words_that_are_no_command_are_kept_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    words = "thank you dear bot, my phone number is 555-0199-secret"
    async with desk_over(path) as desk:
        await twelve(desk)
        await desk.ask(words, ADA, OWN)
    with closing(sqlite3.connect(path)) as raw:
        assert "555-0199-secret" not in "\n".join(raw.iterdump())
