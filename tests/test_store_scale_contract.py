"""What every store must do so that a large one is ready at once: the commonest words first, the
newest titles, the newest story."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import EVERYTHING, each_store, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.search.ports import START
from bot.search.query import Filter, Since

__all__ = ["open_store", "store"]

TITLES = st.lists(
    st.lists(st.sampled_from(["tram", "expo", "osaka", "bus", "rail", "kobe", "fare"]), max_size=4),
    max_size=12,
)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(titles=TITLES, common=st.integers(0, 5), unique=st.integers(0, 5))
async def test_the_commonest_words_are_given_within_their_bounds(
    tmp_path_factory: pytest.TempPathFactory, titles: list[list[str]], common: int, unique: int
) -> None:
    counts = Counter(word for title in titles for word in set(title))
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            stories = [story(" ".join(title), key=str(at)) for at, title in enumerate(titles)]
            await store.ingest.write(batch(stories))
            given_words = (await store.search.common_words(common, unique)).counts

            assert given_words.items() <= counts.items()
            shared = sorted((n for n in counts.values() if n > 1), reverse=True)
            assert (
                sorted((n for n in given_words.values() if n > 1), reverse=True)
                == (shared[:common])
            )
            once = sum(n == 1 for n in counts.values())
            assert sum(n == 1 for n in given_words.values()) == min(once, unique)


async def test_what_changes_behind_the_commonest_words_follows(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo", key="1"), story("Osaka tram", key="2")]))
    known = await store.search.common_words(10, 10)
    assert known.counts == {"osaka": 2, "expo": 1, "tram": 1}
    assert (await store.search.words_since(known.cursor)).counts == {}

    await store.ingest.write(batch([story("Osaka bus", key="2")]))
    changes = await store.search.words_since(known.cursor)
    assert changes.counts == {"tram": 0, "bus": 1}


async def test_an_empty_store_has_no_common_words(store: Store) -> None:
    known = await store.search.common_words(10, 10)
    assert known.counts == {}
    await store.ingest.write(batch([story("Tram")]))
    assert (await store.search.words_since(known.cursor)).counts == {"tram": 1}


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 9])
async def test_the_newest_titles_are_those_added_last_and_what_follows(
    store: Store, limit: int
) -> None:
    for number in range(5):
        await store.ingest.write(batch([story(f"Story {number}", key=f"{number}")]))
    cursor = await store.search.before_newest(limit)
    await store.ingest.write(batch([story("Edited", key="0"), story("Last", key="5")]))
    titles = list((await store.search.titles_since(cursor)).titles.values())

    kept = [f"Story {number}" for number in range(max(5 - limit, 1), 5)]
    assert titles == ["Edited", *kept, "Last"]


async def test_before_the_newest_of_none_is_the_start(store: Store) -> None:
    cursor = await store.search.before_newest(3)
    await store.ingest.write(batch([story("One")]))
    since_start = await store.search.titles_since(START)
    assert (await store.search.titles_since(cursor)).titles == since_start.titles


async def test_the_newest_story_is_the_first_that_is_listed(store: Store) -> None:
    assert await store.stories.newest(EVERYTHING) is None
    days = [NOW - timedelta(days=ago) for ago in (3, 1, 2)]
    stories = [story(f"Of {at:%a}", "Text.", url="https://e.example/", published=at) for at in days]
    await store.ingest.write(batch(stories))
    noon = NOW - timedelta(days=2)
    old, none = Since(noon, noon.date()), Since(NOW - timedelta(days=9), NOW.date())

    for within in (EVERYTHING, Filter(before=old), Filter(topic="nothing"), Filter(before=none)):
        listed = (await store.stories.latest(within, 1)).stories
        headline = replace(listed[0], paragraphs=()) if listed else None
        assert await store.stories.newest(within) == headline
