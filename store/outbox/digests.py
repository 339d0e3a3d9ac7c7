"""Writes the digests that the core gathers from what waits, and puts off what is late."""

from __future__ import annotations

from datetime import datetime

from bot.posting.gathering import StoryDate, count_newly_due, gather, put_off
from bot.posting.model import PostKind, State
from bot.search.query import Since
from store.codec import chat_text, to_micros, to_time
from store.outbox.rows import read, read_in, run_rule, write
from store.ports import Connection

QUEUED = f"state IN ('{State.DUE}', '{State.SENDING}')"
"""In these very words wherever that is meant: there is an index of just this."""

_RIPE = f"platform = ? AND state = '{State.WAITING}' AND due <= ?"
_GATHERED = f"platform = ? AND {QUEUED} AND state = '{State.DUE}' AND gathered = 1"
_DUE_STORIES = f"platform = ? AND {QUEUED} AND state = '{State.DUE}' AND kind = '{PostKind.STORY}'"


def ripe_query(platform: str, now: datetime) -> tuple[str, tuple[str, int]]:
    """Asks whether anything is to be gathered."""
    return f"SELECT 1 FROM outbox WHERE {_RIPE} LIMIT 1", (platform, to_micros(now))


async def gather_posts(writer: Connection, platform: str, now: datetime) -> int:
    """Gathers all that has waited long enough; returns how many posts have become due."""
    ripe = await read(writer, _RIPE, (platform, to_micros(now)))
    chats = {chat_text(one.chat) for one in ripe.values()}
    rows = {**ripe, **await read_in(writer, "chat", chats, _GATHERED, (platform,))}
    after = await run_rule(lambda: gather(rows, now), len(rows))
    await write(writer, rows, after)
    return count_newly_due(rows, after)


async def put_off_posts(
    writer: Connection, platform: str, before: Since, until: datetime, reason: str
) -> int:
    """Puts off the due posts of stories that were published earlier; returns how many."""
    found = await writer.execute_fetchall(
        f"""
        SELECT id, published, date_only FROM stories
        WHERE id IN (SELECT story FROM outbox WHERE {_DUE_STORIES})
        """,
        (platform,),
    )
    dates = [StoryDate(row[0], to_time(row[1]), bool(row[2])) for row in found]
    late = [one.story for one in dates if one.is_before(before)]
    rows = await read_in(writer, "story", late, _DUE_STORIES, (platform,))
    after = await run_rule(lambda: put_off(rows, until, reason), len(rows))
    await write(writer, rows, after)
    return sum(after[number] is not one for number, one in rows.items())
