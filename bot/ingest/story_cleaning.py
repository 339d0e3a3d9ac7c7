"""Cleaning of a feed's stories, before readers see them, of what tells nothing.

The fingerprints of stories are of what their source gave. So a poll takes no story for changed
because a phrase has become known since, by a new version or from the source's own repetition: what
was written stays, and what is written from then on is clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from bot.ingest.boilerplate import MEMORY, Boilerplate, StoryEdges, remember
from bot.ingest.debris import strip_debris
from bot.ingest.ports import IngestStore
from bot.model import Paragraph, Source, Story

Strip = Callable[[Sequence[Paragraph], Story], Sequence[Paragraph]]
"""Strips a text of the story."""

_LEARNT_FROM = 200  # stories of one poll, the newest


class StoryCleaner:
    """Cleans the stories of one source, and learns its boilerplate from them.

    Args:
        source: The source; one that is no feed is left as its keeper made it.
        edges: What is remembered of its stories.
    """

    def __init__(self, source: Source, edges: Mapping[str, StoryEdges] | None = None) -> None:
        self._source = source
        self._is_feed = source.is_by_others
        self._edges = dict(edges or {})
        self._boilerplate = Boilerplate(self._edges, source.name)

    @classmethod
    async def open(cls, store: IngestStore, source: Source) -> StoryCleaner:
        """Opens what is remembered of a source.

        Raises:
            StoreError: The store cannot be read.
        """
        return cls(source, await store.story_edges(source.id) if source.is_by_others else None)

    async def save(self, store: IngestStore) -> None:
        """Has the store remember what was learnt, of the newest stories.

        Raises:
            StoreError: The store cannot be written.
        """
        newest = dict(islice(reversed(self._edges.items()), MEMORY))
        if newest:
            await store.keep_story_edges(self._source.id, dict(reversed(newest.items())))

    def learn(self, stories: Sequence[Story]) -> None:
        """Learns how stories, given oldest first, begin and end."""
        if self._is_feed:
            newest = stories[-_LEARNT_FROM:]
            self._edges = remember(self._edges, map(_without_debris, newest))
            self._boilerplate = Boilerplate(self._edges, self._source.name)

    def clean(self, story: Story) -> Story:
        """Returns a story without what tells nothing."""
        return _with_texts(story, self._strip) if self._is_feed else story

    def _strip(self, paragraphs: Sequence[Paragraph], story: Story) -> list[Paragraph]:
        kept = strip_debris(paragraphs, story.title, story.byline)
        own = self._boilerplate.strip(kept, story.title)
        return strip_debris(own, story.title, story.byline) if own != kept else kept


def _without_debris(story: Story) -> Story:
    return _with_texts(story, lambda texts, one: strip_debris(texts, one.title, one.byline))


def _with_texts(story: Story, strip: Strip) -> Story:
    """Returns a story with its text and its summary stripped."""
    kept = tuple(strip(story.paragraphs, story))
    if story.summary == _line(story.paragraphs):
        return replace(story, paragraphs=kept, summary=_line(kept))
    summary = _line(strip([Paragraph(story.summary)], story)) if story.summary else ""
    return replace(story, paragraphs=kept, summary=summary)


def _line(paragraphs: Iterable[Paragraph]) -> str:
    return " ".join(paragraph.text for paragraph in paragraphs)
