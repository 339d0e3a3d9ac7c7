"""Stories that are named by their titles, and what holds for every search."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import EVERYTHING, each_store, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import Query, parse
from bot.search.results import SearchResult
from bot.search.title_completion import TitleCompleter
from bot.search.title_index import TitleInput

pytestmark = pytest.mark.slow

__all__ = ["open_store", "store"]

DESK = [
    story("Osaka Expo", "The pavilion was dear.", published=NOW - timedelta(days=9)),
    story("Osaka Expo opens", published=NOW - timedelta(days=8)),
    story("Cost of the Osaka Expo", published=NOW - timedelta(days=7)),
    story("Crematorium sold", "The town is divided.", published=NOW - timedelta(days=6)),
    story("Town hall closed", "The crematorium, too.", published=NOW - timedelta(days=5)),
    story("Export of trains", published=NOW - timedelta(days=4)),
    story("大阪万博の費用", published=NOW - timedelta(days=3)),
]


@pytest.fixture
async def search(store: Store) -> SearchEngine:
    await store.ingest.write(batch(DESK))
    return SearchEngine(store.search)


async def _find(search: SearchEngine, text: str) -> list[str]:
    return [hit.title for hit in await search.find_by_title(text)]


async def _complete(search: SearchEngine, text: str, limit: int = 9) -> list[str]:
    return [hit.title for hit in await search.complete_title(text, limit)]


# Titles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Osaka Expo", "Osaka Expo"),
        ("osaka expo", "Osaka Expo"),
        ("osaka expo opens", "Osaka Expo opens"),
        ("crematorium", "Crematorium sold"),
        ("crematorum sold", "Crematorium sold"),
        ("cost expo", "Cost of the Osaka Expo"),
        ("大阪万博の費用", "大阪万博の費用"),
        ("費用", "大阪万博の費用"),
    ],
)
async def test_a_title_names_its_story_alone(search: SearchEngine, text: str, title: str) -> None:
    assert await _find(search, text) == [title]


async def test_words_that_fit_several_titles_name_them_all(search: SearchEngine) -> None:
    assert set(await _find(search, "osaka")) == {
        "Osaka Expo",
        "Osaka Expo opens",
        "Cost of the Osaka Expo",
    }


async def test_two_stories_of_one_title_are_both_named(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo", key="1"), story("Osaka Expo", key="2")]))

    assert await _find(SearchEngine(store.search), "osaka expo") == ["Osaka Expo", "Osaka Expo"]


async def test_a_story_is_named_by_its_text_when_no_title_fits(search: SearchEngine) -> None:
    assert await _find(search, "pavilion dear") == ["Osaka Expo"]
    assert await _find(search, "") == await _find(search, "zzzzzzz") == []


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("crem", ["Crematorium sold"]),
        ("osaka expo op", ["Osaka Expo opens"]),
        ("export", ["Export of trains"]),
        ("trains expo", ["Export of trains"]),
        ("osaka expo opens", ["Osaka Expo opens"]),
        ("OSAKA, expo? O", ["Osaka Expo opens", "Cost of the Osaka Expo", "Osaka Expo"]),
        ("cost of the", ["Cost of the Osaka Expo"]),
        ("大", ["大阪万博の費用"]),
        ("大阪万", ["大阪万博の費用"]),
        ("", []),
        ("-crem", ["Crematorium sold"]),
        ("?", []),
    ],
)
async def test_titles_that_are_begun(search: SearchEngine, text: str, titles: list[str]) -> None:
    assert await _complete(search, text) == titles


async def test_begun_titles_are_limited_and_the_full_word_is_first(search: SearchEngine) -> None:
    assert len(await _complete(search, "o", 2)) == 2
    assert (await _complete(search, "expo"))[-1] == "Export of trains"
    assert set(await _complete(search, "expo")) == {
        "Osaka Expo",
        "Osaka Expo opens",
        "Cost of the Osaka Expo",
        "Export of trains",
    }


async def test_what_is_typed_comes_before_what_may_be_meant(search: SearchEngine) -> None:
    assert (await _complete(search, "expor"))[0] == "Export of trains"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("crematorum", "Crematorium sold"),
        ("crmea", "Crematorium sold"),  # the beginning itself has a slip
        ("cost of teh osaka", "Cost of the Osaka Expo"),
        ("osakaexpo opens", "Osaka Expo opens"),
        ("cremato rium so", "Crematorium sold"),
        ("creamtirum sold", "Crematorium sold"),  # two slips
        ("xxxxxxx export trai", "Export of trains"),
        ("export trains xq", "Export of trains"),
    ],
)
async def test_slips_in_what_is_begun_are_forgiven(
    search: SearchEngine, text: str, title: str
) -> None:
    assert (await _complete(search, text))[0] == title


async def test_completion_follows_the_store(store: Store) -> None:
    search = SearchEngine(store.search)
    assert await _complete(search, "osa") == []

    await store.ingest.write(batch([story("Osaka Expo", key="1"), story("Tram", key="2")]))
    assert await _complete(search, "osa") == ["Osaka Expo"]

    await store.ingest.write(batch([story("Kobe Expo", key="1"), story("Osaka tram", key="3")]))
    assert await _complete(search, "osa") == ["Osaka tram"]
    assert await _complete(search, "kobe") == ["Kobe Expo"]


async def test_who_gives_up_while_titles_are_learnt_loses_none(store: Store) -> None:
    finder = TitleCompleter(store.search)
    titles = await finder.index()
    await store.ingest.write(batch([story(f"Tram number{n}", key=f"{n}") for n in range(3_000)]))
    impatient = asyncio.create_task(finder.index())
    while "number0" not in titles:
        await asyncio.sleep(0)  # and others are answered meanwhile
    assert "number2999" not in titles
    impatient.cancel()
    await asyncio.wait({impatient})
    assert impatient.cancelled()
    assert "number2999" not in titles

    assert await finder.index() is titles
    for n in range(3_000):
        assert len(titles.search([TitleInput({f"number{n}": 1.0})], 2)) == 1


async def test_the_least_likely_word_is_given_up(search: SearchEngine) -> None:
    assert await search.relax(parse("osaka zebra expo")) == parse("osaka expo")
    assert await search.relax(parse("zebra OR osaka -strike")) == parse("osaka -strike")
    assert await search.relax(parse('"osaka zebra" expo')) == parse("expo")
    assert await search.relax(parse("zebra gnu")) is None
    assert await search.relax(parse("zebra gnu okapi")) is None
    assert await search.relax(parse("zebra")) is None
    assert await search.relax(parse("")) is None


# The vocabulary


async def test_the_vocabulary_follows_what_is_written(search: SearchEngine, store: Store) -> None:
    assert (await search.find(parse("zeppelinn"))).hits == ()
    await store.ingest.write(batch([story("Zeppelin lands", key="z")]))
    found = await search.find(parse("zeppelinn"))
    assert ([hit.title for hit in found.hits], found.corrected) == (["Zeppelin lands"], "zeppelin")
    assert "zeppelin" in await search.vocabulary()

    await store.ingest.write(batch([story("Balloon lands", key="z")]))
    assert "zeppelin" not in await search.vocabulary()
    assert (await search.find(parse("zeppelinn"))).hits == ()
    assert (await search.find(parse("baloon"))).corrected == "balloon"


async def test_many_may_search_while_stories_are_written(
    search: SearchEngine, store: Store
) -> None:
    async def find(n: int) -> SearchResult:
        await store.ingest.write(batch([story(f"Zeppelin {n}")]))
        return await search.find(parse("zeppelinn"))

    found = await asyncio.gather(*map(find, range(20)))
    assert all(one.hits for one in found)
    assert (await search.vocabulary()).count("zeppelin") == 20


# Whatever is typed


WORDS = ["osaka", "osakka", "expo", "exp", "crematorum", "the", "what", "dear", "town", "zzz"]
WORDS += [
    "OR",
    "-expo",
    "-town",
    '"osaka expo"',
    '"',
    "in:title",
    "well-known",
    "大阪",
    "万",
    "大x",
]
TYPED = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=40)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(texts=st.lists(TYPED, min_size=20, max_size=30))
async def test_no_text_is_an_error_and_the_best_come_first(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            await store.ingest.write(batch(DESK))
            search = SearchEngine(store.search)
            for text in texts:
                _is_sound(await search.find(parse(text), EVERYTHING), parse(text))
                assert len(await search.complete_title(text, 3)) <= 3
                await search.find_by_title(text)


def _is_sound(found: SearchResult, query: Query) -> None:
    scores = [hit.score for hit in found.hits]
    ids = [hit.id for hit in found.hits]

    assert found.query == query
    assert all(0 <= score <= 1 for score in scores)
    assert len(ids) == len(set(ids))
    assert found.suggestion or not found.corrected
    assert found.hits or not found.corrected
    if not query.newest:
        assert scores == sorted(scores, reverse=True), query


async def test_scores_never_rise_from_hit_to_hit(store: Store) -> None:
    await store.ingest.write(
        batch([story("Trains and many other things about an old rail"), story("Rail train")])
    )
    found = await SearchEngine(store.search).find(parse("rail trains"))

    scores = [hit.score for hit in found.hits]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
