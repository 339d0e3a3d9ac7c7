"""Boilerplate is found by a source's own repetition, and news is not eaten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import open_store, store
from stories import story

from bot.chat.ports import Store
from bot.ingest.boilerplate import MEMORY, Boilerplate, StoryEdges, remember
from bot.ingest.story_cleaning import StoryCleaner
from bot.model import Source, Story

__all__ = ["open_store", "store"]

FEED = Source("bay", "Bay News", "feed", timedelta(minutes=15))
SUBJECTS = "cranes ferry library market harbour bridge school theatre tram lighthouse".split()
MIDDLES = (
    "The council voted on day {n}, and nobody was surprised. {n} members stayed away.",
    "It cost {n} more than was planned; the mayor blames the weather. Work takes {n} weeks.",
    "{n} neighbours had asked for it. They will be heard in room {n}.",
)


def written(number: int, *, before: str = "", after: str = "", apart: bool = True) -> Story:
    """One of many different stories, with something that recurs before or behind it."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    title = f"News of the {subject}, part {number}"
    text = f"The {subject} was in the news for the {number}th time. "
    text += MIDDLES[number % 3].format(n=number)
    parts = [part.format(title=title, number=number) for part in (before, text, after) if part]
    return story(title, "\n".join(parts) if apart else " ".join(parts), source="bay")


def read(stories: Sequence[Story], source: Source = FEED) -> list[str]:
    cleaner = StoryCleaner(source)
    cleaner.learn(stories)
    return [cleaner.clean(one).text for one in stories]


BOILERPLATE = [
    "Follow us on Facebook and Instagram.",
    "Sign up for our newsletter.",
    "© 2026 Bay Media Group. All rights reserved.",
    "Have you seen something? Write to us at desk@bay.example.",
    "Bay News is made by six people and a dog.",
    "“{title}” was written for Bay News readers.",
    "Diese Meldung „{title}“ stand zuerst im Küstenblatt.",
    "Abonnieren Sie den Newsletter der Redaktion.",
    "Subscríbete a nuestro boletín.",
    "Подпишитесь на наш канал.",
    (
        "Ann Lee has written about the harbour for thirty years; her book on lighthouses is in its "
        "fourth printing."
    ),
    (
        "Sold by the quay. Printed in the old mill. Delivered by bicycle to every house in the old "
        "town, whatever the weather is."
    ),
]


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("ending", BOILERPLATE)
def test_what_ends_the_stories_of_a_source_goes(ending: str, apart: bool) -> None:
    stories = [written(n, after=ending, apart=apart) for n in range(8)]
    assert read(stories) == [written(n).text for n in range(8)]


@pytest.mark.parametrize(
    "opening",
    [
        "Listen to this article.",
        "Subscribe to our newsletter and never miss a tide.",
        "This story, {title}, first appeared on bay.example.",
        "Advertisement",
    ],
)
def test_invitations_that_open_the_stories_of_a_source_go(opening: str) -> None:
    stories = [written(n, before=opening) for n in range(8)]
    assert read(stories) == [written(n).text for n in range(8)]


OPENINGS = [
    "TOKYO —",
    "TOKYO (Reuters) -",
    "Good morning.",
    "Good morning from Bay News.",
    "Good morning. Here is what you need to know before the first ferry leaves the harbour today.",
    (
        "And now the shipping forecast, issued by the Met Office on behalf of the Agency at "
        "five today."
    ),
    "This is the weather on Bay News, brought to you by the harbour office.",
    "Dear diary,",
    "What happened today:",
]


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("opening", OPENINGS)
def test_openings_that_recur_for_good_reasons_stay(opening: str, apart: bool) -> None:
    stories = [written(n, before=opening, apart=apart) for n in range(20)]
    assert read(stories) == [one.text for one in stories]


@pytest.mark.parametrize(
    "refrain",
    [
        "And that's the way it is.",
        "Good night, and good luck.",
        "So it goes.",
        "And so to bed, until the tide turns.",
        "That is all from the harbour for today.",
    ],
)
def test_a_columns_refrain_stays(refrain: str) -> None:
    stories = [written(n, after=refrain) for n in range(20)]
    assert read(stories) == [one.text for one in stories]


def test_a_column_among_other_stories_keeps_its_long_refrain() -> None:
    refrain = (
        "And that, dear reader, is all that an old man by the quay has to tell you on a day "
        "like this one."
    )
    stories = [written(n, after=refrain if n % 3 == 0 else "") for n in range(20)]
    assert read(stories) == [one.text for one in stories]


