"""What every store must do: searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import EVERYTHING, each_store, found, open_store, store, term
from stories import NOW, batch, day, story

from bot.chat.ports import Store
from bot.model import Topic
from bot.search.ports import PartialQuery
from bot.search.query import Filter, Query, Since, Term, parse
from bot.text.tokenizer import is_run, words
from store.search import SqlSearch
from store.sql_store import SqlStore

__all__ = ["open_store", "store"]


# Search


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("expo", {"Osaka Expo cost", "Expo in Osaka", "Buses"}),
        ("osaka expo", {"Osaka Expo cost", "Expo in Osaka", "Buses"}),
        ('"osaka expo"', {"Osaka Expo cost", "Buses"}),
        ("osaka -cost", {"Expo in Osaka", "Buses"}),
        ('expo -"osaka expo"', {"Expo in Osaka"}),
        ("cost OR café", {"Osaka Expo cost", "Café life"}),
        ("CAFE", {"Café life"}),
        ("it's", {"Café life"}),
        ("lyon", {"Café life"}),
        ("expo nothing", set()),
        ("-expo", set()),
        ("", set()),
        ("exp", set()),
    ],
)
async def test_a_query_matches_as_its_grammar_says(
    store: Store, text: str, titles: set[str]
) -> None:
    await store.ingest.write(
        batch(
            [
                story("Osaka Expo cost"),
                story("Expo in Osaka"),
                story("Buses", "China’s buses for the Osaka Expo."),
                story("Café life", "It's good.", place="LYON"),
            ]
        )
    )

    assert await found(store, text) == titles


async def test_a_prefix_matches_what_begins_so(store: Store) -> None:
    await store.ingest.write(
        batch([story("Osaka Expo"), story("Osaka export"), story("Expo Osaka")])
    )
    query = Query(((Term(("osaka", "exp"), prefix=True),),))

    found = await store.search.candidates(query, Filter(), 10)
    assert {one.title for one in found} == {"Osaka Expo", "Osaka export"}


async def test_candidates_keep_to_the_filter(store: Store) -> None:
    topics = [Topic("Rail", "rail")]
    await store.ingest.set_topics(topics)
    stories = [story("strike on rail"), story("strike"), story("rail strike", source="other")]
    await store.ingest.write(batch(stories, topics))

    assert await found(store, "strike", Filter(topic="Rail")) == {"strike on rail", "rail strike"}
    assert await found(store, "strike", Filter(source="wire", topic="Rail")) == {"strike on rail"}


@pytest.mark.parametrize("few", [0, 100], ids=["looked up", "gathered"])
@pytest.mark.parametrize("within", [EVERYTHING, Filter(source="wire")], ids=["all", "of a source"])
@pytest.mark.parametrize("asked", ["expo", '"expo bus" OR 7', "expo -3", "in:title bus", "e"])
async def test_how_many_match_at_most_is_a_hint_alone(
    store: Store, asked: str, within: Filter, few: int
) -> None:
    assert isinstance(store, SqlStore)
    sources = ("wire", "other", "wire")
    stories = [story(f"Expo {n}", f"bus {n % 8}", source=sources[n % 3]) for n in range(30)]
    await store.ingest.write(batch([*stories, story("Expo bus", "A strike.")]))
    search, query = SqlSearch(store.connections, few), parse(asked)
    given = [
        [one.id for one in await search.candidates(query, within, 6, texts=True, most=most)]
        for most in (None, 31, 1_000_000)
    ]
    assert given[0] == given[1] == given[2]
    terms = [(term, 1.5 + place) for place, term in enumerate((*query.terms, Term(("strike",))))]
    partial = PartialQuery(terms, within, 7)
    counted = [
        await search.partial_matches(replace(partial, counts=[most] * len(terms)), 5)
        for most in (31, 1_000_000)
    ]
    assert counted[0] == counted[1] == await search.partial_matches(partial, 5)


async def test_an_old_title_is_not_crowded_out_by_newer_mentions(store: Store) -> None:
    await store.ingest.write(batch([story("Crematorium sold", published=day("2001-01-01"))]))
    await store.ingest.write(batch([story(f"Other {i}", "A crematorium.") for i in range(20)]))

    found = await store.search.candidates(parse("crematorium"), Filter(), 5)
    assert len(found) == 6
    assert "Crematorium sold" in {one.title for one in found}
    assert len({one.id for one in found}) == 6


@pytest.mark.slow
@pytest.mark.parametrize("matches", [40, 3_000])
async def test_the_newest_are_taken_whenever_they_were_written(store: Store, matches: int) -> None:
    # Every second of them is written first, with the newest among them.
    ages = [*range(0, matches, 2), *range(1, matches, 2)]
    stories = [story(f"Expo {n}", published=NOW - timedelta(minutes=n)) for n in ages]
    for start in range(0, matches, 500):
        await store.ingest.write(batch(stories[start : start + 500]))
    newest = parse("expo -2 sort:new")
    found = await store.search.candidates(newest, Filter(), 5)
    assert {one.title for one in found} == {f"Expo {n}" for n in range(11) if n != 2}

    before = Since(NOW - timedelta(minutes=20), NOW.date())
    older = await store.search.candidates(newest, Filter(source="wire", before=before), 2)
    assert {one.title for one in older} == {f"Expo {n}" for n in range(21, 25)}


@pytest.mark.slow
@pytest.mark.parametrize("matches", [40, 3_000])
async def test_the_oldest_are_taken_whenever_they_were_written(store: Store, matches: int) -> None:
    ages = [*range(1, matches, 2), *range(0, matches, 2)]
    stories = [story(f"Expo {n}", published=NOW - timedelta(minutes=n)) for n in ages]
    for start in range(0, matches, 500):
        await store.ingest.write(batch(stories[start : start + 500]))
    oldest = parse("expo sort:old")
    found = await store.search.candidates(oldest, Filter(), 5)
    assert {one.title for one in found} == {f"Expo {n}" for n in range(matches - 10, matches)}

    since = Since(NOW - timedelta(minutes=20), NOW.date())
    newer = await store.search.candidates(oldest, Filter(source="wire", since=since), 2)
    assert {one.title for one in newer} == {f"Expo {n}" for n in range(17, 21)}


async def test_in_title_looks_at_titles_only_but_keeps_out_what_stands_anywhere(
    store: Store,
) -> None:
    await store.ingest.write(
        batch([story("Expo cost"), story("Bus", "The expo."), story("Expo bus", "A strike.")])
    )

    assert await found(store, "in:title expo") == {"Expo cost", "Expo bus"}
    assert await found(store, "in:title expo -strike") == {"Expo cost"}
    assert await found(store, "in:title strike OR cost") == {"Expo cost"}


async def test_any_form_of_a_term_will_do(store: Store) -> None:
    await store.ingest.write(
        batch([story("Pavilion"), story("Two pavilions"), story("Osaka, Expo"), story("Expo")])
    )
    either = Query(((term("pavilion", "pavilions", "osaka expo"),),))
    both = Query(((term("two"), term("pavilion", "pavilions")),))

    assert await found(store, either) == {"Pavilion", "Two pavilions", "Osaka, Expo"}
    assert await found(store, both) == {"Two pavilions"}


async def test_only_the_first_form_is_taken_for_a_beginning(store: Store) -> None:
    await store.ingest.write(batch([story("Pavilions"), story("Expos")]))
    query = Query(((term("pav", "exp", prefix=True),),))

    assert await found(store, query) == {"Pavilions"}


# Scripts without spaces


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("大阪", {"大阪万博", "Expo", "大阪expo"}),
        ("万博", {"大阪万博", "Expo"}),
        ("阪", {"大阪万博", "Expo", "大阪expo"}),
        ("博", {"大阪万博", "Expo"}),
        ("大阪万博", {"大阪万博", "Expo"}),
        ("大阪 万博", {"大阪万博", "Expo"}),
        ("阪大", set()),
        ("大万", set()),
        ("万博 -費用", {"大阪万博"}),
        ("엑스포", {"Korean"}),
        ("오사카 엑스포", {"Korean"}),
        ("오사카의", set()),
        ("かな", {"Kana"}),
        ("がな", {"Kana"}),
        ("カナ", {"Kana"}),
        ("expo", {"大阪expo", "Expo"}),
        ("大阪expo", {"大阪expo"}),
        ("2025年", {"年"}),
        ("2025年の計画", {"年"}),
        ("2025", {"年"}),
        ("in:title 万博", {"大阪万博"}),
        ("in:title 阪", {"大阪万博", "大阪expo"}),
        ("in:title expo", {"大阪expo", "Expo"}),
        ("in:title 大阪expo", {"大阪expo"}),
        ('"大阪万博"', {"大阪万博", "Expo"}),
        ('"오사카 엑스포"', {"Korean"}),
        ('"엑스포 오사카"', set()),
        ('"万博 費用"', {"Expo"}),
    ],
)
async def test_words_of_scripts_without_spaces_are_found_by_any_piece(
    store: Store, text: str, titles: set[str]
) -> None:
    await store.ingest.write(
        batch(
            [
                story("大阪万博"),
                story("Expo", "大阪万博 費用"),
                story("大阪expo"),
                story("Korean", "오사카 엑스포의 비용"),
                story("Kana", "ひらがなとカタカナ"),
                story("年", "2025年の計画"),
            ]
        )
    )

    assert await found(store, text) == titles


async def test_runs_that_meet_in_the_same_letter_are_found_as_they_were_typed(store: Store) -> None:
    await store.ingest.write(batch([story("万博 博覧"), story("万博覧"), story("大阪 万博 博覧")]))

    assert await found(store, '"万博 博覧"') >= {"万博 博覧", "大阪 万博 博覧"}
    assert await found(store, '"大阪 万博 博覧"') == {"大阪 万博 博覧"}
    assert await found(store, "万博覧") == {"万博覧"}


async def test_a_place_is_found_in_every_script(store: Store) -> None:
    await store.ingest.write(batch([story("Cost", place="大阪"), story("Bus", place="LYON")]))

    assert await found(store, "lyon") == {"Bus"}
    assert await found(store, "大阪") == {"Cost"}


async def test_the_beginning_of_a_run_matches(store: Store) -> None:
    await store.ingest.write(batch([story("大阪万博"), story("大阪府")]))

    assert await found(store, Query(((term("大阪", prefix=True),),))) == {"大阪万博", "大阪府"}
    assert await found(store, Query(((term("大阪万", prefix=True),),))) == {"大阪万博"}
    assert await found(store, Query(((term("阪", prefix=True),),))) == {"大阪万博", "大阪府"}
    assert await found(store, Query(((term("万阪", prefix=True),),))) == set()


async def test_an_edited_run_is_found_by_its_new_pieces_only(store: Store) -> None:
    await store.ingest.write(batch([story("a", "大阪万博", key="k")]))
    await store.ingest.write(batch([story("a", "東京都", key="k")]))

    assert await found(store, "万博") == set()
    assert await found(store, "京都") == {"a"}
    assert await store.check() == []


# Any text


ODD = ["C++", "it's", "a.b", "-x", '"', 'a"b', "NEAR(a b)", "a*", "title:x", "{a}", "\0"]
ODD += ["AND", "OR", "NOT", "^a", "in:title 大", "大OR", "-大阪 a", '"大 a"', "a:大*"]


@settings(
    max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(texts=st.lists(st.text(max_size=60) | st.sampled_from(ODD), min_size=1, max_size=5))
async def test_whatever_is_typed_is_no_error(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            for text in texts:
                query = parse(text)
                for most in (None, 1):
                    await store.search.candidates(query, EVERYTHING, 5, most=most)
                terms = [(term, 1.0) for term in query.terms]
                await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 5), 5)
            await store.ingest.set_topics([Topic(f"t{n}", text) for n, text in enumerate(texts)])


LETTERS = (
    st.characters(categories=("Lu", "Ll", "Lo", "Nd"), max_codepoint=0x024F)
    | st.sampled_from("йЙёЁїҐъабвЯαάΆςσΣϊΐώ")
    | st.characters(categories=["Lo"], min_codepoint=0xAC00, max_codepoint=0xD7A3)
    | st.characters(categories=["Lo"], min_codepoint=0x3041, max_codepoint=0x30FF)
    | st.characters(categories=["Lo"], min_codepoint=0x4E00, max_codepoint=0x9FFF)
)


def _every_way(text: str) -> Sequence[Query]:
    """A text as a query, and each of its words as one that nobody typed."""
    return [parse(text), *(Query(((Term((word,)),),)) for word in words(text))]


@settings(
    max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(typed=st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=6))
async def test_a_story_is_found_by_each_of_its_words(
    tmp_path_factory: pytest.TempPathFactory, typed: list[str]
) -> None:
    async with each_store(tmp_path_factory) as opened:
        for store in opened:
            await store.ingest.write(batch([story("Title", f"before {' '.join(typed)} after")]))
            for query in [one for text in typed for one in _every_way(text)]:
                assert await found(store, query) == {"Title"}, query


@pytest.mark.parametrize(
    "text", ["大阪万博", "오사카", "かな", "ｶﾞｲﾄﾞ", "\u304b\u3099な", "神\ufa19", "敘", "前敘後"]
)
async def test_a_run_is_found_by_each_of_its_letters_and_pairs(store: Store, text: str) -> None:
    await store.ingest.write(batch([story("Title", text)]))
    pieces = words(text)

    assert all(map(is_run, pieces))
    for piece in {*pieces, *"".join(pieces)}:
        assert await found(store, piece) == {"Title"}, piece
