"""The store that keeps everything in one PostgreSQL database, for several processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from store.postgres.change_feed import PostgresChangeFeed
from store.postgres.connections import PostgresConnections
from store.postgres.integrity import check_integrity
from store.postgres.migrations import prepare
from store.postgres.platform_lock import SessionLeaderLocks, SessionLock
from store.postgres.poll_leases import PostgresPollLeases
from store.postgres.schema import STEPS, Step
from store.postgres.shard_sessions import PostgresShardSessions
from store.sql_store import SqlStore


class PostgresStore(SqlStore):
    """Keeps everything in one database, whose connections its parts share.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    is_new = False
    """True when there was no store before it was opened."""

    def __init__(self, url: str) -> None:
        self._connections = connections = PostgresConnections(url)
        lock = SessionLock(connections)
        super().__init__(connections, lock)
        self.leader_locks = SessionLeaderLocks(lock)
        self.changes = PostgresChangeFeed(connections)
        self.leases = PostgresPollLeases(connections)
        self.shard_sessions = PostgresShardSessions(connections)

    @classmethod
    async def open(cls, url: str, steps: Sequence[Step] = STEPS) -> Self:
        """Connects to the database, and brings its schema up to date.

        Args:
            url: As libpq takes it, `postgresql://user:password@host:port/database`.
            steps: The schema, as the steps that lead to it.

        Raises:
            StoreError: It cannot be reached, or is not ours; see `store.postgres.migrations`.
        """
        store = cls(url)
        try:
            store.is_new = await prepare(store._connections, steps)
            await store._connections.open()
        except BaseException:
            await store.aclose()
            raise
        return store

    async def check(self) -> Sequence[str]:
        """Checks everything for damage; one line for each thing found, none when whole."""
        return await check_integrity(self._connections)

    async def release_memory(self) -> None:
        """Does nothing: what it keeps, the server keeps."""

    async def check_in_place(self) -> None:
        """Does nothing: whoever replaces a database ends its connections."""
