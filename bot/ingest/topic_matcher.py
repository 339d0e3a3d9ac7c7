"""Topics of a story, by their sources and saved searches, without a search in the store."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Story, Topic
from bot.search.query import parse
from bot.subscriptions.criteria import Criterion, literal_criteria
from bot.subscriptions.story_terms import StoryTerms
from bot.text.tokenizer import folded


class TopicMatcher:
    """All topics, ready to be matched against one story after another.

    It finds what the store's own search finds, when that puts stories under topics that have
    changed: words as they are typed, without their inflections.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = [
            (topic, [_PreparedCriterion(one) for one in literal_criteria(parse(topic.query))])
            for topic in topics
        ]

    def topics_of(self, story: Story) -> tuple[str, ...]:
        """Returns the names of the topics that a story belongs to, whatever its `topics` say."""
        if not self._topics:
            return ()
        text = folded(f"{story.title}\n{story.place}\n{story.text}")
        terms = StoryTerms(story, str)  # each word is its own stem: none is asked for
        return tuple(
            topic.name
            for topic, criteria in self._topics
            if story.source in topic.sources
            or any(one.may_be_met(text) and one.criterion.is_met(terms) for one in criteria)
        )


class _PreparedCriterion:
    """A criterion with what its words look like in a text.

    To look for a few words in a text is far quicker than to cut the text into words, which then is
    done for those few stories only that hold them all, as words or within words.
    """

    __slots__ = ("_parts", "criterion")

    def __init__(self, criterion: Criterion) -> None:
        self.criterion = criterion
        # The key of a single letter has an asterisk behind it.
        self._parts = sorted((key.rstrip("*") for key in criterion.needs.keys), key=len)[::-1]

    def may_be_met(self, text: str) -> bool:
        """Returns False only when a folded text lacks what the criterion asks for."""
        return all(part in text for part in self._parts)
