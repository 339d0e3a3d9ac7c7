"""The outbox: what is to be posted, and what was; claimed, committed, sent, marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from bot.model import Chat
from bot.posting.claims import claim, recover
from bot.posting.counters import QueueDepth
from bot.posting.model import Outcome, Post, PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.posting.outcomes import apply_outcomes
from bot.posting.ports import Outbox
from bot.posting.retention import expiry
from bot.search.query import Since
from bot.subscriptions.model import Subscription
from store.codec import chat_text, to_chat, to_micros, to_time
from store.outbox.bursts import BurstQueries
from store.outbox.clock_repair import repair_outbox
from store.outbox.digests import QUEUED, gather_posts, put_off_posts, ripe_query
from store.outbox.pauses import PauseQueries
from store.outbox.reads import post_of_story, posts, posts_of_chat, queue_depth
from store.outbox.reassign import reassign_rows, write_and_release
from store.outbox.rows import read, read_in, with_digests, write
from store.ports import Connection, Connections, PlatformLock, fetch_in
from store.subscriptions import forget_ended

_PRUNED_AT_ONCE = 5_000  # rows: others want to write, too


_SENDING = f"platform = ? AND {QUEUED} AND state = '{State.SENDING}'"


# Of each chat for which nothing is being sent, what is next.
_HEADS = f"""
    SELECT min(row) FROM outbox WHERE platform = :platform AND {QUEUED}
    GROUP BY chat HAVING max(CASE state WHEN '{State.SENDING}' THEN 1 ELSE 0 END) = 0
"""
# What went with a digest goes with it.
_PRUNE = """
    DELETE FROM outbox WHERE row IN (
        SELECT part.row FROM outbox AS part LEFT JOIN outbox AS whole ON whole.row = part.digest
        WHERE part.done < :before
            AND coalesce(whole.state, part.state) = :state
        LIMIT :many)
