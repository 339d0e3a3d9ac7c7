"""Upkeep of events: places what was written without a place, and all anew for a rebuild."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.ingest.events.assigner import dated_terms
from bot.ingest.events.clusterer import GAP, METHOD, EventClusterer
from bot.ingest.events.placement import PlaceableStory, Placement
from bot.ingest.events.ports import EventStore
from bot.ingest.events.terms import TermReader

Progress = Callable[[int, int], None]
"""Shows how many stories of how many are done."""

_AT_ONCE = 500  # stories; one transaction, in which others wait to write
_EVERY = 60.0  # seconds between two looks for what has no place


def silent(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


async def place_rest(store: EventStore, progress: Progress = silent) -> int:
    """Finds out where all stories belong of which nobody has.

    They are gone through in the order of their publication, among those that have their places.
    What is done is kept bit by bit: where it is broken off, the next call goes on.

    Returns:
        How many were placed.

    Raises:
        StoreError: The store cannot be read or written.
    """
    total, done = await store.count_unplaced(), 0
    progress(done, total)
    first = await store.first_unplaced() if total else None
    if first is None:
        return 0
    clusterer, reader = EventClusterer(await store.splits()), TermReader()
    after = replace(first, published=first.published - GAP)
    while done < total and (found := await store.stories_from(after, _AT_ONCE)):
        places = await asyncio.to_thread(_place, clusterer, reader, found)
        if places:
            await store.place(places)
        after, done = found[-1].position, done + len(places)
        progress(done, max(done, total))
    await store.rejoin()
    return done


async def rebuild_events(store: EventStore, progress: Progress = silent) -> int:
    """Finds anew the events of all stories if another method found them, and of those with none.

    Returns:
        How many stories were placed.

    Raises:
        StoreError: The store cannot be read or written.
    """
    await store.reset(METHOD)
    return await place_rest(store, progress)


async def keep_placed(
    store: EventStore, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Places what has no place, again and again, until it is cancelled.

    Raises:
        StoreError: The store cannot be read or written.
    """
    while True:
        await place_rest(store)
        await sleep(_EVERY)


def _place(
    clusterer: EventClusterer, reader: TermReader, stories: Sequence[PlaceableStory]
) -> Mapping[str, Placement]:
    """Places those that have no place, among those that have one."""
    places = {}
    for one in stories:
        if one.place:
            clusterer.restore(dated_terms(one, reader), one.place)
        else:
            places[one.id] = clusterer.assign(dated_terms(one, reader))
    return places
