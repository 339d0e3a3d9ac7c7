"""The store that keeps everything in one SQLite file."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.changes import NoOthers
from bot.errors import StoreError, StoreFullError
from bot.ingest.poll_share import SoleLeases
from bot.leadership import SoleProcess
from store.alerts import SqlAlerts
from store.audit import SqlAudit
from store.backfills import SqlBackfills
from store.backup import check_mark
from store.chats import SqlChats
from store.connection import SqliteConnections
from store.events import SqlEvents
from store.exports import SqlExports
from store.files import warn_if_readable
from store.ingest import SqlIngest
from store.integrity import check_integrity
from store.logins import SqlLogins
from store.migrations import prepare
from store.outbox.platform_lock import FileLock
from store.outbox.queue import SqlOutbox
from store.ports import Connections
from store.privacy import SqlPrivacy
from store.retention import SqlRetention
from store.schema import STEPS
from store.schema_changes import Step
from store.search import SqlSearch
from store.source_edits import SqlSourceEdits
from store.sources import SqlSources
from store.status import SqlStatus
from store.stories import SqlStories
from store.subjects import SqlSubjects
from store.subscriptions import SqlSubscriptions
from store.summaries import SqlSummaries
from store.topics import SqlTopics
from store.trace import SqlTrace
from store.trends import SqlTrends
from store.vectors import SqlVectors
from store.websub import SqlWebSub

_FULL = {errno.ENOSPC, errno.EDQUOT}


class SqliteStore:
    """Keeps everything in one file, whose connections its parts share.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    def __init__(self, path: Path) -> None:
        self._connections = connections = SqliteConnections(path)
        self.stories = SqlStories(connections)
        self.search = SqlSearch(connections)
        self.ingest = SqlIngest(connections)
        self.subjects = SqlSubjects(connections)
        self.summaries = SqlSummaries(connections)
        self.events = SqlEvents(connections)
        self.sources = SqlSources(connections)
        self.source_edits = SqlSourceEdits(connections)
        self.topics = SqlTopics(connections)
        self.trace = SqlTrace(connections)
        self.trends = SqlTrends(connections)
        self.vectors = SqlVectors(connections)
        self.websub = SqlWebSub(connections)
        self.subscriptions = SqlSubscriptions(connections)
        self.outbox = SqlOutbox(connections, FileLock(path, connections.mark))
        self.exports = SqlExports(connections)
        self.privacy = SqlPrivacy(connections)
        self.retention = SqlRetention(connections)
        self.alerts = SqlAlerts(connections)
        self.audit = SqlAudit(connections)
        self.logins = SqlLogins(connections)
        self.backfills = SqlBackfills(connections)
        self.status = SqlStatus(connections)
        self.chats = SqlChats(connections)
        self.changes = NoOthers()
        self.leases = SoleLeases()
        self.leader_locks = SoleProcess()

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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def connections(self) -> Connections:
        """The connections that its parts share, for what is done with a store as a whole."""
        return self._connections

    async def check(self) -> Sequence[str]:
        """Checks everything for damage; one line for each thing found, none when whole."""
        return await check_integrity(self._connections)

    @property
    def is_new(self) -> bool:
        """True when there was no store before it was opened."""
        return self._connections.is_new

    async def check_in_place(self) -> None:
        """Makes sure that the file is where it was opened; else refuses every further use.

        Raises:
            StoreGoneError: It was deleted, moved or replaced.
        """
        await self._connections.check_in_place()

    async def aclose(self) -> None:
        """Closes every resource; closing twice is harmless, any other call is an error."""
        await self.outbox.aclose()
        await self._connections.aclose()
