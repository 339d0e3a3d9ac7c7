"""Keeps which troubles the operator knows of, and puts what is told into the outbox."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from typing_extensions import override

from bot.model import Chat
from bot.monitoring.alerts.model import Known
from bot.monitoring.ports import AlertStore
from bot.posting.model import PostKind, State
from store.codec import chat_text, to_micros, to_time
from store.ports import Connections

_NOTE = "alerts"
_TELL = f"""
    INSERT INTO outbox (platform, chat, thread, key, kind, story, also, state, made, due, text)
    VALUES (?, ?, ?, ?, '{PostKind.NOTICE}', '', '[]', '{State.DUE}', ?, ?, ?)
    ON CONFLICT (chat, key) DO NOTHING
"""


class SqlAlerts(AlertStore):
    """Implements `bot.monitoring.ports.AlertStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def known(self) -> Known:
        rows = await self._connections.rows("SELECT value FROM notes WHERE name = ?", (_NOTE,))
        found = json.loads(rows[0]["value"]) if rows else {}
        return {key: to_time(since) for key, since in found.items()}

    @override
    async def tell(self, known: Known, text: str, chats: Sequence[Chat], now: datetime) -> None:
        at = to_micros(now)
        value = json.dumps({key: to_micros(since) for key, since in known.items()})
        async with self._connections.transaction() as writer:
            await writer.execute(
                "INSERT INTO notes (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (_NOTE, value),
            )
            for chat in chats if text else ():
                place = (chat.platform, chat_text(chat), chat.thread)
                await writer.execute(
                    _TELL, (*place, f"alert {at} {crc32(text.encode())}", at, at, text)
                )
