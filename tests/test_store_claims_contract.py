"""What every store must do for posts that are due: claims, outcomes, recovery, locks."""

from __future__ import annotations

import asyncio

import pytest
from outboxes import (
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
    send_next,
)
from stores import OpenStore, open_store, store

from bot.chat.ports import Store
from bot.model import Chat
from bot.posting.model import (
    Deferral,
    Delivery,
    Failure,
    Outcome,
    Pause,
    Retry,
    State,
)

__all__ = ["open_store", "store"]


# due


async def test_a_chat_has_one_post_due_and_the_others_after_it(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    stories = [await comes(store, title, at_once(one), at_once(other)) for title in "ABCDE"]
    due = await store.outbox.due(PLATFORM, NOW, 100)
    assert [(post.chat, post.key) for post in due] == [(ROOM, stories[0].id), (HALL, stories[0].id)]
    assert await next_keys(store) == [each.id for each in stories]
    assert await next_keys(store, chat=HALL) == [each.id for each in stories]


async def test_those_that_are_due_longest_come_first_and_not_too_many(store: Store) -> None:
    chats = [Chat("scripted", f"chat {n}") for n in range(5)]
    subscriptions = [await follow(store, chat=chat) for chat in chats]
    for n in (3, 1, 4, 0, 2):
        await comes(store, f"S{n}", at_once(subscriptions[n], due=NOW + n * SECOND))
    at = NOW + 3 * SECOND
    assert [post.chat for post in await store.outbox.due(PLATFORM, at, 100)] == chats[:4]
    assert [post.chat for post in await store.outbox.due(PLATFORM, at, 2)] == chats[:2]
    assert await store.outbox.due("other", at, 100) == []


async def test_nothing_else_is_due_where_something_is_being_sent(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", later(one, due=NOW))
    await comes(store, "B", at_once(one))
    await claim_next(store)
    assert await store.outbox.gather(PLATFORM, NOW) == 1  # it came before the other
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    assert await store.outbox.next_due(PLATFORM, NOW) is None


async def test_what_is_to_be_tried_again_is_not_overtaken(store: Store) -> None:
    one = await follow(store)
    first, second = await comes(store, "A", at_once(one)), await comes(store, "B", at_once(one))
    post = await claim_next(store)
    await mark(store, Retry(post.id, NOW + MINUTE, "busy"))
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    assert await store.outbox.next_due(PLATFORM, NOW) == NOW + MINUTE
    assert await next_keys(store, NOW + MINUTE) == [first.id, second.id]


async def test_next_due_is_the_first_of_what_is_due_and_what_waits(store: Store) -> None:
    assert await store.outbox.next_due(PLATFORM, NOW) is None
    one, other = await follow(store), await follow(store, chat=HALL)
    await comes(store, "A", later(one))
    assert await store.outbox.next_due(PLATFORM, NOW) == EIGHT
    await comes(store, "B", at_once(other, due=NOW + HOUR))
    assert await store.outbox.next_due(PLATFORM, NOW) == NOW + HOUR
    assert await store.outbox.next_due("other", NOW) is None
    await claim_next(store, NOW + HOUR, HALL)
    assert await store.outbox.next_due(PLATFORM, NOW) == EIGHT


# claim


async def test_of_two_that_claim_a_post_one_is_given_it(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    chats = [Chat("scripted", f"chat {n}") for n in range(20)]
    routed = [at_once(await follow(one, chat=chat)) for chat in chats]
    await comes(one, "A", *routed)
    rows = [post.id for post in await one.outbox.due(PLATFORM, NOW, 100)]
    claims = await asyncio.gather(
        *(each.outbox.claim(PLATFORM, [row], NOW) for row in rows for each in (one, other))
    )
    given = [row for claim in claims for row in claim]
    assert sorted(given) == sorted(rows)
    assert await one.outbox.claim(PLATFORM, rows, NOW) == []


async def test_a_chat_has_one_post_on_its_way(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await comes(store, "B", at_once(one))
    (first,) = await store.outbox.due(PLATFORM, NOW, 5)
    rows = [first.id, first.id + 1]
    assert await store.outbox.claim(PLATFORM, rows, NOW) == [first.id]
    assert await store.outbox.claim(PLATFORM, rows, NOW) == []
    await mark(store, Delivery(first.id, "7"))
    assert await store.outbox.claim(PLATFORM, [*rows, 404], NOW) == [first.id + 1]


# mark


async def test_what_was_sent_is_sent(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    post = await claim_next(store)
    await mark(store, Delivery(post.id, "7"), NOW + SECOND)
    found = await store.outbox.of_story(ROOM, story.id)
    assert found
    assert (found.state, found.message, found.done) == (State.SENT, "7", NOW + SECOND)
    assert await next_keys(store) == []


async def test_what_may_not_have_arrived_remembers_since_when(store: Store) -> None:
    await comes(store, "A", at_once(await follow(store)))
    doubts = [False, True, False, True]
    for tries, doubt in enumerate(doubts, 1):
        at = NOW + tries * MINUTE
        row = (await claim_next(store, at)).id
        await mark(store, Retry(row, at, "why", doubt=doubt), at)
        (post,) = await store.outbox.due(PLATFORM, at, 5)
        # One try that surely failed does not tell how an earlier one ended.
        assert post.since == (NOW + 2 * MINUTE if tries > 1 else None)
        assert (post.tries, post.reason, post.state) == (tries, "why", State.DUE)
        assert (post.doubts, post.deaths) == (doubts[:tries].count(True), 0)


async def test_what_is_held_waits_and_then_goes(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claim_next(store)).id
    await mark(store, Deferral(row, NOW + HOUR, "quiet hours"))
    assert await fate(store, story) == (State.WAITING, "quiet hours")
    assert await store.outbox.gather(PLATFORM, NOW + HOUR) == 1
    (post,) = await store.outbox.due(PLATFORM, NOW + HOUR, 5)
    assert (post.id, post.gathered, post.tries) == (row, True, 0)


async def test_what_is_due_is_held_without_a_try(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    (post,) = await store.outbox.due(PLATFORM, NOW, 5)
    await mark(store, Retry(post.id, NOW + MINUTE, "quiet hours"))
    assert await store.outbox.next_due(PLATFORM, NOW) == NOW + MINUTE
    await mark(store, Deferral(post.id, NOW + HOUR, "quiet hours"))
    assert await fate(store, story) == (State.WAITING, "quiet hours")


async def test_what_is_given_up_says_why(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claim_next(store)).id
    await mark(store, Failure(row, "too odd", doubt=True), NOW + SECOND)
    post = await store.outbox.of_story(ROOM, story.id)
    assert post
    assert (post.state, post.reason, post.done) == (State.FAILED, "too odd", NOW + SECOND)
    assert post.doubts == 1
    assert await next_keys(store) == []


async def test_what_cannot_reach_its_chat_waits_until_that_is_resumed(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claim_next(store)).id
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await mark(store, Pause(row, "blocked"))
    assert await fate(store, story) == (State.PAUSED, "blocked")
    assert await next_keys(store, NOW + DAY) == []
    assert await store.subscriptions.resume(ROOM, NOW) == 1
    assert await next_keys(store) == [story.id]


@pytest.mark.parametrize("kind", [Retry, Deferral, Failure, Pause])
async def test_what_was_sent_stays_sent(store: Store, kind: type[Retry]) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await send_next(store)).id
    ends: dict[type, Outcome] = {
        Retry: Retry(row, NOW, "late"),
        Deferral: Deferral(row, NOW, "late"),
        Failure: Failure(row, "late"),
        Pause: Pause(row, "late"),
    }
    await mark(store, ends[kind])
    assert await fate(store, story) == (State.SENT, "")


async def test_many_ends_are_marked_at_once(store: Store) -> None:
    chats = [Chat("scripted", f"chat {n}") for n in range(4)]
    routed = [at_once(await follow(store, chat=chat)) for chat in chats]
    story = await comes(store, "A", *routed)
    rows = [post.id for post in await store.outbox.due(PLATFORM, NOW, 100)]
    await store.outbox.claim(PLATFORM, rows, NOW)
    ends: list[Outcome] = [
        Delivery(rows[0], "7"),
        Retry(rows[1], NOW, "busy"),
        Failure(rows[2], "odd"),
        Deferral(rows[3], NOW, "quiet"),
    ]
    await store.outbox.mark(ends, NOW)
    fates = [(await fate(store, story, chat))[0] for chat in chats]
    assert fates == [State.SENT, State.DUE, State.FAILED, State.WAITING]
    await store.outbox.mark([], NOW)


# recover


async def test_what_a_dead_process_was_sending_is_due_again_in_doubt(
    open_store: OpenStore,
) -> None:
    first = await open_store()
    one, other = await follow(first), await follow(first, chat=Chat("other", "room"))
    await comes(first, "A", at_once(one), at_once(other))
    before = await claim_next(first)
    elsewhere = await claim_next(first, chat=Chat("other", "room"))
    await first.aclose()

    second = await open_store()
    assert await second.outbox.recover(PLATFORM, NOW + SECOND, dead=True) == 1
    assert await second.outbox.recover(PLATFORM, NOW + SECOND, dead=True) == 0
    (post,) = await second.outbox.due(PLATFORM, NOW + SECOND, 5)
    assert (post.id, post.deaths, post.doubts, post.since) == (before.id, 1, 0, NOW)
    assert await second.outbox.claim(PLATFORM, [elsewhere.id], NOW) == []
    assert (await second.outbox.counts(PLATFORM))["doubts"] == 1


async def test_what_another_process_is_sending_is_left_to_it_for_a_while(store: Store) -> None:
    await comes(store, "A", at_once(await follow(store)))
    await claim_next(store)
    assert await store.outbox.recover(PLATFORM, NOW + 9 * MINUTE, dead=False) == 0
    assert await store.outbox.recover(PLATFORM, NOW + 11 * MINUTE, dead=False) == 1
    (post,) = await store.outbox.due(PLATFORM, NOW + 11 * MINUTE, 5)
    assert post.deaths == 1


async def test_an_answer_that_comes_after_the_recovery_counts(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claim_next(store)).id
    await store.outbox.recover(PLATFORM, NOW, dead=True)
    await mark(store, Delivery(row, "7"))
    assert await fate(store, story) == (State.SENT, "")
    assert await next_keys(store) == []


# lock_platform


async def test_one_store_may_post_on_each_platform(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    assert await one.outbox.lock_platform("scripted")
    assert await one.outbox.lock_platform("scripted")
    assert not await other.outbox.lock_platform("scripted")
    assert await other.outbox.lock_platform("other")
    await one.aclose()
    assert await other.outbox.lock_platform("scripted")
