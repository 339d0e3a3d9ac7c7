"""The store of found topics, as finding and editing them needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.ingest.topics.activity import TopicActivity
from bot.ingest.topics.model import NameCounts, StoryName, TopicEdit
from bot.model import Story, Topic

NEWEST = 20_000
"""Stories whose names are kept: topics are found in the newest."""


class TopicStore(Protocol):
    """Keeps the names that stories are about, and the topics made of them.

    Every method may raise StoreError.
    """

    async def revision(self) -> int:
        """Returns a number that is another one whenever found topics have changed."""
        ...

    async def story_count(self) -> int:
        """Returns how many stories there are."""
        ...

    async def topics(self) -> Sequence[Topic]:
        """Returns the found topics, and those of the desk that other names mean, too."""
        ...

    async def name_counts(self, at_least: int) -> NameCounts:
        """Counts the names of the newest stories.

        Args:
            at_least: How many stories a name has to have.
        """
        ...

    async def set_topics(self, topics: Sequence[Topic]) -> None:
        """Makes these the found topics, and puts the newest stories under them.

        What is known of a topic that stays is kept, and so is every topic that somebody follows.
        The names of older stories than the `NEWEST` are forgotten. Topics of the desk get the keys
        alone.
        """
        ...

    async def edits(self) -> Sequence[TopicEdit]:
        """Returns what moderators have decided, the oldest first."""
        ...

    async def hide(self, topic: Topic) -> None:
        """Removes a found topic, and remembers that it is to stay away."""
        ...

    async def rename(self, topic: Topic, name: str, now: datetime) -> None:
        """Gives a found topic another name; who follows it follows it under that."""
        ...

    async def merge(self, topic: Topic, into: Topic, now: datetime) -> None:
        """Puts a found topic's stories and followers under another topic, and removes it."""
        ...

    async def restore(self, key: str, now: datetime) -> bool:
        """Forgets what was decided of a topic, by one of its keys; False when nothing was."""
        ...

    async def activity(self, now: datetime, topic: str | None = None) -> Sequence[TopicActivity]:
        """Returns how alive every topic is, or one of a name."""
        ...

    async def count_unnamed(self, method: str) -> int:
        """Counts the newest stories whose names were not found by this method."""
        ...

    async def unnamed(self, method: str, limit: int) -> Sequence[Story]:
        """Returns some of the newest stories whose names were not found by this method."""
        ...

    async def keep_names(
        self, names: Sequence[tuple[Story, Sequence[StoryName]]], method: str
    ) -> None:
        """Keeps the names of stories, found by a method, instead of those known before."""
        ...
