"""Subscriptions; a change of one reassigns unsent posts in the same transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from bot.model import Chat
from bot.posting.ports import Subscriptions
from bot.posting.reassign import give_up_stale, retime, set_digest_time
from bot.posting.retention import ENDED_RETENTION
from bot.subscriptions.model import BY_HAND, Subscription
from bot.subscriptions.post_template import PostTemplate
from store.codec import chat_text, to_micros
from store.outbox.reassign import reassign_posts
from store.ports import ANSWER_PATIENCE, Connection, Connections
from store.subscription_rows import (
    SUBSCRIPTION,
    active_of_chat,
    chat_of,
    options_text,
    subscription_values,
    subscriptions_by_id,
    to_subscription,
)

_HERE = "ended IS NULL AND (chat = :chat OR house = :chat)"
_IN_THREAD = "ended IS NULL AND chat = :chat AND thread = :thread"

_IN_THREAD = "ended IS NULL AND chat = :chat AND thread = :thread"

_PUT = f"""
    INSERT INTO subscriptions (chat, thread, house, kind, what, timetable, zone, options, owner,
                               made, paused, revision)
    VALUES (:chat, :thread, :house, :kind, :what, :timetable, :zone, :options, :owner, :made, '',
            :revision)
    ON CONFLICT (chat, thread, kind, /*! text_digest( */ what /*! ) */) WHERE ended IS NULL
    DO UPDATE SET
        house = excluded.house, timetable = excluded.timetable, zone = excluded.zone,
        options = excluded.options, owner = excluded.owner, paused = '', paused_at = NULL,
        revision = excluded.revision
    RETURNING {SUBSCRIPTION}
"""


class SqlSubscriptions(Subscriptions):
    """Implements `bot.posting.ports.Subscriptions` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def put(self, subscription: Subscription) -> Subscription:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            now, revision = subscription.made, await next_revision(writer)
            values = {**subscription_values(subscription), "revision": revision}
            put = to_subscription(next(iter(await writer.execute_fetchall(_PUT, values))))
            await reassign_posts(
                writer,
                [put.id],
                now,
                lambda rows: give_up_stale(retime(rows, [put], now), now),
            )
            return put

    @override
    async def set_template(self, id: int, template: PostTemplate) -> bool:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            found = await subscriptions_by_id(writer, [id])
            if id not in found or found[id].ended:
                return False
            revision = await next_revision(writer)
            options = options_text(replace(found[id], template=template))
            await writer.execute(
                "UPDATE subscriptions SET options = ?, revision = ? WHERE id = ?",
                (options, revision, id),
            )
            return True

    @override
    async def of(self, chat: Chat) -> Sequence[Subscription]:
        async with self._connections.reading() as reader:
            return list((await active_of_chat(reader, chat)).values())

    @override
    async def is_anything_followed(self) -> bool:
        asked = "SELECT EXISTS (SELECT 1 FROM subscriptions WHERE ended IS NULL)"
        (found,) = await self._connections.rows(asked)
        return bool(found[0])

    @override
    async def posted_chats(self, platform: str) -> Sequence[Chat]:
        rows = await self._connections.rows(
            "SELECT DISTINCT chat, thread, house FROM subscriptions"
            " WHERE paused = '' AND ended IS NULL AND glob(?, chat)",
            (f"{platform}:*",),
        )
        return [chat_of(row) for row in rows]

    @override
    async def end(self, id: int, now: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            revision = await next_revision(writer)
            await writer.execute(
                "UPDATE subscriptions SET ended = ?, revision = ? WHERE id = ? AND ended IS NULL",
                (to_micros(now), revision, id),
            )
            await reassign_posts(writer, [id], now)

    @override
    async def since(self, revision: int) -> tuple[int, Sequence[Subscription]]:
        async with self._connections.reading() as reader:
            newest = await subscriptions_revision(reader)
            if newest == revision:
                return revision, ()
            found = await reader.execute_fetchall(
                f"SELECT {SUBSCRIPTION} FROM subscriptions"
                " WHERE revision > ? AND revision <= ? ORDER BY id",
                (revision, newest),
            )
            # At the first time these are all: nobody is to wait for them on the event loop.
            changed = await asyncio.to_thread(lambda: [*map(to_subscription, found)])
            return newest, changed

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
            " WHERE paused <> '' AND ended IS NULL AND glob(?, chat) ORDER BY id",
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
                "revision": await next_revision(writer),
            }
            found = await writer.execute_fetchall(
                "UPDATE subscriptions SET paused = :reason, paused_at = :now, revision = :revision"
                f" WHERE paused = '' AND {which} RETURNING {SUBSCRIPTION}",
                values,
            )
            await reassign_posts(writer, [row["id"] for row in found], now)
            return [to_subscription(row) for row in found]

    @override
    async def resume(
        self,
        chat: Chat,
        now: datetime,
        *,
        digest_at: datetime | None = None,
        by_hand: bool = False,
    ) -> int:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            values = {
                "chat": chat_text(chat),
                "revision": await next_revision(writer),
                "kept": "" if by_hand else BY_HAND,
            }
            found = await writer.execute_fetchall(
                "UPDATE subscriptions SET paused = '', paused_at = NULL, revision = :revision"
                f" WHERE paused NOT IN ('', :kept) AND {_HERE} RETURNING id",
                values,
            )
            ids = {row[0] for row in found}
            await reassign_posts(
                writer,
                ids,
                now,
                lambda rows: give_up_stale(rows, now),
                lambda rows: set_digest_time(rows, digest_at) if digest_at else rows,
            )
            return len(ids)

    @override
    async def set_zone(self, house: Chat, zone: str, now: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            values = {
                "chat": chat_text(house),
                "zone": zone,
                "revision": await next_revision(writer),
            }
            # Where a server's setting holds, the channel has none of its own.
            await writer.execute(
                f"UPDATE subscriptions SET zone = :zone, revision = :revision WHERE {_HERE}", values
            )
            found = await writer.execute_fetchall(
                f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE {_HERE}", values
            )
            zoned = [to_subscription(row) for row in found]
            ids = [one.id for one in zoned]
            await reassign_posts(writer, ids, now, lambda rows: retime(rows, zoned, now))


async def subscriptions_revision(connection: Connection) -> int:
    """Returns up to where subscriptions have changed; see `SubscriptionChanges.since`."""
    rows = await connection.execute_fetchall(
        "SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'subscriptions'"
    )
    return int(next(iter(rows))[0])


async def next_revision(writer: Connection) -> int:
    """Takes the next revision, for what is about to be changed; returns it."""
    rows = await writer.execute_fetchall(
        "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
        " WHERE name = 'subscriptions' RETURNING CAST(value AS BIGINT)"
    )
    return int(next(iter(rows))[0])


async def forget_ended(writer: Connection, now: datetime) -> None:
    """Forgets those that ended so long ago that nobody holds them in memory."""
    before = to_micros(now - ENDED_RETENTION)
    await writer.execute("DELETE FROM subscriptions WHERE ended < ?", (before,))