def test_the_same_notice_again_and_again_is_news() -> None:
    notice = "All systems work. Follow us on Facebook for more. Nobody needs to do anything at all."
    stories = [story(f"Status {n}", notice, source="bay") for n in range(20)]
    assert read(stories) == [notice] * 20


def test_a_weather_report_keeps_all_but_its_invitation() -> None:
    days = [
        story(
            f"Weather on day {n}",
            "Here is the forecast for the bay and the islands, valid until noon tomorrow. "
            f"Wind {n} knots. Rain by {n % 12 + 1}. Visit our page for charts.",
            source="bay",
        )
        for n in range(10)
    ]
    assert read(days) == [one.text.removesuffix(" Visit our page for charts.") for one in days]


def test_two_stories_prove_nothing() -> None:
    stories = [written(n, after="Follow us on Facebook.") for n in range(2)]
    assert read(stories) == [one.text for one in stories]


def test_an_archive_is_left_alone() -> None:
    stories = [written(n, after="Follow us on Facebook.") for n in range(8)]
    archive = Source("bay", "Bay News", "archive", timedelta(minutes=15))
    assert read(stories, archive) == [one.text for one in stories]


def test_a_summary_is_cleaned_by_what_the_texts_show() -> None:
    ending = "Follow us on Facebook."
    stories = [
        replace(written(n, after=ending), summary=f"In short, {n}. {ending}") for n in range(8)
    ]
    cleaner = StoryCleaner(FEED)
    cleaner.learn(stories)
    assert cleaner.clean(stories[3]).summary == "In short, 3."


@pytest.mark.parametrize("ending", BOILERPLATE)
async def test_a_single_new_story_is_cleaned_by_what_is_remembered(
    store: Store, ending: str
) -> None:
    """A feed of one item: each poll brings one story, by a process of its own."""
    shown: list[str] = []
    for number in range(6):
        one = written(number, after=ending)
        cleaner = await StoryCleaner.open(store.ingest, FEED)
        cleaner.learn([one])
        shown.append(cleaner.clean(one).text)
        await cleaner.save(store.ingest)
    assert shown[3:] == [written(number).text for number in range(3, 6)]


async def test_a_store_remembers_the_edges_of_each_source_alone(store: Store) -> None:
    edges = {"b": StoryEdges(("1",), ("2", "3")), "a": StoryEdges()}
    assert dict(await store.ingest.story_edges("bay")) == {}
    await store.ingest.keep_story_edges("bay", edges)
    await store.ingest.keep_story_edges("other", {"c": StoryEdges()})
    assert list((await store.ingest.story_edges("bay")).items()) == list(edges.items())
    await store.ingest.keep_story_edges("bay", {})
    assert dict(await store.ingest.story_edges("bay")) == {}


async def test_only_the_newest_stories_are_remembered(store: Store) -> None:
    cleaner = StoryCleaner(FEED)
    stories = [written(n) for n in range(MEMORY * 2)]
    cleaner.learn(stories)
    await cleaner.save(store.ingest)
    kept = await store.ingest.story_edges("bay")
    assert list(kept) == [one.id for one in stories[-MEMORY:]]


SENTENCES = st.text("abcde ", min_size=3, max_size=20).map(
    lambda text: " ".join(text.split()).capitalize() or "A"
)
TEXTS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4), min_size=1, max_size=6)


@given(st.lists(TEXTS, max_size=10), st.sampled_from(["", "Follow us on Facebook.", "Ha."]))
def test_what_does_not_recur_is_never_removed(texts: list[list[list[str]]], ending: str) -> None:
    """Each sentence has its own number, but for the ending."""
    counter = iter(range(10_000))
    stories = [
        story(
            f"Title {number}",
            "\n".join(
                [
                    *(" ".join(f"{one} {next(counter)}." for one in part) for part in parts),
                    *([ending] if ending else []),
                ]
            ),
            source="bay",
        )
        for number, parts in enumerate(texts)
    ]
    boilerplate = Boilerplate(remember({}, stories), FEED.name)
    for one in stories:
        kept = "\n\n".join(part.text for part in boilerplate.strip(one.paragraphs, one.title))
        assert kept in {one.text, one.text.removesuffix(ending).rstrip()}


@given(TEXTS, st.integers(1, 12))
def test_cleaning_twice_changes_nothing_more(texts: list[list[str]], copies: int) -> None:
    stories = [
        story(f"T {n}", "\n".join(f"{'. '.join(part)}. {n}" for part in texts), source="bay")
        for n in range(copies)
    ]
    boilerplate = Boilerplate(remember({}, stories), FEED.name)
    for one in stories:
        once = boilerplate.strip(one.paragraphs, one.title)
        assert all(part.text for part in once)
        assert boilerplate.strip(once, one.title) == once
