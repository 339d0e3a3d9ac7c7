"""What a chat follows and is sent, when the chat goes on under another id."""

from __future__ import annotations

from datetime import UTC, datetime

import aiosqlite

from bot.posting.model import ALREADY, PostKind, State
from store.codec import to_micros
from store.outbox.reassign import UNSENT, settle
from store.subscriptions import revised

# A chat follows the same thing once in each thread: what the new name follows stays as it is.
_TWICE = """
    SELECT kept.id AS kept, gone.id AS gone
    FROM subscriptions AS gone JOIN subscriptions AS kept USING (thread, kind, what)
    WHERE gone.chat = :old AND kept.chat = :new AND gone.ended IS NULL AND kept.ended IS NULL
"""
_FOLLOWED_TWICE = (
    "UPDATE outbox SET subscription = :kept WHERE subscription = :gone",
    "UPDATE subscriptions SET ended = :now, revision = :revision WHERE id = :gone",
)
_FOLLOWED = (
    """
    UPDATE subscriptions SET chat = :new, revision = :revision WHERE chat = :old AND ended IS NULL
    """,
    "UPDATE subscriptions SET house = :new, revision = :revision WHERE house = :old",
)

# A story goes there once, and it is there once it was sent by either name.
_POSTED = (
    f"""
    DELETE FROM outbox WHERE chat = :new AND done IS NULL AND state <> '{State.SENDING}'
        AND key IN (SELECT key FROM outbox WHERE chat = :old
            AND state IN ('{State.SENT}', '{State.SENDING}', '{State.GATHERED}'))
    """,
    "UPDATE OR IGNORE outbox SET chat = :new WHERE chat = :old",
    f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = '{ALREADY}', done = :now, digest = NULL
    WHERE chat = :old AND done IS NULL
    """,
    f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = '{ALREADY}', done = :now
    WHERE chat = :new AND kind = '{PostKind.DIGEST}' AND state IN {UNSENT}
        AND NOT EXISTS (SELECT 1 FROM outbox AS part WHERE part.digest = outbox.row)
    """,
)


async def move(writer: aiosqlite.Connection, old: str, new: str) -> None:
    """Gives what a chat follows and is sent to the chat's new name; both are as the store has them.

    What the new name follows already stays as it is, and what was posted by either is not again.
    """
    now = datetime.now(UTC)
    values = {"old": old, "new": new, "now": to_micros(now), "revision": await revised(writer)}
    twice = [dict(row) for row in await writer.execute_fetchall(_TWICE, values)]
    for statement in _FOLLOWED_TWICE:
        await writer.executemany(statement, [{**values, **one} for one in twice])
    for statement in (*_FOLLOWED, *_POSTED):
        await writer.execute(statement, values)
    here = await writer.execute_fetchall(
        "SELECT id FROM subscriptions WHERE chat = :new AND ended IS NULL", values
    )
    await settle(writer, [row["id"] for row in here], now)
