"""What every store must do: the titles of its stories, and which of them changed."""

from __future__ import annotations

import pytest
from stores import OpenStore, open_store, store
from stories import batch, story

from bot.chat.ports import Store

__all__ = ["open_store", "store"]


async def test_revision_0_gives_every_title(store: Store) -> None:
    assert (await store.search.titles_since(0))[1] == {}
    await store.ingest.write(batch([story("One", key="1"), story("Two", key="2")]))
    _, titles = await store.search.titles_since(0)

    assert sorted(titles.values()) == ["One", "Two"]
    found = await store.search.by_numbers(list(titles))
    assert {number: one.title for number, one in found.items()} == titles


async def test_a_later_revision_gives_what_was_written_after_it(store: Store) -> None:
    await store.ingest.write(batch([story("One", key="1"), story("Two", key="2")]))
    first, before = await store.search.titles_since(0)
    await store.ingest.write(batch([story("Two!", key="2"), story("Three", key="3")]))
    second, changed = await store.search.titles_since(first)

    assert second > first
    assert sorted(changed.values()) == ["Three", "Two!"]
    (two,) = (number for number, title in before.items() if title == "Two")
    assert changed[two] == "Two!"  # a story keeps its number
    assert await store.search.titles_since(second) == (second, {})


async def test_revisions_are_those_of_the_words(store: Store) -> None:
    await store.ingest.write(batch([story("One")]))
    assert (await store.search.titles_since(0))[0] == (await store.search.words_since(0))[0]


async def test_what_another_process_wrote_is_seen(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    revision, _ = await one.search.titles_since(0)
    await other.ingest.write(batch([story("Late")]))

    assert list((await one.search.titles_since(revision))[1].values()) == ["Late"]


@pytest.mark.slow
async def test_many_titles_come_in_parts_that_together_are_all(store: Store) -> None:
    stories = [story(f"Story {number}") for number in range(9_500)]
    for start in range(0, len(stories), 500):
        await store.ingest.write(batch(stories[start : start + 500]))
    revision, seen, parts = 0, list[str](), 0
    while True:
        revision, titles = await store.search.titles_since(revision)
        if not titles:
            break
        seen += titles.values()
        parts += 1

    assert parts > 1
    assert sorted(seen) == sorted(one.title for one in stories)
    assert revision == (await store.search.words_since(0))[0]
