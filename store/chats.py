"""What adapters keep: what buttons ask for, settings of chats, and notes for the next start."""

from __future__ import annotations

import time
from collections.abc import Mapping

from bot.model import Action, Chat
from store.codec import action_text, chat_text, to_action
from store.connection import Connections
from store.moving import move

_KEPT = 366 * 24 * 3600 * 1_000_000  # microseconds


async def remember_actions(connections: Connections, actions: Mapping[str, Action]) -> None:
    """See `bot.ports.Store.remember_actions`."""
    now = time.time_ns() // 1_000
    async with connections.transaction() as writer:
        await writer.executemany(
            """
            INSERT INTO actions (token, at, action) VALUES (?, ?, ?)
            ON CONFLICT (token) DO UPDATE SET at = excluded.at, action = excluded.action
            """,
            [(token, now, action_text(one)) for token, one in actions.items()],
        )
        await writer.execute("DELETE FROM actions WHERE at < ?", (now - _KEPT,))


async def action(connections: Connections, token: str) -> Action | None:
    """See `bot.ports.Store.action`."""
    rows = await connections.rows("SELECT action FROM actions WHERE token = ?", (token,))
    return to_action(rows[0]["action"]) if rows else None


async def settings(connections: Connections, chat: Chat) -> Mapping[str, str]:
    """See `bot.ports.Store.settings`."""
    rows = await connections.rows(
        "SELECT name, value FROM settings WHERE chat = ?", (chat_text(chat),)
    )
    return {row["name"]: row["value"] for row in rows}


async def set_setting(connections: Connections, chat: Chat, name: str, value: str | None) -> None:
    """See `bot.ports.Store.set_setting`."""
    async with connections.transaction() as writer:
        if value is None:
            await writer.execute(
                "DELETE FROM settings WHERE chat = ? AND name = ?", (chat_text(chat), name)
            )
            return
        await writer.execute(
            """
            INSERT INTO settings (chat, name, value) VALUES (?, ?, ?)
            ON CONFLICT (chat, name) DO UPDATE SET value = excluded.value
            """,
            (chat_text(chat), name, value),
        )


async def move_chat(connections: Connections, old: Chat, new: Chat) -> None:
    """See `bot.ports.Store.move_chat`."""
    async with connections.transaction() as writer:
        for table in ("settings", "shown"):
            await writer.execute(
                f"UPDATE OR REPLACE {table} SET chat = ? WHERE chat = ?",
                (chat_text(new), chat_text(old)),
            )
        await move(writer, chat_text(old), chat_text(new))


async def note(connections: Connections, name: str) -> str:
    """See `bot.ports.Store.note`."""
    rows = await connections.rows("SELECT value FROM notes WHERE name = ?", (name,))
    return str(rows[0]["value"]) if rows else ""


async def set_note(connections: Connections, name: str, value: str) -> None:
    """See `bot.ports.Store.set_note`."""
    async with connections.transaction() as writer:
        await writer.execute(
            """
            INSERT INTO notes (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            (name, value),
        )
