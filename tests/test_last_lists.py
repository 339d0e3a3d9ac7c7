from __future__ import annotations

from datetime import UTC, datetime

from stores import open_store, store

from bot.chat.last_list import LastLists
from bot.chat.ports import Store
from bot.model import Action, Chat, Person, Shown

__all__ = ["open_store", "store"]

ROOM, ELSEWHERE = Chat("test", "room"), Chat("test", "elsewhere")
ADA, BEN = Person("ada"), Person("ben")


def shown(*ids: str) -> Shown:
    return Shown(Action("search", (("words", " ".join(ids)),)), 1, dict(enumerate(ids, 1)))


def first(found: Shown | None) -> str:
    return found.numbers[1] if found else ""


async def test_who_was_shown_nothing_is_given_the_newest_list_of_the_room(store: Store) -> None:
    lists = LastLists(store.chats)
    await lists.put(ROOM, ADA, shown("old"))
    await lists.put(ROOM, BEN, shown("new"))

    assert first(await lists.get(ROOM, Person("newcomer"))) == "new"
    assert first(await lists.get(ROOM, ADA)) == "old"
    assert await lists.get(ELSEWHERE, ADA) is None


async def test_an_own_list_of_before_a_restart_comes_before_the_newest_of_the_room(
    store: Store,
) -> None:
    before = LastLists(store.chats)
    await before.put(ROOM, ADA, shown("ada's"))
    await before.flush()
    after = LastLists(store.chats)
    await after.put(ROOM, BEN, shown("ben's"))

    assert first(await after.get(ROOM, ADA)) == "ada's"
    assert first(await after.get(ROOM, Person("newcomer"))) == "ben's"


async def test_nobody_is_given_the_list_of_a_person_who_is_forgotten(store: Store) -> None:
    lists = LastLists(store.chats)
    await lists.put(ROOM, ADA, shown("ada's"))
    await lists.forget("test", ADA)
    await store.privacy.forget("test", ADA, None, datetime.now(UTC))

    assert await lists.get(ROOM, Person("newcomer")) is None
