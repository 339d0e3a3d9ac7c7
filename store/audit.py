"""Keeps what moderators have changed, bounded by age and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from bot.audit.ports import KEPT, KEPT_FOR, KEPT_IN_A_CHAT, Actor, AuditEntry, AuditLog
from bot.model import Chat
from store.codec import chat_text, to_chat, to_micros, to_time
from store.ports import ANSWER_PATIENCE, Connections, Row

_ADD = """
    INSERT INTO audit (at, platform, person, name, chat, thread, house, place, command, change,
                       target)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DROP = (
    "DELETE FROM audit WHERE at < :oldest",
    """
    DELETE FROM audit WHERE chat = :chat AND row <=
        (SELECT row FROM audit WHERE chat = :chat ORDER BY row DESC LIMIT 1 OFFSET :of_chat)
    """,
    """
    DELETE FROM audit WHERE row <=
        (SELECT row FROM audit ORDER BY row DESC LIMIT 1 OFFSET :of_all)
    """,
)
_HERE = "(CAST(:chat AS TEXT) IS NULL OR chat IN (:chat, :house) OR house = :house)"


class SqlAudit(AuditLog):
    """Implements `bot.audit.ports.AuditLog` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def record(self, entry: AuditEntry) -> None:
        actor, chat = entry.actor, entry.chat
        who = (actor.platform, actor.id, actor.name)
        where = (chat_text(chat), chat.thread, _house(chat), chat.name)
        values = (to_micros(entry.at), *who, *where, entry.command, entry.change, entry.target)
        bounds = {
            "oldest": to_micros(entry.at - KEPT_FOR),
            "chat": chat_text(chat),
            "of_chat": KEPT_IN_A_CHAT,
            "of_all": KEPT,
        }
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute(_ADD, values)
            for statement in _DROP:
                await writer.execute(statement, bounds)

    @override
    async def entries(
        self,
        chat: Chat | None,
        limit: int,
        offset: int = 0,
        *,
        actors: Sequence[Actor] | None = None,
        command: str = "",
    ) -> Sequence[AuditEntry]:
        people = [(one.platform, one.id) for one in actors or ()]
        by = "1 = 1" if actors is None else f"(platform, person) IN (VALUES {_marks(people)})"
        if actors is not None and not people:
            return ()
        named = {f"p{at}": value for at, value in enumerate(sum(people, ()))}
        asked = {"command": command, "limit": limit, "offset": offset}
        rows = await self._connections.rows(
            f"SELECT * FROM audit WHERE {_HERE} AND {by} AND (:command = '' OR command = :command)"
            " ORDER BY row DESC LIMIT :limit OFFSET :offset",
            {**_chat_values(chat), **named, **asked},
        )
        return [_entry(row) for row in rows]

    @override
    async def actors(self, chat: Chat | None) -> Sequence[Actor]:
        rows = await self._connections.rows(
            "SELECT platform, person, name FROM audit WHERE row IN"
            f" (SELECT max(row) FROM audit WHERE {_HERE} AND person <> ''"
            " GROUP BY platform, person) ORDER BY row DESC",
            _chat_values(chat),
        )
        return [Actor(row["platform"], row["person"], row["name"]) for row in rows]

    @override
    async def commands(self, chat: Chat | None) -> Sequence[str]:
        rows = await self._connections.rows(
            f"SELECT DISTINCT command FROM audit WHERE {_HERE} ORDER BY command",
            _chat_values(chat),
        )
        return [row["command"] for row in rows]


def _marks(people: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"(:p{2 * at}, :p{2 * at + 1})" for at in range(len(people)))


def _house(chat: Chat) -> str:
    """The name of a chat's house in the table; empty for a chat that is its own."""
    return chat_text(Chat(chat.platform, chat.house)) if chat.house else ""


def _chat_values(chat: Chat | None) -> dict[str, str | None]:
    """A server is asked for by any of its channels: whoever moderates one moderates all."""
    if chat is None:
        return {"chat": None, "house": None}
    return {"chat": chat_text(chat), "house": _house(chat) or chat_text(chat)}


def _entry(row: Row) -> AuditEntry:
    house = row["house"].partition(":")[2]
    chat = replace(to_chat(row["chat"], row["thread"], house), name=row["place"])
    return AuditEntry(
        to_time(row["at"]),
        Actor(row["platform"], row["person"], row["name"]),
        chat,
        row["command"],
        row["change"],
        row["target"],
    )
