"""Topics of a story; that the store's search finds the same shows test_matcher_and_search."""

from __future__ import annotations

import pytest
from stories import story

from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Topic


@pytest.mark.parametrize(
    ("query", "is_topic"),
    [
        ("rail", True),
        ("rails", False),
        ("strike rail", True),
        ("tram OR strike", True),
        ('"rail strike"', True),
        ('"strike rail"', False),
        ("rail -tokyo", False),
        ("rail -tram", True),
        ("in:title rail", True),
        ("in:title tokyo", False),
        ("tokyo", True),
        ("ail", False),
        ("CAFÉ", True),
        ("万博", True),
        ("", False),
        ("-tram", False),
        ("source:other rail", True),
        ("source:wire", False),
    ],
)
def test_a_query_means_its_words_as_they_are_typed(query: str, is_topic: bool) -> None:
    one = story("Rail strike", "A cafe at the 大阪万博.", place="TOKYO")
    assert bool(TopicMatcher([Topic("T", query)]).topics_of(one)) is is_topic


def test_a_source_is_a_topic_by_itself_or_beside_a_query() -> None:
    topics = TopicMatcher(
        [
            Topic("Wire", sources=frozenset({"wire"})),
            Topic("Both", "strike", frozenset({"other"})),
            Topic("None"),
        ]
    )
    assert topics.topics_of(story("Tram")) == ("Wire",)
    assert topics.topics_of(story("Strike")) == ("Wire", "Both")
    assert topics.topics_of(story("Tram", source="other")) == ("Both",)


def test_what_a_story_was_put_under_before_does_not_count() -> None:
    assert TopicMatcher([]).topics_of(story("Tram", topics=("Rail",))) == ()
    assert TopicMatcher([Topic("Rail", "rail")]).topics_of(story("Tram", topics=("Rail",))) == ()
