"""What every store must tell of posts, and when it forgets them."""

from __future__ import annotations

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
    WEEK,
    at_once,
    claim_next,
    comes,
    fate,
    follow,
    later,
    mark,
    retitle,
    send_next,
    send_rest,
)
from stores import OpenStore, open_store, store

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.model import (
    Deferral,
    Delivery,
    Failure,
    PostKind,
    Retry,
    State,
)
from bot.search.query import Since

__all__ = ["open_store", "store"]

PERSON = Chat("scripted", "person 7")


# What was posted


async def test_posts_since_are_the_stories_that_went_by_themselves(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    for n, title in enumerate("ABC"):
        await comes(store, title, at_once(one), at_once(other))
        await send_next(store, NOW + n * HOUR)
    await comes(store, "D", later(one))
    await comes(store, "E", later(one))
    await send_rest(store, EIGHT)
    await retitle(store, "C", "F", NOW + 3 * HOUR)
    await send_next(store, NOW + 3 * HOUR)
    assert await store.outbox.count_sent_since(one.id, NOW) == 3
    assert await store.outbox.count_sent_since(one.id, NOW + HOUR) == 2
    assert await store.outbox.count_sent_since(other.id, NOW) == 0


async def test_a_chat_s_posts_are_told_newest_first(store: Store) -> None:
    one = await follow(store)
    stories = [await comes(store, title, at_once(one)) for title in "ABCDE"]
    ids = [each.id for each in reversed(stories)]
    assert [post.key for post in await store.outbox.of_chat(ROOM, 10)] == ids
    assert [post.key for post in await store.outbox.of_chat(ROOM, 2, 1)] == ids[1:3]
    assert await store.outbox.of_chat(HALL, 10) == []
    assert await store.outbox.of_story(HALL, ids[0]) is None
    assert await store.outbox.of_story(ROOM, "404") is None


async def test_a_story_in_a_digest_has_fared_as_that_has(store: Store) -> None:
    one = await follow(store)
    held = await comes(store, "A", at_once(one))
    (post,) = await store.outbox.due(PLATFORM, NOW, 5)
    await mark(store, Deferral(post.id, EIGHT, "quiet hours"))
    waiting = await comes(store, "B", later(one))
    await store.outbox.gather(PLATFORM, EIGHT)
    assert (await fate(store, held))[0] is State.DUE
    digest = await claim_next(store, EIGHT)
    assert (await fate(store, held))[0] is State.SENDING
    await mark(store, Retry(digest.id, EIGHT, "busy"))
    assert await fate(store, waiting) == (State.DUE, "busy")
    await claim_next(store, EIGHT)
    await mark(store, Delivery(digest.id, "7"), EIGHT + SECOND)
    first, second = await store.outbox.of_chat(ROOM, 10)
    assert (first.reason, second.reason) == ("", "quiet hours")
    for post in (first, second):
        assert (post.kind, post.state) == (PostKind.STORY, State.SENT)
        assert (post.message, post.done, post.gathered) == ("7", EIGHT + SECOND, True)
        assert post.stories == (post.key,)


async def test_a_digest_that_is_given_up_tells_why_for_all_in_it(store: Store) -> None:
    one = await follow(store)
    stories = [await comes(store, title, later(one)) for title in "AB"]
    await store.outbox.gather(PLATFORM, EIGHT)
    digest = await claim_next(store, EIGHT)
    await mark(store, Failure(digest.id, "too odd"), EIGHT)
    for each in stories:
        assert await fate(store, each) == (State.FAILED, "too odd")


# Notices


async def test_a_notice_goes_to_whom_it_is_for(store: Store) -> None:
    one = await follow(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    for _ in range(2):
        await store.outbox.notify(one, "Nothing is posted any more.", PERSON, NOW)
    (post,) = await store.outbox.due(PLATFORM, NOW, 5)
    assert (post.kind, post.chat) == (PostKind.NOTICE, PERSON)
    assert post.text == "Nothing is posted any more."
    assert (post.stories, post.state) == ((), State.DUE)
    assert post.subscription
    assert post.subscription.id == one.id
    row = (await claim_next(store, chat=PERSON)).id
    await mark(store, Retry(row, NOW, "busy"))
    await send_next(store, chat=PERSON)
    assert await store.outbox.of_chat(PERSON, 5) == []
    await store.subscriptions.end(one.id, NOW)
    assert await store.outbox.due(PLATFORM, NOW, 5) == []


# counts, prune


async def test_posts_are_counted_by_their_states(store: Store) -> None:
    assert await store.outbox.counts(PLATFORM) == {"doubts": 0}
    one, other = await follow(store), await follow(store, chat=HALL)
    await comes(store, "A", at_once(one), later(other))
    row = (await claim_next(store)).id
    await mark(store, Retry(row, NOW, "cut", doubt=True))
    await comes(store, "B", at_once(one), at_once(other))
    await store.outbox.claim(PLATFORM, [row], NOW)
    await store.outbox.recover(PLATFORM, NOW, dead=True)
    expected = {"due": 3, "waiting": 1, "doubts": 2}
    assert await store.outbox.counts(PLATFORM) == expected
    assert await store.outbox.counts("other") == {"doubts": 0}


async def test_what_was_sent_is_forgotten_after_a_week_and_failures_after_a_month(
    store: Store,
) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    stories = [await comes(store, title, at_once(one), later(other)) for title in "AB"]
    await send_next(store)
    failed = await claim_next(store)
    await mark(store, Failure(failed.id, "odd"))
    await comes(store, "C", later(one, due=NOW + 60 * DAY))
    await store.outbox.gather(PLATFORM, EIGHT)
    digest = await claim_next(store, EIGHT, HALL)
    await mark(store, Failure(digest.id, "odd"), NOW)

    left = {WEEK: (3, 2), WEEK + SECOND: (2, 2), 30 * DAY: (2, 2), 30 * DAY + SECOND: (1, 0)}
    for passed, (room, hall) in left.items():
        await store.outbox.prune(NOW + passed)
        assert len(await store.outbox.of_chat(ROOM, 9)) == room, passed
        assert len(await store.outbox.of_chat(HALL, 9)) == hall, passed
    assert await store.outbox.counts(PLATFORM) == {"waiting": 1, "doubts": 0}
    assert len(stories) == 2


async def test_a_digest_is_forgotten_with_all_in_it(store: Store) -> None:
    one = await follow(store)
    for title in "AB":
        await comes(store, title, later(one))
    await send_rest(store, EIGHT)
    await store.outbox.prune(EIGHT + WEEK)
    assert len(await store.outbox.of_chat(ROOM, 9)) == 2
    await store.outbox.prune(EIGHT + WEEK + SECOND)
    assert await store.outbox.counts(PLATFORM) == {"doubts": 0}


async def test_subscriptions_that_ended_long_ago_are_forgotten(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    await store.subscriptions.end(one.id, NOW)
    await store.outbox.prune(NOW + 30 * DAY)
    assert len((await store.subscriptions.since(0))[1]) == 1
    await store.outbox.prune(NOW + 30 * DAY + SECOND)
    assert (await store.subscriptions.since(0))[1] == []


# All of them


async def test_all_of_it_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    one = await follow(first)
    for title in "ABC":
        await comes(first, title, at_once(one) if title < "C" else later(one))
    await send_next(first)
    known = await first.outbox.of_chat(ROOM, 9)
    await first.aclose()

    second = await open_store()
    assert await second.outbox.of_chat(ROOM, 9) == known
    assert await second.check() == []


async def test_a_closed_store_says_so(store: Store) -> None:
    one = await follow(store)
    await store.aclose()
    outbox = store.outbox
    for call in (
        outbox.due(PLATFORM, NOW, 1),
        outbox.claim(PLATFORM, [1], NOW),
        outbox.mark([Delivery(1, "7")], NOW),
        outbox.recover(PLATFORM, NOW, dead=True),
        outbox.prune(NOW),
        outbox.gather(PLATFORM, NOW),
        outbox.put_off(PLATFORM, Since(NOW, NOW.date()), NOW, "old"),
        outbox.next_due(PLATFORM, NOW),
        outbox.count_sent_since(1, NOW),
        outbox.of_chat(ROOM, 1),
        outbox.of_story(ROOM, "1"),
        outbox.notify(one, "x", ROOM, NOW),
        outbox.counts(PLATFORM),
    ):
        with pytest.raises(StoreError, match="closed"):
            await call
