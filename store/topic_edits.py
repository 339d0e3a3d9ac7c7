"""Moderators' decisions on found topics, written: hidden, renamed, merged, restored."""

from __future__ import annotations

import json
from datetime import datetime

from bot.ingest.topics.model import EditKind
from bot.model import Topic
from store.codec import to_micros
from store.outbox.reassign import reassign_posts
from store.ports import Connection
from store.subscriptions import next_revision
from store.topic_tags import tag_desk_topics

_DECIDE = """
    INSERT INTO topic_edits (name, topic, title, edit, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET
        title = CASE WHEN topic_edits.edit = 'rename' AND excluded.edit = 'rename'
            THEN topic_edits.title ELSE excluded.title END,
        topic = excluded.topic, edit = excluded.edit, value = excluded.value
"""
_TAKE_BACK = """
    DELETE FROM story_topics
    WHERE topic = :topic
    AND story IN (SELECT story FROM story_names JOIN json_each(:names) ON value = name)
    AND story NOT IN (
        SELECT story FROM story_names JOIN topic_names USING (name)
        WHERE topic_names.topic = :topic AND name NOT IN (SELECT value FROM json_each(:names)))
"""
# Both change nothing where there is one of that name already.
_RENAME = """
    UPDATE topics SET name = :name, key = :new WHERE key = :old AND origin <> 'desk'
        AND NOT EXISTS (SELECT 1 FROM topics AS other
            WHERE other.key = :new AND other.row <> topics.row)
"""
_FOLLOW_OTHER = """
    UPDATE subscriptions SET what = :new, revision = :revision
    WHERE kind = 'topic' AND what = :old AND ended IS NULL
        AND NOT EXISTS (SELECT 1 FROM subscriptions AS other
            WHERE other.chat = subscriptions.chat AND other.thread = subscriptions.thread
                AND other.kind = 'topic' AND other.what = :new AND other.ended IS NULL
                AND other.id <> subscriptions.id)
"""
_ROW = "(SELECT row FROM topics WHERE key = ?)"


async def hide_topic(writer: Connection, topic: Topic) -> None:
    """Removes a topic, and remembers that its names are to stay away."""
    await _decide(writer, topic, EditKind.HIDE)
    await writer.execute("DELETE FROM topics WHERE key = ? AND origin <> 'desk'", (topic.key,))


async def rename_topic(writer: Connection, topic: Topic, name: str, now: datetime) -> None:
    """Gives a topic another name, under which its followers follow it."""
    await _decide(writer, topic, EditKind.RENAME, name)
    await _set_name(writer, topic.name, name, now)


async def merge_topic(writer: Connection, topic: Topic, into: Topic, now: datetime) -> None:
    """Puts a topic's stories and followers under another one, and removes it."""
    await _decide(writer, topic, EditKind.MERGE, into.keys[0])
    await writer.execute(
        "INSERT INTO story_topics (topic, published, story)"
        f" SELECT {_ROW}, published, story FROM story_topics WHERE topic = {_ROW}"
        " ON CONFLICT DO NOTHING",
        (into.key, topic.key),
    )
    await writer.execute("DELETE FROM topics WHERE key = ? AND origin <> 'desk'", (topic.key,))
    await _move_followers(writer, topic.name, into.name, now)


async def end_edits(writer: Connection, key: str, now: datetime) -> bool:
    """Forgets what was decided of a topic, and takes its stories from what it was merged into.

    Args:
        writer: The connection.
        key: The key of one of the topic's names.
        now: The time.
    """
    rows = await writer.execute_fetchall(
        "SELECT name, title, edit, value FROM topic_edits"
        " WHERE topic = (SELECT topic FROM topic_edits WHERE name = ?)",
        (key,),
    )
    names = json.dumps([row["name"] for row in rows])
    if any(row["edit"] == EditKind.MERGE for row in rows):
        await _take_back(writer, names)
    for row in rows:
        if row["edit"] == EditKind.RENAME:
            await _set_name(writer, row["value"], row["title"], now)
    await writer.execute(
        "DELETE FROM topic_edits WHERE name IN (SELECT value FROM json_each(?))", (names,)
    )
    return bool(rows)


async def _take_back(writer: Connection, names: str) -> None:
    """Takes stories out of the topic that some names mean, unless it is theirs anyway."""
    topics = await writer.execute_fetchall(
        "SELECT DISTINCT topic FROM topic_names JOIN json_each(?) ON value = name", (names,)
    )
    for row in topics:
        await writer.execute(_TAKE_BACK, {"topic": row["topic"], "names": names})
    await tag_desk_topics(writer)


async def _decide(writer: Connection, topic: Topic, kind: EditKind, value: str = "") -> None:
    keys = topic.keys[:1] if kind is EditKind.RENAME else topic.keys
    await writer.executemany(
        _DECIDE, [(key, topic.keys[0], topic.name, kind, value) for key in keys]
    )


async def _set_name(writer: Connection, old: str, new: str, now: datetime) -> None:
    keys = {"name": new, "new": Topic(new).key, "old": Topic(old).key}
    await writer.execute(_RENAME, keys)
    await _move_followers(writer, old, new, now)


async def _move_followers(writer: Connection, old: str, new: str, now: datetime) -> None:
    """Has those who follow a topic follow another one; who follows that one, too, does so once."""
    revision = await next_revision(writer)
    await writer.execute(_FOLLOW_OTHER, {"new": new, "old": old, "revision": revision})
    left = await writer.execute_fetchall(
        "UPDATE subscriptions SET ended = ?, revision = ?"
        " WHERE kind = 'topic' AND what = ? AND ended IS NULL RETURNING id",
        (to_micros(now), revision, old),
    )
    await reassign_posts(writer, [row["id"] for row in left], now)
