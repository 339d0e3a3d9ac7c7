"""What chats follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import aiosqlite
from typing_extensions import override

from bot.model import Chat
from bot.posting.model import State
from bot.posting.ports import Subscriptions
from bot.subscriptions.model import Subscription
from store.codec import chat_text, to_micros
from store.connection import SqliteConnections
from store.outbox.reassign import give_up_stale, settle
from store.outbox.rows import (
    SUBSCRIPTION,
    house_text,
    options_text,
    timetable_text,
    to_subscription,
)

_KEPT = timedelta(days=30)  # for which others may hold an ended one in memory

_HERE = "ended IS NULL AND (chat = :chat OR house = :chat)"
_IN_THREAD = "ended IS NULL AND chat = :chat AND thread = :thread"

_PUT = f"""
    INSERT INTO subscriptions (chat, thread, house, kind, what, timetable, zone, options, owner,
                               made, paused, revision)
    VALUES (:chat, :thread, :house, :kind, :what, :timetable, :zone, :options, :owner, :made, '',
            :revision)
    ON CONFLICT (chat, thread, kind, what) WHERE ended IS NULL DO UPDATE SET
        house = excluded.house, timetable = excluded.timetable, zone = excluded.zone,
        options = excluded.options, owner = excluded.owner, paused = '', paused_at = NULL,
        revision = excluded.revision
    RETURNING {SUBSCRIPTION}
"""


class SqliteSubscriptions(Subscriptions):
    """Implements `bot.posting.ports.Subscriptions` in SQLite."""

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections

    @override
    async def put(self, subscription: Subscription) -> Subscription:
        async with self._connections.transaction() as writer:
            values = {**_values(subscription), "revision": await revised(writer)}
            put = to_subscription(next(iter(await writer.execute_fetchall(_PUT, values))))
            await _retime(writer, [put], subscription.made)
            await give_up_stale(writer, [put.id], subscription.made)
            await settle(writer, [put.id], subscription.made)
            return put

    @override
    async def of(self, chat: Chat) -> Sequence[Subscription]:
        rows = await self._connections.rows(
            f"SELECT {SUBSCRIPTION} FROM subscriptions"
            " WHERE chat = ? AND ended IS NULL ORDER BY id",
            (chat_text(chat),),
        )
        return [to_subscription(row) for row in rows]

    @override
    async def end(self, id: int, now: datetime) -> None:
        async with self._connections.transaction() as writer:
            revision = await revised(writer)
            await writer.execute(
                "UPDATE subscriptions SET ended = ?, revision = ? WHERE id = ? AND ended IS NULL",
                (to_micros(now), revision, id),
            )
            await settle(writer, [id], now)

    @override
    async def since(self, revision: int) -> tuple[int, Sequence[Subscription]]:
        async with self._connections.reading() as reader:
            return await changed_since(reader, revision)

    @override
    async def pause(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        return await self._pause(_HERE, chat, reason, now)

    @override
    async def pause_thread(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        return await self._pause(_IN_THREAD, chat, reason, now)

    @override
    async def paused(self, platform: str) -> Sequence[Subscription]:
        rows = await self._connections.rows(
            f"SELECT {SUBSCRIPTION} FROM subscriptions"
            " WHERE paused <> '' AND ended IS NULL AND chat GLOB ? ORDER BY id",
            (f"{platform}:*",),
        )
        return [to_subscription(row) for row in rows]

    async def _pause(
        self, which: str, chat: Chat, reason: str, now: datetime
    ) -> Sequence[Subscription]:
        async with self._connections.transaction() as writer:
            values = {
                "chat": chat_text(chat),
                "thread": chat.thread,
                "reason": reason,
                "now": to_micros(now),
                "revision": await revised(writer),
            }
            found = await writer.execute_fetchall(
                "UPDATE subscriptions SET paused = :reason, paused_at = :now, revision = :revision"
                f" WHERE paused = '' AND {which} RETURNING {SUBSCRIPTION}",
                values,
            )
            await settle(writer, [row["id"] for row in found], now)
            return [to_subscription(row) for row in found]

    @override
    async def resume(self, chat: Chat, now: datetime) -> int:
        async with self._connections.transaction() as writer:
            values = {"chat": chat_text(chat), "revision": await revised(writer)}
            found = await writer.execute_fetchall(
                "UPDATE subscriptions SET paused = '', paused_at = NULL, revision = :revision"
                f" WHERE paused <> '' AND {_HERE} RETURNING id",
                values,
            )
            ids = [row[0] for row in found]
            await give_up_stale(writer, ids, now)
            await settle(writer, ids, now)
            return len(ids)

    @override
    async def set_zone(self, house: Chat, zone: str, now: datetime) -> None:
        async with self._connections.transaction() as writer:
            values = {
                "chat": chat_text(house),
                "zone": zone,
                "revision": await revised(writer),
            }
            # Where a server's setting holds, the channel has none of its own.
            await writer.execute(
                f"UPDATE subscriptions SET zone = :zone, revision = :revision WHERE {_HERE}", values
            )
            found = await writer.execute_fetchall(
                f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE {_HERE}", values
            )
            await _retime(writer, [to_subscription(row) for row in found], now)


async def changed_since(
    connection: aiosqlite.Connection, revision: int
) -> tuple[int, Sequence[Subscription]]:
    """See `bot.posting.ports.Subscriptions.since`; as one connection sees them."""
    rows = await connection.execute_fetchall(
        "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'subscriptions'"
    )
    newest: int = next(iter(rows))[0]
    if newest == revision:
        return revision, ()
    found = await connection.execute_fetchall(
        f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE revision > ? AND revision <= ?"
        " ORDER BY id",
        (revision, newest),
    )
    return newest, [to_subscription(row) for row in found]


async def revised(writer: aiosqlite.Connection) -> int:
    """Makes a higher revision, for what is about to be changed; returns it."""
    rows = await writer.execute_fetchall(
        "UPDATE meta SET value = value + 1 WHERE name = 'subscriptions'"
        " RETURNING CAST(value AS INTEGER)"
    )
    return int(next(iter(rows))[0])


async def forget_ended(writer: aiosqlite.Connection, now: datetime) -> None:
    """Forgets those that ended so long ago that nobody holds them in memory."""
    await writer.execute("DELETE FROM subscriptions WHERE ended < ?", (to_micros(now - _KEPT),))


def _values(one: Subscription) -> dict[str, str | int]:
    return {
        "chat": chat_text(one.chat),
        "thread": one.chat.thread,
        "house": house_text(one.chat),
        "kind": one.kind,
        "what": one.what,
        "timetable": timetable_text(one.when),
        "zone": one.zone,
        "options": options_text(one),
        "owner": one.owner,
        "made": to_micros(one.made),
    }


async def _retime(
    writer: aiosqlite.Connection, changed: Iterable[Subscription], now: datetime
) -> None:
    """Lets what waits for digests wait for their new times."""
    for one in changed:
        due = one.when.next(now, one.timezone)
        await writer.execute(
            f"UPDATE outbox SET due = ? WHERE subscription = ? AND state = '{State.WAITING}'"
            " AND reason = ''",  # what waits for another reason goes on to
            (to_micros(due), one.id),
        )
