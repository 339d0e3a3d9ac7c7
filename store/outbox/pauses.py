"""Posts of paused chats: counted, withdrawn, and given up when they have waited for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from typing_extensions import override

from bot.model import Chat
from bot.posting import reassign
from bot.posting.model import PostKind, State
from bot.posting.outbox_ports import Pauses
from bot.posting.reassign import stale_since, withdraw
from store.codec import chat_text, to_micros
from store.outbox.rows import read, run_rule, with_digests, write
from store.ports import Connections

_AT_ONCE = 5_000  # rows: others want to write, too
_STALE = f"state = '{State.PAUSED}' AND made < ? AND kind <> '{PostKind.NOTICE}'"


class PauseQueries(Pauses):
    """Implements the part of the outbox that is about paused chats."""

    _connections: Connections

    @override
    async def count_paused(self, chat: Chat, now: datetime) -> int:
        rows = await self._connections.rows(
            f"""
            SELECT count(*) FROM outbox
            WHERE kind = '{PostKind.STORY}' AND made >= :since
                AND coalesce((SELECT whole.state FROM outbox AS whole
                    WHERE whole.row = outbox.digest), state) = '{State.PAUSED}'
                AND subscription IN (SELECT id FROM subscriptions
                    WHERE ended IS NULL AND (chat = :chat OR house = :chat))
            """,
            {"chat": chat_text(chat), "since": to_micros(stale_since(now))},
        )
        return int(rows[0][0])

    @override
    async def withdraw(self, chat: Chat, now: datetime) -> Sequence[str]:
        async with self._connections.transaction() as writer:
            rows = await read(writer, f"chat = ? AND state = '{State.WAITING}'", (chat_text(chat),))
            after = await run_rule(lambda: withdraw(rows, now), len(rows))
            await write(writer, rows, after)
            return [one.story for one in rows.values() if after[one.id] is not one]

    @override
    async def give_up_stale(self, now: datetime) -> None:
        """Gives up, some at a time, what is of chats that have been paused for too long."""
        before = to_micros(stale_since(now))
        while await self._connections.rows(
            f"SELECT 1 FROM outbox WHERE {_STALE} LIMIT 1", (before,)
        ):
            async with self._connections.transaction() as writer:
                stale = await read(writer, f"{_STALE} LIMIT {_AT_ONCE}", (before,))
                rows = await with_digests(writer, stale)
                after = await run_rule(partial(reassign.give_up_stale, rows, now), len(rows))
                await write(writer, rows, after)
