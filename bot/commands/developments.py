"""Developments in lists: of several stories that tell the same, one is shown."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.request import Request
from bot.search.results import SearchResult


async def without_repeats(request: Request, found: SearchResult) -> SearchResult:
    """Returns what a search found with the best story alone of those that tell the same.

    Raises:
        StoreError: The store cannot be read.
    """
    known = await request.services.store.events.developments([hit.id for hit in found.hits])
    first = {known.get(hit.id, hit.id): hit for hit in reversed(found.hits)}
    hits = tuple(hit for hit in found.hits if first[known.get(hit.id, hit.id)] is hit)
    return replace(found, hits=hits)
