"""The feed of changes: what triggers and processes tell of by NOTIFY."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing

from typing_extensions import override

from bot.changes import Change, ChangeFeed
from store.postgres.connections import PostgresConnections
from store.postgres.functions import CHANGES
from store.postgres.notifications import Notification, notifications, notify

_CHANGES = {one.value: one for one in Change}


class PostgresChangeFeed(ChangeFeed):
    """Implements `bot.changes.ChangeFeed` in PostgreSQL."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections
        self._own = secrets.token_hex(8)

    @override
    async def follow(self) -> AsyncGenerator[Change, None]:
        where = self._connections.conninfo, self._connections.name
        try:
            async with aclosing(notifications(*where, (CHANGES,))) as told:
                async for one in told:
                    change = self._hear(one)
                    if change is not None:
                        yield change
        finally:
            self._connections.hear_of_stories(is_told=False)

    def _hear(self, told: Notification) -> Change | None:
        """Returns what has changed; None for nothing that concerns this process."""
        if told.is_lost:
            self._connections.hear_of_stories(is_told=False)
            return None
        kind, _, sender = told.payload.partition(" ")
        change = _CHANGES.get(kind)  # a newer process may tell of more
        if change in {Change.STORIES, Change.ANYTHING}:
            self._connections.hear_of_stories(is_told=True)
        return None if sender == self._own else change

    @override
    async def announce(self, change: Change) -> None:
        async with self._connections.transaction(alone=False) as writer:
            await notify(writer, CHANGES, f"{change.value} {self._own}")
