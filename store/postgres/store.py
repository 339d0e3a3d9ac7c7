"""The store that keeps everything in one PostgreSQL database, for several processes."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from store.alerts import SqlAlerts
from store.audit import SqlAudit
from store.backfills import SqlBackfills
from store.chats import SqlChats
from store.events import SqlEvents
from store.exports import SqlExports
from store.ingest import SqlIngest
from store.logins import SqlLogins
from store.outbox.queue import SqlOutbox
from store.ports import Connections
from store.postgres.change_feed import PostgresChangeFeed
from store.postgres.connections import PostgresConnections
from store.postgres.integrity import check_integrity
from store.postgres.migrations import prepare
from store.postgres.platform_lock import SessionLock
from store.postgres.poll_leases import PostgresPollLeases
from store.postgres.schema import STEPS, Step
from store.privacy import SqlPrivacy
from store.retention import SqlRetention
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


class PostgresStore:
    """Keeps everything in one database, whose connections its parts share.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    is_new = False
    """True when there was no store before it was opened."""

    def __init__(self, url: str) -> None:
        self._connections = connections = PostgresConnections(url)
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
        self.changes = PostgresChangeFeed(connections)
        self.leases = PostgresPollLeases(connections)
        self.leader_locks = SessionLock(connections.conninfo, connections.name)
        self.outbox = SqlOutbox(connections, self.leader_locks)
        self.exports = SqlExports(connections)
        self.privacy = SqlPrivacy(connections)
        self.retention = SqlRetention(connections)
        self.alerts = SqlAlerts(connections)
        self.audit = SqlAudit(connections)
        self.logins = SqlLogins(connections)
        self.backfills = SqlBackfills(connections)
        self.status = SqlStatus(connections)
        self.chats = SqlChats(connections)

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

    async def check_in_place(self) -> None:
        """Does nothing: whoever replaces a database ends its connections."""

    async def aclose(self) -> None:
        """Closes every resource; closing twice is harmless, any other call is an error."""
        await self.outbox.aclose()
        await self._connections.aclose()
