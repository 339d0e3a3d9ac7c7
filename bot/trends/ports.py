"""The ports of trends: the counts that a store has, and what draws pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.trends.periods import DaySpan


class TrendStore(Protocol):
    """Counts stories by the time of their publication. Methods may raise StoreError.

    A story of which only the date is known counts on that date, in every time zone.
    """

    async def busiest_topics(self, span: DaySpan, limit: int) -> Sequence[str]:
        """Returns the names of topics with most stories in a span, those with most first.

        Topics without a story then are left out; of equal ones, the first by name comes first.
        """
        ...

    async def topic_counts(
        self, topics: Sequence[str], spans: Sequence[DaySpan]
    ) -> Sequence[Sequence[int]]:
        """Returns for each topic, by its name in any case of letters, its stories in each span."""
        ...

    async def source_counts(self, source: str, spans: Sequence[DaySpan]) -> Sequence[int]:
        """Returns how many stories a source gave, by its id, that are of each span."""
        ...


class PictureRenderer(Protocol):
    """Draws pictures, and keeps the event loop free meanwhile."""

    async def png(self, svg: str, scale: float) -> bytes:
        """Draws a picture as PNG.

        Args:
            svg: The picture, in one of the fonts that `glyphs` knows.
            scale: How many pixels a unit of it has.

        Raises:
            PictureError: It cannot be drawn.
        """
        ...
