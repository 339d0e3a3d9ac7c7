"""What a feed of random words costs: the vocabulary has a bound, and nobody waits for it."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator

import pytest
from stores import EVERYTHING, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.model import Story
from bot.search.engine import SearchEngine
from bot.search.ports import START
from bot.search.query import parse
from bot.search.vocabulary import Vocabulary
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

__all__ = ["open_store", "store"]

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def random_words(count: int, seed: int = 0) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - repeatable text, no secret
    return ["".join(chance.choices(LETTERS, k=9)) for _ in range(count)]


def random_stories(words: int, each: int = 500, seed: int = 0) -> Iterator[Story]:
    row = random_words(words, seed)
    for at in range(0, words, each):
        yield story(f"noise {seed} {at}", " ".join(row[at : at + each]))


def test_words_of_one_story_have_a_bound_and_leave_room_for_the_others() -> None:
    vocabulary = Vocabulary(max_common=5, max_unique=3)
    vocabulary.update(dict.fromkeys(random_words(100), 1))
    vocabulary.update({"osaka": 9, "expo": 5})

    assert len(vocabulary) == 5
    assert vocabulary.is_full
    assert vocabulary.corrections("osakka", 1) == ["osaka"]
    vocabulary.update(dict.fromkeys(random_words(100, seed=1), 2))
    assert len(vocabulary) == 8


def test_a_word_that_another_story_holds_too_makes_room_for_one_of_one_story() -> None:
    vocabulary = Vocabulary(max_common=5, max_unique=2)
    vocabulary.update({"tram": 1, "rail": 1, "road": 1})
    assert "road" not in vocabulary
    vocabulary.update({"tram": 2})
    vocabulary.update({"road": 1})

    assert {word for word in ("tram", "rail", "road") if word in vocabulary} == {
        "tram",
        "rail",
        "road",
    }


def test_words_that_no_story_holds_any_more_are_forgotten() -> None:
    row = random_words(2_000)
    vocabulary = Vocabulary(max_unique=2_000)
    vocabulary.update({"osaka": 3, **dict.fromkeys(row, 1)})
    vocabulary.update(dict.fromkeys(row, 0))

    assert len(vocabulary) == 1
    assert vocabulary.complete("", 9) == ["osaka"]
    vocabulary.update(dict.fromkeys(random_words(2_000, seed=1), 1))
    assert len(vocabulary) == 2_001


def test_its_memory_has_a_bound_whatever_comes() -> None:
    vocabulary = Vocabulary(max_common=2_000, max_unique=1_000)
    tracemalloc.start()
    for turn in range(3):
        vocabulary.update(dict.fromkeys(random_words(5_000, turn), 1))
        vocabulary.update(dict.fromkeys(random_words(5_000, turn + 10), 2))
    first, _ = tracemalloc.get_traced_memory()
    for turn in range(20, 30):
        vocabulary.update(dict.fromkeys(random_words(5_000, turn), turn % 2 + 1))
    second, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(vocabulary) == 3_000
    assert second - first < 200_000


def test_a_word_without_room_is_known_where_it_is_asked_for_by_name() -> None:
    vocabulary = Vocabulary(max_common=0, max_unique=0)
    vocabulary.update({"osaka": 9})
    vocabulary.add_named({"osaka": 9})

    assert (vocabulary.count("osaka"), "osaka" in vocabulary) == (9, True)
    assert vocabulary.complete("osa", 3) == []
    vocabulary.update({"expo": 1})
    assert "osaka" not in vocabulary


async def test_a_poll_of_random_words_is_learnt_in_pieces_by_many_questions(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo opens", "one"), story("Osaka", "two")]))
    engine = SearchEngine(store.search)
    before = len(await engine.vocabulary())
    await store.ingest.write(batch(random_stories(40_000)))
    found = await engine.find(parse("osakka expo"), EVERYTHING)
    after_one = len(await engine.vocabulary())

    assert found.hits[0].title == "Osaka Expo opens"
    assert before < after_one < 40_000
    for _ in range(3):
        await engine.vocabulary()
    assert len(await engine.vocabulary()) > 40_000


async def test_many_words_come_in_pages_and_every_one_once(store: Store) -> None:
    await store.ingest.write(batch(random_stories(9_000)))
    seen, cursor, pages = set[str](), START, 0
    while (changes := await store.search.words_since(cursor)).counts:
        assert seen.isdisjoint(changes.counts)
        seen |= changes.counts.keys()
        cursor, pages = changes.cursor, pages + 1

    assert pages > 1
    assert seen >= set(random_words(9_000))


async def test_words_are_counted_by_name(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo", key="k"), story("Osaka")]))
    await store.ingest.write(batch([story("Osaka", key="k")]))

    assert await store.search.word_counts(["osaka", "expo", "tram"]) == {"osaka": 2}


async def _count_rows(store: Store) -> int:
    assert isinstance(store, SqliteStore | PostgresStore)
    return int((await store.connections.rows("SELECT count(*) FROM words"))[0][0])


@pytest.mark.slow
async def test_the_store_forgets_words_that_have_long_gone_and_says_so(
    store: Store,
) -> None:
    await store.ingest.write(batch([story("gone", "crematorium", key="k")]))
    old = (await store.search.words_since(START)).cursor
    engine = SearchEngine(store.search)
    assert "crematorium" in await engine.vocabulary()
    await store.ingest.write(batch([story("here", "tram", key="k")]))
    for turn in range(1_001):
        await store.ingest.write(batch([story("here", f"tram {turn % 2}", key="k")]))

    changes = await store.search.words_since(old)
    assert changes.outdated
    assert {word for word, count in changes.counts.items() if count} == {"here", "tram", "0"}
    assert "crematorium" not in changes.counts
    assert "crematorium" not in await engine.vocabulary()
    assert "tram" in await engine.vocabulary()
    assert await _count_rows(store) <= 5
