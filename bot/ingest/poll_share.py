"""Sharing of the polls: of all processes over one store, one at a time polls a source.

Each source has an owner among the processes that live (rendezvous hashing: Thaler and Ravishankar,
IEEE/ACM Transactions on Networking 6, 1998), which polls it when it is due; the others let it go
first. So the work is spread without a leader, and of a process that died only its own sources move.
Leases keep two processes that disagree about who lives from polling a source at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from hashlib import blake2b

from typing_extensions import override

from bot.errors import StoreError
from bot.ingest.ports import PollLeases

log = logging.getLogger(__name__)

HEAD_START = 15.0
"""Seconds that a source's owner is given before another process polls it."""

_RENEW_EVERY = 10.0  # seconds; a lease lasts for several times as long
_CLAIM_EVERY = 1.0  # seconds between two tries to get a lease that another process has


class SoleLeases(PollLeases):
    """Stands for the leases where no other process can share the store."""

    process = "this"

    @override
    async def claim(self, source: str) -> bool:
        del source
        return True

    @override
    async def release(self, source: str) -> None:
        del source

    @override
    def filing(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    @override
    async def renew(self) -> Collection[str]:
        return (self.process,)

    @override
    async def leave(self) -> None:
        pass


def owner_of(source: str, processes: Collection[str]) -> str:
    """Returns whose source it is: the same in every process that knows of the same ones."""
    return max(processes, key=lambda one: blake2b(f"{one}\0{source}".encode()).digest())


class PollShare:
    """Tells which sources this process polls first, and polls none while another one does."""

    def __init__(
        self, leases: PollLeases, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._leases = leases
        self._sleep = sleep
        self._processes: Collection[str] = (leases.process,)
        self._owners: dict[str, str] = {}  # of what was asked for, among these processes
        self._locks: dict[str, asyncio.Lock] = {}

    def head_start(self, source: str) -> float:
        """Returns the seconds that this process lets another one go first; 0 for what it owns."""
        if len(self._processes) == 1:
            return 0.0
        return 0.0 if self.owns(source) else HEAD_START

    def owns(self, what: str) -> bool:
        """Tells if something falls to this process among all that are known to live."""
        owner = self._owners.get(what)  # asked of all sources whenever one may be due
        if owner is None:
            owner = self._owners[what] = owner_of(what, self._processes)
        return owner == self._leases.process

    @asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """Waits until nobody else polls a source, here or elsewhere; nobody does in the block.

        Raises:
            StoreError: It cannot be told.
        """
        async with self._locks.setdefault(source, asyncio.Lock()):
            while not await self._leases.claim(source):
                await self._sleep(_CLAIM_EVERY)
            try:
                yield
            finally:
                with suppress(StoreError):  # the lease runs out by itself
                    await self._leases.release(source)

    def forget(self, sources: Collection[str]) -> None:
        """Forgets sources that there are no more, but those of which a poll is under way."""
        for source in sources:
            self._owners.pop(source, None)
            if source in self._locks and not self._locks[source].locked():
                del self._locks[source]

    async def keep_renewing(self) -> None:
        """Says that this process lives, and holds on to its leases, until it is cancelled."""
        try:
            while True:
                await self._renew()
                await self._sleep(_RENEW_EVERY)
        finally:
            with suppress(StoreError):
                await self._leases.leave()

    async def _renew(self) -> None:
        try:
            processes = await self._leases.renew()
        except StoreError as error:
            log.debug("the leases of polls could not be renewed: %s", error)
            return
        if set(processes) != set(self._processes):
            log.info("the sources are polled by %d processes", len(processes))
            self._owners.clear()
        self._processes = processes