"""


class SqlOutbox(BurstQueries, PauseQueries, Outbox):
    """The outbox: each change is one transaction that a rule of the core decides."""

    def __init__(self, connections: Connections, lock: PlatformLock) -> None:
        """Makes one for a store; `lock` says which process posts on a platform."""
        self._connections = connections
        self._lock = lock

    @override
    async def due(self, platform: str, now: datetime, limit: int) -> Sequence[Post]:
        return await posts(
            self._connections,
            f"outbox.row IN ({_HEADS}) AND outbox.due <= :now"
            " ORDER BY outbox.due, outbox.row LIMIT :limit",
            {"platform": platform, "now": to_micros(now), "limit": limit},
        )

    @override
    async def claim(self, ids: Sequence[int], now: datetime) -> Sequence[int]:
        async with self._connections.transaction() as writer:
            wanted = await read_in(writer, "row", ids)
            busy = await _busy(writer, wanted.values())
            after = claim(wanted, busy, ids, now)
            await write(writer, wanted, after)
            return [one for one in ids if one in after and after[one] is not wanted[one]]

    @override
    async def mark(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        async with self._connections.transaction() as writer:
            tried = await read_in(writer, "row", [one.post for one in outcomes])
            rows = await with_digests(writer, tried)
            after = apply_outcomes(rows, outcomes, now)
            # What was decided about its chat meanwhile holds for what is still to be sent.
            open_ = await _reassign_open(writer, after, now)
            await write_and_release(writer, rows, open_, now)

    @override
    async def lock_platform(self, platform: str) -> bool:
        return await self._lock.acquire(platform)

    @override
    async def recover(self, platform: str, now: datetime, *, dead: bool) -> int:
        async with self._connections.transaction() as writer:
            sending = await read(writer, _SENDING, (platform,))
            lost = recover(sending, now, dead=dead)
            count = sum(lost[number] is not one for number, one in sending.items())
            rows = await with_digests(writer, sending)
            await write(writer, rows, await reassign_rows(writer, {**rows, **lost}, now))
            return count

    @override
    async def repair_times(self, platform: str, now: datetime) -> None:
        async with self._connections.transaction() as writer:
            await repair_outbox(writer, platform, now)

    @override
    async def prune(self, now: datetime) -> None:
        for state, before in expiry(now).items():
            while await self._prune(state, before) == _PRUNED_AT_ONCE:
                pass
        await self.give_up_stale(now)
        async with self._connections.transaction() as writer:
            await forget_ended(writer, now)

    async def _prune(self, state: State, before: datetime) -> int:
        values = {"state": state, "before": to_micros(before), "many": _PRUNED_AT_ONCE}
        async with self._connections.transaction() as writer:
            return (await writer.execute(_PRUNE, values)).rowcount

    @override
    async def put_off(self, platform: str, before: Since, until: datetime, reason: str) -> int:
        async with self._connections.transaction() as writer:
            return await put_off_posts(writer, platform, before, until, reason)

    @override
    async def queue_depth(self, platform: str) -> QueueDepth:
        return await queue_depth(self._connections, "platform = ?", (platform,))

    @override
    async def queue_depth_of(self, chat: Chat) -> QueueDepth:
        where = "platform = ? AND chat = ?"
        return await queue_depth(self._connections, where, (chat.platform, chat_text(chat)))

    @override
    async def gather(self, platform: str, now: datetime) -> int:
        # Others need not wait for a transaction that would do nothing.
        if not await self._connections.rows(*ripe_query(platform, now)):
            return 0
        async with self._connections.transaction() as writer:
            return await gather_posts(writer, platform, now)

    @override
    async def next_due(self, platform: str, now: datetime) -> datetime | None:
        del now
        rows = await self._connections.rows(
            f"""
            SELECT min(due) FROM (
                SELECT min(due) AS due FROM outbox
                WHERE platform = :platform AND state = '{State.WAITING}'
                UNION ALL
                SELECT due FROM outbox WHERE row IN ({_HEADS})) AS next
            """,
            {"platform": platform},
        )
        return None if rows[0][0] is None else to_time(rows[0][0])

    @override
    async def count_sent_since(self, subscription: int, since: datetime) -> int:
        rows = await self._connections.rows(
            "SELECT count(*) FROM outbox WHERE subscription = ? AND done >= ? AND kind = ?"
            " AND state = ?",
            (subscription, to_micros(since), PostKind.STORY, State.SENT),
        )
        return int(rows[0][0])

    @override
    async def of_chat(self, chat: Chat, limit: int, offset: int = 0) -> Sequence[Post]:
        return await posts_of_chat(self._connections, chat, limit, offset)

    @override
    async def of_story(self, chat: Chat, story: str) -> Post | None:
        return await post_of_story(self._connections, chat, story)

    @override
    async def notify(
        self, subscription: Subscription, text: str, chat: Chat, now: datetime
    ) -> None:
        at = to_micros(now)
        async with self._connections.transaction() as writer:
            await writer.execute(
                f"""
                INSERT INTO outbox (platform, chat, thread, key, kind, story,
                    subscription, also, state, made, due, text)
                VALUES (?, ?, '', ?, '{PostKind.NOTICE}', '', ?, '[]', '{State.DUE}', ?, ?, ?)
                ON CONFLICT (chat, key) DO NOTHING
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
        """Releases the locks on the platforms."""
        await self._lock.aclose()


async def _busy(writer: Connection, rows: Iterable[OutboxRow]) -> set[Chat]:
    """The chats of rows that something is being sent to."""
    chats = {one.chat for one in rows}
    busy = set()
    for platform in {chat.platform for chat in chats}:
        statement = f"SELECT DISTINCT chat FROM outbox WHERE {_SENDING} AND chat"
        there = (chat_text(chat) for chat in chats if chat.platform == platform)
        found = await fetch_in(writer, statement, there, (platform,))
        busy |= {to_chat(row["chat"]) for row in found}
    return busy


async def _reassign_open(writer: Connection, rows: Rows, now: datetime) -> Rows:
    """Reassigns those rows that are not done; mostly, that is none."""
    if all(one.done is not None for one in rows.values()):
        return rows
    return await reassign_rows(writer, rows, now)
