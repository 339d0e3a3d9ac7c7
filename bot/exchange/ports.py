"""Port of exchange: the part of the store that it needs, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.ingest.results import StoryRecord


class ExportStore(Protocol):
    """Reads all stories in parts. Every method may raise StoreError."""

    async def records(self, after: int, limit: int) -> Sequence[tuple[int, StoryRecord]]:
        """Returns stories in the order in which they came, each with its place.

        Args:
            after: The place after which they stand; 0 for the first.
            limit: How many at most.
        """
        ...
