from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import CHAT, NOW, story

from bot.model import Story
from bot.search.vocabulary import Vocabulary
from bot.subscriptions.matcher import Matcher, matches
from bot.subscriptions.model import Subscription, TargetKind

EXPO = story(
    "Osaka Expo opens its pavilions",
    "# What it costs\nThe well-known halls cost twice as much.\nBuses run; the tram does not.",
    place="OSAKA",
    topics=("Osaka Expo", "Rail"),
)
RUNS = story("大阪万博", "費用は2025年の計画\n오사카 엑스포의 비용", place="東京")


def search(text: str, **given: object) -> Subscription:
    return of(TargetKind.SEARCH, text, **given)


def of(kind: TargetKind, what: str, **given: object) -> Subscription:
    base = Subscription(CHAT, kind, what, made=NOW)
    return replace(base, **given)  # type: ignore[arg-type]


def matcher(subscriptions: Sequence[Subscription]) -> Matcher:
    kept = Matcher()
    for one in subscriptions:
        kept.put(one)
    return kept


def ids(found: Sequence[Subscription]) -> list[int]:
    return [one.id for one in found]


# What matches


@pytest.mark.parametrize(
    ("kind", "what", "expected"),
    [
        (TargetKind.TOPIC, "Osaka Expo", True),
        (TargetKind.TOPIC, "osaka EXPO", True),
        (TargetKind.TOPIC, "Osaka", False),
        (TargetKind.SOURCE, "wire", True),
        (TargetKind.SOURCE, "Wire", False),
        (TargetKind.SOURCE, "other", False),
        (TargetKind.SOURCE, "rail", False),
    ],
)
def test_a_topic_is_known_in_any_case_and_a_source_by_its_id(
    kind: TargetKind, what: str, expected: bool
) -> None:
    assert matches(of(kind, what), EXPO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("osaka", True),
        ("OSÁKA", True),
        ("osaka pavilions", True),
        ("osaka tokyo", False),
        ("tokyo OR osaka", True),
        ("tokyo OR kyoto", False),
        ("tokyo OR osaka buses OR kyoto", True),
        ("costs", True),  # of a heading
        ("expo -tram", False),
        ("expo -train", True),
        ('expo -"expo expo"', True),
        ('expo -"osaka expo"', False),
        ("in:title expo", True),
        ("in:title tram", False),
        ("in:title osaka -tram", False),  # what is left out is left out anywhere
        ("wire", False),
        ("well-known", True),
        ('"well known halls"', True),
        ('"known well"', False),
        ('"expo opens"', True),
        ('"expo its"', False),
        ('"pavilions osaka"', False),  # of two fields
        ('"costs the well"', True),  # of two paragraphs, which the search takes for one text
        ("", False),
        ("-expo", False),
        ("-", False),
        ("sort:new", False),
        ("since:2d", False),
        ("in:title", False),
        ("expo since:2d before:2020 sort:new", True),
    ],
)
def test_a_search_matches_what_has_all_words_of_an_alternative(text: str, expected: bool) -> None:
    assert matches(search(text), EXPO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pavilion", True),
        ('"pavilion"', False),
        ('"pavilions"', True),
        ("opening", True),
        ('"opening"', False),
        ("bus", True),
        ('"bus"', False),
        ("trams", True),
        ("hall cost", True),
        ("costing halls", True),
        ("costs-twice", True),  # each of words that a mark holds together is inflected
        ('"costs twice"', False),
        ("twice-costs", False),
        ("in:title pavilion", True),
        ("expo -trams", True),  # forms that nobody typed shut nothing out
        ("expo -tram", False),
    ],
)
def test_a_word_means_its_other_forms_unless_it_is_quoted(text: str, expected: bool) -> None:
    assert matches(search(text), EXPO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("topic:Rail", True),
        ("topic:rail", True),
        ("topic:roads", False),
        ("source:wire", True),
        ("source:WIRE", True),
        ("source:other", False),
        ('topic:"osaka expo" source:wire', True),
        ("topic:rail source:other", False),
        ("expo topic:rail", True),
        ("expo topic:roads", False),
        ("tokyo topic:rail", False),
        ("tokyo OR expo topic:rail", True),
        ("tokyo OR expo topic:roads", False),
        ("in:title opens topic:rail", True),
        ("topic:rail -tram", False),
        ("topic:rail -train", True),
        ("topic:roads topic:rail", True),  # as in a search, the last counts
        ("topic:rail topic:roads", False),
        ("in:title topic:rail", True),
    ],
)
def test_filters_keep_a_search_to_a_topic_and_a_source(text: str, expected: bool) -> None:
    assert matches(search(text), EXPO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大阪", True),
        ("阪万", True),
        ("大阪万博", True),
        ("大阪 万博", True),
        ('"大阪 万博"', False),  # there is no space between
        ("大万", False),
        ("阪", True),
        ("博", True),
        ("東", True),
        ("府", False),
        ("年の計画", True),
        ("2025", True),
        ("2025年", True),
        ("2024年", False),
        ("2025年の計画", True),
        ("엑스포", True),
        ('"오사카 엑스포의"', True),
        ('"오사카 엑스포"', True),
        ('"엑스포의 오사카"', False),
        ("大阪 -費用", False),
        ("大阪 -電車", True),
        ("in:title 万博", True),
        ("in:title 費用", False),
        ("in:title 阪", True),
        ("in:title 費", False),
    ],
)
def test_runs_of_scripts_without_spaces_fit_by_any_piece(text: str, expected: bool) -> None:
    assert matches(search(text), RUNS) == expected


