"""Trials of sources: what a poll would bring now, without keeping anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.ingest.change_detection import Decision, decide
from bot.ingest.dedup import fetch_known
from bot.ingest.ports import NewsSource, PollerStore, PollMode
from bot.ingest.results import SourceState, UnreadablePart, clamp_date
from bot.ingest.summaries.summariser import Summariser
from bot.ingest.undated import date_undated
from bot.model import Story

SHOWN = 3
"""The newest stories that a trial shows."""


@dataclass(frozen=True, slots=True)
class SourceTrial:
    """The result of fetching a source now.

    Attributes:
        stories: The newest of its stories, the newest first, with summaries.
        total: How many it gives.
        new: How many of these would be new.
        changed: How many known ones would change.
        is_first: True if it was never read to the end: what is new is posted nowhere then.
        unreadable: What could not be read.
        warnings: What is wrong with it although everything was read.
        set_aside: What is no story, counted by kind.
        seconds: How long it took.
    """

    stories: tuple[Story, ...]
    total: int
    new: int
    changed: int
    is_first: bool
    unreadable: tuple[UnreadablePart, ...] = ()
    warnings: tuple[UnreadablePart, ...] = ()
    set_aside: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0


async def try_source(source: NewsSource, store: PollerStore, clock: Clock) -> SourceTrial:
    """Fetches all that a source gives now, and compares it with what is kept of it.

    Raises:
        SourceError: It cannot be read.
        StoreError: The store cannot be read.
    """
    began = clock.monotonic()
    fetched = await source.fetch("", PollMode.FULL)
    seconds = clock.monotonic() - began
    id_ = source.source.id
    state = await store.sources.state(id_) or SourceState(id_)
    decision = await _decide(fetched.stories, state, store, clock)
    return SourceTrial(
        stories=await asyncio.to_thread(newest_stories, fetched.stories, clock),
        total=len(fetched.stories),
        new=len(decision.new),
        changed=len(decision.changed),
        is_first=state.loaded_at is None,
        unreadable=fetched.unreadable,
        warnings=fetched.warnings,
        set_aside=fetched.set_aside,
        seconds=seconds,
    )


async def _decide(
    given: Sequence[Story], state: SourceState, store: PollerStore, clock: Clock
) -> Decision:
    first, now = state.loaded_at is None, clock.now()
    stories = date_undated(given, now, first=first)
    known = await fetch_known(store.ingest, state.source, stories)
    since = state.succeeded_at
    return await asyncio.to_thread(decide, known, stories, first=first, now=now, since=since)


def newest_stories(stories: Sequence[Story], clock: Clock) -> tuple[Story, ...]:
    """Returns the newest of some stories, the newest first, each with a summary."""
    now, summariser = clock.now(), Summariser()
    dated = sorted((clamp_date(one, now) for one in stories), key=lambda one: one.published)
    newest = dated[: -SHOWN - 1 : -1]
    return tuple(
        one if one.summary else replace(one, summary=summariser.summarise(one)) for one in newest
    )
