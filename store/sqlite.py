"""The store that keeps everything in one SQLite file."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bot.changes import NoOthers
from bot.errors import StoreError, StoreFullError
from bot.ingest.poll_share import SoleLeases
from bot.leadership import SoleProcess
from bot.shard_sessions import NoSessions
from store.backup import check_mark
from store.connection import SqliteConnections
from store.files import warn_if_readable
from store.integrity import check_integrity
from store.migrations import prepare
from store.outbox.platform_lock import FileLock
from store.schema import STEPS
from store.schema_changes import Step
from store.sql_store import SqlStore

_FULL = {errno.ENOSPC, errno.EDQUOT}


class SqliteStore(SqlStore):
    """Keeps everything in one file, whose connections its parts share.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    def __init__(self, path: Path) -> None:
        self._connections = connections = SqliteConnections(path)
        super().__init__(connections, FileLock(connections))
        self.changes = NoOthers()
        self.leases = SoleLeases()
        self.leader_locks = SoleProcess()
        self.shard_sessions = NoSessions()

    @classmethod
    async def open(cls, path: Path, steps: Sequence[Step] = STEPS) -> Self:
        """Opens the file, making it and its folder when there is none.

        Args:
            path: The file.
            steps: The schema, as the steps that lead to it.

        Raises:
            StoreError: It cannot be opened, or is not ours; see `store.migrations.prepare`.
        """
        store = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            await prepare(store._connections, steps)
            if store._connections.counts_commits:
                await check_mark(store._connections, datetime.now(UTC))
            await store._connections.open_readers()
            warn_if_readable(path)
        except OSError as error:
            await store.aclose()
            kind = StoreFullError if error.errno in _FULL else StoreError
            raise kind(f"the store {path} cannot be created: {error.strerror}") from error
        except BaseException:
            await store.aclose()
            raise
        return store

    async def check(self) -> Sequence[str]:
        """Checks everything for damage; one line for each thing found, none when whole."""
        return await check_integrity(self._connections)

    @property
    def is_new(self) -> bool:
        """True when there was no store before it was opened."""
        return self._connections.is_new

    async def release_memory(self) -> None:
        """Gives the pages back that its connections keep; the system has the file at hand."""
        await self._connections.release_memory()

    async def check_in_place(self) -> None:
        """Makes sure that the file is where it was opened; else refuses every further use.

        Raises:
            StoreGoneError: It was deleted, moved or replaced.
        """
        await self._connections.check_in_place()
