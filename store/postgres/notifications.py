"""Notifications of what other processes have changed, by LISTEN and NOTIFY.

What a transaction tells is sent once it is committed, to those who listen at that time
(https://www.postgresql.org/docs/current/sql-notify.html).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from store.ports import Connection

log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0  # seconds until the next try to connect
# A connection that was cut without a word is noticed within 10 seconds.
_KEEPALIVE = {"keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 3}


class Notification(NamedTuple):
    """Something that another process, or this one, has changed.

    Attributes:
        channel: What kind of thing; empty where anything may have changed, since nobody listened
            for a while. The first one of all is such.
        payload: What the sender says of it.
        is_lost: True where the connection was lost: until the next one, nobody listens.
    """

    channel: str = ""
    payload: str = ""
    is_lost: bool = False


async def notify(writer: Connection, channel: str, payload: str = "") -> None:
    """Tells all who listen, once the transaction is committed; in less than 8,000 bytes."""
    await writer.execute("SELECT pg_notify(?, ?)", (channel, payload))


async def notifications(
    conninfo: str, name: str, channels: Sequence[str]
) -> AsyncGenerator[Notification, None]:
    """Yields what is told from now on; connects again, and again, where the connection is lost.

    Args:
        conninfo: Where, as libpq takes it.
        name: The store as people call it, for the log.
        channels: What to listen to.
    """
    wait = _FIRST_WAIT
    while True:
        try:
            async with aclosing(_listen(conninfo, channels)) as listening:
                async for one in listening:
                    wait = _FIRST_WAIT
                    yield one
        except psycopg.OperationalError:
            log.warning("the store %s does not tell of changes; it is asked again", name)
        yield Notification(is_lost=True)
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


async def _listen(conninfo: str, channels: Sequence[str]) -> AsyncGenerator[Notification, None]:
    alive = make_conninfo(conninfo, **_KEEPALIVE)
    session = await AsyncConnection.connect(alive, autocommit=True)
    async with session:
        for channel in channels:
            await session.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield Notification()
        async with aclosing(session.notifies()) as told:
            async for one in told:
                yield Notification(one.channel, one.payload)
