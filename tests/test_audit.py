"""`/audit`: what moderators changed, as moderators and the operator see it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from following import CHANNEL, FORUM, GROUP, HOST, entries, follow, labels, press
from newsdesk import TestDesk, desk_over, twelve
from stories import MODERATOR, READER, story

from bot.ingest.results import FetchResult
from bot.model import Chat, Person
from bot.reply import Reply

OPERATOR = Person("op", "Olga", moderator=True, host=True, operator=True)
MIA = Person("mia", "Mia Moderna", moderator=True)
OWN = Chat("telegram", "17")


async def audit(
    desk: TestDesk, asked: str = "", person: Person = MODERATOR, chat: Chat = GROUP
) -> Reply:
    return await desk.ask(f"/audit {asked}", person, chat)


def changes(reply: Reply) -> list[str]:
    assert reply.ok, reply.text
    return [name for name, _ in entries(reply)]


async def test_each_change_of_a_chat_is_listed_with_who_and_when(desk: TestDesk) -> None:
    assert (await audit(desk)).text == ("Nothing was changed in the last year.",)
    await follow(desk, "osaka expo")
    await desk.ask("/subscribe osaka expo daily 8 confirm:on", MIA, GROUP)
    await desk.ask("/settings timezone tokyo", MODERATOR, GROUP)
    await desk.ask("/settings preview off", MODERATOR, GROUP)
    await desk.ask("/unsubscribe osaka expo", MIA, GROUP)
    desk.clock.pass_(300)
    assert entries(await audit(desk)) == [
        ("Unsubscribed from “Osaka Expo”", "Mia Moderna · 5 minutes ago"),
        ("Changed the setting “preview: off”", "Max · 5 minutes ago"),
        ("Changed the setting “timezone: Asia/Tokyo”", "Max · 5 minutes ago"),
        ("Changed the subscription “Osaka Expo”", "Mia Moderna · 5 minutes ago"),
        ("Subscribed to “Osaka Expo”", "Max · 5 minutes ago"),
    ]


async def test_what_is_only_looked_at_or_refused_is_no_change(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    for line in ("/subscribe ntt", "/subscriptions", "/settings", "/posts", "/unsubscribe"):
        assert (await desk.ask(line, MODERATOR, GROUP)).ok
    for line in ("/settings timezone nowhere", "/unsubscribe zzz", "/settings foo bar"):
        assert not (await desk.ask(line, MODERATOR, GROUP)).ok
    assert not (await desk.ask("/unsubscribe osaka expo", READER, GROUP)).ok
    assert len(changes(await audit(desk))) == 1


async def test_pauses_reloads_and_events_are_changes_too(desk: TestDesk) -> None:
    one, other = story("Fire in Hill"), story("Hill burns")
    await desk.has(one, other)
    await follow(desk, "wire")
    await desk.store.subscriptions.pause(GROUP, "the bot was blocked", desk.clock.now())
    await desk.ask("/subscriptions resume:on", MODERATOR, GROUP)
    desk.wire.gives.append(FetchResult())
    await desk.ask("/reload wire", MODERATOR, GROUP)
    await desk.ask(f"/story {one.id} join:{other.id}", MODERATOR, GROUP)
    await desk.ask(f"/story {one.id} split:yes", MODERATOR, GROUP)
    assert changes(await audit(desk)) == [
        "Took “Fire in Hill” out of its event",
        "Put “Fire in Hill” to the event of another story",
        "Checked the source “The Wire”",
        "Resumed posting",
        "Subscribed to “The Wire”",
    ]


@pytest.mark.parametrize(
    ("asked", "count"),
    [("max", 2), ("MIA", 1), ("moderna", 1), ("mia", 1), ("settings", 1), ("/subscribe", 2)],
)
async def test_it_is_narrowed_by_a_person_or_a_command(
    desk: TestDesk, asked: str, count: int
) -> None:
    await follow(desk, "osaka expo")
    await follow(desk, "wire", person=MIA)
    await desk.ask("/settings preview off", MODERATOR, GROUP)
    reply = await audit(desk, asked)
    assert len(changes(reply)) == count
    assert len(changes(await press(desk, reply, "All changes"))) == 3


async def test_a_name_that_nobody_has_is_told_with_those_that_are_like_it(desk: TestDesk) -> None:
    await follow(desk, "osaka expo", person=MIA)
    reply = await audit(desk, "Mia Moderne")
    assert (reply.ok, "Did you mean Mia Moderna?" in reply.text[0]) == (False, True)
    assert not (await audit(desk, "zebra")).ok
    assert (await audit(desk, "reload")).text == (
        "Nothing like that was changed in the last year.",
    )


async def test_moderators_see_their_own_chats_alone(desk: TestDesk) -> None:
    await follow(desk, "osaka expo")
    await follow(desk, "wire", CHANNEL)
    assert changes(await audit(desk)) == ["Subscribed to “Osaka Expo”"]
    assert changes(await audit(desk, chat=FORUM)) == ["Subscribed to “Osaka Expo”"]
    assert changes(await audit(desk, chat=CHANNEL)) == ["Subscribed to “The Wire”"]
    refused = await audit(desk, person=READER)
    assert (refused.ok, refused.entries) == (False, ())


async def test_the_operator_sees_all_in_private_and_a_chat_s_own_in_it(desk: TestDesk) -> None:
    await follow(desk, "osaka expo", replace(GROUP, name="Harbour"))
    await follow(desk, "wire", replace(CHANNEL, name="#news (Bay)"))
    told = [text for _, text in entries(await audit(desk, person=OPERATOR, chat=OWN))]
    assert told == ["Max · 1 minute ago · #news (Bay)", "Max · 1 minute ago · Harbour"]
    in_group = replace(OPERATOR, host=False)
    assert changes(await audit(desk, person=in_group)) == ["Subscribed to “Osaka Expo”"]


async def test_what_somebody_sets_up_in_private_is_recorded_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    async with desk_over(path) as desk:
        await follow(desk, "osaka expo", OWN, HOST)
        await desk.ask("/settings preview off", HOST, OWN)
        desk.wire.gives.append(FetchResult())
        await desk.ask("/reload wire", OPERATOR, OWN)
        reply = await audit(desk, person=HOST, chat=OWN)
        assert reply.text == ("What you change in a chat of your own is recorded nowhere.",)
        found = entries(await audit(desk, person=OPERATOR, chat=OWN))
        assert found == [("Checked the source “The Wire”", "Olga · 1 minute ago · in private")]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*), max(chat) FROM audit").fetchall() == [(1, "telegram:")]


async def test_who_was_forgotten_is_named_no_more(desk: TestDesk) -> None:
    await follow(desk, "osaka expo", person=MIA)
    told = await desk.ask("/privacy", MIA, GROUP)
    assert ("What you changed as a moderator", "1 change, for a year") in entries(told)
    asked = await desk.ask("/forget", MIA, GROUP)
    assert "What you changed as a moderator stays listed, without your name." in asked.text
    await press(desk, asked, "Delete it", MIA)
    assert entries(await audit(desk)) == [
        ("Subscribed to “Osaka Expo”", "somebody whose name was deleted · 1 minute ago")
    ]
    assert not (await audit(desk, "mia")).ok


async def test_long_lists_are_paged(desk: TestDesk) -> None:
    await twelve(desk)
    for number in range(17):
        await desk.ask(f"/settings preview {('on', 'off')[number % 2]}", MODERATOR, GROUP)
    first = await audit(desk)
    assert (len(first.entries), first.pages, labels(first)) == (15, 2, ["Next"])
    assert len(changes(await press(desk, first, "Next"))) == 2


async def test_people_and_commands_are_completed(desk: TestDesk) -> None:
    await follow(desk, "osaka expo", person=MIA)
    complete = desk.dispatcher.complete
    found = await complete("audit", "by", "", MODERATOR, GROUP)
    assert [one.value for one in found] == ["Mia Moderna", "subscribe"]
    assert [one.value for one in await complete("audit", "by", "mod", MIA, GROUP)] == [
        "Mia Moderna"
    ]
    assert await complete("audit", "by", "", READER, GROUP) == ()
