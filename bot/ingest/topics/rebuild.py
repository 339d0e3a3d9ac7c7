"""Rebuild: the names of the newest stories found anew after the method has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.ingest.topics.candidates import METHOD, story_names
from bot.ingest.topics.model import StoryName
from bot.ingest.topics.ports import TopicStore
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Story

log = logging.getLogger(__name__)

_AT_ONCE = 200  # stories; one transaction, in which others wait to write

Progress = Callable[[int, int], None]
"""Shows of how many stories of how many the names are found."""


async def rebuild_topics(store: TopicStore, upkeep: TopicUpkeep, progress: Progress) -> int:
    """Finds the names anew of the newest stories whose names another method found.

    What is done is kept batch by batch: where it is broken off, the next call goes on. What
    moderators have decided stays.

    Returns:
        How many stories were looked at.

    Raises:
        StoreError: The store cannot be read or written.
    """
    total, done = await store.count_unnamed(METHOD), 0
    progress(done, total)
    while stories := await store.unnamed(METHOD, _AT_ONCE):
        await store.keep_names(await asyncio.to_thread(_name, stories), METHOD)
        done += len(stories)
        progress(done, max(total, done))
    await upkeep.settle(at_once=True)
    return done


async def report_unnamed(store: TopicStore) -> None:
    """Logs how many stories would be searched for topics anew.

    Raises:
        StoreError: The store cannot be read.
    """
    if count := await store.count_unnamed(METHOD):
        log.info("topics are not yet found in %d stories; `dateline rebuild` finds them", count)


def _name(stories: Sequence[Story]) -> list[tuple[Story, Sequence[StoryName]]]:
    return [(story, story_names(story)) for story in stories]
