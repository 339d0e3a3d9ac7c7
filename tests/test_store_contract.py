"""What every store must do. Another implementation is added to `STORES` and passes all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import CHAT, NOW, READER, day, filed, story

from bot.errors import StoreError
from bot.loads import LoadReport, Unreadable
from bot.model import Action, Chat, Paragraph, Person, Shown, Story, Topic
from bot.ports import Store
from bot.query import Filter, Query, Since, Term, parse, words
from store.sqlite import SqliteStore

OpenStore = Callable[[], Awaitable[Store]]


def _sqlite(folder: Path) -> OpenStore:
    return lambda: SqliteStore.open(folder / "dateline.db")


EVERYTHING = Filter()
STORES: dict[str, Callable[[Path], OpenStore]] = {"sqlite": _sqlite}


@pytest.fixture(params=STORES)
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Opens the same store again each time it is called; all are closed when the test ends."""
    make = STORES[str(request.param)](tmp_path)
    opened: list[Store] = []

    async def open_one() -> Store:
        opened.append(await make())
        return opened[-1]

    yield open_one
    for one in opened:
        await one.aclose()


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return await open_store()


async def _titles(store: Store, within: Filter = EVERYTHING, limit: int = 100) -> list[str]:
    return [one.title for one in (await store.latest(within, limit)).stories]


async def _found(store: Store, text: str, within: Filter = EVERYTHING, limit: int = 50) -> set[str]:
    return {one.title for one in await store.candidates(parse(text), within, limit)}


FULL = story(
    "Bridge opens “at last”",
    "The bridge opened.\n# Other towns\nThey wait.",
    published=day("2026-05-01"),
    date_only=True,
    url="https://example.org/bridge",
    place="SÃO PAULO",
    byline="MU.",
    summary="The bridge opened.",
)


async def test_a_story_comes_back_as_it_went_in(store: Store) -> None:
    await store.write(filed([FULL]))

    assert await store.stories([FULL.id]) == [FULL]


async def test_a_time_keeps_its_microseconds(store: Store) -> None:
    exact = replace(FULL, date_only=False, published=NOW + timedelta(microseconds=1))
    await store.write(filed([exact]))

    (kept,) = await store.stories([exact.id])
    assert kept.published == exact.published


async def test_what_was_written_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    await first.write(filed([FULL]))
    await first.aclose()

    second = await open_store()
    assert await second.stories([FULL.id]) == [FULL]


async def test_stories_come_in_the_order_of_their_ids_and_unknown_ids_are_left_out(
    store: Store,
) -> None:
    a, b, c = (story(title) for title in "abc")
    await store.write(filed([a, b, c]))

    found = await store.stories([c.id, "no such id", a.id])
    assert [one.title for one in found] == ["c", "a"]
    assert list(await store.stories([])) == []


async def test_a_known_id_is_replaced_under_its_new_key_and_found_by_its_new_words_only(
    store: Store,
) -> None:
    await store.write(filed([story("Old title", "crematorium", key="old")]))
    (old,) = (await store.latest(Filter(), 1)).stories
    new = replace(old, key="new", title="New title", paragraphs=(Paragraph("pavilion"),))
    await store.write(filed([new]))

    assert await _titles(store) == ["New title"]
    assert await _found(store, "crematorium") == set()
    assert await _found(store, "old") == set()
    assert await _found(store, "pavilion") == {"New title"}
    assert list(await store.fingerprints("wire")) == ["new"]
    assert await store.check() == []


async def test_fingerprints_are_those_that_were_filed_of_that_source_alone(store: Store) -> None:
    mine = filed([story("a", "x"), story("b", "y")])
    await store.write([*mine, *filed([story("c", source="other")])])

    kept = await store.fingerprints("wire")
    assert kept == {one.fingerprint.key: one.fingerprint for one in mine}
    assert await store.fingerprints("nobody") == {}


async def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    await store.write(filed([story("kept")]))
    twice = [story("one", key="same"), replace(story("two", key="same"), id="another")]

    with pytest.raises(StoreError):
        await store.write(filed([story("lost"), *twice]))

    assert await _titles(store) == ["kept"]
    assert await store.check() == []


