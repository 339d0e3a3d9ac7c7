"""Retention of stories: how long a source's stories are kept, and how many of them.

A story that was forgotten does not come again while its source still gives it: what is too old is
left out before it is decided what is new, and the keys of what was forgotten are remembered until
their source has dropped them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Protocol

from bot.clock import Clock
from bot.errors import StoreError
from bot.ingest.results import FetchResult
from bot.model import Story

log = logging.getLogger(__name__)

_EVERY = 3_600.0  # seconds
_FIRST = 300.0  # seconds after the start, when all has calmed down
_AT_ONCE = 200  # stories that are deleted in one transaction: others want to write, too
_REST = 0.05  # seconds after it
_PAGES_AT_ONCE = 500  # pages that are given back in one transaction


@dataclass(frozen=True, slots=True)
class Keep:
    """The limits of what is kept of a source's stories.

    Attributes:
        age: For how long after they were published; None for ever.
        number: How many, the newest; None for all.
    """

    age: timedelta | None = None
    number: int | None = None

    @property
    def everything(self) -> bool:
        """True when nothing is ever forgotten."""
        return self.age is None and self.number is None


class RetentionStore(Protocol):
    """Forgets stories. Every method may raise StoreError."""

    async def cutoff(self, source: str, keep: Keep, now: datetime) -> datetime | None:
        """Returns the date before which a source's stories go; None where none go."""
        ...

    async def forget(self, cutoffs: Mapping[str, datetime | None], limit: int) -> int:
        """Deletes stories that all of their sources let go, the oldest first.

        What waits to be posted, by itself or with a digest, stays until it has been.

        Args:
            cutoffs: The date before which stories go, of each source in the configuration.
            limit: How many at most.

        Returns:
            How many went.
        """
        ...

    async def give_back(self, pages: int) -> int:
        """Gives free pages of the file back to the disk; returns how many are left."""
        ...

    async def forgotten_keys(self, source: str) -> frozenset[str]:
        """Returns the keys of a source's stories that were forgotten."""
        ...

    async def drop_keys(self, source: str, keys: Sequence[str]) -> None:
        """Drops remembered keys, which the source no longer gives."""
        ...


class StoryRetention:
    """Forgets what is not to be kept, and keeps it from coming again.

    Args:
        store: The store.
        clock: Tells the time.
        keeps: What is kept, of each source that there is.
    """

    def __init__(self, store: RetentionStore, clock: Clock, keeps: Mapping[str, Keep]) -> None:
        self._store = store
        self._clock = clock
        self._keeps = keeps

    def change(self, keeps: Mapping[str, Keep]) -> None:
        """Changes what is kept of each source."""
        self._keeps = keeps

    @property
    def is_on(self) -> bool:
        """True when anything is ever forgotten."""
        return not all(keep.everything for keep in self._keeps.values())

    async def admit(self, source: str, fetched: FetchResult) -> FetchResult:
        """Returns what was fetched without what is too old, too many or was forgotten before.

        Raises:
            StoreError: The store cannot be read.
        """
        keep = self._keeps.get(source, Keep())
        forgotten = await self._store.forgotten_keys(source)
        if forgotten and not fetched.unreadable:  # what could not be read may be among them
            given = {one.key for one in fetched.stories}
            await self._store.drop_keys(source, sorted(forgotten - given))
        stories = [one for one in fetched.stories if one.key not in forgotten]
        if not keep.everything:
            stories = newest(stories, keep, self._clock.now())
        return replace(fetched, stories=tuple(stories))

    async def admit_past(self, source: str, stories: Sequence[Story]) -> list[Story]:
        """Returns past stories of a source without what is too old or was forgotten before.

        Raises:
            StoreError: The store cannot be read.
        """
        keep = self._keeps.get(source, Keep())
        forgotten = await self._store.forgotten_keys(source)
        kept = [one for one in stories if one.key not in forgotten]
        return newest(kept, Keep(keep.age), self._clock.now())

    async def keep_forgetting(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Forgets what is to go, once an hour, until it is cancelled."""
        await sleep(_FIRST)
        while True:
            if self.is_on:
                await self._forget_or_warn(sleep)
            await sleep(_EVERY)

    async def _forget_or_warn(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        try:
            await self.forget(sleep)
        except StoreError as error:
            log.warning("could not forget old stories: %s", error)

    async def forget(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> int:
        """Forgets what is to go now, and has the file shrink; returns how many stories went.

        Raises:
            StoreError: The store cannot be written; what went before is gone.
        """
        now, total = self._clock.now(), 0
        cutoffs = {
            source: await self._store.cutoff(source, keep, now)
            for source, keep in self._keeps.items()
        }
        while count := await self._store.forget(cutoffs, _AT_ONCE):
            total += count
            await sleep(_REST)
        while total and await self._store.give_back(_PAGES_AT_ONCE):
            await sleep(_REST)
        if total:
            log.info("old stories forgotten: %d", total, extra={"stories": total})
        return total


def newest(stories: Sequence[Story], keep: Keep, now: datetime) -> list[Story]:
    """Returns what is to be kept of a source's stories, in their order."""
    since = now - keep.age if keep.age else None
    kept = [one for one in stories if one.undated or since is None or one.published >= since]
    if keep.number is None or len(kept) <= keep.number:
        return kept
    places = nlargest(keep.number, range(len(kept)), key=lambda at: (kept[at].published, at))
    return [kept[at] for at in sorted(places)]
