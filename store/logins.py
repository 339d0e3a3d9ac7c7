"""Keeps links, sessions and tokens of the desk on the web, by hashes, bounded in number."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from bot.logins.ports import (
    KEPT_LINKS,
    KEPT_OF_PERSON,
    KEPT_SESSIONS,
    LINK_FOR,
    LONGEST,
    REST,
    LoginSession,
    LoginStore,
    Visitor,
)
from store.api_tokens import SqlApiTokens, session_of, visitor_of
from store.codec import to_micros
from store.ports import ANSWER_PATIENCE

_DROP_LINKS = """
    DELETE FROM login_links WHERE until <= :now OR key NOT IN
        (SELECT key FROM login_links ORDER BY until DESC LIMIT :kept)
"""
_ADD_SESSION = """
    INSERT INTO login_sessions VALUES
        (:key, :platform, :person, :name, :own, :began, :used, :place)
"""
_DROP_SESSIONS = (
    "DELETE FROM login_sessions WHERE used <= :rested OR began <= :oldest",
    """
    DELETE FROM login_sessions WHERE platform = :platform AND person = :person AND key NOT IN
        (SELECT key FROM login_sessions WHERE platform = :platform AND person = :person
            ORDER BY used DESC, began DESC LIMIT :of_person)
    """,
    """
    DELETE FROM login_sessions WHERE key NOT IN
        (SELECT key FROM login_sessions ORDER BY used DESC, began DESC LIMIT :of_all)
    """,
)


class SqlLogins(SqlApiTokens, LoginStore):
    """Implements `bot.logins.ports.LoginStore` in SQL."""

    @override
    async def add_link(self, key: str, visitor: Visitor, until: datetime) -> None:
        who = (visitor.platform, visitor.person)
        bounds = {"now": to_micros(until - LINK_FOR), "kept": KEPT_LINKS}
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute("DELETE FROM login_links WHERE platform = ? AND person = ?", who)
            await writer.execute(
                "INSERT INTO login_links VALUES (?, ?, ?, ?, ?, ?)",
                (key, *who, visitor.name, visitor.own, to_micros(until)),
            )
            await writer.execute(_DROP_LINKS, bounds)

    @override
    async def take_link(self, key: str, now: datetime) -> Visitor | None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            asked = await writer.execute("SELECT * FROM login_links WHERE key = ?", (key,))
            row = await asked.fetchone()
            if row is None:
                return None
            await writer.execute("DELETE FROM login_links WHERE key = ?", (key,))
        return visitor_of(row) if to_micros(now) < row["until"] else None

    @override
    async def add_session(self, session: LoginSession) -> None:
        visitor = session.visitor
        values = {
            **_values(session),
            "platform": visitor.platform,
            "person": visitor.person,
            "name": visitor.name,
            "own": visitor.own,
            "began": to_micros(session.began),
        }
        bounds = {
            "rested": to_micros(session.used - REST),
            "oldest": to_micros(session.used - LONGEST),
            "platform": visitor.platform,
            "person": visitor.person,
            "of_person": KEPT_OF_PERSON,
            "of_all": KEPT_SESSIONS,
        }
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute(_ADD_SESSION, values)
            for statement in _DROP_SESSIONS:
                await writer.execute(statement, bounds)

    @override
    async def session(self, key: str) -> LoginSession | None:
        rows = await self._connections.rows("SELECT * FROM login_sessions WHERE key = ?", (key,))
        return next(map(session_of, rows), None)

    @override
    async def update_session(self, session: LoginSession) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            for table in ("login_sessions", "api_tokens"):
                await writer.execute(
                    f"UPDATE {table} SET used = :used, place = :place WHERE key = :key",
                    _values(session),
                )

    @override
    async def end_session(self, key: str) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute("DELETE FROM login_sessions WHERE key = ?", (key,))

    @override
    async def end_all(self, platform: str, person: str) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            for table in ("login_links", "login_sessions", "api_tokens"):
                await writer.execute(
                    f"DELETE FROM {table} WHERE platform = ? AND person = ?",
                    (platform, person),
                )


def _values(session: LoginSession) -> dict[str, object]:
    return {"key": session.key, "used": to_micros(session.used), "place": session.place}
