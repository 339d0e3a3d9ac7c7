"""Keeps tokens of the API, by hashes, bounded in number."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from bot.logins.ports import (
    KEPT_TOKENS,
    TOKEN_REST,
    TOKENS_OF_PERSON,
    ApiToken,
    ApiTokenStore,
    LoginSession,
    Visitor,
)
from store.codec import to_micros, to_time
from store.ports import ANSWER_PATIENCE, Connections, Row

_MAKE_ROOM = """
    DELETE FROM api_tokens
    WHERE used <= :rested OR (platform = :platform AND person = :person AND label = :label)
"""
_ADD = """
    INSERT INTO api_tokens
        SELECT :key, :platform, :person, :name, :own, :label, :began, :used, :place
        WHERE (SELECT count(*) FROM api_tokens) < :of_all
            AND (SELECT count(*) FROM api_tokens WHERE platform = :platform AND person = :person)
                < :of_person
"""
_OF_PERSON = """
    SELECT * FROM api_tokens WHERE platform = ? AND person = ? ORDER BY began, label
"""


class SqlApiTokens(ApiTokenStore):
    """Implements `bot.logins.ports.ApiTokenStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def add_token(self, token: ApiToken) -> bool:
        session, visitor = token.session, token.session.visitor
        values = {
            "key": session.key,
            "platform": visitor.platform,
            "person": visitor.person,
            "name": visitor.name,
            "own": visitor.own,
            "label": token.label,
            "began": to_micros(session.began),
            "used": to_micros(session.used),
            "place": session.place,
        }
        bounds = {
            "rested": to_micros(session.used - TOKEN_REST),
            "of_person": TOKENS_OF_PERSON,
            "of_all": KEPT_TOKENS,
        }
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute(_MAKE_ROOM, values | bounds)
            added = await writer.execute(_ADD, values | bounds)
        return added.rowcount == 1

    @override
    async def token(self, key: str) -> ApiToken | None:
        rows = await self._connections.rows("SELECT * FROM api_tokens WHERE key = ?", (key,))
        return next(map(_token, rows), None)

    @override
    async def tokens(self, platform: str, person: str) -> Sequence[ApiToken]:
        rows = await self._connections.rows(_OF_PERSON, (platform, person))
        return [_token(row) for row in rows]

    @override
    async def end_token(self, key: str) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await writer.execute("DELETE FROM api_tokens WHERE key = ?", (key,))


def visitor_of(row: Row) -> Visitor:
    """Returns the person of a row."""
    return Visitor(row["platform"], row["person"], row["name"], row["own"])


def session_of(row: Row) -> LoginSession:
    """Returns the session of a row, be it a browser's or that of a token."""
    began, used = to_time(row["began"]), to_time(row["used"])
    return LoginSession(row["key"], visitor_of(row), began, used, row["place"])


def _token(row: Row) -> ApiToken:
    return ApiToken(row["label"], session_of(row))
