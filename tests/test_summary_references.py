"""Summaries that can be read alone: lead-ins, and sentences that lean on others."""

from __future__ import annotations

import pytest
from stories import story

from bot.ingest.summaries.features import measure
from bot.ingest.summaries.lead_ins import strip_lead_in
from bot.ingest.summaries.passages import passages
from bot.ingest.summaries.summariser import Summariser
from bot.text.stemming import new_stemmer

TITLE = "Drones get a speed limit"
LEAD = "The ministry will limit drones over towns to thirty kilometres an hour in April."
LONG = (
    "Makers and mayors had asked for rules of their own, Mathilda Brandt, a pilot from Bergen, and "
    "Otto Lindqvist wrote to the council, which went through forty pages of proposals, each with "
    "its drawings, tables and letters, before two of them were put to a vote at a meeting that "
    "lasted until the morning and that hardly anybody attended."
)
PLAIN = "Pilots of drones in towns will need a licence, and pay for it by the year, from April on."


def summarise(title: str, *paragraphs: str, length: int = 200) -> str:
    return Summariser(length).summarise(story(title, "\n".join(paragraphs)))


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        (
            "But that is not what this week’s column is about: Investors bought the last ferry.",
            "Investors bought the last ferry.",
        ),
        (
            "It surprised this reporter no less than others: The mayor of Oslo sold her car.",
            "The mayor of Oslo sold her car.",
        ),
        (
            "Against a rather gloomy backdrop, Oslo’s theatre sold every seat for May.",
            "Oslo’s theatre sold every seat for May.",
        ),
        (
            "In a curious twist of sorts, Norway bought its own ferries back.",
            "In a curious twist of sorts, Norway bought its own ferries back.",
        ),
        (
            "In yet another turn of events, Norway bought its own ferries back.",
            "Norway bought its own ferries back.",
        ),
        (
            "Meanwhile, Mexico and Estonia had told the fair that they stay away.",
            "Mexico and Estonia had told the fair that they stay away.",
        ),
        (
            "On a lighter note, “Everybody danced until the morning,” said the mayor.",
            "“Everybody danced until the morning,” said the mayor.",
        ),
    ],
)
def test_what_only_announces_or_links_is_stripped(sentence: str, rest: str) -> None:
    assert strip_lead_in(sentence) == rest


@pytest.mark.parametrize(
    "sentence",
    [
        "Against a backdrop of rising prices, Oslo froze its rents for a year.",
        "Meanwhile, the council froze rents for a whole year in the old town.",
        "Moreover, Oslo agreed.",
        "The council said this in three words: Rents are frozen for a year.",
        "In Norway, Ferries and Sons sold its last boat to the museum.",
        "“This story is not true: Nobody bought the ferry,” the mayor said.",
    ],
)
def test_what_says_something_stays(sentence: str) -> None:
    assert strip_lead_in(sentence) == sentence


@pytest.mark.parametrize(
    "lead_in",
    ["None of that is what our story is about: ", "In a strange twist, ", "Meanwhile, "],
)
def test_a_summary_begins_with_the_news(lead_in: str) -> None:
    news = "Norway limits drones over towns to thirty kilometres an hour in April."
    opening = "It is widely known that birds have always been faster than anything that people fly."
    assert summarise(TITLE, f"{opening} {lead_in}{news}", LONG, length=100) == news


LEANING = [
    "The two limits make drones over towns quieter.",
    "The big change between the three sets of rules is for those who fly drones at night.",
    "Those limits on the speed of drones begin in April.",
    "Owners of drones will be following the lead.",
    "More drones get their speed limit in the country from May, following suit.",
    "In contrast, drones get no speed limit over the sea.",
    "Barely half of them get a drone with a speed limit.",
    "For example, drones get a speed limit near schools.",
    "Another speed limit for drones comes in May.",
    "Brandt said drones get a speed limit too late.",
    "Mr. Lindqvist wants a lower speed limit for drones.",
    "They fly drones for the council in May.",
    "The first vote was on the speed limit that drones get.",
]


@pytest.mark.parametrize("leaning", LEANING)
def test_a_sentence_is_not_shown_without_what_it_leans_on(leaning: str) -> None:
    assert summarise(TITLE, LEAD, LONG, leaning, PLAIN) == f"{LEAD} {PLAIN}"


@pytest.mark.parametrize("leaning", LEANING)
def test_a_sentence_leans_on_the_one_that_says_what_it_means(leaning: str) -> None:
    found = passages(story(TITLE, f"{LEAD}\n{LONG}\nWhat?!\n{leaning}").paragraphs, TITLE)
    measured = measure(found, TITLE, new_stemmer())
    assert measured[-1].leaning
    assert measured[-1].leaning.on == {1}


@pytest.mark.parametrize(
    "sentence",
    [
        "This year pilots need a licence for drones.",
        "Norway and Sweden agreed that the two countries share a register.",
        "Pilots in those in-between towns, such as Moss, need a licence.",
        "The number of drones over towns has doubled.",
        "The drones will be counted by the police.",
        "The government will count drones.",
        "Police said that pilots need a licence for drones.",
        "Camilla Dahl sold drones until last year.",
        "More than ninety drones fell into the sea.",
        "The speed of drones over towns will be measured from the ground.",
    ],
)
def test_a_sentence_that_says_itself_what_it_means_leans_on_nothing(sentence: str) -> None:
    found = passages(story(TITLE, f"{LEAD}\n{LONG}\n{sentence}").paragraphs, TITLE)
    assert measure(found, TITLE, new_stemmer())[-1].leaning is None


@pytest.mark.parametrize(
    "following",
    [
        "They get a licence for a year with the speed limit of drones.",
        "Those pilots get a licence for a year with the speed limit of drones.",
        "The two get a licence for a year with the speed limit of drones.",
    ],
)
def test_what_a_sentence_leans_on_may_stand_before_it(following: str) -> None:
    names = "Brandt and Lindqvist, pilots, get the first drones with a speed limit."
    made = summarise(TITLE, names, following, LONG)
    assert made == f"{names} {following}"


@pytest.mark.parametrize(
    "platitude",
    [
        "Any game needs rules and judges who know them by heart.",
        "Everybody likes to be on time, and nobody likes to wait.",
        "People have always wished to fly like birds do.",
        "Nothing is as old as the wish to fly like birds.",
    ],
)
def test_a_platitude_is_no_news(platitude: str) -> None:
    assert platitude not in summarise(TITLE, platitude, LEAD, LONG)


@pytest.mark.parametrize(
    "question",
    [
        "Already, drones have lights and numbers, but a new limit for noise?",
        "Drones get a licence, and now a speed limit?",
        "The towns get quieter, so why a speed limit for drones?",
    ],
)
def test_a_question_at_the_end_of_a_sentence_is_a_question(question: str) -> None:
    assert summarise(TITLE, LEAD, LONG, question, PLAIN) == f"{LEAD} {PLAIN}"