@pytest.mark.parametrize(
    "text",
    ['"万博 博覧"', '"大阪 万博 博覧"', '"expo 万博 博覧"', '"博覧 会 2025年"', '"会 2025年"'],
)
def test_runs_between_spaces_fit_as_they_are_typed(text: str) -> None:
    assert matches(search(text), story("Expo 大阪 万博 博覧 会 2025年", "Expo 万博 博覧"))


def test_an_ended_subscription_matches_nothing_and_a_paused_one_as_ever() -> None:
    assert matches(search("expo"), EXPO)
    assert matches(search("expo", paused="the bot was removed"), EXPO)
    assert not matches(search("expo", ended=True), EXPO)


VOCABULARY = st.sampled_from(
    "bus buses box boxes gas gases new news prince princes princess city cities run runs running "
    "ran fall fell falling women woman is a as pass passes church churches general generally expo "
    "expos s es ss".split()
)


@given(VOCABULARY, st.lists(VOCABULARY, min_size=1))
def test_a_word_matches_all_forms_that_a_search_widens_it_to(asked: str, known: list[str]) -> None:
    forms = {*Vocabulary.from_counts(dict.fromkeys(known, 1)).inflections(asked), asked}

    for word in known:
        assert matches(search(asked), story(word)) == (word in forms), word


# All of them at once


def test_those_that_a_story_matches_come_by_their_ids() -> None:
    kept = matcher(
        [
            search("osaka expo", id=9),
            search("tokyo", id=8),
            of(TargetKind.TOPIC, "rail", id=7),
            search("osaka expo", id=3),
            of(TargetKind.SOURCE, "wire", id=5),
            of(TargetKind.SOURCE, "other", id=4),
            search("tokyo OR osaka OR expo", id=6),
        ]
    )

    assert ids(kept.matching(EXPO)) == [3, 5, 6, 7, 9]
    assert kept.matching(EXPO)[0] == search("osaka expo", id=3)
    assert kept.matching(story("Nothing", source="else")) == []


def test_an_empty_one_has_nothing_that_matches() -> None:
    assert Matcher().matching(EXPO) == []


