"""What adapters keep: what buttons ask for, settings of chats, and notes for the next start."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from bot.model import Action, Chat, Person, Shown
from bot.search.ports import Listing
from store.codec import (
    action_text,
    chat_text,
    shown_text,
    to_action,
    to_micros,
    to_shown,
    to_story,
    to_time,
)
from store.connection import SqliteConnections
from store.outbox.chat_migration import move
from store.stories import STORY

_SHOWN_KEPT = 31 * 24 * 3600 * 1_000_000  # microseconds


async def remember_shown(
    connections: SqliteConnections, shown: Sequence[tuple[Chat, Person, Shown]]
) -> None:
    """See `bot.chat.ports.Store.remember_shown`."""
    now = clock.time_ns() // 1_000
    async with connections.transaction() as writer:
        await writer.executemany(
            """
            INSERT INTO shown (chat, person, at, listing)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (chat, person) DO UPDATE SET at = excluded.at, listing = excluded.listing
            """,
            [(chat_text(chat), person.id, now, shown_text(one)) for chat, person, one in shown],
        )
        await writer.execute("DELETE FROM shown WHERE at < ?", (now - _SHOWN_KEPT,))


async def shown_last(connections: SqliteConnections, chat: Chat, person: Person) -> Shown | None:
    """See `bot.chat.ports.Store.shown`."""
    rows = await connections.rows(
        "SELECT listing FROM shown WHERE chat = ? ORDER BY person = ? DESC, at DESC LIMIT 1",
        (chat_text(chat), person.id),
    )
    return to_shown(rows[0]["listing"]) if rows else None


_NEW = "seen > :seen AND published >= iif(date_only, :day, :published)"


async def looked(connections: SqliteConnections, platform: str, person: Person) -> datetime | None:
    """See `bot.chat.ports.Store.looked`."""
    name = _name(platform, person)
    rows = await connections.rows("SELECT at FROM looks WHERE person = ?", (name,))
    return to_time(rows[0]["at"]) if rows else None


async def look(connections: SqliteConnections, platform: str, person: Person, at: datetime) -> None:
    """See `bot.chat.ports.Store.look`."""
    async with connections.transaction() as writer:
        await writer.execute(
            """
            INSERT INTO looks (person, at) VALUES (?, ?)
            ON CONFLICT (person) DO UPDATE SET at = max(at, excluded.at)
            """,
            (_name(platform, person), to_micros(at)),
        )


async def new_since(
    connections: SqliteConnections, seen: datetime, published: datetime, limit: int
) -> Listing:
    """See `bot.chat.ports.Store.new_since`."""
    midnight = datetime.combine(published.astimezone(UTC), time.min, UTC)
    values = {
        "seen": to_micros(seen),
        "published": to_micros(published),
        "day": to_micros(midnight),
        "limit": limit,
    }
    rows = await connections.rows(
        f"{STORY} JOIN (SELECT row FROM stories WHERE {_NEW} ORDER BY published DESC, row DESC"
        " LIMIT :limit) AS chosen ON chosen.row = stories.row"
        " ORDER BY stories.published DESC, stories.row DESC",
        values,
    )
    total = await connections.rows(f"SELECT count(*) FROM stories WHERE {_NEW}", values)
    return Listing(tuple(map(to_story, rows)), total[0][0])


def _name(platform: str, person: Person) -> str:
    """A person's name in the store."""
    return f"{platform}:{person.id}"


_ACTIONS_KEPT = 366 * 24 * 3600 * 1_000_000  # microseconds


async def remember_actions(connections: SqliteConnections, actions: Mapping[str, Action]) -> None:
    """See `bot.chat.ports.Store.remember_actions`."""
    now = clock.time_ns() // 1_000
    async with connections.transaction() as writer:
        await writer.executemany(
            """
            INSERT INTO actions (token, at, action) VALUES (?, ?, ?)
            ON CONFLICT (token) DO UPDATE SET at = excluded.at, action = excluded.action
            """,
            [(token, now, action_text(one)) for token, one in actions.items()],
        )
        await writer.execute("DELETE FROM actions WHERE at < ?", (now - _ACTIONS_KEPT,))


async def action(connections: SqliteConnections, token: str) -> Action | None:
    """See `bot.chat.ports.Store.action`."""
    rows = await connections.rows("SELECT action FROM actions WHERE token = ?", (token,))
    return to_action(rows[0]["action"]) if rows else None


async def settings(connections: SqliteConnections, chat: Chat) -> Mapping[str, str]:
    """See `bot.chat.ports.Store.settings`."""
    rows = await connections.rows(
        "SELECT name, value FROM settings WHERE chat = ?", (chat_text(chat),)
    )
    return {row["name"]: row["value"] for row in rows}


async def set_setting(
    connections: SqliteConnections, chat: Chat, name: str, value: str | None
) -> None:
    """See `bot.chat.ports.Store.set_setting`."""
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


async def move_chat(connections: SqliteConnections, old: Chat, new: Chat) -> None:
    """See `bot.chat.ports.Store.move_chat`."""
    async with connections.transaction() as writer:
        for table in ("settings", "shown"):
            await writer.execute(
                f"UPDATE OR REPLACE {table} SET chat = ? WHERE chat = ?",
                (chat_text(new), chat_text(old)),
            )
        await move(writer, chat_text(old), chat_text(new))


async def note(connections: SqliteConnections, name: str) -> str:
    """See `bot.chat.ports.Store.note`."""
    rows = await connections.rows("SELECT value FROM notes WHERE name = ?", (name,))
    return str(rows[0]["value"]) if rows else ""


async def set_note(connections: SqliteConnections, name: str, value: str) -> None:
    """See `bot.chat.ports.Store.set_note`."""
    async with connections.transaction() as writer:
        await writer.execute(
            """
            INSERT INTO notes (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            (name, value),
        )
