"""Enrichment: what a story is given before readers see it: a plausible date, a summary, topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.ingest.results import StoryRecord, clamp_date
from bot.ingest.summaries.summariser import Summariser
from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Story, Topic


class StoryEnricher:
    """Gives stories a plausible date, a summary, and the topics that they belong to."""

    def __init__(self, topics: Sequence[Topic] = (), summariser: Summariser | None = None) -> None:
        """Takes the topics.

        Args:
            topics: All topics, as they were given to `IngestStore.set_topics`.
            summariser: Makes the summaries; None for one that makes them as long as usual.
        """
        self._topic_matcher = TopicMatcher(topics)
        self._summariser = summariser or Summariser()

    def enrich(self, record: StoryRecord, now: datetime) -> StoryRecord:
        """Returns the story as readers will see it; its fingerprint stays as it is."""
        story = clamp_date(record.story, now)
        summary = self._summariser.summarise(story, story.summary)
        topics = self._topic_matcher.topics_of(story)
        return replace(
            record,
            story=replace(story, summary=summary, topics=topics),
            given_summary=story.summary,
            summary_method=self._summariser.method,
        )

    def add_topics(self, story: Story) -> Story:
        """Returns a story that readers know already, with the topics that it belongs to now."""
        return replace(story, topics=self._topic_matcher.topics_of(story))
