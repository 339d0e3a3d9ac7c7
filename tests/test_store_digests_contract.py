"""What every store must do for posts that wait: gathering, and putting off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from outboxes import (
    DAILY,
    DAY,
    EIGHT,
    HALL,
    HOUR,
    MINUTE,
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
    next_keys,
    posts_of,
    send_next,
    send_rest,
)
from stores import open_store, store
from stories import story

from bot.chat.ports import Store
from bot.model import Chat
from bot.posting.model import (
    Delivery,
    PostKind,
    Retry,
    State,
)
from bot.search.query import Since

__all__ = ["open_store", "store"]

TOPIC = Chat("scripted", "room", thread="topic")


# gather


async def test_where_nothing_waits_nothing_is_gathered(store: Store) -> None:
    one = await follow(store, when=DAILY)
    assert await store.outbox.gather(PLATFORM, NOW) == 0
    await comes(store, "A", later(one))
    assert await store.outbox.gather(PLATFORM, EIGHT - SECOND) == 0
    assert await store.outbox.gather("other", EIGHT) == 0


async def test_a_story_alone_goes_as_itself(store: Store) -> None:
    one = await follow(store, when=DAILY)
    story = await comes(store, "A", later(one))
    assert await store.outbox.gather(PLATFORM, EIGHT) == 1
    assert await store.outbox.gather(PLATFORM, EIGHT) == 0
    (post,) = await store.outbox.due(PLATFORM, EIGHT, 5)
    assert (post.kind, post.key, post.gathered) == (PostKind.STORY, story.id, True)
    assert (post.made, post.due, post.subscription) == (NOW, EIGHT, one)


async def test_many_stories_go_as_one_digest_the_oldest_first(store: Store) -> None:
    one, other = await follow(store, when=DAILY), await follow(store, "other")
    stories = [await comes(store, title, later(one)) for title in "ABC"]
    stories.append(await comes(store, "D", later(other)))
    await comes(store, "E", later(one, due=EIGHT + SECOND))
    assert await store.outbox.gather(PLATFORM, EIGHT) == 1
    assert await store.outbox.gather(PLATFORM, EIGHT) == 0
    (post,) = await store.outbox.due(PLATFORM, EIGHT, 5)
    assert (post.kind, post.state, post.gathered) == (PostKind.DIGEST, State.DUE, True)
    assert post.stories == tuple(each.id for each in stories)
    assert (post.subscription, post.made, post.due) == (one, EIGHT, EIGHT)


async def test_threads_and_chats_have_digests_of_their_own(store: Store) -> None:
    room, topic, hall = [await follow(store, chat=chat) for chat in (ROOM, TOPIC, HALL)]
    stories = [
        await comes(store, title, later(to), later(hall))
        for title, to in {"A": room, "B": topic, "C": room, "D": topic, "E": room}.items()
    ]
    assert await store.outbox.gather(PLATFORM, EIGHT) == 3
    ids = [each.id for each in stories]
    room_s, topic_s = ids[::2], ids[1::2]
    assert await send_rest(store, EIGHT, HALL) == [set(ids)]
    first = await send_next(store, EIGHT)
    second = await send_next(store, EIGHT)
    found = {post.chat.thread: list(post.stories) for post in (first, second)}
    assert found == {"": room_s, "topic": topic_s}


@pytest.mark.slow
async def test_ten_thousand_chats_have_their_digests_at_once(store: Store) -> None:
    chats = [Chat("scripted", f"chat {n}") for n in range(10_000)]
    template = await follow(store)
    routed = [later(replace(template, chat=chat)) for chat in chats]
    stories = [await comes(store, title, *routed) for title in "AB"]
    assert await store.outbox.gather(PLATFORM, EIGHT) == len(chats)
    due = await store.outbox.due(PLATFORM, EIGHT, 20_000)
    assert {post.chat for post in due} == set(chats)
    assert {post.stories for post in due} == {tuple(each.id for each in stories)}
    rows = [post.id for post in due]
    assert await store.outbox.claim(PLATFORM, rows, EIGHT) == rows
    await store.outbox.mark([Delivery(row, str(row)) for row in rows], EIGHT)
    assert await store.outbox.counts(PLATFORM) == {
        "sent": len(chats),
        "gathered": 2 * len(chats),
        "doubts": 0,
    }


# put_off


async def test_all_that_is_old_is_put_off_in_one_go(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    old = await comes(store, "A", at_once(one), now=NOW - DAY)
    waiting = await comes(store, "B", at_once(one), later(other), now=NOW - DAY)
    fresh = await comes(store, "C", at_once(one))
    since = Since(NOW - 12 * HOUR, (NOW - 12 * HOUR).date())
    assert await store.outbox.put_off(PLATFORM, since, NOW + MINUTE, "old") == 2
    assert await fate(store, old) == await fate(store, waiting) == (State.WAITING, "old")
    assert await fate(store, waiting, HALL) == (State.WAITING, "")
    assert await next_keys(store) == [fresh.id]
    assert await send_rest(store, NOW + MINUTE) == [{old.id, waiting.id}]
    assert await store.outbox.put_off(PLATFORM, since, NOW + MINUTE, "old") == 0


@pytest.mark.parametrize("days", [0, 1])
async def test_of_a_date_the_whole_day_counts(store: Store, days: int) -> None:
    one = await follow(store)
    dated = story("A", "a", published=NOW.replace(hour=0) - days * DAY, date_only=True)
    await store.ingest.write(posts_of(dated, at_once(one)))
    since = Since(NOW - HOUR, (NOW - HOUR).date())
    assert await store.outbox.put_off(PLATFORM, since, NOW, "old") == days


async def test_what_was_gathered_or_may_have_arrived_is_not_put_off(store: Store) -> None:
    one, other = await follow(store, when=DAILY), await follow(store, chat=HALL)
    await comes(store, "A", later(one), at_once(other))
    await store.outbox.gather(PLATFORM, EIGHT)
    row = (await claim_next(store, chat=HALL)).id
    await mark(store, Retry(row, EIGHT, "cut", doubt=True))
    since = Since(EIGHT, EIGHT.date())
    assert await store.outbox.put_off(PLATFORM, since, EIGHT, "old") == 0
    assert len(await store.outbox.due(PLATFORM, EIGHT, 5)) == 2
