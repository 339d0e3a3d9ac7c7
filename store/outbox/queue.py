"""What is to be posted, and what was: claimed, committed, sent, marked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from typing_extensions import override

from bot.model import Chat
from bot.posting.model import Outcome, Post, PostKind, State
from bot.posting.ports import Outbox
from bot.search.query import Since
from bot.subscriptions.model import Subscription
from store.codec import chat_text, to_micros, to_time
from store.connection import SqliteConnections
from store.outbox import reads
from store.outbox.digests import UNSENT, gather, put_off, ripe
from store.outbox.outcomes import mark
from store.outbox.platform_lock import PlatformLock
from store.outbox.reads import posts
from store.outbox.reassign import settle_rows
from store.subscriptions import forget_ended

_LEASE = timedelta(minutes=10)
_SENT_KEPT, _FAILED_KEPT = timedelta(days=7), timedelta(days=30)
_PRUNED_AT_ONCE = 5_000  # rows: others want to write, too

# Of each chat for which nothing is being sent, what is next.
_HEADS = f"""
    SELECT min(row) FROM outbox WHERE platform = :platform AND {UNSENT}
    GROUP BY chat HAVING NOT max(state = '{State.SENDING}')
"""
_CLAIM = f"""
    UPDATE outbox SET state = '{State.SENDING}', tries = tries + 1, lease = :lease,
        claimed = coalesce(claimed, :now)
    WHERE row = :row AND state = '{State.DUE}' AND NOT EXISTS (
        SELECT 1 FROM outbox AS other WHERE other.platform = outbox.platform
            AND other.chat = outbox.chat AND other.{UNSENT} AND other.state = '{State.SENDING}')
    RETURNING row
"""
_RECOVER = f"""
    UPDATE outbox SET state = '{State.DUE}', deaths = deaths + 1, due = :now
    WHERE platform = :platform AND {UNSENT} AND state = '{State.SENDING}'
        AND (:dead OR lease < :now)
    RETURNING row
"""
# What went with a digest goes with it.
_PRUNE = """
    DELETE FROM outbox WHERE row IN (
        SELECT part.row FROM outbox AS part LEFT JOIN outbox AS whole ON whole.row = part.digest
        WHERE part.done < :before
            AND coalesce(whole.state, part.state) IN (SELECT value FROM json_each(:states))
        LIMIT :many)
"""


class SqliteOutbox(Outbox):
    """Implements `bot.posting.ports.Outbox` in SQLite."""

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections
        self._hold = PlatformLock(connections.path)

    @override
    async def due(self, platform: str, now: datetime, limit: int) -> Sequence[Post]:
        return await posts(
            self._connections,
            f"outbox.row IN ({_HEADS}) AND outbox.due <= :now"
            " ORDER BY outbox.due, outbox.row LIMIT :limit",
            {"platform": platform, "now": to_micros(now), "limit": limit},
        )

    @override
    async def claim(self, rows: Sequence[int], now: datetime) -> Sequence[int]:
        values = {"now": to_micros(now), "lease": to_micros(now + _LEASE)}
        async with self._connections.transaction() as writer:
            claimed = []
            for row in rows:
                found = await writer.execute_fetchall(_CLAIM, {**values, "row": row})
                claimed += [one[0] for one in found]
            return claimed

    @override
    async def mark(self, ends: Sequence[Outcome], now: datetime) -> None:
        async with self._connections.transaction() as writer:
            await mark(writer, ends, now)

    @override
    async def hold(self, platform: str) -> bool:
        return await self._hold.take(platform)

    @override
    async def recover(self, platform: str, now: datetime, *, dead: bool) -> int:
        async with self._connections.transaction() as writer:
            values = {"platform": platform, "now": to_micros(now), "dead": dead}
            rows = [row[0] for row in await writer.execute_fetchall(_RECOVER, values)]
            await settle_rows(writer, rows, now)
            return len(rows)

    @override
    async def prune(self, now: datetime) -> None:
        for states, kept in (
            ((State.SENT, State.GATHERED), _SENT_KEPT),
            ((State.FAILED,), _FAILED_KEPT),
        ):
            while await self._pruned(states, now - kept) == _PRUNED_AT_ONCE:
                pass
        async with self._connections.transaction() as writer:
            await forget_ended(writer, now)

    async def _pruned(self, states: Sequence[State], before: datetime) -> int:
        async with self._connections.transaction() as writer:
            cursor = await writer.execute(
                _PRUNE,
                {
                    "before": to_micros(before),
                    "states": json.dumps(states),
                    "many": _PRUNED_AT_ONCE,
                },
            )
            return cursor.rowcount

    @override
    async def put_off(self, platform: str, before: Since, until: datetime, reason: str) -> int:
        async with self._connections.transaction() as writer:
            return await put_off(writer, platform, before, until, reason)

    @override
    async def gather(self, platform: str, now: datetime) -> int:
        # Others need not wait for a transaction that would do nothing.
        if not await self._connections.rows(*ripe(platform, now)):
            return 0
        async with self._connections.transaction() as writer:
            return await gather(writer, platform, now)

    @override
    async def next_due(self, platform: str, now: datetime) -> datetime | None:
        del now
        rows = await self._connections.rows(
            f"""
            SELECT min(due) FROM (
                SELECT min(due) AS due FROM outbox
                WHERE platform = :platform AND state = '{State.WAITING}'
                UNION ALL
                SELECT due FROM outbox WHERE row IN ({_HEADS}))
            """,
            {"platform": platform},
        )
        return None if rows[0][0] is None else to_time(rows[0][0])

    @override
    async def posted_since(self, subscription: int, since: datetime) -> int:
        rows = await self._connections.rows(
            "SELECT count(*) FROM outbox WHERE subscription = ? AND done >= ? AND kind = ?"
            " AND state = ?",
            (subscription, to_micros(since), PostKind.STORY, State.SENT),
        )
        return int(rows[0][0])

    @override
    async def of_chat(self, chat: Chat, limit: int, offset: int = 0) -> Sequence[Post]:
        return await reads.of_chat(self._connections, chat, limit, offset)

    @override
    async def of_story(self, chat: Chat, story: str) -> Post | None:
        return await reads.of_story(self._connections, chat, story)

    @override
    async def notify(
        self, subscription: Subscription, text: str, chat: Chat, now: datetime
    ) -> None:
        at = to_micros(now)
        async with self._connections.transaction() as writer:
            await writer.execute(
                f"""
                INSERT OR IGNORE INTO outbox (platform, chat, thread, key, kind, story,
                    subscription, also, state, made, due, text)
                VALUES (?, ?, '', ?, '{PostKind.NOTICE}', '', ?, '[]', '{State.DUE}', ?, ?, ?)
                """,
                (
                    chat.platform,
                    chat_text(chat),
                    f"notice {subscription.id} {at}",
                    subscription.id,
                    at,
                    at,
                    text,
                ),
            )

    @override
    async def counts(self, platform: str) -> Mapping[str, int]:
        rows = await self._connections.rows(
            "SELECT state, count(*), sum(doubts + deaths) FROM outbox WHERE platform = ?"
            " GROUP BY state",
            (platform,),
        )
        return {row[0]: row[1] for row in rows} | {"doubts": sum(row[2] for row in rows)}

    async def aclose(self) -> None:
        """Gives back the right to post."""
        await self._hold.aclose()