def test_a_subscription_takes_the_place_of_what_had_its_id() -> None:
    kept = matcher([search("osaka", id=1), search("expo", id=2)])
    kept.put(search("tokyo", id=1))
    kept.put(search("expo", id=2, most=3))

    assert kept.matching(EXPO) == [search("expo", id=2, most=3)]
    assert ids(kept.matching(story("Tokyo expo"))) == [1, 2]


def test_what_is_paused_matches_and_is_known_to_be_paused() -> None:
    paused = search("osaka", id=2, paused="gone")
    kept = matcher([search("osaka", id=1), paused])
    assert kept.matching(EXPO) == [search("osaka", id=1), paused]

    kept.put(search("osaka", id=2))
    assert kept.matching(EXPO) == [search("osaka", id=1), search("osaka", id=2)]


def test_what_has_ended_or_is_removed_matches_no_more() -> None:
    kept = matcher([search("osaka", id=number) for number in (1, 2, 3)])
    kept.put(search("osaka", id=1, ended=True))
    kept.remove(2)
    kept.remove(2)
    kept.remove(99)
    assert ids(kept.matching(EXPO)) == [3]

    kept.put(search("osaka", id=2))
    assert ids(kept.matching(EXPO)) == [2, 3]


PIECES = st.sampled_from(
    "osaka expo Expos café CAFE bus buses the 2025 йод it's well-known 大阪 万博 大阪万博 阪 "
    "2025年 年 大阪expo オ엑스포".split()
)
TEXTS = st.lists(PIECES, max_size=6).map(" ".join)
TOPICS = st.sets(st.sampled_from(["Rail", "Osaka Expo"])).map(tuple)
STORIES = st.builds(
    lambda title, text, place, topics, source: story(
        title, text, place=place, topics=topics, source=source
    ),
    st.lists(PIECES, min_size=1, max_size=4).map(" ".join),
    st.lists(TEXTS, max_size=3).map("\n".join),
    TEXTS,
    TOPICS,
    st.sampled_from(["wire", "other"]),
)
FILTERS = st.sampled_from(
    ["in:title", "topic:rail", 'topic:"osaka expo"', "source:wire", "source:none", "since:2d"]
)
TERMS = st.one_of(
    PIECES,
    st.lists(PIECES, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    PIECES.map("-{}".format),
    st.just("OR"),
    FILTERS,
)
QUERIES = st.lists(TERMS, max_size=5).map(" ".join)
SUBSCRIPTIONS = st.builds(
    lambda asked, number, paused, ended: of(*asked, id=number, paused=paused, ended=ended),
    st.one_of(
        st.tuples(st.just(TargetKind.SEARCH), QUERIES),
        st.tuples(st.just(TargetKind.TOPIC), st.sampled_from(["rail", "Rail", "osaka expo", "x"])),
        st.tuples(st.just(TargetKind.SOURCE), st.sampled_from(["wire", "other", "x"])),
    ),
    st.integers(1, 12),
    st.sampled_from(["", "", "", "gone"]),
    st.sampled_from([False, False, False, True]),
)
# A number is the id of a subscription to remove.
CHANGES = st.lists(SUBSCRIPTIONS | st.integers(1, 12), max_size=25)


@given(CHANGES, st.lists(STORIES, min_size=1, max_size=4))
def test_what_is_found_at_once_is_what_matches_one_by_one(
    changes: list[Subscription | int], stories: list[Story]
) -> None:
    kept, known = Matcher(), dict[int, Subscription]()
    for change in changes:
        if isinstance(change, int):
            kept.remove(change)
            known.pop(change, None)
        else:
            kept.put(change)
            known[change.id] = change

    in_order = [known[number] for number in sorted(known)]
    for each in stories:
        assert kept.matching(each) == [one for one in in_order if matches(one, each)]


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_any_text_can_be_searched_for_in_any_story(asked: str, title: str, text: str) -> None:
    one, each = search(asked, id=1), story(title, text)

    assert (matcher([one]).matching(each) == [one]) == matches(one, each)
