"""Developments in lists: of several stories that tell the same, one is shown."""

from __future__ import annotations

from dataclasses import replace

from bot.search.results import SearchResult


def without_repeats(found: SearchResult) -> SearchResult:
    """Returns what a search found with the best story alone of those that tell the same."""
    best = {hit.development or hit.id: hit for hit in reversed(found.hits)}
    hits = tuple(hit for hit in found.hits if best[hit.development or hit.id] is hit)
    return replace(found, hits=hits)
