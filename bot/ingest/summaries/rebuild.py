"""Rebuild: summaries made anew after the method or their length has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.ingest.ports import SummaryStore
from bot.ingest.summaries.model import KeptSummary
from bot.ingest.summaries.summariser import Summariser
from bot.model import Story

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Shows how many summaries of how many are done."""

_AT_ONCE = 200  # stories; one transaction, in which others wait to write


async def rebuild_summaries(store: SummaryStore, summariser: Summariser, progress: Progress) -> int:
    """Makes all summaries anew that were made by another method.

    What is done is kept batch by batch: where it is broken off, the next call goes on.

    Returns:
        How many were looked at.

    Raises:
        StoreError: The store cannot be read or written.
    """
    total, done, place = await store.count_outdated(summariser.method), 0, 0
    progress(done, total)
    while found := await store.outdated(summariser.method, place, _AT_ONCE):
        await store.replace(await asyncio.to_thread(_remake, found, summariser))
        place, done = found[-1].place, done + len(found)
        progress(done, max(total, done))
    return done


async def report_outdated(store: SummaryStore, summariser: Summariser) -> None:
    """Logs how many summaries would be made anew.

    Raises:
        StoreError: The store cannot be read.
    """
    if count := await store.count_outdated(summariser.method):
        log.info("%d summaries are of an older kind; `dateline rebuild` makes them anew", count)


def _remake(found: Sequence[KeptSummary], summariser: Summariser) -> list[KeptSummary]:
    return [_remade(one, summariser) for one in found]


def _remade(kept: KeptSummary, summariser: Summariser) -> KeptSummary:
    given = kept.given if kept.method else _given_before(kept.story)
    summary = summariser.summarise(kept.story, given)
    return replace(
        kept,
        story=replace(kept.story, summary=summary),
        given=given,
        method=summariser.method,
    )


def _given_before(story: Story) -> str:
    """Returns the publisher's summary of a story that was written before it was kept apart.

    Those of Dateline were the text's opening then.
    """
    text = " ".join(paragraph.text for paragraph in story.paragraphs if not paragraph.heading)
    return "" if text.startswith(story.summary.rstrip("…").rstrip()) else story.summary
