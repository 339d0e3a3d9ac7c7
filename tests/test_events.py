"""Which stories are of one event, and which tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bench.events import OWN, place, read_labelled, score
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.events.clusterer import NO_SPLITS, DatedTerms, EventClusterer
from bot.ingest.events.near_copies import NearCopies
from bot.ingest.events.placement import Placement, Splits
from bot.ingest.events.rarity import RarityCounter
from bot.ingest.events.terms import TITLE, TermReader, is_date
from bot.ingest.similarity import sketch

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

QUAKE = (
    ("Magnitude 7.1 earthquake strikes northern Chile, tsunami warning issued", "a"),
    ("Strong earthquake of magnitude 7.1 strikes northern Chile", "b"),
    ("Northern Chile: magnitude 7.1 earthquake strikes, tsunami warning", "c"),
)


def placed(
    stories: Sequence[tuple[str, str]], splits: Splits = NO_SPLITS, step: timedelta = HOUR
) -> list[Placement]:
    """Places stories of (title, source), one an hour, as `s0`, `s1` and so on."""
    clusterer = EventClusterer(splits)
    reader = TermReader()
    return [
        clusterer.assign(DatedTerms(f"s{n}", reader.read(title), AT + n * step, source))
        for n, (title, source) in enumerate(stories)
    ]


def place_of(number: int) -> Placement:
    return Placement(f"s{number}", f"s{number}")


def events(stories: Sequence[tuple[str, str]], **given: object) -> list[str]:
    return [one.event for one in placed(stories, **given)]  # type: ignore[arg-type]


def test_several_sources_that_tell_the_same_are_one_development() -> None:
    assert [one.development for one in placed(QUAKE)] == ["s0", "s0", "s0"]
    assert events(QUAKE) == ["s0", "s0", "s0"]


def test_what_comes_of_an_event_is_of_it_and_another_development() -> None:
    found = placed(
        (*QUAKE, ("Chile earthquake: tsunami warning lifted as rescuers search Iquique", "d"))
    )
    assert found[-1].event == "s0"
    assert found[-1].development == "s3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Two of a kind: other places, names or numbers.
        ("Magnitude 6.1 earthquake strikes Chile", "Magnitude 5.8 earthquake strikes Japan"),
        ("Magnitude 6.1 earthquake strikes Chile", "Magnitude 6.1 earthquake strikes Japan"),
        ("Earthquake shakes Lima, no damage reported", "Earthquake shakes Quito, no damage seen"),
        ("Jury finds Smith guilty of murder", "Jury finds Okafor guilty of murder"),
        ("Court sentences Petrov to ten years", "Court sentences Lindqvist to ten years"),
        ("Acme reports record profit for 2024", "Acme reports record profit for 2025"),
        ("Acme Q2 results: profit up", "Acme Q3 results: profit up"),
        ("Stock market news for March 10", "Stock market news for March 11"),
        ("Vedanta Q3 results: net profit rises 26%", "IndusInd Q3 results: net profit rises 49%"),
        ("Arsenal beat Everton 2-0", "Arsenal beat Fulham 3-1"),
        ("Ferry sinks off Cebu with 40 aboard", "Ferry sinks off Bali with 40 aboard"),
        # Of one format, or of one subject.
        ("Monday business briefs", "Tuesday business briefs"),
        ("Five things to know this morning", "Ten things to know this evening"),
        # What shares nothing.
        ("Rain floods Venice", "Parliament passes the budget"),
        ("東京で震度5の地震", "大阪で火事、けが人なし"),
    ],
)
def test_look_alikes_stay_two(one: str, other: str) -> None:
    assert events([(one, "a"), (other, "b")]) == ["s0", "s1"]
    assert events([(other, "a"), (one, "b")]) == ["s0", "s1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apple releases iOS 7.1 with CarPlay", "Apple's iOS 7.1 released, with CarPlay support"),
        ("Sbarro files for bankruptcy again", "Pizza chain Sbarro files for bankruptcy protection"),
        ("12 killed in Baghdad market blast", "Baghdad market blast kills 15"),
        ("UPDATE 2-Icahn urges eBay to sell PayPal", "Icahn urges eBay to sell PayPal"),
        ("Bürgermeister von Köln tritt zurück", "Kölner Bürgermeister tritt überraschend zurück"),
        ("大阪万博の開幕日が決定", "大阪万博、開幕日を決定"),
    ],
)
def test_other_words_for_one_event_are_joined(one: str, other: str) -> None:
    assert events([(one, "a"), (other, "b")]) == ["s0", "s0"]


def test_an_event_is_over_when_nothing_comes_for_days() -> None:
    assert events(QUAKE[:2], step=timedelta(days=1)) == ["s0", "s0"]
    assert events(QUAKE[:2], step=timedelta(days=3)) == ["s0", "s1"]


def test_near_copies_are_one_whatever_their_titles() -> None:
    text = " ".join(f"word{n} of the agency's report" for n in range(60))
    cut = text.rpartition(" word40")[0]
    reader, clusterer = TermReader(), EventClusterer()
    found = [
        clusterer.assign(DatedTerms(f"s{n}", reader.read(title, "", sketch(body)), AT, source))
        for n, (title, body, source) in enumerate(
            [
                ("Harbour closed after spill", text, "a"),
                ("Oil keeps ships away", cut, "b"),
                ("Harbour festival draws crowds", "Another text. " * 40, "c"),
            ]
        )
    ]
    assert [one.development for one in found[:2]] == ["s0", "s0"]
    assert found[2].development != "s0"


def test_a_known_story_stays_where_it_is() -> None:
    reader, clusterer = TermReader(), EventClusterer()
    first = DatedTerms("s0", reader.read(QUAKE[0][0]), AT)
    place = clusterer.assign(first)
    clusterer.restore(DatedTerms("x", reader.read("Rain floods Venice"), AT), Placement("y", "y"))
    assert clusterer.assign(DatedTerms("s0", reader.read("Something else"), AT)) == place
    assert clusterer.assign(DatedTerms("x", reader.read("Something else"), AT)).event == "y"


def test_what_moderators_split_stays_apart() -> None:
    assert events(QUAKE[:2], splits={"s1": frozenset({"s0"})}) == ["s0", "s1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apple cuts prices in China", "China cuts its growth target to 5%"),
        ("Medvedev takes down Tsitsipas to reach final", "Nadal beats Medvedev in five-set final"),
        ("Godrej to buy 10% of DB Realty", "Godrej calls off DB Realty deal as shares plunge"),
        ("Mayor goes on trial over crane sale", "Mayor gets four years for selling cranes"),
    ],
)
def test_what_is_told_next_is_no_copy(one: str, other: str) -> None:
    first, second = placed([(one, "a"), (other, "b")])
    assert first.development != second.development


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Elsewhere, or nowhere in particular.
        ("Petrol prices keep rising nearly everywhere", "Petrol prices in Oslo rise by two cents"),
        ("Most cities see more people on buses", "More people take buses in Leipzig and Graz"),
        # The other way.
        ("Motoring club: petrol up four cents", "Motoring club: petrol falls four cents"),
        ("Copper climbs after strike at mine", "Copper drops after strike at mine"),
        # A report, and what somebody asks about it.
        ("Ferry prices steady this week", "Why are ferry prices so steady this week?"),
        # Names alone.
        ("Neil Okonkwo's 'Galaxies' draws viewers", "Neil Okonkwo on 'Galaxies' and his critics"),
    ],
)
def test_what_is_told_otherwise_is_posted_again(one: str, other: str) -> None:
    first, second = placed([(one, "a"), (other, "b")])
    assert first.development != second.development


def test_what_comes_a_day_later_must_be_more_alike() -> None:
    pair = [
        ("Mayor of Gullhaven faces crane inquiry", "a"),
        ("Council begins crane inquiry in Gullhaven", "b"),
    ]
    assert events(pair) == ["s0", "s0"]
    assert events(pair, step=timedelta(hours=30)) == ["s0", "s1"]


@pytest.mark.parametrize("leads", [True, False])
def test_made_up_headlines_are_put_into_their_events(leads: bool) -> None:
    told = [one if leads else replace(one, lead="") for one in read_labelled(OWN)]
    found, _ = place(told, sources=False)
    scores = score([one.event for one in told], [one.event for one in found])
    assert scores.precision >= 0.95
    assert scores.bcubed_precision >= 0.95
    assert scores.bcubed_f1 >= 0.8


def test_an_event_whose_development_was_split_off_is_restored_as_it_was() -> None:
    reader, clusterer = TermReader(), EventClusterer()
    places = [Placement("x", "y"), Placement("x", "z"), Placement("x", "y")]
    for n, ((title, source), place_) in enumerate(zip(QUAKE, places, strict=True)):
        clusterer.restore(DatedTerms(f"s{n}", reader.read(title), AT, source), place_)
    next_ = DatedTerms("s3", reader.read(QUAKE[0][0]), AT + HOUR, "d")
    assert clusterer.assign(next_) in places


def test_what_is_over_is_forgotten_while_old_stories_are_restored() -> None:
    reader, clusterer = TermReader(), EventClusterer()
    for n in range(6):
        day = AT + timedelta(days=n)
        clusterer.restore(DatedTerms(f"s{n}", reader.read(f"Fire {n}x", ""), day), place_of(n))
    assert clusterer.size == 3


def test_a_source_that_tells_of_an_event_twice_tells_something_new() -> None:
    pair = [("Mayor resigns over crane sale", "a"), ("Mayor of Gullhaven resigns at last", "a")]
    assert len({one.development for one in placed(pair)}) == 2


def test_words_of_titles_weigh_more_and_numbers_are_whole() -> None:
    terms = TermReader().read("L&T wins 1,200 crore order", "The order was won by L&T on Tuesday.")
    assert terms.weights["lt"] == terms.weights["1200"] == TITLE
    assert terms.weights["tuesday"] < TITLE
    assert is_date("tuesday")
    assert "lt" in terms.names


def test_rare_words_weigh_more_and_old_stories_are_forgotten() -> None:
    rarities = RarityCounter()
    for n in range(50):
        rarities.add(["common", f"rare{n}"], n)
    assert rarities.rarity("rare1") > rarities.rarity("common") > 0
    rarities.forget(10**6)
    assert rarities.count("common") == 0
    assert rarities.rarity("common") == rarities.rarity("rare1")


def test_what_is_removed_is_found_no_more() -> None:
    copies, one = NearCopies(), sketch(" ".join(f"w{n}" for n in range(90)))
    copies.add("a", one)
    assert list(copies.find(one)) == ["a"]
    copies.remove("a")
    copies.remove("never there")
    assert not list(copies.find(one))


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.text(max_size=80), st.integers(0, 400)), max_size=12
    )
)
def test_any_stories_are_placed_and_events_named_by_their_first(
    given: list[tuple[str, str, int]],
) -> None:
    reader, clusterer = TermReader(), EventClusterer()
    seen: set[str] = set()
    for n, (title, lead, hours) in enumerate(given):
        terms = reader.read(title, lead)
        place = clusterer.assign(DatedTerms(str(n), terms, AT + timedelta(hours=hours)))
        seen.add(str(n))
        assert {place.event, place.development} <= seen
