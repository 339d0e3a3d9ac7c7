"""What every store must do for subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
    claimed,
    comes,
    ended,
    fate,
    follow,
    later,
    retitled,
    sent,
    stories_sent,
)
from stores import OpenStore, each_store, open_store, store

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.model import (
    ALREADY,
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
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable

__all__ = ["open_store", "store"]

SERVER = Chat("scripted", "server")
FIRST = Chat("scripted", "first", house="server")
SECOND = Chat("scripted", "second", house="server")
TOPIC = Chat("scripted", "room", thread="topic")
CASTLE = Chat("scripted", "castle")
TOKYO_EIGHT = NOW.replace(hour=23)
EVENING = Timetable(Rhythm.DAILY, time(20))
TONIGHT = NOW.replace(hour=20)

_TIMES = st.times(timezones=st.none()).map(lambda at: time(at.hour, at.minute))
_TIMETABLES = st.builds(Timetable, st.sampled_from(Rhythm), _TIMES, st.integers(0, 6))
_QUIET = st.tuples(_TIMES, _TIMES).filter(lambda both: both[0] != both[1])
_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
_SUBSCRIPTIONS = st.builds(
    Subscription,
    st.builds(Chat, st.sampled_from(["telegram", "discord"]), _NAMES, _NAMES, _NAMES),
    st.sampled_from(TargetKind),
    _NAMES,
    _TIMETABLES,
    st.sampled_from(["UTC", "Asia/Tokyo", "America/St_Johns"]),
    st.none() | _QUIET.map(lambda both: Quiet(*both)),
    st.integers(0, 100),
    _NAMES,
    st.booleans(),
    st.booleans(),
    _NAMES,
    st.just(NOW),
)


async def _due(store: Store, story_id: str) -> datetime:
    post = await store.outbox.of_story(ROOM, story_id)
    assert post
    return post.due


# put, of


async def test_what_is_put_comes_back_as_it_went_in(store: Store) -> None:
    put = await follow(store, "wire", TOPIC, when=DAILY, quiet=Quiet(time(22), time(7)), most=3)
    assert put.id > 0
    (found,) = await store.subscriptions.of(ROOM)
    assert found == put
    assert (found.chat.thread, found.chat.house) == ("topic", "")


@given(one=_SUBSCRIPTIONS)
async def test_whatever_is_put_comes_back(
    tmp_path_factory: pytest.TempPathFactory, one: Subscription
) -> None:
    async with each_store(tmp_path_factory) as stores:
        for store in stores:
            put = await store.subscriptions.put(one)
            (found,) = await store.subscriptions.of(one.chat)
            assert found == put == replace(one, id=put.id)
            assert (found.chat.thread, found.chat.house) == (one.chat.thread, one.chat.house)


async def test_a_chat_follows_the_same_once_in_each_thread(store: Store) -> None:
    first = await follow(store)
    again = await follow(store, silent=True, owner="max", made=NOW + HOUR)
    other = await follow(store, chat=TOPIC)
    searched = await follow(store, kind=TargetKind.SEARCH)
    assert first.id == again.id
    assert (again.silent, again.owner) == (True, "max")
    assert await store.subscriptions.of(ROOM) == [again, other, searched]
    assert await store.subscriptions.of(TOPIC) == [again, other, searched]


async def test_one_that_is_changed_was_still_made_when_it_was(store: Store) -> None:
    await follow(store)
    assert (await follow(store, made=NOW + HOUR)).made == NOW


async def test_one_that_has_ended_comes_back_as_another(store: Store) -> None:
    first = await follow(store)
    await store.subscriptions.end(first.id, NOW)
    assert await store.subscriptions.of(ROOM) == []
    assert (await follow(store)).id > first.id


async def test_chats_do_not_hear_of_each_other(store: Store) -> None:
    one = await follow(store)
    await follow(store, chat=HALL)
    await follow(store, chat=Chat("other", "room"))
    assert await store.subscriptions.of(ROOM) == [one]


@pytest.mark.parametrize(
    ("when", "zone", "due"),
    [(EVENING, "UTC", TONIGHT), (DAILY, "Asia/Tokyo", TOKYO_EIGHT), (AT_ONCE, "UTC", NOW)],
)
async def test_what_waits_waits_for_the_new_time(
    store: Store, when: Timetable, zone: str, due: datetime
) -> None:
    one = await follow(store, when=DAILY)
    other = await follow(store, "other", when=DAILY)
    mine, others = await comes(store, "A", later(one)), await comes(store, "B", later(other))
    await follow(store, when=when, zone=zone)
    assert await _due(store, mine.id) == due
    assert await _due(store, others.id) == EIGHT


async def test_what_waits_for_the_night_to_end_waits_for_that_still(store: Store) -> None:
    one = await follow(store, quiet=Quiet(time(11), time(14)))
    held = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await ended(store, Deferral(post.row, NOW + 2 * HOUR, "quiet hours"))
    await follow(store, when=DAILY)
    assert await _due(store, held.id) == NOW + 2 * HOUR


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
    assert await stories_sent(store, EIGHT) == []


async def test_what_another_wants_goes_by_that(store: Store) -> None:
    gone, one, heir = [await follow(store, what) for what in ("gone", "wire", "other")]
    inherited = await comes(store, "A", at_once(one, gone, heir))
    await store.subscriptions.end(gone.id, NOW)
    await store.subscriptions.end(one.id, NOW)
    post = await store.outbox.of_story(ROOM, inherited.id)
    assert post
    assert (post.state, post.subscription) == (State.DUE, heir)
    assert await stories_sent(store) == [{inherited.id}]


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
    post = await claimed(store)
    await store.subscriptions.end(one.id, NOW)
    assert await fate(store, dropped) == (State.SENDING, "")
    await ended(store, Retry(post.row, NOW, "busy"))
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)

    inherited = await comes(store, "B", at_once(heir))
    post = await claimed(store)
    await store.subscriptions.end(heir.id, NOW)
    await ended(store, Delivery(post.row, "7"))
    assert await fate(store, inherited) == (State.SENT, "")


async def test_what_a_process_died_over_is_not_tried_again_for_nobody(store: Store) -> None:
    one = await follow(store)
    dropped = await comes(store, "A", at_once(one))
    await claimed(store)
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
    await sent(store)
    for id_ in (one.id, one.id, 404):
        await store.subscriptions.end(id_, NOW)
    assert await fate(store, story) == (State.SENT, "")


# since


async def test_since_tells_what_has_changed_and_nothing_twice(store: Store) -> None:
    subscriptions = store.subscriptions
    start, none = await subscriptions.since(0)
    one, other = await follow(store), await follow(store, chat=FIRST)
    second, found = await subscriptions.since(start)
    assert (none, found) == ((), [one, other])
    assert await subscriptions.since(second) == (second, ())

    await subscriptions.pause(ROOM, "blocked", NOW)
    third, (paused,) = await subscriptions.since(second)
    assert (paused.id, paused.paused, paused.paused_at) == (one.id, "blocked", NOW)
    await subscriptions.resume(ROOM, NOW)
    fourth, (resumed,) = await subscriptions.since(third)
    assert resumed == one
    await subscriptions.set_zone(SERVER, "Asia/Tokyo", NOW)
    fifth, (zoned,) = await subscriptions.since(fourth)
    assert zoned == replace(other, zone="Asia/Tokyo")
    await subscriptions.end(one.id, NOW)
    sixth, (ended_one,) = await subscriptions.since(fifth)
    assert ended_one == replace(one, ended=True)
    assert start < second < third < fourth < fifth < sixth
    _, everything = await subscriptions.since(0)
    assert everything == [ended_one, zoned]


async def test_what_another_process_has_changed_is_told(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    revision, _ = await one.subscriptions.since(0)
    put = await follow(other)
    assert await one.subscriptions.since(revision) == (revision + 1, [put])


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
        assert await stories_sent(store, chat=chat) == [{kept.id}]


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
    assert await store.outbox.claim([post.row], NOW) == []


@pytest.mark.parametrize("how", ["again", "held", "paused", "died"])
async def test_what_was_being_sent_waits_with_the_rest(store: Store, how: str) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert (await fate(store, story))[0] is State.SENDING
    if how == "died":
        assert await store.outbox.recover("scripted", NOW, dead=True) == 1
    else:
        ends: dict[str, Outcome] = {
            "again": Retry(post.row, NOW, "busy"),
            "held": Deferral(post.row, NOW, "quiet hours"),
            "paused": Pause(post.row, "gone"),
        }
        await ended(store, ends[how])
    assert (await fate(store, story))[0] is State.PAUSED
    assert await stories_sent(store, EIGHT) == []
    await store.subscriptions.resume(ROOM, NOW)
    assert await stories_sent(store) == [{story.id}]


async def test_an_answer_that_comes_after_the_pause_counts(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await ended(store, Delivery(post.row, "7"))
    assert await fate(store, story) == (State.SENT, "")
    await store.subscriptions.resume(ROOM, NOW)
    assert await stories_sent(store) == []


async def test_a_pause_that_is_over_before_it_is_marked_holds_nothing_back(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW)
    await ended(store, Pause(post.row, "blocked"))
    assert await stories_sent(store) == [{story.id}]


async def test_no_headline_is_mended_in_a_chat_that_is_paused(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await sent(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await retitled(store, "A", "B") == 0
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
    assert await stories_sent(store, NOW + HOUR) == [waited]


async def test_what_waited_for_more_than_a_week_is_given_up(store: Store) -> None:
    one = await follow(store)
    stale = await comes(store, "A", at_once(one))
    fresh = await comes(store, "B", at_once(one), now=NOW + 2 * MINUTE)
    await store.subscriptions.pause(ROOM, "blocked", NOW + HOUR)
    await store.subscriptions.resume(ROOM, NOW + WEEK + MINUTE)
    assert await fate(store, stale) == (State.FAILED, STALE)
    assert await fate(store, fresh) == (State.WAITING, WAS_PAUSED)
    assert await stories_sent(store, NOW + WEEK + MINUTE) == [{fresh.id}]


async def test_edits_that_waited_are_given_up(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await sent(store)
    assert await retitled(store, "A", "B") == 1
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
    assert await stories_sent(store, EIGHT) == [stories, {third.id}]


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
    assert await stories_sent(store, EIGHT) == [{kept.id}]
    assert await fate(store, dropped) == (State.FAILED, UNSUBSCRIBED)


async def test_what_may_have_arrived_before_the_pause_is_in_no_digest(store: Store) -> None:
    one = await follow(store)
    doubtful = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await ended(store, Retry(post.row, NOW, "cut", doubt=True))
    others = {(await comes(store, title, at_once(one))).id for title in "BC"}
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.subscriptions.resume(ROOM, NOW + HOUR)
    (again,) = await store.outbox.due("scripted", NOW + HOUR, 5)
    assert (again.key, again.since) == (doubtful.id, NOW)
    assert await stories_sent(store, NOW + HOUR) == [{doubtful.id}, others]


async def test_what_is_followed_anew_is_paused_no_more_and_the_rest_is(store: Store) -> None:
    one, other = await follow(store), await follow(store, "other")
    kept, paused = await comes(store, "A", at_once(one)), await comes(store, "B", at_once(other))
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    again = await follow(store, made=NOW + HOUR)
    assert (again.id, again.paused, again.paused_at) == (one.id, "", None)
    assert await stories_sent(store, NOW + HOUR) == [{kept.id}]
    assert await fate(store, paused) == (State.PAUSED, "blocked")


async def test_what_is_inherited_is_paused_as_the_heir_is(store: Store) -> None:
    one, heir = await follow(store), await follow(store, "other")
    freed = await comes(store, "A", at_once(one, heir))
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await follow(store, "other")
    await store.subscriptions.end(one.id, NOW)
    assert await stories_sent(store) == [{freed.id}]

    await store.subscriptions.pause(ROOM, "blocked", NOW)
    one = await follow(store)
    caught = await comes(store, "B", at_once(one, heir))
    await store.subscriptions.end(one.id, NOW)
    assert await fate(store, caught) == (State.PAUSED, "blocked")


# set_zone


async def test_a_chat_and_a_server_have_a_time_zone(store: Store) -> None:
    one = await follow(store, when=DAILY)
    first, second, apart = [
        await follow(store, chat=chat, when=DAILY) for chat in (FIRST, SECOND, HALL)
    ]
    story = await comes(store, "A", *map(later, (one, first, second, apart)))
    await store.subscriptions.set_zone(SERVER, "Asia/Tokyo", NOW)
    await store.subscriptions.set_zone(ROOM, "Asia/Tokyo", NOW)
    for chat, due in ((ROOM, TOKYO_EIGHT), (FIRST, TOKYO_EIGHT), (SECOND, TOKYO_EIGHT)):
        (moved,) = await store.subscriptions.of(chat)
        assert moved.zone == "Asia/Tokyo"
        post = await store.outbox.of_story(chat, story.id)
        assert post
        assert post.due == due
    assert await store.subscriptions.of(HALL) == [apart]


# move_chat


async def test_a_chat_that_moves_keeps_what_it_follows_and_what_waits(store: Store) -> None:
    one = await follow(store, chat=TOPIC)
    before = await comes(store, "A", at_once(one))
    await sent(store)
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
    assert await stories_sent(store, EIGHT, CASTLE) == [{due.id}, {waits.id}]
    again = await comes(store, "A", at_once(moved))
    assert again.id == before.id
    assert await stories_sent(store, EIGHT, CASTLE) == []


async def test_an_answer_that_comes_after_the_move_counts(store: Store) -> None:
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    post = await claimed(store)
    await store.chats.move(ROOM, CASTLE)
    await ended(store, Delivery(post.row, "7"))
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
    assert await stories_sent(store, chat=CASTLE) == [{paused.id}]

    old = await follow(store)
    kept = await comes(store, "B", at_once(old))
    await store.subscriptions.pause(CASTLE, "blocked", NOW)
    await store.chats.move(ROOM, CASTLE)
    assert await fate(store, kept, CASTLE) == (State.PAUSED, "blocked")
    await store.subscriptions.resume(CASTLE, NOW)
    assert await stories_sent(store, chat=CASTLE) == [{kept.id}]
    assert new.id


@pytest.mark.parametrize("first", ["old", "new", "neither"])
async def test_what_both_chats_were_to_be_sent_goes_once(store: Store, first: str) -> None:
    old, new = await follow(store), await follow(store, chat=CASTLE)
    story = await comes(store, "A", at_once(old), at_once(new))
    if first != "neither":
        await sent(store, chat=ROOM if first == "old" else CASTLE)
    await store.chats.move(ROOM, CASTLE)
    assert await stories_sent(store, chat=ROOM) == []
    rest = await stories_sent(store, chat=CASTLE)
    assert rest == ([{story.id}] if first == "neither" else [])
    assert await fate(store, story, CASTLE) == (State.SENT, "")


async def test_what_is_being_sent_to_both_is_not_tried_again_in_the_old_one(store: Store) -> None:
    old, new = await follow(store), await follow(store, chat=CASTLE)
    story = await comes(store, "A", at_once(old), at_once(new))
    post = await claimed(store)
    other = await claimed(store, chat=CASTLE)
    await store.chats.move(ROOM, CASTLE)
    await ended(store, Retry(post.row, NOW, "the chat has become castle"))
    assert await fate(store, story, ROOM) == (State.FAILED, ALREADY)
    await ended(store, Retry(other.row, NOW, "busy"))
    assert await stories_sent(store, chat=CASTLE) == [{story.id}]
    assert await stories_sent(store, chat=ROOM) == []


async def test_channels_go_with_the_server_whose_settings_they_have(store: Store) -> None:
    one = await follow(store, chat=FIRST)
    await store.chats.move(SERVER, CASTLE)
    (moved,) = await store.subscriptions.of(FIRST)
    assert (moved, moved.chat.house) == (one, "castle")


# All of them


async def test_all_of_it_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    one = await follow(first, when=DAILY)
    paused = await follow(first, chat=HALL)
    await first.subscriptions.pause(HALL, "blocked", NOW)
    known = await first.subscriptions.since(0)
    await first.aclose()

    second = await open_store()
    assert await second.subscriptions.since(0) == known
    assert await second.subscriptions.of(ROOM) == [one]
    (found,) = await second.subscriptions.of(HALL)
    assert found == replace(paused, paused="blocked", paused_at=NOW)


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.aclose()
    subscriptions = store.subscriptions
    for call in (
        follow(store),
        subscriptions.of(ROOM),
        subscriptions.end(1, NOW),
        subscriptions.since(0),
        subscriptions.pause(ROOM, "x", NOW),
        subscriptions.resume(ROOM, NOW),
        subscriptions.set_zone(ROOM, "UTC", NOW),
    ):
        with pytest.raises(StoreError, match="closed"):
            await call
