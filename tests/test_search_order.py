"""The order of what is found: what was typed comes first, wherever in a story it stands."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import EVERYTHING, each_store, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.model import Story
from bot.search.engine import SearchEngine
from bot.search.query import parse
from bot.text.tokenizer import words

__all__ = ["open_store", "store"]

WORDS = "trail train trains rail levin levine expo expos cost coast costs shot show covid ny"
TEXTS = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=4).map(" ".join)
STORIES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12)
QUERIES = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=3, unique=True)


def _stories(given_: list[tuple[str, str]]) -> list[Story]:
    # The filler keeps the text out of the summary, which is its beginning.
    filler = "Nothing is said here of what is asked for below. " * 8
    return [
        story(f"{title} {number}x", f"{filler}\n{text}.", key=str(number))
        for number, (title, text) in enumerate(given_)
    ]


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(told=STORIES, asked=st.lists(QUERIES, min_size=5, max_size=5))
async def test_no_story_with_the_very_words_stands_below_one_without_them(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[str, str]],
    asked: list[list[str]],
) -> None:
    stories = _stories(told)
    held = {one.id: set(words(f"{one.title} {one.text}")) for one in stories}
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            await store.ingest.write(batch(stories))
            search = SearchEngine(store.search)
            for query in asked:
                found = await search.find(parse(" ".join(query)), EVERYTHING)
                typed = [held[hit.id].issuperset(query) for hit in found.hits]
                assert typed == sorted(typed, reverse=True), (query, found.hits)
                missing = {i for i in held if held[i].issuperset(query)} - {
                    h.id for h in found.hits
                }
                assert not missing


async def test_a_name_in_a_text_comes_before_one_like_it_in_a_title(store: Store) -> None:
    levine = story("Mr. Levine sells his trams")
    levin = story("Two held at the bridge", "It rained.\nAn officer named Levin said so.")
    await store.ingest.write(batch([levin, levine]))
    found = await SearchEngine(store.search).find(parse("levin"))

    assert [hit.title for hit in found.hits] == [levin.title, levine.title]


BIKES = [
    story("Should the town fine riders?", "Bicycle fines are to rise.\nThe police want it."),
    story("Tunes we like", "Everybody likes a tune.\nWe like these tunes."),
    story("A vaccine at home", "The first COVID vaccine.\nDoctors give it."),
    story("A show about covid", "It shows what covid did.\nThe show goes on."),
    story("What was met", "He met her as she met him.\nIt was not to be."),
    story("A hill of tech", "The tech hill is full of firms."),
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("bike fines", "Should the town fine riders?"),
        ("bus fines", "Should the town fine riders?"),
        ("covid vaccinee", "A vaccine at home"),
        ("trolley tunes", "Tunes we like"),
    ],
)
async def test_a_word_that_stories_hold_is_tried_before_it_is_taken_for_another(
    store: Store, typed: str, first: str
) -> None:
    await store.ingest.write(batch(BIKES))
    found = await SearchEngine(store.search).find(parse(typed))
    assert found.hits[0].title == first


@pytest.mark.parametrize("typed", ["METI", "AWS", "TEPCO", "hello", "NTT", "WHO2"])
async def test_short_names_are_not_taken_for_any_word_that_is_near(
    store: Store, typed: str
) -> None:
    await store.ingest.write(batch(BIKES))
    assert (await SearchEngine(store.search).find(parse(typed))).hits == ()


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(told=STORIES, asked=st.lists(st.text("abcelnorstvx ", min_size=2, max_size=14), max_size=9))
async def test_no_word_is_taken_for_another_in_silence(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str]], asked: list[str]
) -> None:
    stories = _stories(told)
    held = {one.id: set(words(f"{one.title} {one.text}")) for one in stories}
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            await store.ingest.write(batch(stories))
            search = SearchEngine(store.search)
            for text in asked:
                for hit in (await search.find(parse(text), EVERYTHING)).hits:
                    typed = set(words(text))
                    # It holds a word as typed or in another form, or says what it was found by.
                    kin = {w for w in held[hit.id] if any(w[:3] == t[:3] for t in typed)}
                    assert hit.corrected or hit.substitutes or kin or typed & held[hit.id]
