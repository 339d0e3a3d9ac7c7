"""Changes of the sources by people: kept in the store first, then put to work at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.chat.cooldown import Cooldown
from bot.chat.sources import RunningSources
from bot.clock import Clock
from bot.config.added_sources import find_same, read_added, read_source
from bot.config.schema import SourceConfig
from bot.ingest.added_sources import AddedSource, EditStamp, SourceEdits, SourceEditStore
from bot.text.urls import is_web_url, mend_scheme

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """The operator's rules of who may change the sources in a chat, and how far.

    Attributes:
        moderators: True if moderators may, and not the operators alone.
        most: How many sources may be added in all.
        private_hosts: The private hosts of the configuration, which only operators may add.
    """

    moderators: bool = False
    most: int = 100
    private_hosts: frozenset[str] = frozenset()


def usable_sources(
    edits: SourceEdits, configured: Sequence[SourceConfig]
) -> Sequence[SourceConfig]:
    """Returns the added sources that run beside the file's; logs why others do not."""
    found = read_added(edits.added, configured)
    for id_, reason in found.problems.items():
        log.warning("the source %s, which was added in a chat, is left out: %s", id_, reason)
    return found.usable


@dataclass(slots=True)
class SourceEditor:
    """Changes the sources that run, one change after another.

    Each method raises StoreError where the store cannot be written, and ConfigError where a source
    cannot be made; all is as it was then. What the configuration says (`policy`) is changed by the
    composition root alone.

    Attributes:
        store: Keeps the changes.
        roster: The sources that run.
        clock: Tells the time.
        policy: The operator's rules.
        pace: How often a moderator may have other sites asked.
        filling: The ids of sources of which the past is being filled in.
    """

    store: SourceEditStore
    roster: RunningSources
    clock: Clock
    policy: SourcePolicy
    pace: Cooldown
    filling: set[str] = field(default_factory=set)
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def sources(self) -> Sequence[SourceConfig]:
        """All sources that run, those of the configuration first."""
        return (*self.roster.configured, *self.roster.added)

    def source(self, id_: str) -> SourceConfig | None:
        """Returns the source of an id; None for none."""
        return next((one for one in self.sources if one.id == id_), None)

    def by_address(self, url: str) -> SourceConfig | None:
        """Returns the source at an address, however it is written; None for none."""
        mended = mend_scheme(url)
        return find_same(mended, self.sources) if is_web_url(mended) else None

    @asynccontextmanager
    async def beside(
        self, configured: Sequence[SourceConfig]
    ) -> AsyncIterator[Sequence[SourceConfig]]:
        """Gives the added sources that run beside those of a file; nothing changes meanwhile.

        Raises:
            StoreError: The store cannot be read.
        """
        async with self._changing:
            yield usable_sources(await self.store.edits(), configured)

    async def refresh(self) -> None:
        """Has those sources run that the store has now, since others may have changed them."""
        async with self._changing:
            edits = await self.store.edits()
            added = usable_sources(edits, self.roster.configured)
            await self.roster.apply(added=added, paused=edits.paused)

    async def put(self, sources: Sequence[AddedSource]) -> None:
        """Adds sources, or changes those that have their ids.

        Raises:
            SourceSettingError: A setting of one is not what it has to be.
        """
        for one in sources:
            await asyncio.to_thread(self.roster.open, read_source(one.id, one.settings))
        ids = {one.id for one in sources}

        async def undo(before: SourceEdits) -> None:
            old = [one for one in (*before.added, *before.removed) if one.id in ids]
            for new in ids - {one.id for one in before.added}:
                await self.store.remove(new, self.clock.now())
            await self.store.put(old)

        await self._change(lambda: self.store.put(sources), undo)

    async def remove(self, source: str) -> None:
        """Removes an added source."""

        async def undo(before: SourceEdits) -> None:
            await self.store.put([one for one in before.added if one.id == source])
            if stamp := before.paused.get(source):
                await self.store.pause(source, stamp)

        await self._change(lambda: self.store.remove(source, self.clock.now()), undo)

    async def pause(self, source: str, stamp: EditStamp) -> None:
        """Pauses any source: it is not polled until it is resumed."""

        async def undo(before: SourceEdits) -> None:
            if source not in before.paused:
                await self.store.resume(source)

        await self._change(lambda: self.store.pause(source, stamp), undo)

    async def resume(self, source: str) -> None:
        """Has a source polled again."""

        async def undo(before: SourceEdits) -> None:
            if stamp := before.paused.get(source):
                await self.store.pause(source, stamp)

        await self._change(lambda: self.store.resume(source), undo)

    async def _change(
        self, change: Callable[[], Awaitable[None]], undo: Callable[[SourceEdits], Awaitable[None]]
    ) -> None:
        """Makes a change in the store and among what runs, or in neither."""
        async with self._changing:
            before = await self.store.edits()
            await change()
            edits = await self.store.edits()
            added = usable_sources(edits, self.roster.configured)
            try:
                await self.roster.apply(added=added, paused=edits.paused)
            except BaseException:
                await undo(before)
                raise
