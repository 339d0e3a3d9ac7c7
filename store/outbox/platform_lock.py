"""Platform locks: of all processes that share a store, one may post on each platform."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from store.connection import map_errors


class PlatformLock:
    """Locks platforms until it is closed or its process has ended, however that ended.

    A lock is one on a file of its own beside the store. SQLite takes it, since it knows how that is
    done on every system; nothing is written there.
    """

    def __init__(self, path: Path) -> None:
        """Locks platforms for the store at `path`."""
        self._path = path
        self._locks: dict[str, sqlite3.Connection] = {}

    async def acquire(self, platform: str) -> bool:
        """Locks a platform; returns False when another process has it locked.

        Raises:
            StoreError: The file that is to be locked cannot be made.
        """
        if platform not in self._locks:
            lock = await asyncio.to_thread(self._lock, platform)
            if lock is None:
                return False
            self._locks[platform] = lock
        return True

    def _lock(self, platform: str) -> sqlite3.Connection | None:
        path = self._path.with_name(f"{self._path.name}.{platform}.lock")
        with map_errors(path):
            lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                lock.close()
                if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                    return None
                raise
            return lock

    async def aclose(self) -> None:
        """Releases all locks."""
        locks, self._locks = self._locks, {}
        for lock in locks.values():
            await asyncio.to_thread(lock.close)
