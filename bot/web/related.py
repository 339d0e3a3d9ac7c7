"""Related stories of pages: finding them is the dearest part of a page, so they are remembered.

What a list leads to is found before anybody asks, while nobody waits for anything else.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.errors import StoreBusyError
from bot.model import Story
from bot.threads import Foreground

_WITHIN = 0.03  # seconds; after that a page does without, and has them the next time
_KEPT_FOR = 900.0  # seconds: a story that has just come is related to older ones a little later
_MOST = 5_000  # stories
_AT_ONCE = 3  # searches under way: pages that do without do not have them pile up
_MOST_EXPECTED = 400  # stories that are next, those of the last list first
_REST = 3  # times as long as a search has taken, for which the next waits: the rest is others'
_PAUSE = 0.01  # seconds after which it is looked again whether anybody still waits for something


Find: TypeAlias = Callable[[Story], Awaitable[Sequence[str]]]
"""Finds the ids of the stories nearest to one; may raise StoreError."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Related stories, and the second of the event loop's clock until which they hold."""

    ids: Sequence[str]
    until: float


class RelatedMemory:
    """Finds stories about the same; those that were asked for longest ago are forgotten first."""

    def __init__(self, within: float = _WITHIN) -> None:
        """Makes one that knows none yet, where a page waits so many seconds for them."""
        self._within = within
        self._found: OrderedDict[str, _Found] = OrderedDict()
        self._finding: dict[str, asyncio.Task[Sequence[str]]] = {}
        self._expected: OrderedDict[str, Story] = OrderedDict()
        self._is_expecting = asyncio.Event()

    async def of(self, story: Story, find: Find) -> Sequence[str] | None:
        """Returns the ids of stories nearest to one.

        Args:
            story: The story.
            find: Finds them.

        Returns:
            None where finding them takes too long; they are there a little later.

        Raises:
            StoreError: The store cannot be read.
        """
        known = self._known(story)
        if known is not None:
            return known
        if story.id not in self._finding and len(self._finding) >= _AT_ONCE:
            self.expect([story])
            return None
        task = self._begin(story, find)
        await asyncio.wait([task], timeout=self._within)
        if not task.done():
            return None
        try:
            return task.result()
        except StoreBusyError:
            return None

    def expect(self, stories: Iterable[Story]) -> None:
        """Has the related stories of stories found that readers are led to."""
        for story in stories:
            self._expected[story.id] = story
            self._expected.move_to_end(story.id)
        while len(self._expected) > _MOST_EXPECTED:
            self._expected.popitem(last=False)
        self._is_expecting.set()

    async def keep_finding(self, find: Find, foreground: Foreground) -> None:
        """Finds those of stories that are expected, one after the other, until it is cancelled.

        Args:
            find: As for `of`.
            foreground: The work that somebody waits for, which comes first.
        """
        while await self._is_expecting.wait():
            self._is_expecting.clear()
            while self._expected:
                _, story = self._expected.popitem()
                if self._known(story) is None:
                    await _rest(foreground)
                    begun = _now()
                    await asyncio.wait([self._begin(story, find)])
                    await asyncio.sleep(_REST * (_now() - begun))

    def _known(self, story: Story) -> Sequence[str] | None:
        known = self._found.get(story.id)
        return known.ids if known and known.until > _now() else None

    def _begin(self, story: Story, find: Find) -> asyncio.Task[Sequence[str]]:
        """Begins to find those of a story, or returns what has begun already."""
        task = self._finding.get(story.id)
        if task is None:
            task = self._finding[story.id] = asyncio.create_task(self._find(story, find))
            task.add_done_callback(lambda done: self._end(story, done))
        return task

    async def _find(self, story: Story, find: Find) -> Sequence[str]:
        found = _Found(await find(story), _now() + _KEPT_FOR)
        self._found[story.id] = found
        self._found.move_to_end(story.id)
        if len(self._found) > _MOST:
            self._found.popitem(last=False)
        return found.ids

    def _end(self, story: Story, done: asyncio.Task[Sequence[str]]) -> None:
        """Forgets a search that has ended; what is wrong with it whoever still waits is told."""
        del self._finding[story.id]
        if not done.cancelled():
            done.exception()


async def _rest(foreground: Foreground) -> None:
    while not foreground.is_idle:  # noqa: ASYNC110 - threads wait for it, too
        await asyncio.sleep(_PAUSE)


def _now() -> float:
    return asyncio.get_running_loop().time()
