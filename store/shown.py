"""What people were last shown."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot.model import Chat, Person, Shown
from store.codec import chat_text, shown_text, to_shown
from store.connection import Connections

_KEPT = 31 * 24 * 3600 * 1_000_000  # microseconds


async def remember_shown(
    connections: Connections, shown: Sequence[tuple[Chat, Person, Shown]]
) -> None:
    """See `bot.ports.Store.remember_shown`."""
    now = time.time_ns() // 1_000
    async with connections.transaction() as writer:
        await writer.executemany(
            """
            INSERT INTO shown (chat, person, at, listing)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (chat, person) DO UPDATE SET at = excluded.at, listing = excluded.listing
            """,
            [(chat_text(chat), person.id, now, shown_text(one)) for chat, person, one in shown],
        )
        await writer.execute("DELETE FROM shown WHERE at < ?", (now - _KEPT,))


async def shown_last(connections: Connections, chat: Chat, person: Person) -> Shown | None:
    """See `bot.ports.Store.shown`."""
    rows = await connections.rows(
        "SELECT listing FROM shown WHERE chat = ? ORDER BY person = ? DESC, at DESC LIMIT 1",
        (chat_text(chat), person.id),
    )
    return to_shown(rows[0]["listing"]) if rows else None
