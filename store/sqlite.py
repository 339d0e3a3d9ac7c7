"""The store that keeps everything in one SQLite file."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import StoreError, StoreFullError
from store.alerts import SqliteAlerts
from store.audit import SqliteAudit
from store.backfills import SqliteBackfills
from store.backup import check_mark
from store.chats import SqliteChats
from store.connection import SqliteConnections
from store.events import SqliteEvents
from store.exports import SqliteExports
from store.files import warn_if_readable
from store.ingest import SqliteIngest
from store.integrity import check_integrity
from store.logins import SqliteLogins
from store.migrations import prepare
from store.outbox.queue import SqliteOutbox
from store.privacy import SqlitePrivacy
from store.retention import SqliteRetention
from store.schema import STEPS
from store.schema_changes import Step
from store.search import SqliteSearch
from store.source_edits import SqliteSourceEdits
from store.sources import SqliteSources
from store.status import SqliteStatus
from store.stories import SqliteStories
from store.subjects import SqliteSubjects
from store.subscriptions import SqliteSubscriptions
from store.summaries import SqliteSummaries
from store.topics import SqliteTopics
from store.trace import SqliteTrace
from store.trends import SqliteTrends
from store.vectors import SqliteVectors
from store.websub import SqliteWebSub

_FULL = {errno.ENOSPC, errno.EDQUOT}


class SqliteStore:
    """Keeps everything in one file, whose connections its parts share.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    def __init__(self, path: Path) -> None:
        self._connections = connections = SqliteConnections(path)
        self.stories = SqliteStories(connections)
        self.search = SqliteSearch(connections)
        self.ingest = SqliteIngest(connections)
        self.subjects = SqliteSubjects(connections)
        self.summaries = SqliteSummaries(connections)
        self.events = SqliteEvents(connections)
        self.sources = SqliteSources(connections)
        self.source_edits = SqliteSourceEdits(connections)
        self.topics = SqliteTopics(connections)
        self.trace = SqliteTrace(connections)
        self.trends = SqliteTrends(connections)
        self.vectors = SqliteVectors(connections)
        self.websub = SqliteWebSub(connections)
        self.subscriptions = SqliteSubscriptions(connections)
        self.outbox = SqliteOutbox(connections)
        self.exports = SqliteExports(connections)
        self.privacy = SqlitePrivacy(connections)
        self.retention = SqliteRetention(connections)
        self.alerts = SqliteAlerts(connections)
        self.audit = SqliteAudit(connections)
        self.logins = SqliteLogins(connections)
        self.backfills = SqliteBackfills(connections)
        self.status = SqliteStatus(connections)
        self.chats = SqliteChats(connections)

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
