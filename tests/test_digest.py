"""Digests: what stands in them, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, story

from bot.i18n import load
from bot.model import Story
from bot.posting.digest import CARDS, DisplayNames, digest, group_by_topic, rank
from bot.reply import Reply, Role

NAMES = DisplayNames(load("en"), {"wire": "The Wire"})


def news(title: str, minutes: int = 0, *topics: str) -> Story:
    """A story that came some minutes ago."""
    return story(title, published=NOW - timedelta(minutes=minutes), topics=topics)


def titles(stories: list[Story]) -> list[str]:
    return [one.title for one in stories]


def headings(reply: Reply) -> list[tuple[str, str]]:
    return [(card.heading, card.story.title) for card in reply.cards]


# The best first


def test_the_newest_come_first() -> None:
    stories = [news("Old ferry", 9), news("New bridge", 1), news("Some tower", 5)]
    assert titles(rank(stories)) == ["New bridge", "Some tower", "Old ferry"]


def test_what_several_are_about_comes_before_what_is_newer() -> None:
    stories = [
        news("Harbour strike goes on", 30),
        news("Second day of harbour strike", 20),
        news("A cat is found", 0),
        news("Harbour strike ends", 10),
    ]
    assert titles(rank(stories)) == [
        "Harbour strike ends",
        "Second day of harbour strike",
        "Harbour strike goes on",
        "A cat is found",
    ]


def test_a_headline_of_short_words_is_as_good_as_one_of_its_own() -> None:
    stories = [news("Old ferry", 9), news("EU to ban it", 1), news("Some tower", 5)]
    assert titles(rank(stories)) == ["EU to ban it", "Some tower", "Old ferry"]


def test_a_word_that_many_share_makes_them_not_alike() -> None:
    about = [
        news("Mayor opens bright modern library downtown", 30),
        news("Mayor denies knowing about missing money", 20),
        news("A cat is found", 0),
    ]
    assert titles(rank(about))[0] == "A cat is found"


def test_of_very_many_the_newest_are_weighed() -> None:
    many = [news(f"Number {n}", n) for n in range(5_000)]
    assert titles(rank(many)) == titles(many)


@given(st.lists(st.tuples(st.text("ab cdefg", max_size=20), st.integers(0, 9)), max_size=12))
def test_none_is_lost_or_shown_twice(given_: list[tuple[str, int]]) -> None:
    stories = [
        story(title, key=str(n), published=NOW - timedelta(minutes=age))
        for n, (title, age) in enumerate(given_)
    ]
    assert sorted(one.id for one in rank(stories)) == sorted(one.id for one in stories)
    if stories:
        reply = digest(stories, NAMES)
        shown = [card.story.id for card in (*reply.cards, *reply.more)]
        assert sorted(shown) == sorted(one.id for one in stories)


# Topics


def test_topics_stand_together_in_the_order_of_their_best() -> None:
    stories = [
        news("A", 1, "Rail"),
        news("B", 2),
        news("C", 3, "Sea", "Rail"),
        news("D", 4, "Rail"),
        news("E", 5),
    ]
    cards = group_by_topic(stories, NAMES)
    assert [(card.heading, card.story.title) for card in cards] == [
        ("Rail", "A"),
        ("", "D"),
        ("Sea", "C"),
        ("Other", "B"),
        ("", "E"),
    ]
    assert {card.source for card in cards} == {"The Wire"}


def test_where_there_are_no_topics_there_are_no_headings() -> None:
    assert headings(digest([news("A", 1), news("B", 2)], NAMES)) == [("", "A"), ("", "B")]


# The whole page


@pytest.mark.parametrize("count", [2, CARDS, CARDS + 1, 30])
def test_the_first_are_cards_and_all_others_are_named(count: int) -> None:
    stories = [news(f"Story number{n}", n, "Rail" if n % 3 else "") for n in range(count)]
    reply = digest([one for one in stories if one.topics != ("",)], NAMES)
    wanted = [one for one in stories if one.topics != ("",)]
    assert reply.title == f"{len(wanted)} new stor{'y' if len(wanted) == 1 else 'ies'}"
    assert len(reply.cards) == min(CARDS, len(wanted))
    assert len(reply.more) == len(wanted) - len(reply.cards)
    assert [card.number for card in reply.cards] == list(range(1, len(reply.cards) + 1))
    assert {card.number for card in reply.more} <= {None}


def test_each_card_can_be_read() -> None:
    stories = [news(f"Story {n}", n) for n in range(12)]
    reply = digest(stories, NAMES)
    assert [(b.role, b.number) for b in reply.buttons] == [(Role.READ, n) for n in range(1, 9)]
    assert [str(b.action) for b in reply.buttons] == [
        f"/read story:{card.story.id}" for card in reply.cards
    ]
    assert [b.label for b in reply.buttons] == [card.story.title for card in reply.cards]


def test_a_source_that_is_no_more_is_called_by_its_id() -> None:
    reply = digest([story("A", source="gone"), story("B")], NAMES)
    assert {card.source for card in reply.cards} == {"gone", "The Wire"}
