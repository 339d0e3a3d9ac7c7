"""Platform locks: of all processes that share a store, one may post on each platform."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from typing_extensions import override

from store.errors import map_errors
from store.files import create_private
from store.high_water import HighWaterMark
from store.ports import PlatformLock


class FileLock(PlatformLock):
    """Locks platforms by files, for processes of one machine.

    A lock is one on an empty file of its own beside the store, `dateline.db.telegram.lock`. SQLite
    takes it, since it knows how that is done on every system; nothing is written there. The file
    stays: to delete it at the end would let two processes lock two files of one name. While nothing
    runs, it may be deleted.
    """

    def __init__(self, path: Path, mark: HighWaterMark) -> None:
        """Locks platforms for the store at `path`, whose mark is kept from then on."""
        self._path = path
        self._mark = mark
        self._locks: dict[str, sqlite3.Connection] = {}

    @override
    async def acquire(self, platform: str) -> bool:
        if platform not in self._locks:
            lock = await asyncio.to_thread(self._lock, platform)
            if lock is None:
                return False
            self._locks[platform] = lock
        # From here on, a copy put in this store's place would post again.
        self._mark.open(create=True)
        return True

    def _lock(self, platform: str) -> sqlite3.Connection | None:
        path = self._path.with_name(f"{self._path.name}.{platform}.lock")
        with map_errors(path):
            create_private(path)
            lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                lock.execute("PRAGMA journal_mode = MEMORY")  # no other file beside
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                lock.close()
                if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                    return None
                raise
            return lock

    @override
    async def aclose(self) -> None:
        locks, self._locks = self._locks, {}
        for lock in locks.values():
            await asyncio.to_thread(lock.close)
