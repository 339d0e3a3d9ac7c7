"""Writes the digests that the core gathers from what waits, and puts off what is late."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

import aiosqlite

from bot.posting.gathering import GatheredPosts, NewDigest, StoryDate, gather, put_off
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.search.query import Since
from store.codec import chat_text, to_micros, to_time
from store.outbox.rows import apply, read, read_in, write

QUEUED = f"state IN ('{State.DUE}', '{State.SENDING}')"
"""In these very words wherever that is meant: there is an index of just this."""

_RIPE = f"platform = ? AND state = '{State.WAITING}' AND due <= ?"
_DUE_STORIES = f"platform = ? AND {QUEUED} AND state = '{State.DUE}' AND kind = '{PostKind.STORY}'"
_AT_ONCE = 500  # rows a statement

_DIGEST = "platform, chat, thread, key, kind, story, subscription, also, state, made, due, gathered"


def ripe(platform: str, now: datetime) -> tuple[str, tuple[str, int]]:
    """Asks whether anything is to be gathered."""
    return f"SELECT 1 FROM outbox WHERE {_RIPE} LIMIT 1", (platform, to_micros(now))


async def gather_posts(writer: aiosqlite.Connection, platform: str, now: datetime) -> int:
    """Gathers all that has waited long enough; returns how many posts have become due."""
    rows = await read(writer, _RIPE, (platform, to_micros(now)))
    gathered = await asyncio.to_thread(gather, list(rows.values()), now)
    after = {**rows, **gathered.alone, **await _insert(writer, gathered)}
    await write(writer, rows, after)
    return len(gathered.digests) + len(gathered.alone)


async def _insert(writer: aiosqlite.Connection, gathered: GatheredPosts) -> Rows:
    """Inserts the digests; returns their parts with the digests' numbers."""
    parts: dict[int, OutboxRow] = {}
    for start in range(0, len(gathered.digests), _AT_ONCE):
        digests = gathered.digests[start : start + _AT_ONCE]
        numbers = await _numbers(writer, digests)
        for one in digests:
            number = numbers[chat_text(one.row.chat), one.row.key]
            parts.update((part.row, replace(part, digest=number)) for part in one.parts)
    return parts


async def _numbers(
    writer: aiosqlite.Connection, digests: Sequence[NewDigest]
) -> dict[tuple[str, str], int]:
    """Inserts digests; returns their numbers by chat and key."""
    values = [_values(one) for one in digests]
    marks = ", ".join(f"({', '.join('?' * len(one))})" for one in values)
    found = await writer.execute_fetchall(
        f"INSERT INTO outbox ({_DIGEST}) VALUES {marks} RETURNING row, chat, key",
        tuple(chain.from_iterable(values)),
    )
    return {(row["chat"], row["key"]): row["row"] for row in found}


def _values(digest: NewDigest) -> tuple[str | int | None, ...]:
    one = digest.row
    return (
        one.chat.platform,
        chat_text(one.chat),
        one.thread,
        one.key,
        one.kind,
        one.story,
        one.subscription,
        "[]",
        one.state,
        to_micros(one.made),
        to_micros(one.due),
        int(one.gathered),
    )


async def put_off_posts(
    writer: aiosqlite.Connection, platform: str, before: Since, until: datetime, reason: str
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
    after = await apply(lambda: put_off(rows, until, reason), len(rows))
    await write(writer, rows, after)
    return sum(after[number] is not one for number, one in rows.items())
