"""What every store must do: the words of its stories, with how many hold each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import OpenStore, each_store, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.model import Paragraph, Story
from bot.search.ports import START, Cursor, WordChanges
from bot.text.tokenizer import is_run, words

__all__ = ["open_store", "store"]


async def _held(store: Store) -> dict[str, int]:
    """The words that some story holds."""
    known = await store.search.words_since(START)
    return {word: count for word, count in known.counts.items() if count}


def _counted(stories: Iterable[Story]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in stories:
        held = set(words(f"{one.title} {one.place} {one.text}"))
        counts.update(word for word in held if not is_run(word))
    return counts


async def test_the_start_gives_every_word_with_the_stories_that_hold_it(store: Store) -> None:
    assert (await store.search.words_since(START)).counts == {}
    await store.ingest.write(
        batch([story("Café", "café bar", place="LYON"), story("Bar", "bar bar\n#It’s")])
    )

    assert await _held(store) == {"cafe": 1, "bar": 2, "lyon": 1, "it": 1, "s": 1}


async def test_a_cursor_gives_what_changed_behind_it(store: Store) -> None:
    await store.ingest.write(batch([story("old words")]))
    first = await store.search.words_since(START)
    await store.ingest.write(batch([story("new words")]))
    second = await store.search.words_since(first.cursor)

    assert second.counts == {"new": 1, "words": 2}
    assert await store.search.words_since(second.cursor) == WordChanges({}, second.cursor)


async def test_words_that_no_story_holds_any_more_come_with_none(store: Store) -> None:
    await store.ingest.write(batch([story("a", "pavilion opens", key="k")]))
    before = await store.search.words_since(START)
    await store.ingest.write(batch([story("a", "bridge opens", key="k")]))
    changed = await store.search.words_since(before.cursor)

    assert changed.counts == {"pavilion": 0, "bridge": 1}
    assert await _held(store) == {"a": 1, "bridge": 1, "opens": 1}
    await store.ingest.write(batch([story("a", "pavilion opens", key="k")]))
    assert await _held(store) == {"a": 1, "pavilion": 1, "opens": 1}


async def test_a_story_that_is_written_again_counts_once(store: Store) -> None:
    one = story("Osaka Expo", "expo")
    for _ in range(3):
        await store.ingest.write(batch([one]))

    assert await _held(store) == {"osaka": 1, "expo": 1}


async def test_a_story_that_is_twice_in_a_batch_counts_once(store: Store) -> None:
    one = story("old title", key="k")
    await store.ingest.write(batch([one, replace(one, title="new title")]))

    assert await _held(store) == {"new": 1, "title": 1}


async def test_a_batch_that_fails_changes_no_word_and_no_cursor(store: Store) -> None:
    await store.ingest.write(batch([story("kept")]))
    before = await store.search.words_since(START)
    with pytest.raises(StoreError):
        await store.ingest.write(
            batch([story("a", key="k"), replace(story("b", key="k"), id="other")])
        )

    assert await store.search.words_since(START) == before


async def _next_changes(store: Store, cursor: Cursor) -> WordChanges:
    """Waits for what another process has written: it is seen a moment later."""
    while not (changes := await store.search.words_since(cursor)).counts:
        await asyncio.sleep(0.05)
    return changes


@pytest.mark.slow
async def test_every_write_of_any_process_is_seen_behind_a_cursor(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    cursors = [(await one.search.words_since(START)).cursor]
    for turn, writer in enumerate([other, one, other, other]):
        await writer.ingest.write(batch([story(f"title {turn}")]))
        if writer is one:
            changes = await one.search.words_since(cursors[-1])
        else:
            changes = await _next_changes(one, cursors[-1])
        assert changes.counts == {"title": turn + 1, str(turn): 1}
        cursors.append(changes.cursor)

    assert len(set(cursors)) == len(cursors)
    assert (await other.search.words_since(START)).cursor == cursors[-1]


async def test_words_of_scripts_without_spaces_are_not_among_them(store: Store) -> None:
    await store.ingest.write(batch([story("大阪expo 2025年", "오사카 엑스포\nかな д")]))

    assert await _held(store) == {"expo": 1, "2025": 1, "д": 1}


TEXTS = st.lists(
    st.sampled_from(["osaka", "Expo", "café", "it’s", "大阪万博", "大阪expo", "Λόγος", "йод", "7"]),
    max_size=6,
).map(" ".join)
STORIES = st.builds(
    lambda key, title, text, place: story(
        f"t {title}", key=str(key), place=place, paragraphs=(Paragraph(text),)
    ),
    st.integers(0, 5),
    TEXTS,
    TEXTS,
    TEXTS,
)
BATCHES = st.lists(st.lists(STORIES, max_size=4, unique_by=lambda one: one.id), max_size=6)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(batches=BATCHES)
async def test_after_any_writes_the_words_are_those_of_the_stories_and_can_be_followed(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Story]]
) -> None:
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            written: dict[str, Story] = {}
            followed: dict[str, int] = {}
            cursor = START
            for stories in batches:
                await store.ingest.write(batch(stories))
                written |= {one.id: one for one in stories}
                changes = await store.search.words_since(cursor)
                followed |= changes.counts
                cursor = changes.cursor
            expected = dict(_counted(written.values()))
            assert await _held(store) == expected
            assert {word: count for word, count in followed.items() if count} == expected
