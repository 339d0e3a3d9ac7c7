"""Completion of titles that are no longer in memory: the store's own index finds them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import each_store, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.title_completion import TitleCompleter

__all__ = ["open_store", "store"]

OLD = ["Osaka Expo opens", "Crematorium sold to the town", "大阪万博の費用", "Export of trains"]
FILL = 12


async def _complete(store: Store, text: str, newest: int, limit: int = 9) -> list[str]:
    vocabulary = await SearchEngine(store.search).vocabulary()
    found = await TitleCompleter(store.search, newest).complete(text, vocabulary, limit)
    return [one.title for one in found]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("osaka expo", OLD[0]),
        ("osaka expo op", OLD[0]),
        ("expo osaka", OLD[0]),
        ("osaka o", OLD[0]),
        ("crematorum so", OLD[1]),
        ("crmea", OLD[1]),
        ("sold to the to", OLD[1]),
        ("大阪万", OLD[2]),
        ("export", OLD[3]),
        ("export tra", OLD[3]),
        ("exporttrains", OLD[3]),
        ("exporter zebra", None),
    ],
)
async def test_an_old_title_is_found_by_what_is_typed_of_it(
    store: Store, text: str, title: str | None
) -> None:
    await store.ingest.write(batch([story(one) for one in OLD]))
    await store.ingest.write(batch([story(f"Tram number {n}") for n in range(FILL)]))

    found = await _complete(store, text, newest=FILL)
    assert found[:1] == ([title] if title else [])


async def test_newer_titles_that_fit_as_well_come_first(store: Store) -> None:
    await store.ingest.write(batch([story(f"Tram of {n}", key=str(n)) for n in range(20)]))
    numbers = [int(one.split()[-1]) for one in await _complete(store, "tram", newest=5, limit=8)]

    assert numbers[:5] == [19, 18, 17, 16, 15]
    assert len(set(numbers)) == 8


async def test_a_changed_title_is_found_as_it_is_now(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo", key="old")]))
    await store.ingest.write(batch([story(f"Tram {n}") for n in range(FILL)]))
    await store.ingest.write(batch([story("Kobe Expo", key="old")]))

    assert await _complete(store, "osaka ex", newest=5) == []
    assert await _complete(store, "kobe ex", newest=5) == ["Kobe Expo"]


WORDS = st.sampled_from(["osaka", "expo", "tram", "kobe", "fare"])


@settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    titles=st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=8, max_size=14),
    asked=st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3),
)
async def test_with_few_in_memory_the_same_is_found_as_with_all(
    tmp_path_factory: pytest.TempPathFactory, titles: list[list[str]], asked: list[list[str]]
) -> None:
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            stories = [story(" ".join(row), key=str(at)) for at, row in enumerate(titles)]
            await store.ingest.write(batch(stories))
            for row in asked:
                few = await _complete(store, " ".join(row), newest=3, limit=30)
                every = await _complete(store, " ".join(row), newest=99, limit=30)
                holding = [" ".join(one) for one in titles if set(row) <= set(one)]
                assert sorted(few[: len(holding)]) == sorted(every[: len(holding)])
                assert sorted(few[: len(holding)]) == sorted(holding)
