"""Flood control in the outbox: what is due in a chat, what it was just sent, and outages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from typing_extensions import override

from bot.model import Chat
from bot.posting.gathering import hasten, pile_up
from bot.posting.model import PostKind, State
from bot.posting.outbox_ports import Bursts
from store.codec import chat_text, to_micros
from store.outbox.digests import QUEUED
from store.outbox.rows import read, run_rule, write
from store.ports import Connections

_DUE = f"platform = ? AND chat = ? AND {QUEUED} AND state = '{State.DUE}'"
_DELAYED = f"platform = ? AND {QUEUED} AND state = '{State.DUE}' AND outage = 1 AND due > ?"
_MAY_HAVE_ARRIVED = "deaths + min(doubts, 2)"  # as often as a platform takes it twice that could
_IN_DOUBT = f"{_DUE} AND kind = '{PostKind.STORY}' AND claimed IS NOT NULL"


class BurstQueries(Bursts):
    """Implements the part of the outbox that keeps chats from being flooded."""

    _connections: Connections

    @override
    async def pile_up(
        self, chat: Chat, free: int, until: datetime, reason: str, *, after: int | None = None
    ) -> int | None:
        values = (chat.platform, chat_text(chat))
        # Mostly there is nothing to do, and no transaction is needed to see that.
        found = await self._connections.rows(
            f"SELECT count(*), coalesce(max(row), 0) FROM outbox WHERE {_DUE}", values
        )
        count, last = found[0]
        if count <= free and (after is None or last < after):
            return None
        async with self._connections.transaction() as writer:
            rows = await read(writer, _DUE, values)
            piled = await run_rule(lambda: pile_up(rows, free, until, reason, after), len(rows))
            await write(writer, rows, piled)
            waiting = (number for number, one in rows.items() if piled[number] is not one)
            return min(waiting, default=None)

    @override
    async def stories_in(self, digest: int) -> tuple[str, ...]:
        rows = await self._connections.rows(
            "SELECT story FROM outbox WHERE digest = ? ORDER BY row", (digest,)
        )
        return tuple(one["story"] for one in rows)

    @override
    async def steady_offset(self, platform: str, epoch: str, passed: float) -> float:
        async with self._connections.transaction() as writer:
            known = list(
                await writer.execute_fetchall(
                    "SELECT seconds FROM steady_offsets WHERE platform = ? AND epoch = ?",
                    (platform, epoch),
                )
            )
            if known:
                return float(known[0][0])
            (latest,) = await writer.execute_fetchall(
                "SELECT coalesce(max(arrived), 0.0) FROM outbox"
                " WHERE platform = ? AND arrived IS NOT NULL",
                (platform,),
            )
            offset = float(latest[0]) - passed
            await writer.execute(
                "INSERT OR REPLACE INTO steady_offsets VALUES (?, ?, ?)", (platform, epoch, offset)
            )
            return offset

    @override
    async def singles_since(self, chat: Chat, since: float) -> Sequence[float]:
        rows = await self._connections.rows(
            f"SELECT arrived, max(1, {_MAY_HAVE_ARRIVED} + (state = '{State.SENT}')) FROM outbox"
            " WHERE platform = ? AND chat = ? AND arrived > ?",
            (chat.platform, chat_text(chat), since),
        )
        return [arrived for arrived, times in rows for _ in range(times)]

    @override
    async def count_in_doubt(self, chat: Chat) -> int:
        rows = await self._connections.rows(
            f"SELECT coalesce(sum({_MAY_HAVE_ARRIVED}), 0) FROM outbox WHERE {_IN_DOUBT}",
            (chat.platform, chat_text(chat)),
        )
        return int(rows[0][0])

    @override
    async def role_times(
        self, chat: Chat, role: str, since: float, until: float
    ) -> Sequence[float]:
        rows = await self._connections.rows(
            f"""
            SELECT arrived FROM outbox JOIN subscriptions ON subscriptions.id = subscription
            WHERE outbox.platform = ? AND outbox.chat = ? AND arrived > ? AND arrived <= ?
                AND outbox.state = '{State.SENT}' AND json_extract(options, '$.role') = ?
            ORDER BY arrived
            """,
            (chat.platform, chat_text(chat), since, until, role),
        )
        return [row[0] for row in rows]

    @override
    async def hasten(self, platform: str, now: datetime, *, probe: bool = False) -> int:
        # One that may have arrived is not risked to find out how the platform is.
        one = " AND doubts + deaths = 0 ORDER BY row LIMIT 1" if probe else ""
        condition, values = f"{_DELAYED}{one}", (platform, to_micros(now))
        if not await self._connections.rows(f"SELECT 1 FROM outbox WHERE {condition}", values):
            return 0
        async with self._connections.transaction() as writer:
            rows = await read(writer, condition, values)
            await write(writer, rows, await run_rule(lambda: hasten(rows, now), len(rows)))
            return len(rows)