async def test_many_tasks_may_write_and_read_at_once(store: Store) -> None:
    async def write(n: int) -> None:
        await store.write(filed([story(f"story {n} {i}", "common words") for i in range(5)]))
        await store.candidates(parse("common"), Filter(), 10)

    failing = store.write(filed([story("x", key="k"), replace(story("y", key="k"), id="z")]))
    results = await asyncio.gather(*map(write, range(20)), failing, return_exceptions=True)

    assert [type(r) for r in results if r is not None] == [StoreError]
    assert (await store.latest(Filter(), 1)).total == 100
    assert await store.check() == []


async def test_a_cancelled_write_leaves_nothing_behind_and_blocks_nobody(store: Store) -> None:
    batch = filed([story(f"story {i}", "some words " * 50) for i in range(2_000)])
    for delay in (0, 0.001, 0.01, 0.03):
        writing = asyncio.create_task(store.write(batch))
        await asyncio.sleep(delay)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        assert (await store.latest(Filter(), 1)).total in {0, len(batch)}

    await store.write(filed([story("after")]))
    assert "after" in await _titles(store, limit=3_000)
    assert await store.check() == []


# Lists


async def test_latest_is_newest_first_and_of_equals_the_last_written_first(store: Store) -> None:
    await store.write(
        filed(
            [
                story("old", published=day("2020-01-01")),
                story("first", published=day("2021-01-01")),
                story("second", published=day("2021-01-01")),
            ]
        )
    )
    await store.write(filed([story("middle", published=day("2020-06-01"))]))

    assert await _titles(store) == ["second", "first", "middle", "old"]


async def test_latest_gives_pages_and_the_total(store: Store) -> None:
    await store.write(filed([story(f"{i}", published=NOW + timedelta(hours=i)) for i in range(7)]))

    page = await store.latest(Filter(), limit=3, offset=3)
    assert ([one.title for one in page.stories], page.total) == (["3", "2", "1"], 7)
    beyond = await store.latest(Filter(), limit=3, offset=30)
    assert (beyond.stories, beyond.total) == ((), 7)


async def test_latest_filters_by_source_topic_and_time_together(store: Store) -> None:
    await store.set_topics([Topic("Rail", "rail"), Topic("All", sources=frozenset({"wire"}))])
    await store.write(
        filed(
            [
                story("rail new", published=day("2026-01-02")),
                story("rail old", published=day("2025-01-02")),
                story("road new", published=day("2026-01-03")),
                story("rail other", published=day("2026-01-04"), source="other"),
            ]
        )
    )
    since = Since(day("2026-01-01"), day("2026-01-01").date())

    assert await _titles(store, Filter(topic="RAIL")) == ["rail other", "rail new", "rail old"]
    assert await _titles(store, Filter(topic="rail", source="wire", since=since)) == ["rail new"]
    assert await _titles(store, Filter(source="other")) == ["rail other"]
    assert await _titles(store, Filter(since=since)) == ["rail other", "road new", "rail new"]
    assert await _titles(store, Filter(topic="nothing")) == []
    assert (await store.latest(Filter(topic="All"), 1)).total == 3


async def test_a_story_with_a_date_only_counts_from_that_day_on_wherever_the_reader_is(
    store: Store,
) -> None:
    midnight = day("2026-01-02")
    await store.write(
        filed(
            [
                story("date", published=midnight, date_only=True),
                story("timed", published=midnight),
            ]
        )
    )
    # Midnight of January 2 in New York is five in the morning, UTC.
    new_york = Since(midnight + timedelta(hours=5), midnight.date())
    # In Tokyo it is three in the afternoon of the day before.
    tokyo = Since(midnight - timedelta(hours=9), midnight.date())

    assert await _titles(store, Filter(since=new_york)) == ["date"]
    assert set(await _titles(store, Filter(since=tokyo))) == {"date", "timed"}


# Topics


