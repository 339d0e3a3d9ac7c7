"""Upkeep of found topics: what recurs becomes a topic, what does not fades."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.clock import Clock
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.ports import TopicStore
from bot.ingest.topics.selection import select_topics
from bot.model import Topic

_SHARE = 0.01  # of the stories: so many new ones make it worth while to look again
_MOST_NEW = 200
_MANY = 2_000  # stories, among which a name of one story will be no topic
_AGAIN = 600.0  # seconds after which it is worth while for a single story


class TopicUpkeep:
    """Keeps the found topics, in the store and in the catalogue."""

    def __init__(
        self, store: TopicStore, catalogue: TopicCatalogue, clock: Clock, others: Sequence[str] = ()
    ) -> None:
        """Takes what it keeps.

        Args:
            store: Keeps names and topics.
            catalogue: Has all topics at hand.
            clock: Tells how much time has passed.
            others: Names that are no topics, such as those of the sources.
        """
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._others = tuple(others)
        self._lock = asyncio.Lock()
        self._settled_at: float | None = None
        self._settled = 0
        self._revision = -1

    def exclude(self, others: Sequence[str]) -> None:
        """Changes the names that are no topics; the next selection heeds them."""
        self._others = tuple(others)

    async def open(self, *, has_changed: bool) -> None:
        """Takes what is in the store into the catalogue.

        Args:
            has_changed: True when the desk's own topics are others than before.

        Raises:
            StoreError: The store cannot be read or written.
        """
        await (self.settle(at_once=True) if has_changed else self.refresh())

    async def refresh(self) -> None:
        """Takes into the catalogue what another process has found.

        Raises:
            StoreError: The store cannot be read.
        """
        revision = await self._store.revision()
        if revision != self._revision:
            self._catalogue.put_found(await self._store.topics())
            self._revision = revision

    async def settle(self, *, at_once: bool = False) -> None:
        """Selects the topics anew once enough stories have come.

        Args:
            at_once: Whatever has come.

        Raises:
            StoreError: The store cannot be read or written.
        """
        async with self._lock:
            stories = await self._store.story_count()
            if at_once or self._is_due(stories):
                self._settled, self._settled_at = stories, self._clock.monotonic()
                await self._select()
            await self.refresh()

    async def edit(self, change: Callable[[TopicStore], Awaitable[object]]) -> None:
        """Has the store change a topic as a moderator decides, and settles what follows.

        Raises:
            StoreError: The store cannot be read or written.
        """
        await change(self._store)
        await self.settle(at_once=True)

    def _is_due(self, stories: int) -> bool:
        new = abs(stories - self._settled)
        if self._settled_at is None or new >= min(max(1, _SHARE * stories), _MOST_NEW):
            return True
        return new > 0 and self._clock.monotonic() - self._settled_at > _AGAIN

    async def _select(self) -> None:
        many = self._settled >= _MANY
        counts = await self._store.name_counts(2 if many else 1)
        edits = await self._store.edits()
        topics: list[Topic] = await asyncio.to_thread(
            select_topics, counts, self._catalogue.desk, edits, self._others
        )
        await self._store.set_topics(topics)
