"""Pauses of one thread, the list of what is paused, and the names of places: for every store."""

from __future__ import annotations

from outboxes import HALL, HOUR, NOW, ROOM, at_once, comes, fate, follow
from stores import open_store, store

from bot.chat.ports import Store
from bot.model import Chat
from bot.posting.model import State
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["open_store", "store"]

FIRST = Chat("scripted", "first", house="server")
SECOND = Chat("scripted", "second", house="server")
TOPIC = Chat("scripted", "room", thread="topic")
CASTLE = Chat("scripted", "castle")


async def test_one_thread_is_paused_alone(store: Store) -> None:
    room, thread = await follow(store), await follow(store, "other", TOPIC)
    kept, waits = (await comes(store, "A", at_once(room)), await comes(store, "B", at_once(thread)))
    (paused,) = await store.subscriptions.pause_thread(TOPIC, "deleted", NOW)
    assert (paused.id, paused.paused) == (thread.id, "deleted")
    assert await store.subscriptions.pause_thread(TOPIC, "gone", NOW + HOUR) == []
    assert await fate(store, waits) == (State.PAUSED, "deleted")
    assert (await fate(store, kept))[0] is State.DUE


async def test_what_is_paused_on_a_platform_is_listed(store: Store) -> None:
    one, _, other, apart = [await follow(store, chat=c) for c in (FIRST, SECOND, HALL, CASTLE)]
    elsewhere = await follow(store, chat=Chat("scripted2", "first"))
    for chat in (FIRST, HALL, CASTLE, elsewhere.chat):
        await store.subscriptions.pause(chat, f"no {chat.id}", NOW)
    await store.subscriptions.end(apart.id, NOW)
    found = await store.subscriptions.paused("scripted")
    assert [(each.id, each.paused) for each in found] == [
        (one.id, "no first"),
        (other.id, "no hall"),
    ]
    assert found[0].chat.house == "server"
    assert len(await store.subscriptions.paused("scripted2")) == 1


async def test_the_name_of_the_place_is_kept(store: Store) -> None:
    one = Subscription(ROOM, TargetKind.TOPIC, "World", made=NOW, place="#news (Readers)")
    await store.subscriptions.put(one)
    (kept,) = await store.subscriptions.of(ROOM)
    assert kept.place == "#news (Readers)"
