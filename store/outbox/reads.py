"""Posts as they are read: with their stories, and with what they came by."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.model import Chat
from bot.posting.model import Post, PostKind
from store.codec import chat_text
from store.connection import Row, SqliteConnections, Values
from store.outbox.rows import to_post, to_subscription

# Two tables have columns of one name; those of the subscription are told by an `s_`.
_COLUMNS = """
    outbox.row, outbox.chat, outbox.thread, outbox.key, outbox.kind, outbox.story, outbox.text,
    outbox.due, outbox.tries, outbox.claimed, outbox.made,
    s.id AS s_id, s.chat AS s_chat, s.thread AS s_thread, s.house AS s_house, s.kind AS s_kind,
    s.what AS s_what, s.timetable AS s_timetable, s.zone AS s_zone, s.options AS s_options,
    s.owner AS s_owner, s.made AS s_made, s.paused AS s_paused, s.paused_at AS s_paused_at,
    s.ended AS s_ended
"""
_POST = f"""
    SELECT {_COLUMNS}, outbox.state, outbox.reason, outbox.done, outbox.gathered,
        outbox.doubts, outbox.deaths,
        iif(outbox.kind = '{PostKind.EDIT}',
            (SELECT shown.message FROM outbox AS shown
             WHERE shown.chat = outbox.chat AND shown.key = outbox.story),
            outbox.message) AS message,
        (SELECT json_group_array(story) FROM
            (SELECT story FROM outbox AS part WHERE part.digest = outbox.row ORDER BY row)
        ) AS parts
    FROM outbox LEFT JOIN subscriptions AS s ON s.id = outbox.subscription
"""

# A story that went with a digest has fared as that has.
_STORY = f"""
    SELECT {_COLUMNS}, coalesce(digest.state, outbox.state) AS state,
        coalesce(digest.reason, outbox.reason) AS reason,
        coalesce(digest.done, outbox.done) AS done,
        outbox.doubts + coalesce(digest.doubts, 0) AS doubts,
        outbox.deaths + coalesce(digest.deaths, 0) AS deaths,
        (outbox.gathered OR outbox.digest IS NOT NULL) AS gathered,
        coalesce(digest.message, outbox.message) AS message, '[]' AS parts
    FROM outbox LEFT JOIN subscriptions AS s ON s.id = outbox.subscription
    LEFT JOIN outbox AS digest ON digest.row = outbox.digest
    WHERE outbox.chat = :chat AND outbox.kind = '{PostKind.STORY}'
"""


async def posts(connections: SqliteConnections, condition: str, values: Values) -> Sequence[Post]:
    """The posts for which a condition holds, ordered and limited as it says."""
    return [_post(row) for row in await connections.rows(f"{_POST} WHERE {condition}", values)]


async def of_chat(
    connections: SqliteConnections, chat: Chat, limit: int, offset: int
) -> Sequence[Post]:
    """See `bot.posting.ports.Outbox.of_chat`."""
    values = {"chat": chat_text(chat), "limit": limit, "offset": offset}
    rows = await connections.rows(
        f"{_STORY} ORDER BY outbox.row DESC LIMIT :limit OFFSET :offset", values
    )
    return [_post(row) for row in rows]


async def of_story(connections: SqliteConnections, chat: Chat, story: str) -> Post | None:
    """See `bot.posting.ports.Outbox.of_story`."""
    values = {"chat": chat_text(chat), "story": story}
    rows = await connections.rows(f"{_STORY} AND outbox.key = :story", values)
    return _post(rows[0]) if rows else None


def _post(row: Row) -> Post:
    subscription = None
    if row["s_id"] is not None:
        names = (key for key in row.keys() if key.startswith("s_"))  # noqa: SIM118 - no mapping
        subscription = to_subscription({name[2:]: row[name] for name in names})
    stories = (row["story"],) if row["story"] else tuple(json.loads(row["parts"]))
    return to_post(row, stories, subscription)