async def test_topics_hold_the_stories_of_their_sources_and_of_their_search(store: Store) -> None:
    await store.set_topics(
        [
            Topic("Japan", sources=frozenset({"wire"})),
            Topic("Expo", '"osaka expo" OR expo2025 -bus'),
        ]
    )
    await store.write(
        filed(
            [
                story("Osaka Expo cost", source="other"),
                story("Expo in Osaka", source="other"),
                story("Osaka Expo bus", source="wire"),
            ]
        )
    )

    assert await store.topic_counts() == {"Japan": 1, "Expo": 1}
    by_title = {one.title: one.topics for one in (await store.latest(Filter(), 9)).stories}
    assert by_title == {
        "Osaka Expo cost": ("Expo",),
        "Expo in Osaka": (),
        "Osaka Expo bus": ("Japan",),
    }


async def test_other_topics_put_every_story_anew(store: Store) -> None:
    await store.set_topics([Topic("Rail", "rail")])
    await store.write(filed([story("rail"), story("road", source="other")]))

    await store.set_topics(
        [Topic("Road", "road"), Topic("None", "tram"), Topic("Other", sources=frozenset({"other"}))]
    )

    assert await store.topic_counts() == {"Road": 1, "None": 0, "Other": 1}
    await store.set_topics([])
    assert await store.topic_counts() == {}
    assert await store.check() == []


async def test_an_edited_story_changes_its_topics_and_its_place_among_them(store: Store) -> None:
    await store.set_topics([Topic("Rail", "rail"), Topic("Road", "road")])
    old = story("rail", key="k", published=day("2020-01-01"))
    await store.write(filed([old, story("rail too", published=day("2021-01-01"))]))
    await store.write(filed([replace(old, title="rail road", published=day("2022-01-01"))]))

    assert await _titles(store, Filter(topic="Rail")) == ["rail road", "rail too"]
    assert await store.topic_counts() == {"Rail": 2, "Road": 1}


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
    await store.write(
        filed(
            [
                story("Osaka Expo cost"),
                story("Expo in Osaka"),
                story("Buses", "China’s buses for the Osaka Expo."),
                story("Café life", "It's good.", place="LYON"),
            ]
        )
    )

    assert await _found(store, text) == titles


async def test_a_prefix_matches_what_begins_so(store: Store) -> None:
    await store.write(filed([story("Osaka Expo"), story("Osaka export"), story("Expo Osaka")]))
    query = Query(((Term(("osaka", "exp"), prefix=True),),))

    found = await store.candidates(query, Filter(), 10)
    assert {one.title for one in found} == {"Osaka Expo", "Osaka export"}


async def test_candidates_keep_to_the_filter(store: Store) -> None:
    await store.set_topics([Topic("Rail", "rail")])
    await store.write(
        filed([story("strike on rail"), story("strike"), story("rail strike", source="other")])
    )

    assert await _found(store, "strike", Filter(topic="Rail")) == {"strike on rail", "rail strike"}
    assert await _found(store, "strike", Filter(source="wire", topic="Rail")) == {"strike on rail"}


async def test_an_old_title_is_not_crowded_out_by_newer_mentions(store: Store) -> None:
    await store.write(filed([story("Crematorium sold", published=day("2001-01-01"))]))
    await store.write(filed([story(f"Other {i}", "A crematorium.") for i in range(20)]))

    found = await store.candidates(parse("crematorium"), Filter(), 5)
    assert len(found) == 6
    assert "Crematorium sold" in {one.title for one in found}
    assert len({one.id for one in found}) == 6


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.sampled_from(
        [
            "C++",
            "it's",
            "a.b",
            "-x",
            '"',
            'a"b',
            "NEAR(a b)",
            "a*",
            "title:x",
            "{a}",
            "\0",
            "AND",
            "OR",
            "NOT",
            "^a",
        ]
    )
)
async def test_whatever_is_typed_is_no_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    for make in STORES.values():
        opened = await make(folder)()
        try:
            await opened.candidates(parse(text), Filter(), 5)
            await opened.set_topics([Topic("t", text)])
        finally:
            await opened.aclose()


