"""Leases of sources in PostgreSQL, by the server's clock: the machines' own may differ."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from typing_extensions import override

from bot.errors import StoreError
from bot.ingest.ports import PollLeases
from store.ports import Connections

_LASTS = "interval '45 seconds'"
_LIVES = "interval '30 seconds'"  # without a word, after which the others take a process for dead

_FILING = 0x44544C46
"""The advisory lock of who decides which stories are new; the bytes are `DTLF`."""

_STILL = 30_000  # milliseconds after which the server takes the turn from a process

_CLAIM = f"""
    INSERT INTO poll_leases (source, process, until)
    VALUES (?, ?, clock_timestamp() + {_LASTS})
    ON CONFLICT (source) DO UPDATE SET process = excluded.process, until = excluded.until
    WHERE poll_leases.until < clock_timestamp() OR poll_leases.process = excluded.process
"""
_RENEW = f"UPDATE poll_leases SET until = clock_timestamp() + {_LASTS} WHERE process = ?"
_LIVE = """
    INSERT INTO poll_processes (process, seen) VALUES (?, clock_timestamp())
    ON CONFLICT (process) DO UPDATE SET seen = excluded.seen
"""
_BURY = (
    f"DELETE FROM poll_processes WHERE seen < clock_timestamp() - {_LIVES}",
    f"DELETE FROM poll_leases WHERE until < clock_timestamp() - {_LIVES}",
)


class PostgresPollLeases(PollLeases):
    """Implements `bot.ingest.ports.PollLeases` in PostgreSQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._process = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    @property
    @override
    def process(self) -> str:
        return self._process

    @override
    async def claim(self, source: str) -> bool:
        async with self._connections.transaction(alone=False) as writer:
            claimed = await writer.execute(_CLAIM, (source, self._process))
            return claimed.rowcount == 1

    @override
    async def release(self, source: str) -> None:
        async with self._connections.transaction(alone=False) as writer:
            await writer.execute(
                "DELETE FROM poll_leases WHERE source = ? AND process = ?", (source, self._process)
            )

    @override
    @asynccontextmanager
    async def filing(self) -> AsyncIterator[None]:
        is_done = False
        try:
            async with self._connections.transaction(alone=False) as session:
                await session.execute(f"SET LOCAL idle_in_transaction_session_timeout = {_STILL}")
                await session.execute("SELECT pg_advisory_xact_lock(?)", (_FILING,))
                yield
                is_done = True
        except StoreError:
            if not is_done:  # else the server has ended a session that had nothing to say
                raise

    @override
    async def renew(self) -> Collection[str]:
        async with self._connections.transaction(alone=False) as writer:
            await writer.execute(_RENEW, (self._process,))
            await writer.execute(_LIVE, (self._process,))
            for statement in _BURY:
                await writer.execute(statement)
            rows = await writer.execute_fetchall("SELECT process FROM poll_processes")
            return [row[0] for row in rows]

    @override
    async def leave(self) -> None:
        async with self._connections.transaction(alone=False) as writer:
            for table in ("poll_leases", "poll_processes"):
                await writer.execute(f"DELETE FROM {table} WHERE process = ?", (self._process,))
