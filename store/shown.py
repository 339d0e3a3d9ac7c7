"""What people were last shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Chat, Person, Shown
from store.codec import shown_text, to_shown
from store.connection import Connections

_KEPT_DAYS = 31


async def remember_shown(
    connections: Connections, shown: Sequence[tuple[Chat, Person, Shown]]
) -> None:
    """See `bot.ports.Store.remember_shown`."""
    async with connections.transaction() as writer:
        await writer.executemany(
            """
            INSERT INTO shown (chat, person, at, listing)
            VALUES (?, ?, (julianday('now') - 2440587.5) * 86400000000, ?)
            ON CONFLICT (chat, person) DO UPDATE SET at = excluded.at, listing = excluded.listing
            """,
            [(_chat(chat), person.id, shown_text(one)) for chat, person, one in shown],
        )
        await writer.execute(
            "DELETE FROM shown WHERE at < (julianday('now') - 2440587.5 - ?) * 86400000000",
            (_KEPT_DAYS,),
        )


async def shown_last(connections: Connections, chat: Chat, person: Person) -> Shown | None:
    """See `bot.ports.Store.shown`."""
    rows = await connections.rows(
        "SELECT listing FROM shown WHERE chat = ? ORDER BY person = ? DESC, at DESC LIMIT 1",
        (_chat(chat), person.id),
    )
    return to_shown(rows[0]["listing"]) if rows else None


def _chat(chat: Chat) -> str:
    return f"{chat.platform}:{chat.id}"
