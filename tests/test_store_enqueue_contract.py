"""What every store must put into the outbox when stories come or change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
    Scripted,
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
from stores import listed, open_store, store
from stories import filed, story

from bot.chat.ports import Store
from bot.model import Chat, Story, Topic
from bot.posting.model import (
    Delivery,
    PostKind,
    RoutedPost,
    State,
)
from bot.posting.ports import News

__all__ = ["open_store", "store"]

TOPIC = Chat("scripted", "room", thread="topic")


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
    await send_next(store)
    assert await store.ingest.write(filed([first]), both) == 0
    assert await send_rest(store, EIGHT) == []


# Edits


async def test_a_new_headline_is_shown_where_the_story_was_sent(store: Store) -> None:
    one, other = await follow(store, chat=TOPIC), await follow(store, chat=HALL)
    story = await comes(store, "A", at_once(one), later(other))
    original = await send_next(store)
    assert await retitle(store, "A", "B", NOW + HOUR) == 1
    (edit,) = await store.outbox.due(PLATFORM, NOW + HOUR, 5)
    assert (edit.kind, edit.chat.thread, edit.stories) == (PostKind.EDIT, "topic", (story.id,))
    assert (edit.message, edit.subscription) == (f"message {original.row}", one)
    assert (edit.made, edit.due) == (NOW + HOUR, NOW + HOUR)
    await send_next(store, NOW + HOUR)
    assert await fate(store, story) == (State.SENT, "")
    assert await retitle(store, "A", "B", NOW + HOUR) == 0
    assert await retitle(store, "A", "C", NOW + HOUR) == 1


async def test_a_new_headline_follows_what_is_being_sent(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    post = await claim_next(store)
    assert await retitle(store, "A", "B") == 1
    assert await store.outbox.due(PLATFORM, NOW, 5) == []
    await mark(store, Delivery(post.row, "7"))
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


async def test_a_new_text_or_an_operator_who_does_not_want_it_makes_no_edit(store: Store) -> None:
    one = await follow(store)
    await comes(store, "A", at_once(one))
    await send_next(store)
    silent = News(frozenset(), Scripted([]), NOW)
    assert await store.ingest.write(filed([story("A", "Another text.")]), silent) == 0
    quiet = replace(silent, edits=False)
    assert await store.ingest.write(filed([story("B", key="a")]), quiet) == 0
    assert await store.ingest.write(filed([story("C", key="a")])) == 0
