"""Has the core join new posts that tell what a chat was posted, inside their transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.posting.event_posts import Told, join
from bot.posting.model import PostKind, RoutedPost, State
from store.codec import to_micros
from store.outbox.rows import read_in, run_rule, write
from store.ports import Connection

# Of the developments of some stories, all stories, where there are several.
_TOLD = """
    SELECT stories.id, told.development, stories.source
    FROM event_stories AS told JOIN stories ON stories.row = told.story
    WHERE told.development IN (
        SELECT development FROM event_stories WHERE development IN (
            SELECT asked.development FROM json_each(?) CROSS JOIN stories AS one
                ON one.id = json_each.value JOIN event_stories AS asked ON asked.story = one.row)
        GROUP BY development HAVING count(*) > 1)
"""

# An edit that has not been sent yet names those, too, who join meanwhile.
_EDIT = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    SELECT platform, chat, thread, 'edit ' || key || ' ' || :revision, '{PostKind.EDIT}', key,
        subscription, '[]', '{State.DUE}', :now, :now
    FROM outbox
    WHERE row = :row
        AND (state = '{State.SENDING}' OR (state = '{State.SENT}' AND done > :sent_after))
        AND EXISTS (SELECT 1 FROM subscriptions
            WHERE id = subscription AND ended IS NULL AND paused = '')
        AND NOT EXISTS (SELECT 1 FROM outbox AS other
            WHERE other.story = outbox.key AND other.state = '{State.DUE}'
                AND other.chat = outbox.chat AND other.kind = '{PostKind.EDIT}')
    ON CONFLICT (chat, key) DO NOTHING
"""


async def join_posts(
    writer: Connection, posts: Sequence[RoutedPost], since: datetime
) -> Collection[int]:
    """Has posts that were just put into the outbox join those that tell the same.

    Args:
        writer: The connection, inside the transaction that writes them and their stories.
        posts: The posts.
        since: A post that was done before is too old to be joined.

    Returns:
        The ids of the posts whose messages lack a source now.
    """
    once = {(one.subscription.chat, one.story) for one in posts if one.once}
    stories = json.dumps(sorted({story for _, story in once}))
    told = {
        row["id"]: Told(row["development"], row["source"])
        for row in (await writer.execute_fetchall(_TOLD, (stories,)) if once else ())
    }
    if not told:
        return ()
    found = await read_in(writer, "story", sorted(told), f"kind = '{PostKind.STORY}'")
    digests = {one.digest for one in found.values() if one.digest is not None}
    rows = {
        **found,
        **await read_in(writer, "leader", found),
        **await read_in(writer, "row", digests),
    }
    joined = await run_rule(lambda: join(rows, told, once, since), len(rows))
    await write(writer, rows, joined.rows)
    return joined.edited


async def enqueue_source_edits(
    writer: Connection,
    posts: Collection[int],
    now: datetime,
    sent_after: datetime,
    revision: int,
) -> int:
    """Puts an edit into the outbox for each of some posts whose message has arrived or is sent.

    Returns:
        How many it were.
    """
    values = {"now": to_micros(now), "sent_after": to_micros(sent_after), "revision": revision}
    cursor = await writer.executemany(_EDIT, [{**values, "row": row} for row in posts])
    return cursor.rowcount
