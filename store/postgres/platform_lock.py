"""Platform locks of PostgreSQL: of all processes on all machines, one may post on each platform."""

from __future__ import annotations

from zlib import crc32

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from typing_extensions import override

from store.ports import PlatformLock
from store.postgres.errors import map_errors

_SPACE = 0x44544C50
"""The first half of the advisory locks of platforms: `DTLP`."""

# A server that died is noticed by this process, and this process by the server, within 10 seconds.
_KEEPALIVE = (
    *("SET tcp_keepalives_idle = 3", "SET tcp_keepalives_interval = 2"),
    "SET tcp_keepalives_count = 3",
)


class SessionLock(PlatformLock):
    """Locks platforms by advisory locks of one session, which end with its connection."""

    def __init__(self, conninfo: str, name: str) -> None:
        """Locks platforms for a database; `name` is what people call it."""
        self._conninfo = conninfo
        self._name = name
        self._session: AsyncConnection | None = None
        self._locked: set[str] = set()

    @override
    async def acquire(self, platform: str) -> bool:
        with map_errors(self._name):
            session = await self._live_session()
            if platform not in self._locked:
                cursor = await session.execute(
                    "SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, _key(platform))
                )
                if not (await cursor.fetchone() or (False,))[0]:
                    return False
                self._locked.add(platform)
        return True

    async def _live_session(self) -> AsyncConnection:
        """Returns the session; a new one, which holds no lock yet, where it was lost."""
        if self._session is None or self._session.closed:
            self._locked.clear()
            conninfo = make_conninfo(
                self._conninfo, keepalives_idle=3, keepalives_interval=2, keepalives_count=3
            )
            self._session = await AsyncConnection.connect(conninfo, autocommit=True)
            for setting in _KEEPALIVE:
                await self._session.execute(setting)
        return self._session

    @override
    async def aclose(self) -> None:
        session, self._session = self._session, None
        self._locked.clear()
        if session is not None:
            await session.close()


def _key(platform: str) -> int:
    return crc32(platform.encode()) - 0x80000000  # a signed number of 32 bits
