"""The right to post: of all processes that share a store, one has it for each platform."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from store.connection import mapped


class PlatformLock:
    """Holds rights until it is closed, or its process is no more, however that ended.

    A right is a lock on a file of its own beside the store. SQLite keeps it, since it knows how
    that is done on every system; nothing is written there.
    """

    def __init__(self, path: Path) -> None:
        """Holds rights to post what is in the store at `path`."""
        self._path = path
        self._held: dict[str, sqlite3.Connection] = {}

    async def take(self, name: str) -> bool:
        """Takes a right; False when another process has it.

        Raises:
            StoreError: The file that is to be locked cannot be made.
        """
        if name not in self._held:
            held = await asyncio.to_thread(self._take, name)
            if held is None:
                return False
            self._held[name] = held
        return True

    def _take(self, name: str) -> sqlite3.Connection | None:
        path = self._path.with_name(f"{self._path.name}.{name}.lock")
        with mapped(path):
            held = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                held.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                held.close()
                if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                    return None
                raise
            return held

    async def aclose(self) -> None:
        """Gives all rights back."""
        held, self._held = self._held, {}
        for connection in held.values():
            await asyncio.to_thread(connection.close)
