"""The assigner: gives a story its broad subject where its source gives it no topic, and if sure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ingest.subjects.classifier import Guess, SubjectClassifier
from bot.ingest.subjects.habits import SubjectHabits
from bot.model import Story, Topic

SURE = 0.7
"""The least probability of a guess that is taken."""
LEAST_KNOWN = 0.25
"""The least share of a story's features that have weights; foreign words have few."""

_METHOD = "w"  # with habits of sources and words: what was found without is outdated

# What publishing systems put a story under when nobody chose, and what all news is.
_NO_TOPICS = frozenset(
    """
    uncategorized uncategorised general news latest latest-news top-news top-stories headlines
    breaking breaking-news featured home homepage blog articles posts all default
    """.split()
)


def is_sure(guess: Guess) -> bool:
    """Returns True for a guess that is taken."""
    return guess.probability >= SURE and guess.known >= LEAST_KNOWN


class SubjectAssigner:
    """Assigns subjects to stories; for one thread at a time."""

    def __init__(
        self, topics: Sequence[Topic] = (), classifier: SubjectClassifier | None = None
    ) -> None:
        """Takes the topics.

        Args:
            topics: All topics; a story from a source that one of them names has that topic.
            classifier: Guesses the subjects; None for that of the package.
        """
        self._with_topics = frozenset[str]().union(*(topic.sources for topic in topics))
        self._classifier = classifier or SubjectClassifier()
        self._habits = SubjectHabits()

    @property
    def method(self) -> str:
        """Names how subjects are found: stories whose subjects bear another name are outdated."""
        return f"{self._classifier.method}{_METHOD}"

    def subject_of(self, story: Story) -> str:
        """Returns the key of a story's subject; empty where it has topics, or nothing is sure.

        What the story is on says what the next ones of its source and of its words may be on.
        """
        if self._has_topics(story) or not _may_be_english(story):
            return ""
        lead = max(story.text, story.summary, key=len)
        guess = self._guess(story, lead)
        if guess.known >= LEAST_KNOWN:
            words = self._classifier.stems(story.title)
            self._habits.learn(story.source, words, guess.shares)
        if not is_sure(guess) or self._opens_elsewhere(story, guess.subject):
            return ""
        return guess.subject

    def _opens_elsewhere(self, story: Story, subject: str) -> bool:
        """Returns True for a story whose summary is on another subject than its opening.

        So it is with openings that come to the point by a detour, which summaries leave out.
        """
        text, summary = story.text, story.summary
        if not summary or len(text) <= len(summary) or text.startswith(summary):
            return False
        return self._guess(story, summary).subject != subject

    def _guess(self, story: Story, lead: str) -> Guess:
        words = self._classifier.stems(story.title)
        leanings = self._habits.leanings(story.source, words)
        return self._classifier.guess(story.title, lead, story.url or "", leanings)

    def _has_topics(self, story: Story) -> bool:
        given = {"-".join(name.casefold().split()) for name in story.categories}
        return bool(given - _NO_TOPICS) or not self._with_topics.isdisjoint(story.sources)


def _may_be_english(story: Story) -> bool:
    """Returns True for a story in English, the language of the weights, or in nobody knows what."""
    return not story.language or story.language.casefold().partition("-")[0] == "en"
