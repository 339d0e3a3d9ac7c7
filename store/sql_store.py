"""The parts of a store that are the same over each database, whose statements they share."""

from __future__ import annotations

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
from store.ports import Connections, PlatformLock
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


class SqlStore:
    """Has all parts of a store, which share its connections; an async context manager.

    Attributes:
        connections: For what is done with a store as a whole.
    """

    def __init__(self, connections: Connections, lock: PlatformLock) -> None:
        """Makes the parts; `lock` says which process posts on a platform."""
        self.connections = connections
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
        self.exports = SqlExports(connections)
        self.privacy = SqlPrivacy(connections)
        self.retention = SqlRetention(connections)
        self.alerts = SqlAlerts(connections)
        self.audit = SqlAudit(connections)
        self.logins = SqlLogins(connections)
        self.backfills = SqlBackfills(connections)
        self.status = SqlStatus(connections)
        self.chats = SqlChats(connections)
        self.outbox = SqlOutbox(connections, lock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes every resource; closing twice is harmless, any other call is an error."""
        await self.outbox.aclose()
        await self.connections.aclose()
