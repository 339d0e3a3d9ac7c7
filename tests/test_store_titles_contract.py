"""What every store must do: the titles of its stories, and which of them changed."""

from __future__ import annotations

import pytest
from stores import OpenStore, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.ports import START, TitleChanges

__all__ = ["open_store", "store"]


async def test_the_start_gives_every_title_by_the_id_of_its_story(store: Store) -> None:
    assert (await store.search.titles_since(START)).titles == {}
    stories = [story("One", key="1"), story("Two", key="2")]
    await store.ingest.write(batch(stories))

    changes = await store.search.titles_since(START)
    assert changes.titles == {one.id: one.title for one in stories}


async def test_a_cursor_gives_what_was_added_or_changed_behind_it(store: Store) -> None:
    await store.ingest.write(batch([story("One", key="1"), story("Two", key="2")]))
    first = await store.search.titles_since(START)
    now = [story("Two!", key="2"), story("Three", key="3")]
    await store.ingest.write(batch(now))

    second = await store.search.titles_since(first.cursor)
    assert second.titles == {one.id: one.title for one in now}
    assert await store.search.titles_since(second.cursor) == TitleChanges({}, second.cursor)


async def test_titles_are_in_the_order_in_which_the_stories_were_added(store: Store) -> None:
    for number in range(5):
        await store.ingest.write(batch([story(f"Story {number}", key=f"{number}")]))
    await store.ingest.write(batch([story("Edited", key="3"), story("New"), story("Old", key="1")]))

    changes = await store.search.titles_since(START)
    assert list(changes.titles.values()) == [
        "Story 0",
        "Old",
        "Story 2",
        "Edited",
        "Story 4",
        "New",
    ]


async def test_what_another_process_wrote_is_seen(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    before = await one.search.titles_since(START)
    await other.ingest.write(batch([story("Late")]))

    changes = await one.search.titles_since(before.cursor)
    assert list(changes.titles.values()) == ["Late"]


@pytest.mark.slow
async def test_many_titles_come_in_parts_that_together_are_all(store: Store) -> None:
    stories = [story(f"Story {number}") for number in range(9_500)]
    for start in range(0, len(stories), 500):
        await store.ingest.write(batch(stories[start : start + 500]))
    seen, parts = dict[str, str](), 0
    changes = await store.search.titles_since(START)
    await store.ingest.write(batch([story("Edited meanwhile", key="story 0")]))
    while changes.titles:
        seen |= changes.titles
        parts += 1
        changes = await store.search.titles_since(changes.cursor)

    assert parts > 1
    assert list(seen) == [one.id for one in stories]
    assert list(seen.values()) == ["Edited meanwhile", *(one.title for one in stories[1:])]
