"""Reads posts, with their stories and with the subscriptions that they go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.model import Chat
from bot.posting.counters import QueueDepth
from bot.posting.model import Post, PostKind, State
from bot.subscriptions.model import Subscription
from store.codec import chat_text, to_chat, to_time
from store.outbox.digests import QUEUED
from store.ports import Connection, Connections, Row, Values, fetch_in
from store.subscription_rows import to_subscription

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
        CASE WHEN outbox.kind = '{PostKind.EDIT}'
            THEN (SELECT shown.message FROM outbox AS shown
                WHERE shown.chat = outbox.chat AND shown.key = outbox.story)
            ELSE outbox.message END AS message,
        CASE outbox.kind
            WHEN '{PostKind.DIGEST}' THEN outbox.row
            WHEN '{PostKind.EDIT}' THEN (SELECT shown.row FROM outbox AS shown
                WHERE shown.chat = outbox.chat AND shown.key = outbox.story
                    AND shown.kind = '{PostKind.DIGEST}')
            END AS whole
    FROM outbox LEFT JOIN subscriptions AS s ON s.id = outbox.subscription
"""

_DEPTH = f"""
    SELECT count(*), min(made),
        (SELECT reason FROM outbox WHERE {{where}} AND {QUEUED} AND reason <> '' AND tries > 0
            ORDER BY row LIMIT 1)
    FROM outbox WHERE {{where}} AND {QUEUED}
"""

# A story that went with a digest has fared as that has. One that joined another post stays joined.
_STORY = f"""
    SELECT {_COLUMNS}, coalesce(digest.state, outbox.state) AS state,
        CASE WHEN digest.state <> '{State.SENT}' THEN digest.reason
            ELSE outbox.reason END AS reason,
        coalesce(digest.done, outbox.done) AS done,
        outbox.doubts + coalesce(digest.doubts, 0) AS doubts,
        outbox.deaths + coalesce(digest.deaths, 0) AS deaths,
        CASE WHEN outbox.digest IS NULL THEN outbox.gathered ELSE 1 END AS gathered,
        coalesce(digest.message, outbox.message) AS message
    FROM outbox LEFT JOIN subscriptions AS s ON s.id = outbox.subscription
    LEFT JOIN outbox AS digest ON digest.row = outbox.digest
    WHERE outbox.chat = :chat AND outbox.kind = '{PostKind.STORY}'
"""


async def posts(connections: Connections, condition: str, values: Values) -> Sequence[Post]:
    """Reads the posts for which a condition holds, ordered and limited as it says."""
    async with connections.reading() as reader:
        rows = list(await reader.execute_fetchall(f"{_POST} WHERE {condition}", values))
        parts = await _stories_by_digest(reader, [row["whole"] for row in rows if row["whole"]])
    return [_post(row, parts.get(row["whole"], ())) for row in rows]


async def _stories_by_digest(
    reader: Connection, digests: Sequence[int]
) -> Mapping[int, Sequence[str]]:
    """The ids of the stories in digests, the oldest first."""
    stories: defaultdict[int, list[str]] = defaultdict(list)
    found = await fetch_in(reader, "SELECT row, digest, story FROM outbox WHERE digest", digests)
    for row in sorted(found, key=lambda row: int(row["row"])):
        stories[row["digest"]].append(row["story"])
    return stories


async def queue_depth(connections: Connections, where: str, values: tuple[str, ...]) -> QueueDepth:
    """Reads how much is to be sent of what meets a condition, beside what waits for its time."""
    rows = await connections.rows(_DEPTH.format(where=where), (*values, *values))
    depth, oldest, reason = rows[0]
    return QueueDepth(depth, None if oldest is None else to_time(oldest), reason or "")


async def posts_of_chat(
    connections: Connections, chat: Chat, limit: int, offset: int
) -> Sequence[Post]:
    """Reads a chat's stories, the newest first, each as it or its digest has fared."""
    values = {"chat": chat_text(chat), "limit": limit, "offset": offset}
    rows = await connections.rows(
        f"{_STORY} ORDER BY outbox.row DESC LIMIT :limit OFFSET :offset", values
    )
    return [_post(row) for row in rows]


async def post_of_story(connections: Connections, chat: Chat, story: str) -> Post | None:
    """Reads what became of a story in a chat; None when it is not there."""
    values = {"chat": chat_text(chat), "story": story}
    rows = await connections.rows(f"{_STORY} AND outbox.key = :story", values)
    return _post(rows[0]) if rows else None


def _post(row: Row, parts: Sequence[str] = ()) -> Post:
    subscription = None
    if row["s_id"] is not None:
        names = (key for key in row.keys() if key.startswith("s_"))  # noqa: SIM118 - no mapping
        subscription = to_subscription({name[2:]: row[name] for name in names})
    stories = tuple(parts) or ((row["story"],) if row["story"] else ())
    return _to_post(row, stories, subscription)


def _to_post(row: Row, stories: tuple[str, ...], subscription: Subscription | None) -> Post:
    house = subscription.chat.house if subscription else ""
    return Post(
        id=row["row"],
        chat=to_chat(row["chat"], row["thread"], house),
        key=row["key"],
        kind=PostKind(row["kind"]),
        state=State(row["state"]),
        stories=stories,
        subscription=subscription,
        made=to_time(row["made"]),
        due=to_time(row["due"]),
        tries=row["tries"],
        doubts=row["doubts"],
        deaths=row["deaths"],
        since=None if row["claimed"] is None else to_time(row["claimed"]),
        gathered=bool(row["gathered"]),
        text=row["text"],
        message=row["message"],
        reason=row["reason"],
        done=None if row["done"] is None else to_time(row["done"]),
    )
