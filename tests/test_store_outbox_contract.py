"""What every store must do for the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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
    WEEK,
    Scripted,
    at_once,
    claimed,
    comes,
    ended,
    fate,
    follow,
    later,
    next_keys,
    retitled,
    sent,
    stories_sent,
)
from stores import OpenStore, listed, open_store, store
from stories import filed, story

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Chat, Story, Topic
from bot.posting.model import (
    Deferral,
    Delivery,
    Failure,
    Outcome,
    Pause,
    PostKind,
    Retry,
    RoutedPost,
    State,
)
from bot.posting.ports import News
from bot.search.query import Since

__all__ = ["open_store", "store"]

TOPIC = Chat("scripted", "room", thread="topic")
PERSON = Chat("scripted", "person 7")


class _Failing(Scripted):
    """Routes the first story, and fails over the second."""

    def route(self, story: Story) -> Sequence[RoutedPost]:
        if self.seen:
            raise ZeroDivisionError("oh")
        return super().route(story)


# Rows come with the stories


async def test_rows_are_written_with_the_stories(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    story = await comes(store, "A", at_once(one), later(other))
    assert await listed(store) == ["A"]
    post = await store.outbox.of_story(ROOM, story.id)
    assert post
    assert post.row > 0
    assert (post.chat, post.key, post.kind, post.state) == (
        ROOM,
        story.id,
        PostKind.STORY,
        State.DUE,
    )
    assert (post.stories, post.subscription, post.made, post.due) == ((story.id,), one, NOW, NOW)
    assert (post.tries, post.doubts, post.deaths, post.since, post.done) == (0, 0, 0, None, None)
    assert await fate(store, story, HALL) == (State.WAITING, "")


async def test_a_router_that_fails_leaves_neither_stories_nor_rows(store: Store) -> None:
    one = await follow(store)
    both = [story("A", "a"), story("B", "b")]
    failing = News(frozenset(each.id for each in both), _Failing([at_once(one)]), NOW)
    with pytest.raises(ZeroDivisionError):
        await store.ingest.write(filed(both), failing)
    assert await listed(store) == []
    assert await store.outbox.of_chat(ROOM, 5) == []
    assert await store.check() == []
    await comes(store, "A", at_once(one))
    assert await listed(store) == ["A"]


async def test_only_news_is_routed_with_its_topics(store: Store) -> None:
    await store.ingest.set_topics(
        [Topic("Rail", "strike"), Topic("Wire", sources=frozenset({"wire"}))]
    )
    new, old = story("Rail strike", "a"), story("Tram", "b")
    router = Scripted([])
    assert await store.ingest.write(filed([old, new]), News(frozenset({new.id}), router, NOW)) == 0
    (seen,) = router.seen
    assert seen.id == new.id
    assert set(seen.topics) == {"Rail", "Wire"}


async def test_a_router_learns_what_changed_before_it_is_asked(store: Store) -> None:
    one = await follow(store)
    router = Scripted([])
    news = News(frozenset({story("A").id}), router, NOW)
    await store.ingest.write(filed([story("A")]), news)
    assert (router.learnt, router.revision) == ([one], (await store.subscriptions.since(0))[0])
    await store.subscriptions.end(one.id, NOW)
    await store.ingest.write(filed([story("A")]), news)
    assert router.learnt == [one, replace(one, ended=True)]


async def test_a_story_is_put_into_a_chat_once(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    first = story("A")
    news = News(frozenset({first.id}), Scripted([at_once(one)]), NOW)
    assert await store.ingest.write(filed([first]), news) == 1
    both = replace(news, router=Scripted([later(one), at_once(other)]))
    assert await store.ingest.write(filed([first]), both) == 1
    assert await fate(store, first) == (State.DUE, "")
    await sent(store)
    assert await store.ingest.write(filed([first]), both) == 0
    assert await stories_sent(store, EIGHT) == []


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
    await claimed(store)
    assert await store.outbox.gather(PLATFORM, NOW) == 1  # it came before the other
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    assert await store.outbox.next_due(PLATFORM, NOW) is None


async def test_what_is_to_be_tried_again_is_not_overtaken(store: Store) -> None:
    one = await follow(store)
    first, second = await comes(store, "A", at_once(one)), await comes(store, "B", at_once(one))
    post = await claimed(store)
    await ended(store, Retry(post.row, NOW + MINUTE, "busy"))
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
    await claimed(store, NOW + HOUR, HALL)
    assert await store.outbox.next_due(PLATFORM, NOW) == EIGHT


# claim


async def test_of_two_that_claim_a_post_one_is_given_it(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    chats = [Chat("scripted", f"chat {n}") for n in range(20)]
    routed = [at_once(await follow(one, chat=chat)) for chat in chats]
    await comes(one, "A", *routed)
    rows = [post.row for post in await one.outbox.due(PLATFORM, NOW, 100)]
    claims = await asyncio.gather(
        *(each.outbox.claim([row], NOW) for row in rows for each in (one, other))
    )
    given = [row for claim in claims for row in claim]
    assert sorted(given) == sorted(rows)
    assert await one.outbox.claim(rows, NOW) == []


async def test_a_chat_has_one_post_on_its_way(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await comes(store, "B", at_once(one))
    (first,) = await store.outbox.due(PLATFORM, NOW, 5)
    rows = [first.row, first.row + 1]
    assert await store.outbox.claim(rows, NOW) == [first.row]
    assert await store.outbox.claim(rows, NOW) == []
    await ended(store, Delivery(first.row, "7"))
    assert await store.outbox.claim([*rows, 404], NOW) == [first.row + 1]


# mark


async def test_what_was_sent_is_sent(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    post = await claimed(store)
    await ended(store, Delivery(post.row, "7"), NOW + SECOND)
    found = await store.outbox.of_story(ROOM, story.id)
    assert found
    assert (found.state, found.message, found.done) == (State.SENT, "7", NOW + SECOND)
    assert await next_keys(store) == []


async def test_what_may_not_have_arrived_remembers_since_when(store: Store) -> None:
    await comes(store, "A", at_once(await follow(store)))
    doubts = [False, True, False, True]
    for tries, doubt in enumerate(doubts, 1):
        at = NOW + tries * MINUTE
        row = (await claimed(store, at)).row
        await ended(store, Retry(row, at, "why", doubt=doubt), at)
        (post,) = await store.outbox.due(PLATFORM, at, 5)
        # One try that surely failed does not tell how an earlier one ended.
        assert post.since == (NOW + 2 * MINUTE if tries > 1 else None)
        assert (post.tries, post.reason, post.state) == (tries, "why", State.DUE)
        assert (post.doubts, post.deaths) == (doubts[:tries].count(True), 0)


async def test_what_is_held_waits_and_then_goes(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claimed(store)).row
    await ended(store, Deferral(row, NOW + HOUR, "quiet hours"))
    assert await fate(store, story) == (State.WAITING, "quiet hours")
    assert await store.outbox.gather(PLATFORM, NOW + HOUR) == 1
    (post,) = await store.outbox.due(PLATFORM, NOW + HOUR, 5)
    assert (post.row, post.gathered, post.tries) == (row, True, 0)


async def test_what_is_due_is_held_without_a_try(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    (post,) = await store.outbox.due(PLATFORM, NOW, 5)
    await ended(store, Retry(post.row, NOW + MINUTE, "quiet hours"))
    assert await store.outbox.next_due(PLATFORM, NOW) == NOW + MINUTE
    await ended(store, Deferral(post.row, NOW + HOUR, "quiet hours"))
    assert await fate(store, story) == (State.WAITING, "quiet hours")


async def test_what_is_given_up_says_why(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claimed(store)).row
    await ended(store, Failure(row, "too odd", doubt=True), NOW + SECOND)
    post = await store.outbox.of_story(ROOM, story.id)
    assert post
    assert (post.state, post.reason, post.done) == (State.FAILED, "too odd", NOW + SECOND)
    assert post.doubts == 1
    assert await next_keys(store) == []


async def test_what_cannot_reach_its_chat_waits_until_that_is_resumed(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claimed(store)).row
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await ended(store, Pause(row, "blocked"))
    assert await fate(store, story) == (State.PAUSED, "blocked")
    assert await next_keys(store, NOW + DAY) == []
    assert await store.subscriptions.resume(ROOM, NOW) == 1
    assert await next_keys(store) == [story.id]


@pytest.mark.parametrize("kind", [Retry, Deferral, Failure, Pause])
async def test_what_was_sent_stays_sent(store: Store, kind: type[Retry]) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await sent(store)).row
    ends: dict[type, Outcome] = {
        Retry: Retry(row, NOW, "late"),
        Deferral: Deferral(row, NOW, "late"),
        Failure: Failure(row, "late"),
        Pause: Pause(row, "late"),
    }
    await ended(store, ends[kind])
    assert await fate(store, story) == (State.SENT, "")


async def test_many_ends_are_marked_at_once(store: Store) -> None:
    chats = [Chat("scripted", f"chat {n}") for n in range(4)]
    routed = [at_once(await follow(store, chat=chat)) for chat in chats]
    story = await comes(store, "A", *routed)
    rows = [post.row for post in await store.outbox.due(PLATFORM, NOW, 100)]
    await store.outbox.claim(rows, NOW)
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
    before = await claimed(first)
    elsewhere = await claimed(first, chat=Chat("other", "room"))
    await first.aclose()

    second = await open_store()
    assert await second.outbox.recover(PLATFORM, NOW + SECOND, dead=True) == 1
    assert await second.outbox.recover(PLATFORM, NOW + SECOND, dead=True) == 0
    (post,) = await second.outbox.due(PLATFORM, NOW + SECOND, 5)
    assert (post.row, post.deaths, post.doubts, post.since) == (before.row, 1, 0, NOW)
    assert await second.outbox.claim([elsewhere.row], NOW) == []
    assert (await second.outbox.counts(PLATFORM))["doubts"] == 1


async def test_what_another_process_is_sending_is_left_to_it_for_a_while(store: Store) -> None:
    await comes(store, "A", at_once(await follow(store)))
    await claimed(store)
    assert await store.outbox.recover(PLATFORM, NOW + 9 * MINUTE, dead=False) == 0
    assert await store.outbox.recover(PLATFORM, NOW + 11 * MINUTE, dead=False) == 1
    (post,) = await store.outbox.due(PLATFORM, NOW + 11 * MINUTE, 5)
    assert post.deaths == 1


async def test_an_answer_that_comes_after_the_recovery_counts(store: Store) -> None:
    story = await comes(store, "A", at_once(await follow(store)))
    row = (await claimed(store)).row
    await store.outbox.recover(PLATFORM, NOW, dead=True)
    await ended(store, Delivery(row, "7"))
    assert await fate(store, story) == (State.SENT, "")
    assert await next_keys(store) == []


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
    assert await stories_sent(store, EIGHT, HALL) == [set(ids)]
    first = await sent(store, EIGHT)
    second = await sent(store, EIGHT)
    found = {post.chat.thread: list(post.stories) for post in (first, second)}
    assert found == {"": room_s, "topic": topic_s}


async def test_ten_thousand_chats_have_their_digests_at_once(store: Store) -> None:
    chats = [Chat("scripted", f"chat {n}") for n in range(10_000)]
    template = await follow(store)
    routed = [later(replace(template, chat=chat)) for chat in chats]
    stories = [await comes(store, title, *routed) for title in "AB"]
    assert await store.outbox.gather(PLATFORM, EIGHT) == len(chats)
    due = await store.outbox.due(PLATFORM, EIGHT, 20_000)
    assert {post.chat for post in due} == set(chats)
    assert {post.stories for post in due} == {tuple(each.id for each in stories)}
    rows = [post.row for post in due]
    assert await store.outbox.claim(rows, EIGHT) == rows
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
    assert await stories_sent(store, NOW + MINUTE) == [{old.id, waiting.id}]
    assert await store.outbox.put_off(PLATFORM, since, NOW + MINUTE, "old") == 0


@pytest.mark.parametrize("days", [0, 1])
async def test_of_a_date_the_whole_day_counts(store: Store, days: int) -> None:
    one = await follow(store)
    dated = story("A", "a", published=NOW.replace(hour=0) - days * DAY, date_only=True)
    await store.ingest.write(
        filed([dated]), News(frozenset({dated.id}), Scripted([at_once(one)]), NOW)
    )
    since = Since(NOW - HOUR, (NOW - HOUR).date())
    assert await store.outbox.put_off(PLATFORM, since, NOW, "old") == days


async def test_what_was_gathered_or_may_have_arrived_is_not_put_off(store: Store) -> None:
    one, other = await follow(store, when=DAILY), await follow(store, chat=HALL)
    await comes(store, "A", later(one), at_once(other))
    await store.outbox.gather(PLATFORM, EIGHT)
    row = (await claimed(store, chat=HALL)).row
    await ended(store, Retry(row, EIGHT, "cut", doubt=True))
    since = Since(EIGHT, EIGHT.date())
    assert await store.outbox.put_off(PLATFORM, since, EIGHT, "old") == 0
    assert len(await store.outbox.due(PLATFORM, EIGHT, 5)) == 2


# Edits


async def test_a_new_headline_is_shown_where_the_story_was_sent(store: Store) -> None:
    one, other = await follow(store, chat=TOPIC), await follow(store, chat=HALL)
    story = await comes(store, "A", at_once(one), later(other))
    original = await sent(store)
    assert await retitled(store, "A", "B", NOW + HOUR) == 1
    (edit,) = await store.outbox.due(PLATFORM, NOW + HOUR, 5)
    assert (edit.kind, edit.chat.thread, edit.stories) == (PostKind.EDIT, "topic", (story.id,))
    assert (edit.message, edit.subscription) == (f"message {original.row}", one)
    assert (edit.made, edit.due) == (NOW + HOUR, NOW + HOUR)
    await sent(store, NOW + HOUR)
    assert await fate(store, story) == (State.SENT, "")
    assert await retitled(store, "A", "B", NOW + HOUR) == 0
    assert await retitled(store, "A", "C", NOW + HOUR) == 1


async def test_a_new_headline_follows_what_is_being_sent(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    post = await claimed(store)
    assert await retitled(store, "A", "B") == 1
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    await ended(store, Delivery(post.row, "7"))
    (edit,) = await store.outbox.due(PLATFORM, NOW, 5)
    assert (edit.kind, edit.message) == (PostKind.EDIT, "7")


async def test_messages_of_two_days_ago_are_left(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await sent(store)
    assert await retitled(store, "A", "B", NOW + 2 * DAY) == 0
    assert await retitled(store, "A", "C", NOW + 2 * DAY - SECOND) == 1


async def test_what_is_not_sent_needs_no_edit(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    assert await retitled(store, "A", "B") == 0


async def test_a_new_text_or_an_operator_who_does_not_want_it_makes_no_edit(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await sent(store)
    silent = News(frozenset(), Scripted([]), NOW)
    assert await store.ingest.write(filed([story("A", "Another text.")]), silent) == 0
    quiet = replace(silent, edits=False)
    assert await store.ingest.write(filed([story("B", key="a")]), quiet) == 0
    assert await store.ingest.write(filed([story("C", key="a")])) == 0


# What was posted


async def test_posts_since_are_the_stories_that_went_by_themselves(store: Store) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    for n, title in enumerate("ABC"):
        await comes(store, title, at_once(one), at_once(other))
        await sent(store, NOW + n * HOUR)
    await comes(store, "D", later(one))
    await comes(store, "E", later(one))
    await stories_sent(store, EIGHT)
    await retitled(store, "C", "F", NOW + 3 * HOUR)
    await sent(store, NOW + 3 * HOUR)
    assert await store.outbox.posted_since(one.id, NOW) == 3
    assert await store.outbox.posted_since(one.id, NOW + HOUR) == 2
    assert await store.outbox.posted_since(other.id, NOW) == 0


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
    await ended(store, Deferral(post.row, EIGHT, "quiet hours"))
    waiting = await comes(store, "B", later(one))
    await store.outbox.gather(PLATFORM, EIGHT)
    assert (await fate(store, held))[0] is State.DUE
    digest = await claimed(store, EIGHT)
    assert (await fate(store, held))[0] is State.SENDING
    await ended(store, Retry(digest.row, EIGHT, "busy"))
    assert await fate(store, waiting) == (State.DUE, "busy")
    await claimed(store, EIGHT)
    await ended(store, Delivery(digest.row, "7"), EIGHT + SECOND)
    for post in await store.outbox.of_chat(ROOM, 10):
        assert (post.kind, post.state, post.reason) == (PostKind.STORY, State.SENT, "")
        assert (post.message, post.done, post.gathered) == ("7", EIGHT + SECOND, True)
        assert post.stories == (post.key,)


async def test_a_digest_that_is_given_up_tells_why_for_all_in_it(store: Store) -> None:
    one = await follow(store)
    stories = [await comes(store, title, later(one)) for title in "AB"]
    await store.outbox.gather(PLATFORM, EIGHT)
    digest = await claimed(store, EIGHT)
    await ended(store, Failure(digest.row, "too odd"), EIGHT)
    for each in stories:
        assert await fate(store, each) == (State.FAILED, "too odd")


# Notices


async def test_a_notice_goes_to_whom_it_is_for(store: Store) -> None:
    one = await follow(store)
    await store.subscriptions.pause(ROOM, "blocked", NOW)
    await store.outbox.notify(one, "Nothing is posted any more.", PERSON, NOW)
    await store.outbox.notify(one, "Nothing is posted any more.", PERSON, NOW)
    (post,) = await store.outbox.due(PLATFORM, NOW, 5)
    assert (post.kind, post.chat, post.text) == (
        PostKind.NOTICE,
        PERSON,
        "Nothing is posted any more.",
    )
    assert (post.stories, post.state) == ((), State.DUE)
    assert post.subscription
    assert post.subscription.id == one.id
    row = (await claimed(store, chat=PERSON)).row
    await ended(store, Retry(row, NOW, "busy"))
    await sent(store, chat=PERSON)
    assert await store.outbox.of_chat(PERSON, 5) == []
    await store.subscriptions.end(one.id, NOW)
    assert await store.outbox.due(PLATFORM, NOW, 5) == []


# counts, prune


async def test_posts_are_counted_by_their_states(store: Store) -> None:
    assert await store.outbox.counts(PLATFORM) == {"doubts": 0}
    one, other = await follow(store), await follow(store, chat=HALL)
    await comes(store, "A", at_once(one), later(other))
    row = (await claimed(store)).row
    await ended(store, Retry(row, NOW, "cut", doubt=True))
    await comes(store, "B", at_once(one), at_once(other))
    await store.outbox.claim([row], NOW)
    await store.outbox.recover(PLATFORM, NOW, dead=True)
    expected = {"due": 3, "waiting": 1, "doubts": 2}
    assert await store.outbox.counts(PLATFORM) == expected
    assert await store.outbox.counts("other") == {"doubts": 0}


async def test_what_was_sent_is_forgotten_after_a_week_and_failures_after_a_month(
    store: Store,
) -> None:
    one, other = await follow(store), await follow(store, chat=HALL)
    stories = [await comes(store, title, at_once(one), later(other)) for title in "AB"]
    await sent(store)
    failed = await claimed(store)
    await ended(store, Failure(failed.row, "odd"))
    await comes(store, "C", later(one, due=NOW + 60 * DAY))
    await store.outbox.gather(PLATFORM, EIGHT)
    digest = await claimed(store, EIGHT, HALL)
    await ended(store, Failure(digest.row, "odd"), NOW)

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
    await stories_sent(store, EIGHT)
    await store.outbox.prune(EIGHT + WEEK)
    assert len(await store.outbox.of_chat(ROOM, 9)) == 2
    await store.outbox.prune(EIGHT + WEEK + SECOND)
    assert await store.outbox.counts(PLATFORM) == {"doubts": 0}


async def test_subscriptions_that_ended_long_ago_are_forgotten(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await sent(store)
    await store.subscriptions.end(one.id, NOW)
    await store.outbox.prune(NOW + 30 * DAY)
    assert len((await store.subscriptions.since(0))[1]) == 1
    await store.outbox.prune(NOW + 30 * DAY + SECOND)
    assert (await store.subscriptions.since(0))[1] == []


# hold


async def test_one_store_may_post_on_each_platform(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    assert await one.outbox.hold("scripted")
    assert await one.outbox.hold("scripted")
    assert not await other.outbox.hold("scripted")
    assert await other.outbox.hold("other")
    await one.aclose()
    assert await other.outbox.hold("scripted")


# All of them


async def test_all_of_it_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    one = await follow(first)
    for title in "ABC":
        await comes(first, title, at_once(one) if title < "C" else later(one))
    await sent(first)
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
        outbox.claim([1], NOW),
        outbox.mark([Delivery(1, "7")], NOW),
        outbox.recover(PLATFORM, NOW, dead=True),
        outbox.prune(NOW),
        outbox.gather(PLATFORM, NOW),
        outbox.put_off(PLATFORM, Since(NOW, NOW.date()), NOW, "old"),
        outbox.next_due(PLATFORM, NOW),
        outbox.posted_since(1, NOW),
        outbox.of_chat(ROOM, 1),
        outbox.of_story(ROOM, "1"),
        outbox.notify(one, "x", ROOM, NOW),
        outbox.counts(PLATFORM),
    ):
        with pytest.raises(StoreError, match="closed"):
            await call
