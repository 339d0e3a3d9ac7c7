"""What every store must put into the outbox when stories come or change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest
from outboxes import (
    DAY,
    EIGHT,
    HALL,
    HOUR,
    NOW,
    PLATFORM,
    ROOM,
    SECOND,
    at_once,
    claim_next,
    comes,
    fate,
    follow,
    later,
    mark,
    posts_of,
    retitle,
    send_next,
    send_rest,
)
from stores import listed, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.errors import OutdatedError, OvertakenError, StoreError
from bot.ingest.batch import Snapshot
from bot.model import Chat
from bot.posting.model import (
    Delivery,
    PostKind,
    State,
)

__all__ = ["open_store", "store"]

TOPIC = Chat("scripted", "room", thread="topic")


# Rows come with the stories


async def test_rows_are_written_with_the_stories(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    story = await comes(store, "A", at_once(one), later(other))
    assert await listed(store) == ["A"]
    post = await store.outbox.of_story(ROOM, story.id)
    assert post
    assert post.id > 0
    assert (post.chat, post.key, post.kind, post.state) == (
        ROOM,
        story.id,
        PostKind.STORY,
        State.DUE,
    )
    assert (post.stories, post.subscription, post.made, post.due) == ((story.id,), one, NOW, NOW)
    assert (post.tries, post.doubts, post.deaths, post.since, post.done) == (0, 0, 0, None, None)
    assert await fate(store, story, HALL) == (State.WAITING, "")


async def test_a_post_that_cannot_be_written_leaves_neither_stories_nor_rows(store: Store) -> None:
    one = await follow(store)
    broken = replace(at_once(one), story=cast(str, None))
    both = posts_of(story("A"), at_once(one))
    with pytest.raises(StoreError):
        await store.ingest.write(replace(both, posts=[*both.posts, broken]))
    assert await listed(store) == []
    assert await store.outbox.of_chat(ROOM, 5) == []
    assert await store.check() == []
    await comes(store, "A", at_once(one))
    assert await listed(store) == ["A"]


async def test_what_outdated_subscriptions_decided_is_not_written(store: Store) -> None:
    one = await follow(store)
    revision, known = await store.subscriptions.since(0)
    assert known == [one]
    decided = replace(posts_of(story("A"), at_once(one)), revision=revision)
    await store.subscriptions.end(one.id, NOW)
    with pytest.raises(OutdatedError):
        await store.ingest.write(decided)
    assert await listed(store) == []
    assert await store.outbox.of_chat(ROOM, 5) == []
    newer, changed = await store.subscriptions.since(revision)
    assert changed == [replace(one, ended=True)]
    assert await store.ingest.write(replace(decided, posts=(), revision=newer)) == 0
    assert await listed(store) == ["A"]


async def test_what_another_source_s_stories_have_overtaken_is_not_written(store: Store) -> None:
    snapshot = Snapshot("wire", await store.ingest.revision())
    await store.ingest.write(batch([story("A")]))  # its own overtake nothing
    decided = replace(batch([story("B")]), snapshot=snapshot)
    await store.ingest.write(decided)
    await store.ingest.write(batch([story("C", source="other")]))
    overtaken = replace(batch([story("D")]), snapshot=snapshot)
    with pytest.raises(OvertakenError):
        await store.ingest.write(overtaken)
    assert sorted(await listed(store)) == ["A", "B", "C"]
    snapshot = Snapshot("wire", await store.ingest.revision())
    await store.ingest.write(replace(overtaken, snapshot=snapshot))
    assert sorted(await listed(store)) == ["A", "B", "C", "D"]


async def test_every_change_of_subscriptions_outdates_a_batch(store: Store) -> None:
    one = await follow(store)
    changes: list[Callable[[], Awaitable[object]]] = [
        lambda: store.subscriptions.put(replace(one, most=3)),
        lambda: store.subscriptions.put(replace(one, what="other")),
        lambda: store.subscriptions.set_zone(ROOM, "Asia/Tokyo", NOW),
        lambda: store.subscriptions.pause(ROOM, "blocked", NOW),
        lambda: store.subscriptions.resume(ROOM, NOW),
        lambda: store.subscriptions.end(one.id, NOW),
        lambda: store.chats.move(ROOM, HALL),
    ]
    for change in changes:
        revision, _ = await store.subscriptions.since(0)
        await change()
        with pytest.raises(OutdatedError):
            await store.ingest.write(replace(posts_of(story("A")), revision=revision))


async def test_a_story_is_put_into_a_chat_once(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    first = story("A")
    assert await store.ingest.write(posts_of(first, at_once(one))) == 1
    both = posts_of(first, later(one), at_once(other))
    assert await store.ingest.write(both) == 1
    assert await fate(store, first) == (State.DUE, "")
    await send_next(store)
    assert await store.ingest.write(both) == 0
    assert await send_rest(store, EIGHT) == []


# Edits


async def test_a_new_headline_is_shown_where_the_story_was_sent(store: Store) -> None:
    one, other = await follow(store, chat=TOPIC), await follow(store, chat=HALL)
    story = await comes(store, "A", at_once(one), later(other))
    original = await send_next(store)
    assert await retitle(store, "A", "B", NOW + HOUR) == 1
    (edit,) = await store.outbox.due(PLATFORM, NOW + HOUR, 5)
    assert (edit.kind, edit.chat.thread, edit.stories) == (PostKind.EDIT, "topic", (story.id,))
    assert (edit.message, edit.subscription) == (f"message {original.id}", one)
    assert (edit.made, edit.due) == (NOW + HOUR, NOW + HOUR)
    await send_next(store, NOW + HOUR)
    assert await fate(store, story) == (State.SENT, "")
    assert await retitle(store, "A", "C", NOW + HOUR) == 1


async def test_a_new_headline_follows_what_is_being_sent(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    post = await claim_next(store)
    assert await retitle(store, "A", "B") == 1
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    await mark(store, Delivery(post.id, "7"))
    (edit,) = await store.outbox.due(PLATFORM, NOW, 5)
    assert (edit.kind, edit.message) == (PostKind.EDIT, "7")


async def test_messages_of_two_days_ago_are_left(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    assert await retitle(store, "A", "B", NOW + 2 * DAY) == 0
    assert await retitle(store, "A", "C", NOW + 2 * DAY - SECOND) == 1


async def test_what_is_not_sent_needs_no_edit(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    assert await retitle(store, "A", "B") == 0


async def test_a_story_without_a_new_headline_makes_no_edit(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    assert await store.ingest.write(batch([story("A", "Another text.")])) == 0


async def test_a_chat_that_is_paused_or_follows_no_more_gets_no_edit(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    await comes(store, "A", at_once(one), at_once(other))
    await send_next(store)
    await send_next(store, chat=HALL)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.end(other.id, NOW)
    assert await retitle(store, "A", "B") == 0
