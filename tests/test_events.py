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
from bot.ingest.events.figures import differ, read_figures, write_out
from bot.ingest.events.headline_forms import NEWS, QUESTION, form_of
from bot.ingest.events.near_copies import NearCopies
from bot.ingest.events.placement import Placement, Splits
from bot.ingest.events.rarity import RarityCounter
from bot.ingest.events.synonyms import synonyms
from bot.ingest.events.terms import TITLE, TermReader, is_date
from bot.ingest.similarity import sketch
from bot.text.stemming import new_stemmer

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


def test_issues_of_a_column_are_not_one_story() -> None:
    clusterer, reader = EventClusterer(NO_SPLITS), TermReader()
    leads = (
        "New novels by Lee and Roe, and a life of Daly.",
        "Poems by Fox, and three crime novels from Norway.",
        "Novels by Lee and Roe, and a new life of Daly, the painter.",
    )
    places = [
        clusterer.assign(
            DatedTerms(f"s{n}", reader.read("The week in books", lead), AT + n * HOUR, "a")
        )
        for n, lead in enumerate(leads)
    ]
    assert [one.development for one in places] == ["s0", "s1", "s0"]


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
        ("Let's talk about 'Galaxies: A Long Way'", "'Galaxies: A Long Way' ratings and schedule"),
        # Other numbers.
        ("Club: petrol prices up four cents", "Club: petrol prices climb another 2 cents"),
        ("Utah collects $2M in lottery taxes", "Utah collects $4.4 million in lottery taxes"),
        ("Film festival recap, day 3", "Film festival recap, day 4"),
        ("Second trailer for 'Galaxies' released", "Fourth trailer for 'Galaxies' released"),
        ("Harbour Foods sales drop 0.3 percent", "Harbour Foods sales drop 1.4% at home"),
        # Reports on other markets.
        ("Oil sinks on weak data from China", "China stocks sink on weak data"),
        ("Asian shares slip after weak data", "US stocks slip after weak Asian data"),
        (
            "Share price of Lake Supermart falls as Nifty dips",
            "Share price of Orbix falls as Nifty dips",
        ),
        # What comes, and what came of it.
        (
            "Okonkwo to speak at harbour festival",
            "Okonkwo at harbour festival: 'I saw laws broken'",
        ),
        ("Who will win 'The Gardener'? Our predictions", "Lindqvist wins 'The Gardener' in final"),
        # What somebody thinks of it, shows of it or has to say on it.
        ("Speed reading app Flit wants to change reading", "We don't need speed reading apps"),
        ("Photos of the day: Orbix's CarDeck", "CarDeck is not perfect, but perfect for Orbix"),
        ("Ten best stocks of the boom", "Ten worst stocks of the boom"),
        ("Early players of Orbis won't be banned", "Early players of Orbis may get banned"),
        ("Rebel tanker with oil escapes navy", "Navy intercepts rebel tanker with oil"),
    ],
)
def test_what_is_told_otherwise_is_posted_again(one: str, other: str) -> None:
    first, second = placed([(one, "a"), (other, "b")])
    assert first.development != second.development


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fruit giants Chandler and Finnegan merge", "Merger of fruit giants Finnegan, Chandler"),
        (
            "Chandler buys Finnegan to form biggest fruit seller",
            "Chandler acquires Finnegan, forms largest fruit seller",
        ),
        (
            "Harbour Foods files for bankruptcy for the second time",
            "Harbour Foods files for 2nd bankruptcy",
        ),
        ("Stocks fall on weak Chinese data", "Stocks drop on weak China data"),
        (
            "Utah collects $2M in lottery taxes in January",
            "Utah collects $2.1 million in January lottery taxes",
        ),
        (
            "Smartphones distract parents, study says",
            "Smartphones distract parents, researchers say",
        ),
        ("Okonkwo weds Lindqvist in Lisbon", "Okonkwo marries Lindqvist in Lisbon"),
        ("Parliament ousts prime minister Zeidler", "Parliament dismisses prime minister Zeidler"),
        (
            "Orbis servers faced 150000 attacks per second",
            "Report: Orbis servers hit by 150K attacks per second",
        ),
    ],
)
def test_the_same_told_in_other_words_is_posted_once(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        first, second = placed([(pair[0], "a"), (pair[1], "b")])
        assert first.development == second.development


def test_what_joins_a_development_is_found_beside_the_event_of_most_words() -> None:
    """The event of many stories is about more than any one of them."""
    told = [
        "Chandler, Finnegan agree to end ticket deal",
        "Chandler pilots strike over pay at Dublin hub",
        "Finnegan sells landing slots at Dublin hub",
        "Chandler and Finnegan agree to end their ticket deal",
    ]
    found = placed([(title, str(n)) for n, title in enumerate(told)])
    assert found[3].development == "s0"


def test_a_copy_of_what_has_joined_joins() -> None:
    told = [
        "Metro worker killed by train",
        "Metro worker struck and killed by train near Harlem bridge",
        "Metro worker struck and killed by train near Harlem bridge, police say",
    ]
    found = placed([(title, str(n)) for n, title in enumerate(told)])
    assert {one.development for one in found} == {"s0"}


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("Council approves budget", NEWS),
        ("A preview-free headline of columns and tipsters", "preview"),
        ("Will the council approve the budget?", QUESTION),
        ("Is there a budget? Council wonders", QUESTION),
        ("Review: 'Galaxies' is too long", "review"),
        ("'Galaxies' recap: a long way home", "review"),
        ("How to read the budget", "guide"),
        ("Everything you need to know about the budget", "guide"),
        ("Budget: what's new", "guide"),
        ("10 best things in the budget", "list"),
        ("Monday's morning briefing", "list"),
        ("Budget vote live blog", "list"),
        ("Budget vote LIVE: council adjourns", "list"),
        ("A budget for who must live: parks and pools", NEWS),
        ("Budget against last year's: a comparison", "review"),
        ("Mayor to face questions over budget", "preview"),
        ("Ahead of the vote: what the budget says", "preview"),
        ("'The Gardener' spoilers", "preview"),
        ("Opinion: a budget for nobody", "opinion"),
        ("Why the budget is wrong", QUESTION),
        ("Budget day in pictures", "pictures"),
        ("Trailers and columnists, reviewed", NEWS),
    ],
)
def test_forms_of_headlines(title: str, form: str) -> None:
    assert form_of(title) == form


