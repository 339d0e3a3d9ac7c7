"""What every store must do for subscriptions."""

from __future__ import annotations

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
    NOW,
    ROOM,
    at_once,
    claim_next,
    comes,
    follow,
    later,
    mark,
)
from stores import OpenStore, each_store, open_store, store
from subscription_extras import FILTERS, POST_TEMPLATES

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.model import (
    Deferral,
)
from bot.subscriptions.model import BY_HAND, Subscription, TargetKind
from bot.subscriptions.post_template import PostTemplate
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable

__all__ = ["open_store", "store"]

SERVER = Chat("scripted", "server")
FIRST = Chat("scripted", "first", house="server")
SECOND = Chat("scripted", "second", house="server")
TOPIC = Chat("scripted", "room", thread="topic")
TOKYO_EIGHT = NOW.replace(hour=23)
EVENING = Timetable(Rhythm.DAILY, (time(20),))
TONIGHT = NOW.replace(hour=20)

_TIMES = st.times(timezones=st.none()).map(lambda at: time(at.hour, at.minute))
_TIMETABLES = st.builds(
    Timetable,
    st.sampled_from(Rhythm),
    st.lists(_TIMES, max_size=3).map(tuple),
    st.sets(st.integers(0, 6), min_size=1).map(tuple),
    st.integers(1, 31),
    st.integers(1, 23),
)
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
    threads=st.booleans(),
    filters=FILTERS,
    template=POST_TEMPLATES,
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


async def test_a_template_is_changed_and_nothing_else(store: Store) -> None:
    put = await follow(store, "wire", TOPIC, when=DAILY, most=3)
    await store.subscriptions.pause(ROOM, "gone", NOW)
    revision, _ = await store.subscriptions.since(0)
    (before,) = await store.subscriptions.of(ROOM)
    template = PostTemplate(text="{title}")
    assert await store.subscriptions.set_template(put.id, template)
    (after,) = await store.subscriptions.of(ROOM)
    assert after == replace(before, template=template)
    assert await store.subscriptions.since(revision) == (revision + 1, [after])
    await store.subscriptions.end(put.id, NOW)
    assert not await store.subscriptions.set_template(put.id, PostTemplate())
    assert not await store.subscriptions.set_template(999, template)


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
    post = await claim_next(store)
    await mark(store, Deferral(post.id, NOW + 2 * HOUR, "quiet hours"))
    await follow(store, when=DAILY)
    assert await _due(store, held.id) == NOW + 2 * HOUR


async def test_what_people_paused_only_people_resume(store: Store) -> None:
    one = await follow(store)
    await store.subscriptions.pause(ROOM, BY_HAND, NOW)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    assert await store.subscriptions.resume(ROOM, NOW) == 0
    assert await store.subscriptions.resume(ROOM, NOW, by_hand=True) == 1
    assert list(await store.subscriptions.of(ROOM)) == [one]


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


async def test_chats_are_told_of_in_which_something_is_posted(store: Store) -> None:
    subscriptions = store.subscriptions
    assert not await subscriptions.is_anything_followed()
    ones = [await follow(store, chat=chat) for chat in (ROOM, TOPIC, FIRST, SECOND, HALL)]
    await follow(store, kind=TargetKind.TOPIC, what="Rail", chat=ROOM)
    await follow(store, chat=Chat("other", "room"))
    assert {*await subscriptions.posted_chats("scripted")} == {ROOM, TOPIC, FIRST, SECOND, HALL}
    assert len(await subscriptions.posted_chats("scripted")) == 5
    (first,) = [one for one in await subscriptions.posted_chats("scripted") if one.id == "first"]
    assert first.house == "server"

    await subscriptions.pause(SERVER, "the bot was removed", NOW)
    await subscriptions.end(ones[4].id, NOW)
    assert {*await subscriptions.posted_chats("scripted")} == {ROOM, TOPIC}
    assert await subscriptions.posted_chats("nowhere") == []
    assert await subscriptions.is_anything_followed()


async def test_nothing_is_followed_once_all_has_ended(store: Store) -> None:
    one = await follow(store)
    assert await store.subscriptions.is_anything_followed()
    await store.subscriptions.end(one.id, NOW)
    assert not await store.subscriptions.is_anything_followed()


async def test_what_another_process_has_changed_is_told(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    revision, _ = await one.subscriptions.since(0)
    put = await follow(other)
    assert await one.subscriptions.since(revision) == (revision + 1, [put])


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
