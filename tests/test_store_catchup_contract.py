"""What every store must know of what is new to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from newsdesk import seen_at
from stores import OpenStore, open_store, store
from stories import NOW, day, story

from bot.chat.ports import Store
from bot.model import Person, Story

__all__ = ["open_store", "store"]

LONG_AGO = day("1990-01-01")
ADA, MAX = Person("1", "Ada"), Person("2", "Max")
HOUR = timedelta(hours=1)


async def new(
    store: Store, seen: datetime, published: datetime = LONG_AGO, limit: int = 100
) -> tuple[list[str], int]:
    listing = await store.stories.new_since(seen, published, limit)
    return [one.title for one in listing.stories], listing.total


async def _written(store: Store, at: datetime, *stories: Story) -> Sequence[Story]:
    await seen_at(store, at, *stories)
    return stories


async def test_what_was_written_first_after_a_moment_is_new(store: Store) -> None:
    (old,) = await _written(store, NOW, story("old"))
    await _written(store, NOW + HOUR, story("late"))

    assert await new(store, NOW - HOUR) == (["late", "old"], 2)
    assert await new(store, NOW) == (["late"], 1)
    assert await new(store, NOW + HOUR) == ([], 0)

    await _written(store, NOW + 2 * HOUR, old)  # again, as when it is edited
    assert await new(store, NOW) == (["late"], 1)
    assert [await store.stories.first_seen(one) for one in (old.id, "nothing")] == [NOW, None]


async def test_what_was_published_before_a_moment_is_not_new(store: Store) -> None:
    await _written(
        store,
        NOW,
        story("old", published=NOW - 3 * HOUR),
        story("edge", published=NOW - 2 * HOUR),
        story("new", published=NOW - HOUR),
    )
    assert await new(store, LONG_AGO, NOW - 2 * HOUR) == (["new", "edge"], 2)
    assert await new(store, LONG_AGO, NOW - 2 * HOUR, limit=1) == (["new"], 2)


async def test_of_a_date_the_whole_day_counts(store: Store) -> None:
    await _written(
        store,
        NOW,
        story("today", published=day("2026-11-23"), date_only=True),
        story("yesterday", published=day("2026-11-22"), date_only=True),
    )
    assert await new(store, LONG_AGO, NOW) == (["today"], 1)


async def test_stories_come_whole(store: Store) -> None:
    await _written(store, NOW, story("Tower", "It stands.\n# Height\n93 m."))
    (one,) = (await store.stories.new_since(LONG_AGO, LONG_AGO, 1)).stories
    assert one == (await store.stories.by_ids([one.id]))[0]
    assert [paragraph.text for paragraph in one.paragraphs] == ["It stands.", "Height", "93 m."]


async def test_a_look_is_remembered_for_each_person_on_each_platform(open_store: OpenStore) -> None:
    store = await open_store()
    assert await store.chats.last_catchup("telegram", ADA) is None
    await store.chats.remember_catchup("telegram", ADA, NOW)
    await store.chats.remember_catchup("discord", ADA, NOW + HOUR)

    other = await open_store()
    assert (
        await other.chats.last_catchup("telegram", Person("1", "Ada Lovelace", moderator=True))
        == NOW
    )
    assert await other.chats.last_catchup("discord", ADA) == NOW + HOUR
    assert await other.chats.last_catchup("telegram", MAX) is None


async def test_an_earlier_look_changes_nothing(store: Store) -> None:
    for at in (NOW, NOW + HOUR, NOW - HOUR):
        await store.chats.remember_catchup("telegram", ADA, at)
    assert await store.chats.last_catchup("telegram", ADA) == NOW + HOUR
