"""The audit list of a store: who changed what, bounded by age and number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stores import open_store, store
from stories import NOW

from bot.audit.ports import KEPT_FOR, Actor, AuditEntry
from bot.chat.ports import Store
from bot.model import Chat, Person

__all__ = ["open_store", "store"]

ADA, BOB = Actor("telegram", "1", "Ada"), Actor("telegram", "2", "Bob")
NEWS = Chat("telegram", "-100", name="News")
CHANNEL = Chat("discord", "7", house="9", name="#harbour")
OTHER_CHANNEL = Chat("discord", "8", house="9")
SERVER = Chat("discord", "9")


def entry(target: str = "x", actor: Actor = ADA, chat: Chat = NEWS, **given: object) -> AuditEntry:
    made = AuditEntry(NOW, actor, chat, "subscribe", "Subscribed to {target}", target)
    return replace(made, **given)  # type: ignore[arg-type]


async def targets(store: Store, chat: Chat | None, **given: object) -> list[str]:
    return [one.target for one in await store.audit.entries(chat, 100, **given)]  # type: ignore[arg-type]


async def test_entries_come_back_as_they_were_the_newest_first(store: Store) -> None:
    assert await store.audit.entries(None, 10) == []
    first = entry("one", at=NOW - timedelta(days=1))
    second = entry("two", replace(ADA, platform="discord"), CHANNEL, command="settings")
    for one in (first, second):
        await store.audit.record(one)
    found = await store.audit.entries(None, 10)
    assert found == [second, first]
    assert [(one.chat.house, one.chat.name) for one in found] == [("9", "#harbour"), ("", "News")]
    assert await store.audit.entries(None, 1, 1) == [first]


async def test_they_are_found_by_chat_by_person_and_by_command(store: Store) -> None:
    await store.audit.record(entry("a"))
    await store.audit.record(entry("b", BOB, command="settings"))
    await store.audit.record(entry("c", chat=CHANNEL))
    assert await targets(store, NEWS) == ["b", "a"]
    assert await targets(store, NEWS, actors=[BOB]) == ["b"]
    assert await targets(store, None, actors=[ADA, BOB]) == ["c", "b", "a"]
    assert await targets(store, NEWS, actors=[]) == []
    assert await targets(store, None, command="settings") == ["b"]
    assert await targets(store, None, actors=[replace(ADA, platform="discord")]) == []
    assert await store.audit.commands(NEWS) == ["settings", "subscribe"]
    assert await store.audit.commands(CHANNEL) == ["subscribe"]


async def test_a_server_is_one_whichever_of_its_channels_is_asked(store: Store) -> None:
    await store.audit.record(entry("channel", chat=CHANNEL))
    await store.audit.record(entry("server", chat=SERVER))
    for asked in (CHANNEL, OTHER_CHANNEL, SERVER):
        assert await targets(store, asked) == ["server", "channel"], asked
    assert await targets(store, Chat("telegram", "9")) == []


async def test_people_are_known_by_their_last_name(store: Store) -> None:
    await store.audit.record(entry())
    await store.audit.record(entry(actor=BOB))
    await store.audit.record(entry(actor=replace(ADA, name="Ada Lovelace")))
    assert await store.audit.actors(NEWS) == [replace(ADA, name="Ada Lovelace"), BOB]


async def test_what_is_too_old_goes(store: Store) -> None:
    await store.audit.record(entry("old", at=NOW - KEPT_FOR - timedelta(days=1)))
    await store.audit.record(entry("new", chat=CHANNEL))
    assert await targets(store, None) == ["new"]


async def test_a_chat_that_moves_takes_its_entries_along(store: Store) -> None:
    await store.audit.record(entry("a"))
    await store.chats.move(NEWS, Chat("telegram", "-100200"))
    assert await targets(store, NEWS) == []
    assert await targets(store, Chat("telegram", "-100200")) == ["a"]


async def test_who_is_forgotten_loses_the_name_and_the_change_stays(store: Store) -> None:
    await store.audit.record(entry("a"))
    await store.audit.record(entry("b", BOB))
    ada = Person("1")
    assert (await store.privacy.kept("telegram", ada, None)).changes == 1
    assert (await store.privacy.kept("discord", ada, None)).changes == 0
    await store.privacy.forget("telegram", ada, None, NOW)
    assert not (await store.privacy.kept("telegram", ada, None)).anything
    assert [one.actor.name for one in await store.audit.entries(NEWS, 10)] == ["Bob", ""]
    assert await store.audit.actors(NEWS) == [BOB]


# Places


async def test_places_are_those_of_a_person_first(store: Store) -> None:
    for number, chat in enumerate(("-1", "-2", "-3")):
        at = NOW + timedelta(seconds=number)
        await store.chats.remember_place(Chat("telegram", chat), at)
    await store.audit.record(entry(chat=Chat("telegram", "-1")))
    await store.audit.record(entry(chat=Chat("discord", "7"), actor=replace(ADA, platform="x")))
    await store.chats.set_setting(Chat("telegram", "44"), "preview", "off")
    found = await store.chats.places("telegram", Person("1"), "-*")
    assert [one.id for one in found] == ["-1", "-3", "-2"]
    await store.chats.forget_place(Chat("telegram", "-3"))
    found = await store.chats.places("telegram", Person("2"), "-*")
    assert sorted(one.id for one in found) == ["-1", "-2"]
