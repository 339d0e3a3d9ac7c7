"""What every store must keep when a chat goes on under another id."""

from __future__ import annotations

from dataclasses import replace

import pytest
from outboxes import (
    EIGHT,
    NOW,
    ROOM,
    at_once,
    claim_next,
    comes,
    fate,
    follow,
    later,
    mark,
    send_next,
    send_rest,
)
from stores import open_store, store

from bot.chat.ports import Store
from bot.model import Chat
from bot.posting.model import (
    ALREADY,
    Delivery,
    Retry,
    State,
)

__all__ = ["open_store", "store"]

SERVER = Chat("scripted", "server")
FIRST = Chat("scripted", "first", house="server")
TOPIC = Chat("scripted", "room", thread="topic")
CASTLE = Chat("scripted", "castle")


async def test_a_chat_that_moves_keeps_what_it_follows_and_what_waits(store: Store) -> None:
    one = await follow(store, chat=TOPIC)
    before = await comes(store, "A", at_once(one))
    await send_next(store)
    due, waits = await comes(store, "B", at_once(one)), await comes(store, "C", later(one))
    revision, _ = await store.subscriptions.since(0)
    await store.chats.move(ROOM, CASTLE)
    await store.chats.move(ROOM, CASTLE)

    moved = replace(one, chat=replace(CASTLE, thread="topic"))
    assert await store.subscriptions.of(ROOM) == []
    assert await store.subscriptions.of(CASTLE) == [moved]
    assert (await store.subscriptions.since(revision))[1] == [moved]
    assert await fate(store, before, CASTLE) == (State.SENT, "")
    assert [one.stories for one in await store.outbox.of_chat(ROOM, 5)] == []
    assert await send_rest(store, EIGHT, CASTLE) == [{due.id}, {waits.id}]
    again = await comes(store, "A", at_once(moved))
    assert again.id == before.id
    assert await send_rest(store, EIGHT, CASTLE) == []


async def test_an_answer_that_comes_after_the_move_counts(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await store.chats.move(ROOM, CASTLE)
    await mark(store, Delivery(post.id, "7"))
    assert await fate(store, story, CASTLE) == (State.SENT, "")


async def test_what_both_chats_followed_goes_on_as_in_the_new_one(store: Store) -> None:
    old, kept = await follow(store, silent=True), await follow(store, "other")
    new = await follow(store, chat=CASTLE)
    waits = await comes(store, "A", at_once(old))
    revision, _ = await store.subscriptions.since(0)
    await store.chats.move(ROOM, CASTLE)

    assert await store.subscriptions.of(CASTLE) == [replace(kept, chat=CASTLE), new]
    changed = {one.id: one.ended for one in (await store.subscriptions.since(revision))[1]}
    assert changed == {old.id: True, kept.id: False}
    post = await store.outbox.of_story(CASTLE, waits.id)
    assert post
    assert (post.state, post.subscription) == (State.DUE, new)


async def test_what_moves_to_where_it_is_followed_is_paused_as_that_is(store: Store) -> None:
    old, new = await follow(store), await follow(store, chat=CASTLE)
    paused = await comes(store, "A", at_once(old))
    await store.subscriptions.pause(ROOM, "upgraded", NOW)
    await store.chats.move(ROOM, CASTLE)
    assert await send_rest(store, chat=CASTLE) == [{paused.id}]

    old = await follow(store)
    kept = await comes(store, "B", at_once(old))
    await store.subscriptions.pause(CASTLE, "blocked", NOW)
    await store.chats.move(ROOM, CASTLE)
    assert await fate(store, kept, CASTLE) == (State.PAUSED, "blocked")
    await store.subscriptions.resume(CASTLE, NOW)
    assert await send_rest(store, chat=CASTLE) == [{kept.id}]
    assert new.id


@pytest.mark.parametrize("first", ["old", "new", "neither"])
async def test_what_both_chats_were_to_be_sent_goes_once(store: Store, first: str) -> None:
    old, new = await follow(store), await follow(store, chat=CASTLE)
    story = await comes(store, "A", at_once(old), at_once(new))
    if first != "neither":
        await send_next(store, chat=ROOM if first == "old" else CASTLE)
    await store.chats.move(ROOM, CASTLE)
    assert await send_rest(store, chat=ROOM) == []
    rest = await send_rest(store, chat=CASTLE)
    assert rest == ([{story.id}] if first == "neither" else [])
    assert await fate(store, story, CASTLE) == (State.SENT, "")


async def test_what_is_being_sent_to_both_is_not_tried_again_in_the_old_one(store: Store) -> None:
    old, new = await follow(store), await follow(store, chat=CASTLE)
    story = await comes(store, "A", at_once(old), at_once(new))
    post = await claim_next(store)
    other = await claim_next(store, chat=CASTLE)
    await store.chats.move(ROOM, CASTLE)
    await mark(store, Retry(post.id, NOW, "the chat's ID is now castle"))
    assert await fate(store, story, ROOM) == (State.FAILED, ALREADY)
    await mark(store, Retry(other.id, NOW, "busy"))
    assert await send_rest(store, chat=CASTLE) == [{story.id}]
    assert await send_rest(store, chat=ROOM) == []


async def test_channels_go_with_the_server_whose_settings_they_have(store: Store) -> None:
    one = await follow(store, chat=FIRST)
    await store.chats.move(SERVER, CASTLE)
    (moved,) = await store.subscriptions.of(FIRST)
    assert (moved, moved.chat.house) == (one, "castle")
