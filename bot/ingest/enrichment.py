"""Enrichment: what a story is given before readers see it: a plausible date, a summary, topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.ingest.results import StoryRecord, clamp_date
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.summaries.summariser import Summariser
from bot.ingest.topic_matcher import TopicMatcher
from bot.ingest.topics.candidates import METHOD, story_names
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.model import StoryName
from bot.model import Story, Topic


class StoryEnricher:
    """Gives stories a plausible date, a summary, and the topics that they belong to."""

    def __init__(
        self,
        topics: Sequence[Topic] = (),
        summariser: Summariser | None = None,
        subjects: SubjectAssigner | None = None,
        catalogue: TopicCatalogue | None = None,
    ) -> None:
        """Takes the topics.

        Args:
            topics: All topics, as they were given to `IngestStore.set_topics`.
            summariser: Makes the summaries; None for one that makes them as long as usual.
            subjects: Finds the broad subjects; None for no subjects.
            catalogue: Has the topics that are found; None to find none.
        """
        self._catalogue = catalogue
        self.change(topics, summariser or Summariser(), subjects)

    def change(
        self, topics: Sequence[Topic], summariser: Summariser, subjects: SubjectAssigner | None
    ) -> None:
        """Changes what stories are given from now on; the arguments are those of the class."""
        self._topic_matcher = TopicMatcher(topics)
        self._summariser = summariser
        self._subjects = subjects

    def enrich(self, record: StoryRecord, now: datetime) -> StoryRecord:
        """Returns the story as readers will see it; its fingerprint stays as it is."""
        story = clamp_date(record.story, now)
        told = replace(story, summary=self._summariser.summarise(story, story.summary))
        subject, names = self._subject_of(told), self._names_of(told)
        return replace(
            record,
            story=replace(told, topics=self._topics_of(told, subject, names)),
            given_summary=story.summary,
            summary_method=self._summariser.method,
            subject=subject,
            subject_method=self._subjects.method if self._subjects else "",
            names=names,
            names_method="" if self._catalogue is None else METHOD,
        )

    def add_topics(self, story: Story) -> Story:
        """Returns a story that readers know already, with the topics that it belongs to now."""
        return replace(
            story, topics=self._topics_of(story, self._subject_of(story), self._names_of(story))
        )

    def _subject_of(self, story: Story) -> str:
        return self._subjects.subject_of(story) if self._subjects else ""

    def _names_of(self, story: Story) -> tuple[StoryName, ...]:
        return () if self._catalogue is None else story_names(story)

    def _topics_of(self, story: Story, subject: str, names: Sequence[StoryName]) -> tuple[str, ...]:
        own = self._topic_matcher.topics_of(story, subject)
        found = self._catalogue.names_of(names) if self._catalogue is not None else ()
        return tuple(dict.fromkeys((*own, *found)))
