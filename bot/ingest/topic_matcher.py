"""Topics of a story, by their sources and saved searches, without a search in the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.model import Story, Topic
from bot.search.query import parse
from bot.subscriptions.criteria import Criterion, literal_criteria
from bot.subscriptions.story_terms import StoryTerms
from bot.text.tokenizer import fold, is_run


class TopicMatcher:
    """All topics, ready to be matched against one story after another.

    It finds what the store's own search finds, when that puts stories under topics that have
    changed: words as they are typed, without their inflections.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = [
            (topic, [_TextCriterion(one) for one in literal_criteria(parse(topic.query))])
            for topic in topics
        ]

    def topics_of(self, story: Story, subject: str = "") -> tuple[str, ...]:
        """Returns the names of the topics that a story belongs to, whatever its `topics` say.

        Args:
            story: The story.
            subject: The key of its broad subject; empty for none.
        """
        if not self._topics:
            return ()
        text = fold(f"\n{story.title}\n{story.place}\n{story.text}\n")
        terms = StoryTerms(story, str)  # each word is its own stem: none is asked for
        return tuple(
            topic.name
            for topic, criteria in self._topics
            if not topic.sources.isdisjoint(story.sources)
            or any(one.is_met(text, terms) for one in criteria)
            or (subject and topic.subject == subject)
        )


class _TextCriterion:
    """A criterion that is looked for in the text first.

    To find a few words in a text is many times as fast as to cut that into all of its words. Most
    topics ask for nothing but words; for the others, only texts are cut that hold all that is asked
    for, be it within other words.
    """

    __slots__ = ("_criterion", "_excluded", "_is_plain", "_parts")

    def __init__(self, criterion: Criterion) -> None:
        self._parts = _texts(criterion.needs.keys)
        self._excluded = _texts(criterion.excluded_keys)
        self._is_plain = criterion.plain and not any(map(is_run, (*self._parts, *self._excluded)))
        self._criterion = criterion

    def is_met(self, text: str, terms: StoryTerms) -> bool:
        """Returns True when a story meets it, whose fold text and terms these are."""
        if not all(part in text for part in self._parts):
            return False
        if not self._is_plain:
            return self._criterion.is_met(terms)
        return all(_has_word(text, word) for word in self._parts) and not any(
            _has_word(text, word) for word in self._excluded
        )


def _texts(keys: Iterable[str]) -> list[str]:
    """Returns what stands in a text for keys, the longest first; a letter's ends in an asterisk."""
    return sorted((key.rstrip("*") for key in keys), key=len, reverse=True)


def _has_word(text: str, word: str) -> bool:
    """Returns True when a word stands in a fold text that begins and ends with a space."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if _is_boundary(text[at - 1]) and _is_boundary(text[end]):
            return True
        at = text.find(word, end)
    return False


def _is_boundary(sign: str) -> bool:
    return not sign.isalnum() or is_run(sign)
