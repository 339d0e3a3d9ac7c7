"""Broad subjects: what stories are on, where their sources do not say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, filed, story

from bot.i18n import load as load_translations
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.classifier import SubjectClassifier
from bot.ingest.subjects.features import features, sections
from bot.ingest.subjects.names import SUBJECTS, with_subjects
from bot.ingest.subjects.weights import PATH, parse, read_weights, signs, write
from bot.model import Story, Topic
from bot.text.stemming import new_stemmer

TOPICS = with_subjects((), load_translations("en").gettext)
CLEAR = {
    "world": [
        (
            "Rebels seize border town as army retreats",
            (
                "Thousands of refugees fled across the border after soldiers lost the town, the "
                "United Nations said, and the president asked for peacekeepers."
            ),
        ),
        (
            "Foreign ministers meet in Geneva over ceasefire",
            "Diplomats from Iran, Israel and Egypt arrived for talks on ending the war.",
        ),
    ],
    "politics": [
        (
            "Senate passes voting bill after long debate",
            (
                "Democrats and Republicans in Congress split over the election law, and the "
                "senator who wrote it called for a vote in the House."
            ),
        ),
        (
            "Labour MPs rebel against the leader before the election",
            "Voters and party members in the constituency said that the campaign had lost them.",
        ),
    ],
    "business": [
        (
            "Shares of retailer fall after weak quarterly profit",
            (
                "Investors sold the stock as revenue missed what analysts had expected, and the "
                "bank cut its price target."
            ),
        ),
        (
            "Central bank raises interest rates to fight inflation",
            "Economists expect the lenders to pass the rise on to mortgages and loans.",
        ),
    ],
    "technology": [
        (
            "New smartphone gets a larger battery and a faster processor",
            "The Android update brings apps, a better camera and software for developers.",
        ),
        (
            "Browser patch closes security hole that hackers used",
            "Users of Windows and Linux should install the software update, the researchers said.",
        ),
    ],
    "science": [
        (
            "Telescope spots a distant galaxy older than any other",
            "Astronomers say that the stars formed soon after the universe began.",
        ),
        (
            "Fossil of a feathered dinosaur found by scientists",
            "The species lived in the forest millions of years ago, the study in a journal says.",
        ),
    ],
    "health": [
        (
            "Vaccine trial shows fewer infections among patients",
            "Doctors at the hospital said that the drug lowers the risk of the disease.",
        ),
        (
            "Foods that lower blood pressure and cholesterol",
            "A diet of vitamins and fibre helps against diabetes and heart disease, doctors say.",
        ),
    ],
    "sports": [
        (
            "Striker scores twice as United win the derby",
            "The coach praised the goalkeeper after the match, and the team is top of the league.",
        ),
        (
            "Tennis champion out of the tournament with a knee injury",
            "She lost the second set of the quarterfinal and will miss the season's last matches.",
        ),
    ],
    "entertainment": [
        (
            "Singer announces new album and a tour",
            "The actress and the band will also star in a film that opens at the festival.",
        ),
        (
            "Comedy wins best picture at the film awards",
            "The director thanked the actors, and the movie's box office doubled.",
        ),
    ],
}


@pytest.fixture(scope="module")
def assigner() -> SubjectAssigner:
    return SubjectAssigner(TOPICS)


@pytest.mark.parametrize(
    ("subject", "title", "text"),
    [(subject, *each) for subject, stories in CLEAR.items() for each in stories],
)
def test_a_clear_story_has_its_subject(
    assigner: SubjectAssigner, subject: str, title: str, text: str
) -> None:
    assert assigner.subject_of(story(title, text)) == subject


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Thoughts", ""),
        ("What I did on Tuesday", "I got up, had tea, and looked out of the window for a while."),
        ("12 345 6789", "2022 2023 2024"),
        ("A letter to my neighbour", "You know who you are, and you know what you did."),
        ("大阪万博の開幕", "会場には多くの人が集まった。"),
        ("Neue Fähre fährt ab Mai", "Der Stadtrat hat am Montag eine zweite Fähre bestellt."),
        ("Le conseil approuve un nouveau pont", "Les habitants de la ville attendaient depuis."),
    ],
)
def test_what_says_nothing_sure_has_no_subject(
    assigner: SubjectAssigner, title: str, text: str
) -> None:
    assert assigner.subject_of(story(title, text)) == ""


CLEAR_TITLE, CLEAR_TEXT = CLEAR["sports"][0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "sports"),
        ({"categories": ("Derby",)}, ""),
        ({"categories": ("News", "Uncategorized", "Top  Stories")}, "sports"),
        ({"categories": ("News", "Harbour")}, ""),
        ({"language": "en-GB"}, "sports"),
        ({"language": "ja"}, ""),
        ({"language": "de"}, ""),
    ],
)
def test_only_stories_without_topics_of_their_own_get_one(
    assigner: SubjectAssigner, given: dict[str, object], expected: str
) -> None:
    assert assigner.subject_of(story(CLEAR_TITLE, CLEAR_TEXT, **given)) == expected


@pytest.mark.parametrize(
    "detour",
    [
        "Football, tennis, golf, cricket: each game has its rules, referees and champions.",
        "A striker who scores knows that the match is won when the goalkeeper and the team rest.",
    ],
)
def test_an_opening_that_makes_a_detour_is_not_believed(
    assigner: SubjectAssigner, detour: str
) -> None:
    point = "Shares of the retailer fell after its profit missed what investors had expected."
    told = story("What the rules are for", f"{detour}\n{point}", summary=point)
    assert assigner.subject_of(told) == ""
    assert assigner.subject_of(story("What the rules are for", detour)) == "sports"


def test_a_topic_of_the_source_is_enough_and_a_saved_search_is_not() -> None:
    by_source = Topic("Derby", sources=frozenset({"wire"}))
    by_search = Topic("Derby", query="derby")
    found = [
        SubjectAssigner([topic]).subject_of(story(CLEAR_TITLE, CLEAR_TEXT))
        for topic in (by_source, by_search)
    ]
    assert found == ["", "sports"]


def test_sections_of_the_page_tell_where_words_do_not() -> None:
    classifier = SubjectClassifier()
    title = "Five things to know this morning"
    found = {
        section: classifier.guess(title, url=f"https://paper.example/{section}/2026/five-things")
        for section in ("sport", "business", "entertainment", "health")
    }
    assert found["sport"].subject == "sports"
    assert {each: found[each].subject for each in found if each != "sport"} == {
        "business": "business",
        "entertainment": "entertainment",
        "health": "health",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", []),
        ("https://e.org", []),
        ("https://e.org/sport", []),
        ("https://e.org/sport/", ["sport"]),
        ("https://e.org/Sport/cricket/2026/11/a-long-match.html", ["sport", "cricket"]),
        ("https://e.org/news/uk-politics-60123456", ["news", "uk-politics"]),
        ("https://e.org/a/b2/story-1", []),
        ("https://[e.org/sport/x", []),
    ],
)
def test_sections_are_the_folders_of_a_page(url: str, expected: list[str]) -> None:
    assert sections(url) == expected


def test_features_are_stems_without_numbers_each_once() -> None:
    stem = new_stemmer()
    found = features(
        "Ferries, ferries: 12 ferry!", "A FERRY in 2026", "https://e.org/boats/1", stem
    )
    assert found == {"ferri", "a", "in", "/boats"}


@given(st.text(), st.text(), st.text())
def test_any_text_gets_a_guess_with_a_probability(title: str, lead: str, url: str) -> None:
    guess = SubjectClassifier().guess(title, lead, url)
    assert guess.subject in SUBJECTS
    assert 1 / len(SUBJECTS) - 1e-9 <= guess.probability <= 1
    assert 0 <= guess.known <= 1


# the table


def test_the_table_knows_all_subjects_and_is_small() -> None:
    assert read_weights().subjects == tuple(SUBJECTS)
    assert PATH.stat().st_size <= 1_000_000


def test_a_table_is_read_as_it_was_written() -> None:
    text = PATH.read_text("utf-8")
    assert write(parse(text)) == text


def test_signs_are_printable_and_stop_at_the_ends() -> None:
    assert signs([0, 1, -1, 99, -99], 1, 2, 1) == b"OPN}!#"
    assert all(len(one.strip().split("\t")[1]) == len(SUBJECTS) + 1 for one in read_weights().rows)


def test_another_table_is_another_method() -> None:
    weights = read_weights()
    fewer = parse(write(weights).rpartition("\n")[0].rpartition("\n")[0])
    first, same, other = map(SubjectClassifier, (weights, parse(write(weights)), fewer))
    assert first.method == same.method != other.method


# names and topics


def test_each_subject_is_a_topic_named_in_the_bots_language() -> None:
    def shouted(text: str) -> str:
        return text.upper()

    assert [topic.name for topic in with_subjects((), shouted)] == [
        name.upper() for name in SUBJECTS.values()
    ]


def test_a_topic_of_a_subjects_name_has_its_stories_too() -> None:
    own = Topic("SPORTS", query="ferry race")
    topics = with_subjects((own,), load_translations("en").gettext)
    assert topics[0] == Topic("SPORTS", query="ferry race", subject="sports")
    assert len(topics) == len(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_story_is_enriched_with_its_subjects_topic(subject: str) -> None:
    enricher = StoryEnricher(TOPICS, subjects=SubjectAssigner(TOPICS))
    (record,) = filed([story(*CLEAR[subject][0])])
    made = enricher.enrich(record, NOW)
    assert made.subject == subject
    assert made.story.topics == (SUBJECTS[subject],)
    assert enricher.add_topics(record.story).topics == made.story.topics


def test_without_an_assigner_no_story_has_a_subject() -> None:
    (record,) = filed([_clear()])
    made = StoryEnricher(TOPICS).enrich(record, NOW)
    assert (made.subject, made.subject_method, made.story.topics) == ("", "", ())


def _clear() -> Story:
    return story(CLEAR_TITLE, CLEAR_TEXT)
