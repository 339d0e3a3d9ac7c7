"""Batches of a poll's stories, decided by the core and written whole by the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from outboxes import DAY, EIGHT, HALL, NOW, ROOM, fate, follow, next_keys, send_next, send_rest
from stores import OpenStore, listed, open_store, store
from stories import filed, story

from bot.chat.ports import Store
from bot.errors import OutdatedError
from bot.ingest.batch import StoryBatch
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision, decide
from bot.ingest.fingerprints import fingerprint
from bot.ingest.ports import IngestStore
from bot.ingest.results import StoryRecord
from bot.model import Chat, Story
from bot.posting.model import PostKind, State
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.subscriptions.schedule import Rhythm, Timetable

__all__ = ["open_store", "store"]


@dataclass
class MeddledIngest:
    """An ingest before whose writes a test does something else.

    Attributes:
        ingest: The store's own.
        before: What is done before the next writes.
        batches: What was to be written.
    """

    ingest: IngestStore
    before: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    batches: list[StoryBatch] = field(default_factory=list)

    async def write(self, batch: StoryBatch) -> int:
        self.batches.append(batch)
        if self.before:
            await self.before.pop(0)()
        return await self.ingest.write(batch)


def news(*stories: Story) -> tuple[Sequence[StoryRecord], Decision]:
    """Stories that are new to everybody."""
    new = tuple(filed(stories))
    return new, Decision(new, (), 0, new)


def writer(
    store: Store,
    decision: Decision,
    ingest: MeddledIngest | None = None,
    router: SubscriptionRouter | None = None,
) -> BatchWriter:
    router = router or SubscriptionRouter(store.subscriptions)
    return BatchWriter(ingest or store.ingest, router, decision, NOW, no_wait)  # type: ignore[arg-type]


async def no_wait(seconds: float) -> None:
    """Waits no longer than others need to go on."""
    assert 0 < seconds < 10
    await asyncio.sleep(0)


async def test_who_subscribes_while_a_story_is_written_gets_it_once(store: Store) -> None:
    await follow(store)
    one = story("A")
    meddled = MeddledIngest(store.ingest, [lambda: follow(store, chat=HALL)])
    stories, decision = news(one)
    await writer(store, decision, meddled).write(stories)
    assert [len(batch.posts) for batch in meddled.batches] == [1, 2]
    assert await next_keys(store) == await next_keys(store, chat=HALL) == [one.id]


async def test_who_unsubscribes_or_pauses_while_a_story_is_written_is_not_sent_it(
    store: Store,
) -> None:
    mine, _ = await follow(store), await follow(store, chat=HALL)
    one = story("A")
    meddled = MeddledIngest(
        store.ingest,
        [
            lambda: store.subscriptions.end(mine.id, NOW),
            lambda: store.subscriptions.pause(HALL, "blocked", NOW),
        ],
    )
    stories, decision = news(one)
    await writer(store, decision, meddled).write(stories)
    assert [len(batch.posts) for batch in meddled.batches] == [2, 1, 1]
    assert await listed(store) == ["A"]
    assert await next_keys(store) == await next_keys(store, chat=HALL) == []
    assert await fate(store, one, HALL) == (State.PAUSED, "blocked")


async def test_a_new_timetable_counts_for_what_is_being_written(store: Store) -> None:
    mine = await follow(store)
    daily = replace(mine, when=Timetable(Rhythm.DAILY))
    meddled = MeddledIngest(store.ingest, [lambda: store.subscriptions.put(daily)])
    one = story("A")
    stories, decision = news(one)
    await writer(store, decision, meddled).write(stories)
    assert await next_keys(store) == []
    assert await send_rest(store, EIGHT) == [{one.id}]


async def test_when_subscriptions_never_rest_nothing_is_written_and_nothing_lost(
    store: Store,
) -> None:
    mine = await follow(store)
    polls = (news(story("A"), story("B")) for _ in range(2))
    stories, decision = next(polls)
    meddled = MeddledIngest(store.ingest, [lambda: store.subscriptions.put(mine)] * 11)
    with pytest.raises(OutdatedError):
        await writer(store, decision, meddled).write(stories)
    assert (len(meddled.batches), await listed(store)) == (11, [])
    assert await store.ingest.fingerprints("wire") == {}

    stories, decision = next(polls)  # which are new to the next poll, too
    meddled.before = [lambda: store.subscriptions.put(mine)] * 3
    await writer(store, decision, meddled).write(stories)
    assert await next_keys(store) == [one.story.id for one in stories]


async def test_one_poll_posts_no_more_than_a_burst_over_all_its_batches(store: Store) -> None:
    await follow(store)
    many = [story(f"Story {n}") for n in range(6)]
    stories, decision = news(*many)
    router = SubscriptionRouter(store.subscriptions, FloodLimits(burst=3))
    meddled = MeddledIngest(store.ingest, [lambda: follow(store, "other", HALL)])
    by_two = writer(store, decision, meddled, router)
    for start in (0, 2, 4):
        await by_two.write(stories[start : start + 2])
    assert [one.waiting for batch in meddled.batches[1:] for one in batch.posts] == [
        *[False] * 3,
        *[True] * 3,
    ]


async def test_a_batch_ends_where_its_posts_become_too_many(store: Store) -> None:
    for number in range(5):
        await follow(store, chat=Chat("scripted", f"room {number}"))
    stories, decision = news(*(story(title) for title in "ABCD"))
    router = SubscriptionRouter(store.subscriptions, max_posts=8)
    meddled = MeddledIngest(store.ingest)
    await writer(store, decision, meddled, router).write(stories)
    sizes = [(len(batch.stories), len(batch.posts)) for batch in meddled.batches]
    assert sizes == [(2, 10), (2, 10)]
    for number in range(5):
        keys = await next_keys(store, chat=Chat("scripted", f"room {number}"))
        assert keys == [one.story.id for one in stories]


async def test_only_what_is_new_to_channels_is_routed(store: Store) -> None:
    await follow(store)
    stories, decision = news(story("A"), story("B"))
    await writer(store, replace(decision, news=())).write(stories)
    assert sorted(await listed(store)) == ["A", "B"]
    assert await next_keys(store) == []
    nowhere = BatchWriter(store.ingest, None, decision, NOW)
    await nowhere.write(stories)
    assert await next_keys(store) == []


async def test_workers_are_woken_when_something_was_enqueued(store: Store) -> None:
    woken: list[bool] = []
    router = SubscriptionRouter(store.subscriptions, on_enqueued=lambda: woken.append(True))
    stories, decision = news(story("A"))
    await writer(store, decision, router=router).write(stories)
    assert woken == []
    await follow(store)
    stories, decision = news(story("B"))
    await writer(store, decision, router=router).write(stories)
    assert woken == [True]


@pytest.mark.parametrize("edits", [True, False])
async def test_messages_follow_a_new_headline_if_the_operator_wants_it(
    store: Store, *, edits: bool
) -> None:
    await follow(store)
    one = story("A", key="k")
    stories, decision = news(one)
    await writer(store, decision).write(stories)
    await send_next(store)
    changed = decide({"k": fingerprint(one)}, [replace(one, title="B")])
    router = SubscriptionRouter(store.subscriptions, FloodLimits(edits=edits))
    await writer(store, changed, router=router).write(changed.changed)
    due = await store.outbox.due(ROOM.platform, NOW, 5)
    assert [post.kind for post in due] == [PostKind.EDIT] * edits


async def test_a_new_text_changes_no_message(store: Store) -> None:
    await follow(store)
    one = story("A", "text", key="k")
    stories, decision = news(one)
    await writer(store, decision).write(stories)
    await send_next(store)
    changed = decide({"k": fingerprint(one)}, [story("A", "other text", key="k")])
    await writer(store, changed).write(changed.changed)
    assert await store.outbox.due(ROOM.platform, NOW + DAY, 5) == []


async def test_polls_and_subscribers_at_once_lose_and_repeat_nothing(open_store: OpenStore) -> None:
    store, commands = await open_store(), await open_store()
    router = SubscriptionRouter(store.subscriptions)
    begun: list[str] = []
    missed_by: dict[str, set[str]] = {}  # what may have been written before a chat subscribed

    async def subscribe(number: int) -> None:
        await asyncio.sleep(0.003 * number)
        name = f"room {number}"
        await follow(commands, chat=Chat("scripted", name))
        missed_by[name] = set(begun)

    async def poll(number: int) -> None:
        await asyncio.sleep(0.005 * number)
        stories, decision = news(story(f"Story {number}"))
        begun.append(stories[0].story.id)
        await writer(store, decision, router=router).write(stories)

    await asyncio.gather(*map(subscribe, range(12)), *map(poll, range(12)))
    for name, missed in missed_by.items():
        posts = await store.outbox.of_chat(Chat("scripted", name), 100)
        assert {post.state for post in posts} <= {State.DUE}
        keys = [post.key for post in posts]
        assert len(keys) == len(set(keys))
        assert set(keys) >= set(begun) - missed