@pytest.mark.parametrize(
    ("title", "figures"),
    [
        ("Utah gets $2.1 million", {("$", 2_100_000.0)}),
        ("Utah gets $2M", {("$", 2_000_000.0)}),
        ("Utah gets 3bn euros", {("get #", 3e9), ("# euro", 3e9)}),
        ("Loans of €1,500 for all", {("$", 1_500.0)}),
        ("Sales fall 0.3 per cent", {("%", 0.3)}),
        ("Sales fall 24% again", {("%", 24.0)}),
        ("Trial, day 5", {("day #", 5.0)}),
        ("Two cents more", {("# cent", 2.0)}),
        ("The 3rd trailer", {("the #", 3.0), ("# trailer", 3.0)}),
        ("150k attacks", {("# attack", 150_000.0)}),
        ("490 thousand cars", {("# car", 490_000.0)}),
        ("Profit of 2024", set()),
        ("Blast kills 15 in market", set()),
        ("No numbers here", set()),
    ],
)
def test_figures_of_headlines(title: str, figures: set[tuple[str, float]]) -> None:
    assert set(read_figures(write_out(title), new_stemmer())) == figures


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ([("$", 2e6)], [("$", 2.1e6)], False),  # rounded
        ([("$", 2e6)], [("$", 3.5e6)], True),
        ([("%", 7.1)], [("%", 6.9)], True),  # neither is the other one rounded
        ([("# cent", 4.0)], [("# cent", 2.0)], True),
        ([("# cent", 4.0)], [("day #", 2.0)], False),  # nothing in common
        ([("march #", 10.0)], [("march #", 11.0)], True),  # days are never rounded
        ([("# car", 490_000.0)], [("# car", 500_000.0)], False),
        ([("$", 2.0), ("$", 9.0)], [("$", 9.0)], False),
        ([], [("$", 9.0)], False),
    ],
)
def test_figures_differ_where_they_count_the_same(
    one: list[tuple[str, float]], other: list[tuple[str, float]], apart: bool
) -> None:
    assert differ(one, other) is apart
    assert differ(other, one) is apart


def test_each_word_has_one_synonym_that_stands_for_it() -> None:
    known = synonyms()
    assert all(known[one] == one for one in known.values())
    assert known["largest"] == known["bigger"] == "larg"


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
