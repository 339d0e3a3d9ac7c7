"""Keeps what buttons ask for, settings of chats, last lists, and adapters' notes."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from bot.chat.ports import ChatStore
from bot.model import Action, Chat, Person, Shown
from store.codec import (
    action_text,
    chat_text,
    shown_text,
    to_action,
    to_chat,
    to_micros,
    to_shown,
    to_time,
)
from store.outbox.chat_migration import migrate_chat
from store.ports import ANSWER_PATIENCE, Connections

_SHOWN_KEPT = 31 * 24 * 3600 * 1_000_000  # microseconds


def _name(platform: str, person: Person) -> str:
    """A person's name in the store."""
    return f"{platform}:{person.id}"


_ACTIONS_KEPT = _LOOKS_KEPT = 366 * 24 * 3600 * 1_000_000  # microseconds


# What was set or shown under the old id takes the place of the same under the new one.
_MOVE = (
    """
    DELETE FROM settings
    WHERE chat = :new AND name IN (SELECT name FROM settings WHERE chat = :old)
    """,
    "UPDATE settings SET chat = :new WHERE chat = :old",
    """
    DELETE FROM shown
    WHERE chat = :new AND person IN (SELECT person FROM shown WHERE chat = :old)
    """,
    "UPDATE shown SET chat = :new WHERE chat = :old",
    "UPDATE audit SET chat = :new WHERE chat = :old",
    "DELETE FROM places WHERE chat = :new",
    "UPDATE places SET chat = :new WHERE chat = :old",
)


_MAX_PLACES = 10_000
_DROP_PLACES = f"""
    DELETE FROM places WHERE at <
        (SELECT at FROM places ORDER BY at DESC LIMIT 1 OFFSET {_MAX_PLACES - 1})
"""
_OWN_LIST = "SELECT listing FROM shown WHERE chat = ? AND person = ?"
# Each by its own index: a chat of thousands has as many lists, and every question asks.
_LAST_LIST = f"""
    {_OWN_LIST}
    UNION ALL SELECT listing FROM (
        SELECT listing FROM shown WHERE chat = ? AND person <> ? ORDER BY at DESC LIMIT 1
    ) AS newest
    LIMIT 1
"""

_MOST_LISTED = 60
_PLACES = f"""
    WITH known (chat, house, own, at) AS (
        SELECT chat, '', 1, at FROM shown WHERE person = :person
        UNION ALL SELECT chat, house, CASE WHEN owner = :person THEN 1 ELSE 0 END, made
            FROM subscriptions WHERE ended IS NULL
        UNION ALL SELECT chat, house, CASE WHEN person = :person THEN 1 ELSE 0 END, at
            FROM audit WHERE platform = :platform
        UNION ALL SELECT chat, '', 0, 0 FROM settings
        UNION ALL SELECT chat, '', 0, at FROM places)
    SELECT chat, max(house) AS house FROM known WHERE glob(:chats, chat)
    GROUP BY chat ORDER BY max(own) DESC, max(at) DESC, chat LIMIT {_MOST_LISTED}
"""


class SqlChats(ChatStore):
    """Keeps what adapters and chats have set."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def remember_last_lists(self, shown: Sequence[tuple[Chat, Person, Shown]]) -> None:
        now = clock.time_ns() // 1_000
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.executemany(
                """
                INSERT INTO shown (chat, person, at, listing)
                VALUES (?, ?, ?, ?)
                ON CONFLICT (chat, person) DO UPDATE
                SET at = excluded.at, listing = excluded.listing
                """,
                [(chat_text(chat), person.id, now, shown_text(one)) for chat, person, one in shown],
            )
            await writer.execute("DELETE FROM shown WHERE at < ?", (now - _SHOWN_KEPT,))

    @override
    async def last_list(self, chat: Chat, person: Person) -> Shown | None:
        rows = await self._connections.rows(_LAST_LIST, (chat_text(chat), person.id) * 2)
        return to_shown(rows[0]["listing"]) if rows else None

    @override
    async def own_last_list(self, chat: Chat, person: Person) -> Shown | None:
        rows = await self._connections.rows(_OWN_LIST, (chat_text(chat), person.id))
        return to_shown(rows[0]["listing"]) if rows else None

    @override
    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        now = clock.time_ns() // 1_000
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.executemany(
                """
                INSERT INTO actions (token, at, action) VALUES (?, ?, ?)
                ON CONFLICT (token) DO UPDATE SET at = excluded.at, action = excluded.action
                """,
                [(token, now, action_text(one)) for token, one in actions.items()],
            )
            await writer.execute("DELETE FROM actions WHERE at < ?", (now - _ACTIONS_KEPT,))

    @override
    async def action(self, token: str) -> Action | None:
        rows = await self._connections.rows("SELECT action FROM actions WHERE token = ?", (token,))
        return to_action(rows[0]["action"]) if rows else None

    @override
    async def settings(self, chat: Chat) -> Mapping[str, str]:
        rows = await self._connections.rows(
            "SELECT name, value FROM settings WHERE chat = ?", (chat_text(chat),)
        )
        return {row["name"]: row["value"] for row in rows}

    @override
    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
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

    @override
    async def move(self, old: Chat, new: Chat) -> None:
        if old == new:
            return
        async with self._connections.transaction() as writer:
            names = {"old": chat_text(old), "new": chat_text(new)}
            for statement in _MOVE:
                await writer.execute(statement, names)
            await migrate_chat(writer, old, new)

    @override
    async def places(self, platform: str, person: Person, shared: str) -> Sequence[Chat]:
        values = {"platform": platform, "person": person.id, "chats": f"{platform}:{shared}"}
        rows = await self._connections.rows(_PLACES, values)
        return [to_chat(row["chat"], "", row["house"].partition(":")[2]) for row in rows]

    @override
    async def remember_place(self, chat: Chat, now: datetime) -> None:
        async with self._connections.transaction() as writer:
            await writer.execute(
                "INSERT INTO places VALUES (?, ?)"
                " ON CONFLICT (chat) DO UPDATE SET at = excluded.at",
                (chat_text(chat), to_micros(now)),
            )
            await writer.execute(_DROP_PLACES)

    @override
    async def forget_place(self, chat: Chat) -> None:
        async with self._connections.transaction() as writer:
            await writer.execute("DELETE FROM places WHERE chat = ?", (chat_text(chat),))

    @override
    async def note(self, name: str) -> str:
        rows = await self._connections.rows("SELECT value FROM notes WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else ""

    @override
    async def set_note(self, name: str, value: str) -> None:
        async with self._connections.transaction() as writer:
            await writer.execute(
                """
                INSERT INTO notes (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                (name, value),
            )

    @override
    async def last_catchup(self, platform: str, person: Person) -> datetime | None:
        name = _name(platform, person)
        rows = await self._connections.rows("SELECT at FROM looks WHERE person = ?", (name,))
        return to_time(rows[0]["at"]) if rows else None

    @override
    async def remember_catchup(self, platform: str, person: Person, at: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute(
                """
                INSERT INTO looks (person, at) VALUES (?, ?)
                ON CONFLICT (person) DO UPDATE SET at = excluded.at
                WHERE excluded.at > looks.at
                """,
                (_name(platform, person), to_micros(at)),
            )
            await writer.execute("DELETE FROM looks WHERE at < ?", (to_micros(at) - _LOOKS_KEPT,))