LETTERS = st.characters(categories=("Lu", "Ll", "Lo", "Nd"), max_codepoint=0x024F) | st.characters(
    categories=["Lo"], min_codepoint=0xAC00, max_codepoint=0xD7A3
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(word=st.text(LETTERS, min_size=1, max_size=12))
async def test_a_story_is_found_by_each_of_its_words(
    tmp_path_factory: pytest.TempPathFactory, word: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    for make in STORES.values():
        opened = await make(folder)()
        try:
            await opened.write(filed([story("Title", f"before {word} after")]))
            assert await _found(opened, f"{word}") == {"Title"}
        finally:
            await opened.aclose()


async def test_the_vocabulary_counts_the_stories_that_hold_a_word(store: Store) -> None:
    await store.write(filed([story("Café", "café bar"), story("Bar", "bar bar")]))

    known = await store.vocabulary()
    assert (known["cafe"], known["bar"]) == (1, 2)
    assert set(known) == {word for text in ("Café bar",) for word in words(text)}


async def test_the_vocabulary_forgets_words_that_no_story_holds(store: Store) -> None:
    await store.write(filed([story("a", "pavilion", key="k")]))
    await store.write(filed([story("a", "bridge", key="k")]))

    assert set(await store.vocabulary()) == {"a", "bridge"}


async def test_the_revision_changes_with_every_write_of_any_process(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    before = await one.revision()
    await other.write(filed([story("a")]))
    after = await one.revision()
    await one.write(filed([story("b")]))

    assert len({before, after, await other.revision()}) == 3


# Sources


async def test_a_source_is_loaded_by_its_first_report_without_an_error(store: Store) -> None:
    assert await store.source_states() == {}
    failed = LoadReport("wire", NOW, error="no such file")
    await store.finish_load(failed, "")
    (state,) = (await store.source_states()).values()
    assert (state.loaded_at, state.report) == (None, failed)

    good = LoadReport("wire", NOW + timedelta(hours=1), 3, 2, 1, (Unreadable("f", 7, "why"),))
    await store.finish_load(good, "signed")
    await store.finish_load(replace(good, at=NOW + timedelta(hours=2)), "signed again")

    (state,) = (await store.source_states()).values()
    assert state.loaded_at == NOW + timedelta(hours=1)
    assert state.signature == "signed again"
    assert state.report == replace(good, at=NOW + timedelta(hours=2))


async def test_the_state_of_a_source_counts_its_stories(store: Store) -> None:
    await store.write(
        filed(
            [
                story("a", published=day("2020-01-01")),
                story("b", published=day("2022-01-01")),
                story("c", published=day("2023-01-01"), source="other"),
            ]
        )
    )
    states = await store.source_states()

    assert {s.source: (s.stories, s.newest) for s in states.values()} == {
        "wire": (2, day("2022-01-01")),
        "other": (1, day("2023-01-01")),
    }


# What people were shown


def _shown(*ids: str) -> Shown:
    listing = Action("latest", (("topic", 'Osaka "Expo"'), ("since", "2d")))
    return Shown(listing, 2, dict(enumerate(ids, 6)), {1: "earlier"})


async def test_a_list_that_was_shown_comes_back(store: Store) -> None:
    assert await store.shown(CHAT, READER) is None
    await store.remember_shown([(CHAT, READER, _shown("a", "b"))])
    await store.remember_shown([(CHAT, READER, _shown("c"))])

    assert await store.shown(CHAT, Person(READER.id, "renamed", moderator=True)) == _shown("c")


async def test_who_was_shown_nothing_is_given_the_list_of_the_room_alone(store: Store) -> None:
    await store.remember_shown([(CHAT, READER, _shown("mine"))])
    await store.remember_shown([(Chat("test", "elsewhere"), Person("b"), _shown("elsewhere"))])

    assert await store.shown(CHAT, Person("newcomer")) == _shown("mine")
    assert await store.shown(CHAT, READER) == _shown("mine")
    assert await store.shown(Chat("test", "quiet"), READER) is None
    assert await store.shown(Chat("other", CHAT.id), READER) is None


# Closing


async def test_a_closed_store_says_so_and_closes_twice(open_store: OpenStore) -> None:
    opened = await open_store()
    await opened.aclose()
    await opened.aclose()

    with pytest.raises(StoreError, match="closed"):
        await opened.latest(Filter(), 1)
    with pytest.raises(StoreError, match="closed"):
        await opened.write(filed([story("a")]))


def test_the_story_of_these_tests_uses_every_field() -> None:
    blank = story("blank")
    unused = [
        name
        for name in Story.__slots__
        if name not in {"source", "topics"} and getattr(FULL, name) == getattr(blank, name)
    ]
    assert unused == []
