"""Counts and deletes what is kept about a person."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from bot.model import Chat, Person
from bot.posting.model import UNSUBSCRIBED, State
from bot.privacy.ports import KeptAboutPerson, PrivacyStore
from store.codec import chat_text, to_micros, to_time
from store.ports import ANSWER_PATIENCE, Connection, Connections
from store.subscriptions import next_revision

# Ids of people are a platform's own; the same number may be another person's on another one.
_KEPT = """
    SELECT
        (SELECT count(*) FROM shown WHERE person = :person AND glob(:chats, chat)),
        (SELECT at FROM looks WHERE person = :name),
        (SELECT count(*) FROM subscriptions
            WHERE owner = :person AND glob(:chats, chat) AND ended IS NULL),
        (SELECT count(*) FROM settings WHERE chat = :own),
        (SELECT count(*) FROM subscriptions WHERE chat = :own AND ended IS NULL),
        (SELECT count(*) FROM outbox WHERE chat = :own AND done IS NOT NULL),
        (SELECT count(*) FROM audit WHERE platform = :platform AND person = :person),
        (SELECT count(*) FROM (
            SELECT id FROM added_sources WHERE platform = :platform AND person = :person
            UNION
            SELECT id FROM paused_sources WHERE platform = :platform AND person = :person
        ) AS edited),
        (SELECT count(*) FROM login_sessions WHERE platform = :platform AND person = :person)
            + (SELECT count(*) FROM login_links WHERE platform = :platform AND person = :person),
        (SELECT count(*) FROM api_tokens WHERE platform = :platform AND person = :person)
"""
_FORGET = (
    "DELETE FROM shown WHERE (person = :person AND glob(:chats, chat)) OR chat = :own",
    "DELETE FROM looks WHERE person = :name",
    "DELETE FROM settings WHERE chat = :own",
    # Whoever holds it in memory has to hear that it has ended; so a row of it stays for a while.
    """
    UPDATE subscriptions SET ended = coalesce(ended, :now), what = 'forgotten ' || id,
        options = json_set(options, '$.place', ''), revision = :revision
    WHERE chat = :own
    """,
    """
    UPDATE subscriptions SET owner = '', revision = :revision
    WHERE owner = :person AND glob(:chats, chat)
    """,
    f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = '{UNSUBSCRIBED}', done = :now
    WHERE chat = :own AND done IS NULL AND state <> '{State.SENDING}'
    """,
    "DELETE FROM outbox WHERE chat = :own AND done IS NOT NULL",
    # What was changed stays for the others who moderate; nobody knows then who it was.
    """
    UPDATE audit SET person = '', name = '' WHERE platform = :platform AND person = :person
    """,
    # So do sources that were added, and pauses.
    """
    UPDATE added_sources SET person = '', name = '' WHERE platform = :platform AND person = :person
    """,
    """
    UPDATE paused_sources SET person = '', name = '' WHERE platform = :platform AND person = :person
    """,
    "DELETE FROM login_sessions WHERE platform = :platform AND person = :person",
    "DELETE FROM login_links WHERE platform = :platform AND person = :person",
    "DELETE FROM api_tokens WHERE platform = :platform AND person = :person",
)


class SqlPrivacy(PrivacyStore):
    """Implements `bot.privacy.ports.PrivacyStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def kept(self, platform: str, person: Person, own: Chat | None) -> KeptAboutPerson:
        (row,) = await self._connections.rows(_KEPT, _values(platform, person, own))
        lists, at, *counts = row
        return KeptAboutPerson(lists, None if at is None else to_time(at), *counts)

    @override
    async def forget(self, platform: str, person: Person, own: Chat | None, now: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            values = _values(platform, person, own) | {"now": to_micros(now)}
            await _forget(writer, values | {"revision": await next_revision(writer)})


async def _forget(writer: Connection, values: dict[str, object]) -> None:
    for statement in _FORGET:
        await writer.execute(statement, values)


def _values(platform: str, person: Person, own: Chat | None) -> dict[str, object]:
    return {
        "platform": platform,
        "person": person.id,
        "name": f"{platform}:{person.id}",
        "chats": f"{platform}:*",
        "own": chat_text(own) if own else "",
    }
