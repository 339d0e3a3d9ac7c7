"""What becomes of unsent posts in every store when subscriptions end, pause or resume."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest
from outboxes import (
    DAILY,
    EIGHT,
    HALL,
    HOUR,
    MINUTE,
    NOW,
    ROOM,
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
from stores import open_store, store

from bot.chat.ports import Store
from bot.model import Chat
from bot.posting.model import (
    STALE,
    UNSUBSCRIBED,
    WAS_PAUSED,
    Deferral,
    Delivery,
    Outcome,
    Pause,
    PostKind,
    Retry,
    RoutedPost,
    State,
)
from bot.subscriptions.schedule import Rhythm, Timetable

__all__ = ["open_store", "store"]

SERVER = Chat("scripted", "server")
FIRST = Chat("scripted", "first", house="server")
SECOND = Chat("scripted", "second", house="server")
TOPIC = Chat("scripted", "room", thread="topic")
EVENING = Timetable(Rhythm.DAILY, (time(20),))
TONIGHT = NOW.replace(hour=20)


async def _due(store: Store, story_id: str) -> datetime:
    post = await store.outbox.of_story(ROOM, story_id)
    assert post
    return post.due


# end


@pytest.mark.parametrize("route", [at_once, later])
async def test_what_nobody_else_wants_is_not_posted(
    store: Store, route: Callable[..., RoutedPost]
) -> None:
    one = await follow(store)
    await follow(store, "other")
    dropped = await comes(store, "A", route(one))
    await store.subscriptions.end(one.id, NOW + HOUR)
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)
    assert await send_rest(store, EIGHT) == []


async def test_what_another_wants_goes_by_that(store: Store) -> None:
    gone, one, heir = [await follow(store, what) for what in ("gone", "wire", "other")]
    inherited = await comes(store, "A", at_once(one, gone, heir))
    await store.subscriptions.end(gone.id, NOW)
    await store.subscriptions.end(one.id, NOW)
    post = await store.outbox.of_story(ROOM, inherited.id)
    assert post
    assert (post.state, post.subscription) == (State.DUE, heir)
    assert await send_rest(store) == [{inherited.id}]


async def test_what_is_inherited_goes_where_and_when_the_heir_wants_it(store: Store) -> None:
    one = await follow(store, when=DAILY)
    heir = await follow(store, "other", TOPIC, when=EVENING)
    inherited = await comes(store, "A", later(one, heir))
    await store.subscriptions.end(one.id, NOW)
    assert await _due(store, inherited.id) == TONIGHT
    await store.outbox.gather("scripted", TONIGHT)
    (post,) = await store.outbox.due("scripted", TONIGHT, 5)
    assert (post.chat.thread, post.subscription) == ("topic", heir)


async def test_what_is_being_sent_when_its_subscription_ends_is_not_tried_again(
    store: Store,
) -> None:
    one, heir = await follow(store), await follow(store, "other")
    dropped = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await store.subscriptions.end(one.id, NOW)
    assert await fate(store, dropped) == (State.SENDING, "")
    await mark(store, Retry(post.id, NOW, "busy"))
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)

    inherited = await comes(store, "B", at_once(heir))
    post = await claim_next(store)
    await store.subscriptions.end(heir.id, NOW)
    await mark(store, Delivery(post.id, "7"))
    assert await fate(store, inherited) == (State.SENT, "")


async def test_what_a_process_died_over_is_not_tried_again_for_nobody(store: Store) -> None:
    one = await follow(store)
    dropped = await comes(store, "A", at_once(one))
    await claim_next(store)
    await store.subscriptions.end(one.id, NOW)
    await store.outbox.recover("scripted", NOW, dead=True)
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)


async def test_a_digest_loses_what_nobody_wants_any_more(store: Store) -> None:
    one, other = [await follow(store, what, when=DAILY) for what in ("wire", "other")]
    dropped, kept = await comes(store, "A", later(one)), await comes(store, "B", later(other))
    third = await comes(store, "C", later(one, other))
    assert await store.outbox.gather("scripted", EIGHT) == 1
    await store.subscriptions.end(one.id, EIGHT)
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)
    (post,) = await store.outbox.due("scripted", EIGHT, 5)
    assert (post.kind, post.stories) == (PostKind.DIGEST, (kept.id, third.id))
    assert post.subscription == other

    await store.subscriptions.end(other.id, EIGHT)
    assert await store.outbox.due("scripted", EIGHT, 5) == []
    assert await fate(store, kept) == await fate(store, third) == (State.FAILED, UNSUBSCRIBED)


async def test_ending_twice_or_what_is_not_there_is_no_trouble(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    await send_next(store)
    for id_ in (one.id, one.id, 404):
        await store.subscriptions.end(id_, NOW)
    assert await fate(store, story) == (State.SENT, "")


# pause, resume


async def test_all_of_a_chat_is_paused_and_nothing_of_others(store: Store) -> None:
    mine = [await follow(store), await follow(store, "other", TOPIC)]
    others = await follow(store, chat=HALL)
    paused = await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert {one.id for one in paused} == {one.id for one in mine}
    assert await store.subscriptions.pause(ROOM, "gone", NOW + HOUR) == []
    for one in await store.subscriptions.of(ROOM):
        assert (one.paused, one.paused_at) == ("blocked", NOW)
    assert await store.subscriptions.of(HALL) == [others]


async def test_a_server_pauses_and_resumes_all_its_channels(store: Store) -> None:
    one, other, apart = [await follow(store, chat=chat) for chat in (FIRST, SECOND, HALL)]
    kept = await comes(store, "A", at_once(one), at_once(other), at_once(apart))
    paused = await store.subscriptions.pause(SERVER, "thrown out", NOW)
    assert {each.id for each in paused} == {one.id, other.id}
    assert [post.chat for post in await store.outbox.due("scripted", NOW, 5)] == [HALL]
    assert await store.subscriptions.resume(SERVER, NOW) == 2
    for chat in (FIRST, SECOND):
        assert await send_rest(store, chat=chat) == [{kept.id}]


async def test_nothing_goes_to_a_chat_that_is_paused(store: Store) -> None:
    one = await follow(store)
    due, waiting = await comes(store, "A", at_once(one)), await comes(store, "B", later(one))
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await fate(store, due) == await fate(store, waiting) == (State.PAUSED, "blocked")
    assert await store.outbox.gather("scripted", EIGHT) == 0
    assert await store.outbox.due("scripted", EIGHT, 5) == []
    assert await store.outbox.next_due("scripted", NOW) is None


async def test_a_post_that_was_due_before_the_pause_cannot_be_claimed(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    (post,) = await store.outbox.due("scripted", NOW, 5)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await store.outbox.claim("scripted", [post.id], NOW) == []


@pytest.mark.parametrize("how", ["again", "held", "paused", "died"])
async def test_what_was_being_sent_waits_with_the_rest(store: Store, how: str) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert (await fate(store, story))[0] is State.SENDING
    if how == "died":
        assert await store.outbox.recover("scripted", NOW, dead=True) == 1
    else:
        ends: dict[str, Outcome] = {
            "again": Retry(post.id, NOW, "busy"),
            "held": Deferral(post.id, NOW, "quiet hours"),
            "paused": Pause(post.id, "gone"),
        }
        await mark(store, ends[how])
    assert (await fate(store, story))[0] is State.PAUSED
    assert await send_rest(store, EIGHT) == []
    await store.subscriptions.resume(ROOM, NOW)
    assert await send_rest(store) == [{story.id}]


async def test_an_answer_that_comes_after_the_pause_counts(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await mark(store, Delivery(post.id, "7"))
    assert await fate(store, story) == (State.SENT, "")
    await store.subscriptions.resume(ROOM, NOW)
    assert await send_rest(store) == []


async def test_a_pause_that_is_over_before_it_is_marked_holds_nothing_back(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW)
    await mark(store, Pause(post.id, "blocked"))
    assert await send_rest(store) == [{story.id}]


async def test_no_headline_is_mended_in_a_chat_that_is_paused(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await retitle(store, "A", "B") == 0
    assert await store.outbox.due("scripted", NOW, 5) == []


async def test_what_waited_goes_as_one_digest(store: Store) -> None:
    one, other = await follow(store), await follow(store, "other", when=DAILY)
    waited = {
        (await comes(store, title, to)).id
        for title, to in {"A": at_once(one), "B": later(other), "C": at_once(one)}.items()
    }
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await store.subscriptions.resume(ROOM, NOW + HOUR) == 2
    assert await store.subscriptions.resume(ROOM, NOW + HOUR) == 0
    assert {one.paused for one in await store.subscriptions.of(ROOM)} == {""}
    assert await send_rest(store, NOW + HOUR) == [waited]


async def test_what_waited_for_more_than_a_week_is_given_up(store: Store) -> None:
    one = await follow(store)
    stale = await comes(store, "A", at_once(one))
    fresh = await comes(store, "B", at_once(one), now=NOW + 2 * MINUTE)
    await store.subscriptions.pause(ROOM, "blocked", NOW + HOUR)
    await store.subscriptions.resume(ROOM, NOW + WEEK + MINUTE)
    assert await fate(store, stale) == (State.FAILED, STALE)
    assert await fate(store, fresh) == (State.WAITING, WAS_PAUSED)
    assert await send_rest(store, NOW + WEEK + MINUTE) == [{fresh.id}]


async def test_edits_that_waited_are_given_up(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    assert await retitle(store, "A", "B") == 1
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW)
    assert await store.outbox.due("scripted", NOW, 5) == []


async def test_a_digest_that_waited_goes_as_it_was(store: Store) -> None:
    one = await follow(store, when=DAILY)
    stories = {(await comes(store, title, later(one))).id for title in "AB"}
    await store.outbox.gather("scripted", EIGHT)
    await store.subscriptions.pause(ROOM, "blocked", EIGHT)
    third = await comes(store, "C", at_once(one))
    await store.subscriptions.resume(ROOM, EIGHT)
    (digest,) = await store.outbox.due("scripted", EIGHT, 5)
    assert digest.gathered  # so that it is never gathered into another
    assert await send_rest(store, EIGHT) == [stories, {third.id}]


async def test_a_digest_that_is_stale_is_given_up_with_all_in_it(store: Store) -> None:
    one = await follow(store, when=DAILY)
    stories = [await comes(store, title, later(one)) for title in "AB"]
    await store.outbox.gather("scripted", EIGHT)
    await store.subscriptions.pause(ROOM, "blocked", EIGHT)
    await store.subscriptions.resume(ROOM, EIGHT + WEEK + MINUTE)
    for story in stories:
        post = await store.outbox.of_story(ROOM, story.id)
        assert post
        assert (post.state, post.reason, post.done) == (
            State.FAILED,
            STALE,
            EIGHT + WEEK + MINUTE,
        )


async def test_a_digest_whose_subscription_has_ended_is_not_left_paused(store: Store) -> None:
    one, other = [await follow(store, what, when=DAILY) for what in ("wire", "other")]
    dropped, kept = await comes(store, "A", later(one)), await comes(store, "B", later(other))
    await store.outbox.gather("scripted", EIGHT)
    await store.subscriptions.pause(ROOM, "blocked", EIGHT)
    await store.subscriptions.end(one.id, EIGHT)
    await store.subscriptions.resume(ROOM, EIGHT)
    assert await send_rest(store, EIGHT) == [{kept.id}]
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)


async def test_what_may_have_arrived_before_the_pause_is_in_no_digest(store: Store) -> None:
    one = await follow(store)
    doubtful = await comes(store, "A", at_once(one))
    post = await claim_next(store)
    await mark(store, Retry(post.id, NOW, "cut", doubt=True))
    others = {(await comes(store, title, at_once(one))).id for title in "BC"}
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW + HOUR)
    (again,) = await store.outbox.due("scripted", NOW + HOUR, 5)
    assert (again.key, again.since) == (doubtful.id, NOW)
    assert await send_rest(store, NOW + HOUR) == [{doubtful.id}, others]


async def test_what_is_followed_anew_is_paused_no_more_and_the_rest_is(store: Store) -> None:
    one, other = await follow(store), await follow(store, "other")
    kept, paused = await comes(store, "A", at_once(one)), await comes(store, "B", at_once(other))
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    again = await follow(store, made=NOW + HOUR)
    assert (again.id, again.paused, again.paused_at) == (one.id, "", None)
    assert await send_rest(store, NOW + HOUR) == [{kept.id}]
    assert await fate(store, paused) == (State.PAUSED, "blocked")


async def test_what_is_inherited_is_paused_as_the_heir_is(store: Store) -> None:
    one, heir = await follow(store), await follow(store, "other")
    freed = await comes(store, "A", at_once(one, heir))
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await follow(store, "other")
    await store.subscriptions.end(one.id, NOW)
    assert await send_rest(store) == [{freed.id}]

    await store.subscriptions.pause(ROOM, "blocked", NOW)
    one = await follow(store)
    caught = await comes(store, "B", at_once(one, heir))
    await store.subscriptions.end(one.id, NOW)
    assert await fate(store, caught) == (State.PAUSED, "blocked")
