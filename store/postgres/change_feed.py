"""The feed of changes: what triggers and processes tell of by NOTIFY."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing

from typing_extensions import override

from bot.changes import Change, ChangeFeed
from store.postgres.connections import PostgresConnections
from store.postgres.functions import CHANGES
from store.postgres.notifications import notifications, notify


class PostgresChangeFeed(ChangeFeed):
    """Implements `bot.changes.ChangeFeed` in PostgreSQL."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections
        self._own = secrets.token_hex(8)

    @override
    async def follow(self) -> AsyncGenerator[Change, None]:
        where = self._connections.conninfo, self._connections.name
        async with aclosing(notifications(*where, (CHANGES,))) as told:
            async for one in told:
                change, _, sender = one.payload.partition(" ")
                if sender != self._own:
                    yield Change(change)

    @override
    async def announce(self, change: Change) -> None:
        async with self._connections.transaction(alone=False) as writer:
            await notify(writer, CHANGES, f"{change.value} {self._own}")
