"""Leadership: of all processes that share a store, one leads in each office; the others stand by.

What only one process may do at a time (to be on a platform, to tell the operator of trouble) has an
office. Whoever holds its lock leads; whoever loses it (the line to the store was cut, the process
was stopped for a while) ends what it does there before it stands by again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from typing_extensions import override

from bot.errors import StoreError
from bot.supervision import RestartTiming, work_until

log = logging.getLogger(__name__)

UPKEEP = "upkeep"
"""The office of who keeps the store in order, and tells the operator of trouble."""

_LOOK_EVERY = 2.0  # seconds between two looks at a lock
_UNSURE_FOR = 6.0  # seconds that a leader goes on without an answer of the store

_TAKEN = "another process leads"

_REAL = RestartTiming()


class LeaderLocks(Protocol):
    """Locks of offices, each held by one process until it ends, however it ends."""

    async def acquire(self, office: str) -> bool:
        """Takes the lock of an office, or makes sure that it is still held.

        Returns:
            False while another process has it.

        Raises:
            StoreError: It cannot be told.
        """
        ...

    async def release(self, office: str) -> None:
        """Gives the lock of an office up, for another process to take; one that it has not, too.

        Raises:
            StoreError: The store does not answer; it may be held for some seconds more.
        """
        ...


class SoleProcess(LeaderLocks):
    """Stands for the locks where no other process can share the store: it always leads."""

    @override
    async def acquire(self, office: str) -> bool:
        del office
        return True

    @override
    async def release(self, office: str) -> None:
        del office


@dataclass(slots=True)
class Leadership:
    """Does things while this process leads, and stands by while another one does.

    Attributes:
        locks: The offices' locks.
        timing: Its timing.
        standing_by: The offices that this process waits for.
        store_trouble: Why the store did not answer when it was last asked for a lock; else empty.
    """

    locks: LeaderLocks
    timing: RestartTiming = _REAL
    standing_by: set[str] = field(default_factory=set)
    store_trouble: str = ""
    _logged: dict[str, str] = field(default_factory=dict)  # what keeps it from leading, by office

    async def lead(self, office: str, work: Callable[[], Awaitable[None]]) -> None:
        """Does something whenever this process leads, until it ends by itself.

        Where the office is lost it is cancelled, and begun anew once this process leads again.

        Args:
            office: Names the lock.
            work: Begins it.

        Raises:
            Exception: What it has raised.
        """
        while True:
            await self._stand_by(office)
            if await self._work(office, work):
                return

    async def _stand_by(self, office: str) -> None:
        self.standing_by.add(office)
        try:
            while obstacle := await self._find_obstacle(office):
                # Several works may be of one office: once is enough.
                if obstacle != self._logged.get(office):
                    log.info("%s: standing by: %s", office, obstacle)
                    self._logged[office] = obstacle
                await self.timing.sleep(_LOOK_EVERY)
        finally:
            self.standing_by.discard(office)
        if self._logged.pop(office, ""):
            log.warning("%s: this process leads now", office)

    async def _find_obstacle(self, office: str) -> str:
        """Returns what keeps this process from leading; an empty text once it does."""
        try:
            is_ours = await self.locks.acquire(office)
        except StoreError as error:
            self.store_trouble = str(error)
            return self.store_trouble
        self.store_trouble = ""
        return "" if is_ours else _TAKEN

    async def _work(self, office: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Works until that ends, or the office is lost; returns whether it ended."""
        loss = await work_until(work(), self._until_lost(office))
        if loss is None:
            return True
        if office not in self.standing_by:
            log.warning("%s: this process leads no more: %s", office, loss)
        return False

    async def _until_lost(self, office: str) -> str:
        """Waits until the office is lost; returns how."""
        sure = self.timing.monotonic()
        while True:
            await self.timing.sleep(_LOOK_EVERY)
            obstacle, now = await self._find_obstacle(office), self.timing.monotonic()
            if obstacle == _TAKEN or (obstacle and now - sure >= _UNSURE_FOR):
                return obstacle
            sure = sure if obstacle else now
