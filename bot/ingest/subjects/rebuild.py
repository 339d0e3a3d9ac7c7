"""Rebuild: subjects found anew after the weights have changed, or been switched on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.ingest.ports import SubjectStore
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.model import KeptSubject
from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Topic

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Shows how many stories of how many are done."""

_AT_ONCE = 500  # stories; one transaction, in which others wait to write


async def rebuild_subjects(
    store: SubjectStore, topics: Sequence[Topic], assigner: SubjectAssigner, progress: Progress
) -> int:
    """Finds the subjects of all stories anew whose subjects were found in another way.

    What is done is kept batch by batch: where it is broken off, the next call goes on.

    Args:
        store: Keeps the subjects.
        topics: All topics, as they were given to `IngestStore.set_topics`.
        assigner: Finds the subjects.
        progress: Is told how far it is.

    Returns:
        How many stories were looked at.

    Raises:
        StoreError: The store cannot be read or written.
    """
    matcher = TopicMatcher(topics)
    total, done, place = await store.count_outdated(assigner.method), 0, 0
    progress(done, total)
    while found := await store.outdated(assigner.method, place, _AT_ONCE):
        await store.replace(await asyncio.to_thread(_find_anew, found, matcher, assigner))
        place, done = found[-1].place, done + len(found)
        progress(done, max(total, done))
    return done


async def report_outdated_subjects(store: SubjectStore, assigner: SubjectAssigner) -> None:
    """Logs how many stories would be looked at anew.

    Raises:
        StoreError: The store cannot be read.
    """
    if count := await store.count_outdated(assigner.method):
        log.info("the subjects of %d stories are not known; `dateline rebuild` finds them", count)


def _find_anew(
    found: Sequence[KeptSubject], matcher: TopicMatcher, assigner: SubjectAssigner
) -> list[KeptSubject]:
    return [_found_anew(one, matcher, assigner) for one in found]


def _found_anew(kept: KeptSubject, matcher: TopicMatcher, assigner: SubjectAssigner) -> KeptSubject:
    subject = assigner.subject_of(kept.story)
    story = replace(kept.story, topics=matcher.topics_of(kept.story, subject))
    return replace(kept, story=story, subject=subject, method=assigner.method)
