"""What moderators decide of found topics, written: hidden, renamed, merged, restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import aiosqlite

from bot.ingest.topics.model import EditKind
from bot.model import Topic
from store.codec import to_micros
from store.outbox.reassign import reassign_posts
from store.subscriptions import next_revision

_DECIDE = """
    INSERT INTO topic_edits (name, edit, value) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET edit = excluded.edit, value = excluded.value
"""
_ROW = "(SELECT row FROM topics WHERE key = ?)"


async def hide_topic(writer: aiosqlite.Connection, topic: Topic) -> None:
    """Removes a topic, and remembers that its names are to stay away."""
    await _decide(writer, topic.keys, EditKind.HIDE)
    await writer.execute("DELETE FROM topics WHERE key = ? AND origin <> 'desk'", (topic.key,))


async def rename_topic(
    writer: aiosqlite.Connection, topic: Topic, name: str, now: datetime
) -> None:
    """Gives a topic another name, under which its followers follow it."""
    await _decide(writer, topic.keys[:1], EditKind.RENAME, name)
    await writer.execute(
        "UPDATE topics SET name = ?, key = ? WHERE key = ? AND origin <> 'desk'",
        (name, Topic(name).key, topic.key),
    )
    await _move_followers(writer, topic.name, name, now)


async def merge_topic(
    writer: aiosqlite.Connection, topic: Topic, into: Topic, now: datetime
) -> None:
    """Puts a topic's stories and followers under another one, and removes it."""
    await _decide(writer, topic.keys, EditKind.MERGE, into.keys[0])
    await writer.execute(
        "INSERT INTO story_topics (topic, published, story)"
        f" SELECT {_ROW}, published, story FROM story_topics WHERE topic = {_ROW}"
        " ON CONFLICT DO NOTHING",
        (into.key, topic.key),
    )
    await writer.execute("DELETE FROM topics WHERE key = ? AND origin <> 'desk'", (topic.key,))
    await _move_followers(writer, topic.name, into.name, now)


async def end_edit(writer: aiosqlite.Connection, key: str) -> bool:
    """Forgets what was decided of a name, and takes its stories from what it was merged into."""
    await writer.execute(
        """
        DELETE FROM story_topics
        WHERE topic = (SELECT topic FROM topic_names JOIN topic_edits ON topic_names.name = value
            WHERE topic_edits.name = :key AND edit = 'merge')
        AND story IN (SELECT story FROM story_names WHERE name = :key)
        AND story NOT IN (SELECT story FROM story_names JOIN topic_names USING (name)
            WHERE topic_names.topic = story_topics.topic AND name <> :key)
        """,
        {"key": key},
    )
    ended = await writer.execute("DELETE FROM topic_edits WHERE name = ?", (key,))
    return ended.rowcount > 0


async def _decide(
    writer: aiosqlite.Connection, keys: Iterable[str], kind: EditKind, value: str = ""
) -> None:
    await writer.executemany(_DECIDE, [(key, kind, value) for key in keys])


async def _move_followers(
    writer: aiosqlite.Connection, old: str, new: str, now: datetime
) -> None:
    """Has those who follow a topic follow another one; who follows that one, too, does so once."""
    revision = await next_revision(writer)
    await writer.execute(
        "UPDATE OR IGNORE subscriptions SET what = ?, revision = ?"
        " WHERE kind = 'topic' AND what = ? AND ended IS NULL",
        (new, revision, old),
    )
    left = await writer.execute_fetchall(
        "UPDATE subscriptions SET ended = ?, revision = ?"
        " WHERE kind = 'topic' AND what = ? AND ended IS NULL RETURNING id",
        (to_micros(now), revision, old),
    )
    await reassign_posts(writer, [row["id"] for row in left], now)
