"""Evidence of topics: why a story is on a topic, as the configuration and its names are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.model import Story, Topic
from bot.search.query import parse
from bot.subscriptions.criteria import literal_criteria
from bot.subscriptions.story_terms import StoryTerms


class TopicSign(StrEnum):
    """Signs by which a story is put on a topic."""

    SOURCE = "source"  # all stories of one of its sources are on it
    WORDS = "words"  # it has the words of the topic's search
    SUBJECT = "subject"  # its broad subject
    NAME = "name"  # it is about a name that recurs in stories
    GIVEN = "given"  # its source puts it there
    UNKNOWN = "unknown"  # nothing of this is so any longer


@dataclass(frozen=True, slots=True)
class TopicEvidence:
    """The reason why a story is on a topic.

    Attributes:
        topic: The topic's name.
        sign: What it was put there by.
        words: The words of the topic's search that it has, as they are configured; the ids of the
            sources; else empty.
    """

    topic: str
    sign: TopicSign
    words: tuple[str, ...] = ()


def find_topic_evidence(story: Story, topics: Sequence[Topic]) -> Sequence[TopicEvidence]:
    """Finds out why a story is on each of its topics."""
    known = {topic.key: topic for topic in topics}
    return [_evidence(name, known.get(name.casefold()), story) for name in story.topics]


def _evidence(name: str, topic: Topic | None, story: Story) -> TopicEvidence:
    if topic is None:
        return TopicEvidence(name, TopicSign.UNKNOWN)
    sources = tuple(one for one in story.sources if one in topic.sources)
    if sources:
        return TopicEvidence(name, TopicSign.SOURCE, sources)
    words = _met_words(topic.query, story)
    if words:
        return TopicEvidence(name, TopicSign.WORDS, words)
    if name.casefold() in {one.casefold() for one in story.categories}:
        return TopicEvidence(name, TopicSign.GIVEN)
    if topic.keys:
        return TopicEvidence(name, TopicSign.NAME)
    return TopicEvidence(name, TopicSign.SUBJECT if topic.subject else TopicSign.UNKNOWN)


def _met_words(asked: str, story: Story) -> tuple[str, ...]:
    """Returns the words of the first alternative of a search that a story meets."""
    query, terms = parse(asked), StoryTerms(story, str)
    for group in query.alternatives:
        alone = replace(query, alternatives=(group,))
        if any(one.is_met(terms) for one in literal_criteria(alone)):
            return tuple(map(str, group))
    return ()
