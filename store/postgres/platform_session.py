"""Sessions that hold the lock of a platform: PostgreSQL ends one that has been silent for long.

An advisory lock of a session ends with it. The session of a process that died ends at once; that of
one which was stopped, or is cut off, would not. So whoever holds a lock speaks every second or two,
and the server ends a session that has said nothing for some seconds (`idle_session_timeout`,
https://www.postgresql.org/docs/current/runtime-config-client.html).
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo

from store.postgres.connections import prepare_session
from store.postgres.rows import PostgresRow, make_rows

SILENCE = 5.0
"""Seconds after which the server ends a session that says nothing, and frees its lock."""

_BEAT = 1.5  # seconds between two signs of life
_CONNECT_IN = 5  # seconds
_LIMITS = (
    "idle_session_timeout",
    "idle_in_transaction_session_timeout",
    "statement_timeout",
    "tcp_user_timeout",
)
"""Limits that end a session which says nothing, in milliseconds, whatever it is about."""

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _now() -> float:
    """Seconds that pass while the machine sleeps, too, where the system counts these."""
    return time.clock_gettime(_CLOCK)


class PlatformSession:
    """A session that holds an advisory lock, for as long as it is heard of."""

    def __init__(
        self, connection: AsyncConnection[PostgresRow], heard: float, silence: float
    ) -> None:
        """Keeps the session of a connection, which was last heard of at a time."""
        self._connection = connection
        self._silence = silence
        self._sure_until = heard + silence
        self._turn = asyncio.Lock()
        self._is_ending = False
        self._beating = asyncio.create_task(self._beat())

    @classmethod
    async def take(
        cls, conninfo: str, space: int, key: int, silence: float = SILENCE
    ) -> PlatformSession | None:
        """Takes an advisory lock in a session of its own; returns None where another has it.

        Args:
            conninfo: The database.
            space: The lock's first number, of 32 bits.
            key: The second one.
            silence: Seconds of silence after which the server ends the session.

        Raises:
            psycopg.Error: The database cannot be asked.
        """
        heard = _now()
        connection = await _connect(conninfo, round(silence * 1_000))
        try:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (space, key))
            (is_ours,) = await cursor.fetchone() or (False,)
            if is_ours:
                return cls(connection, heard, silence)
        except BaseException:
            await connection.close()
            raise
        await connection.close()
        return None

    @property
    def backend(self) -> int:
        """The process of the server that serves the session."""
        return self._connection.info.backend_pid

    @property
    def is_sure(self) -> bool:
        """True while the server has surely not ended it."""
        return not self._connection.closed and _now() < self._sure_until and not self._is_told()

    def _is_told(self) -> bool:
        """Tells if the server says something unasked, as it does when it ends the session."""
        if self._turn.locked():
            return False  # it answers
        try:
            with self._line() as line:
                line.recv(1, socket.MSG_PEEK)  # libpq's sockets never block
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _line(self) -> socket.socket:
        """The connection's socket, to be closed without closing that."""
        return socket.socket(fileno=os.dup(self._connection.fileno()))

    async def is_alive(self) -> bool:
        """Asks the server if the session is still there."""
        with suppress(psycopg.Error):
            async with self.turn() as connection:
                await connection.execute("SELECT 1")
        return not self._connection.closed

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection[PostgresRow]]:
        """Lends the connection to one at a time; it is cut where that takes too long.

        Raises:
            psycopg.Error: The session has ended, or the server refuses a statement.
        """
        async with self._turn:
            began = _now()
            deadline = asyncio.get_running_loop().call_later(self._silence, self._cut)
            try:
                yield self._connection
            finally:
                deadline.cancel()
            self._sure_until = began + self._silence

    def _cut(self) -> None:
        """Ends a connection over which no answer comes, and so whoever waits for one."""
        with suppress(psycopg.Error, OSError), self._line() as line:
            line.shutdown(socket.SHUT_RDWR)

    async def _beat(self) -> None:
        while not (self._connection.closed or self._is_ending):
            await asyncio.sleep(_BEAT)
            await self.is_alive()

    async def aclose(self) -> None:
        """Ends the session, and with it the lock: at once, where the server is heard of."""
        self._is_ending = True  # should the cancellation be lost; see `map_errors`
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        if self.is_sure:
            with suppress(psycopg.Error):
                async with self.turn() as connection:
                    await connection.execute("SELECT pg_advisory_unlock_all()")
        await self._connection.close()


async def _connect(conninfo: str, silence: int) -> AsyncConnection[PostgresRow]:
    """Connects, and has the server end the session after so many milliseconds of silence."""
    connection = await AsyncConnection[PostgresRow].connect(
        make_conninfo(conninfo, connect_timeout=_CONNECT_IN, tcp_user_timeout=silence),
        autocommit=True,
        row_factory=make_rows,
    )
    try:
        await prepare_session(connection)
        for limit in _LIMITS:
            await connection.execute("SELECT set_config(%s, %s, false)", (limit, str(silence)))
    except BaseException:
        await connection.close()
        raise
    return connection
