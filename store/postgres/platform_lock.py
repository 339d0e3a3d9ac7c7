"""Platform locks of PostgreSQL: of all processes on all machines, one may post on each platform."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zlib import crc32

from typing_extensions import override

from bot.errors import PlatformLostError, StoreError
from bot.leadership import LeaderLocks
from store.ports import Connection, PlatformLock
from store.postgres.connection import PostgresConnection
from store.postgres.connections import PostgresConnections
from store.postgres.errors import map_errors
from store.postgres.platform_session import SILENCE, PlatformSession

_SPACE = 0x44544C50
"""The first half of the advisory locks of platforms: `DTLP`."""

_HELD = """
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = ? AND granted
        AND CAST(classid AS BIGINT) = ? AND CAST(objid AS BIGINT) = ?
"""


class SessionLock(PlatformLock):
    """Locks platforms by advisory locks, each of a session of its own, which end with that.

    Whoever posts and whoever leads on a platform share its session. Where that was lost, and the
    leader has another one, others may have posted in between: to whoever posts the lock is lost
    until it is acquired again.
    """

    def __init__(self, connections: PostgresConnections, silence: float = SILENCE) -> None:
        """Locks platforms for a database, which ends what was silent for so many seconds."""
        self._connections = connections
        self._silence = silence
        self._sessions: dict[str, PlatformSession] = {}
        self._acquired: dict[str, PlatformSession] = {}  # as those know it who post
        self._denied: set[str] = set()  # lost, or another's from the beginning
        self._turns = defaultdict[str, asyncio.Lock](asyncio.Lock)

    @override
    async def acquire(self, platform: str) -> bool:
        if not await self.hold(platform):
            return False
        self._acquired[platform] = self._sessions[platform]
        return True

    async def hold(self, platform: str) -> bool:
        """Takes a lock, or makes sure of it, for what needs no more than that; see `acquire`."""
        async with self._turns[platform]:
            session = self._sessions.get(platform)
            if session is None or not await session.is_alive():
                session = await self._take(platform)
        if session is None:
            self._denied.add(platform)
            return False
        self._denied.discard(platform)
        return True

    async def _take(self, platform: str) -> PlatformSession | None:
        await self._drop(platform)
        conninfo, key = self._connections.conninfo, lock_key(platform)
        with map_errors(self._connections.name):
            session = await PlatformSession.take(conninfo, _SPACE, key, self._silence)
        if session is not None:
            self._sessions[platform] = session
        return session

    async def release(self, platform: str) -> None:
        """Gives a lock up."""
        async with self._turns[platform]:
            await self._drop(platform)

    async def _drop(self, platform: str) -> None:
        """Forgets a lost session; closing it makes sure that it is none."""
        session = self._sessions.pop(platform, None)
        if session is not None:
            await session.aclose()

    @override
    def holds(self, platform: str) -> bool:
        session = self._sessions.get(platform)
        return not self._is_lost(platform) and (session is None or session.is_sure)

    def _is_lost(self, platform: str) -> bool:
        """Tells if it is known that others have, or had, a lock that this process has acquired."""
        session = self._sessions.get(platform)
        return platform in self._denied or self._acquired.get(platform, session) is not session

    @override
    @asynccontextmanager
    async def transaction(self, platform: str) -> AsyncIterator[Connection]:
        self._check(platform)
        session = self._sessions.get(platform)
        if session is None:
            async with self._connections.transaction() as writer:
                yield writer
            return
        try:
            # It is in the very session that has the lock: without this, nothing is committed.
            with map_errors(self._connections.name):
                async with session.turn() as connection, connection.transaction():
                    yield PostgresConnection(connection)
        except StoreError:
            if not await session.is_alive():
                self._denied.add(platform)
            self._check(platform)
            raise

    def _check(self, platform: str) -> None:
        if self._is_lost(platform):
            raise PlatformLostError(
                f"the right to post on {platform} was lost with the line to"
                f" {self._connections.name}"
            )

    @override
    async def is_held(self, writer: Connection, platform: str) -> bool:
        session = self._sessions.get(platform)
        if session is not None and not self._is_lost(platform):
            values = (session.backend, _SPACE, lock_key(platform) & 0xFFFFFFFF)
            if not list(await writer.execute_fetchall(_HELD, values)):
                self._denied.add(platform)
        return not self._is_lost(platform)

    @override
    async def aclose(self) -> None:
        for platform in [*self._sessions]:
            await self._drop(platform)


class SessionLeaderLocks(LeaderLocks):
    """Locks of offices that are those of the platforms, where these have the same names."""

    def __init__(self, lock: SessionLock) -> None:
        self._lock = lock

    @override
    async def acquire(self, office: str) -> bool:
        return await self._lock.hold(office)

    @override
    async def release(self, office: str) -> None:
        await self._lock.release(office)


def lock_key(platform: str) -> int:
    """Returns the second half of the advisory lock of a platform."""
    return crc32(platform.encode()) - 0x80000000  # a signed number of 32 bits
