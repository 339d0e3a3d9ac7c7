"""Related stories of pages, remembered for a while: finding them is the dearest part of a page."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import StoreBusyError
from bot.model import Story
from bot.search.related import RelatedStories

_WITHIN = 0.5  # seconds; after that a page does without
_KEPT_FOR = 900.0  # seconds: a story that has just come is related to older ones a little later
_MOST = 5_000  # stories


@dataclass(frozen=True, slots=True)
class _Found:
    """Related stories, and the second of the event loop's clock until which they hold."""

    ids: Sequence[str]
    until: float


class RelatedMemory:
    """Finds stories about the same; those that were asked for longest ago are forgotten first."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, _Found] = OrderedDict()

    async def of(self, story: Story, limit: int, finder: RelatedStories) -> Sequence[str]:
        """Returns the ids of stories nearest to one; none where finding them takes too long.

        Args:
            story: The story.
            limit: How many at most; always the same.
            finder: Finds them.

        Raises:
            StoreError: The store cannot be read.
        """
        now = asyncio.get_running_loop().time()
        known = self._found.get(story.id)
        if known and known.until > now:
            return known.ids
        try:
            async with asyncio.timeout(_WITHIN):
                hits = await finder.to_story(story, limit)
        except (TimeoutError, StoreBusyError):
            return ()
        self._found[story.id] = found = _Found([hit.id for hit in hits], now + _KEPT_FOR)
        self._found.move_to_end(story.id)
        if len(self._found) > _MOST:
            self._found.popitem(last=False)
        return found.ids
