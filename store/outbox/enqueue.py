"""Puts news into the outbox, inside the transaction that writes the stories."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import aiosqlite

from bot.ingest.results import FiledStory
from bot.model import Story
from bot.posting.model import PostKind, RoutedPost, State
from bot.posting.ports import News
from store.codec import chat_text, to_micros
from store.subscriptions import changed_since

_EDITED = timedelta(days=2)  # after which nobody looks at a message any more
_AT_ONCE = 5_000  # rows a statement

_ADD = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    VALUES (?, ?, ?, ?, '{PostKind.STORY}', ?, ?, ?, ?, ?, ?)
    ON CONFLICT (chat, key) DO NOTHING
"""

# What is being sent right now may show the old headline, too.
_EDIT = f"""
    INSERT OR IGNORE INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    SELECT platform, chat, thread, 'edit ' || story || ' ' || :revision, '{PostKind.EDIT}',
        story, subscription, also, '{State.DUE}', :now, :now
    FROM outbox
    WHERE story = :story AND kind = '{PostKind.STORY}'
        AND (state = '{State.SENDING}' OR (state = '{State.SENT}' AND done > :since))
        AND EXISTS (SELECT 1 FROM subscriptions
            WHERE id = subscription AND ended IS NULL AND paused = '')
"""


async def retitled(writer: aiosqlite.Connection, filed: Sequence[FiledStory]) -> Sequence[str]:
    """The ids of those stories whose headlines are about to change."""
    titles = {one.story.id: one.story.title for one in filed}
    known = await writer.execute_fetchall(
        "SELECT id, title FROM stories WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(titles)),),
    )
    return [row["id"] for row in known if row["title"] != titles[row["id"]]]


async def edit_posts(writer: aiosqlite.Connection, changed: Sequence[str], news: News) -> int:
    """Has the messages edited that show stories whose headlines have changed."""
    revisions = await writer.execute_fetchall("SELECT value FROM meta WHERE name = 'revision'")
    values = {
        "revision": next(iter(revisions))[0],
        "now": to_micros(news.now),
        "since": to_micros(news.now - _EDITED),
    }
    edits = 0
    for story in changed:
        cursor = await writer.execute(_EDIT, {**values, "story": story})
        edits += max(0, cursor.rowcount)
    return edits


async def post_news(writer: aiosqlite.Connection, filed: Sequence[FiledStory], news: News) -> int:
    """Puts the new ones of the stories into the outbox; returns how many posts that makes."""
    fresh = [one.story for one in filed if one.story.id in news.stories]
    if not fresh:
        return 0
    router = news.router
    router.learn(*await changed_since(writer, router.revision))
    topics = await _topics(writer, [story.id for story in fresh])
    posts = 0
    for story in fresh:
        routed = router.route(replace(story, topics=topics.get(story.id, ())))
        posts += await _add(writer, story, routed, news)
        await asyncio.sleep(0)  # a story may be for very many chats
    return posts


async def _add(
    writer: aiosqlite.Connection, story: Story, routed: Sequence[RoutedPost], news: News
) -> int:
    rows = list(_rows(story, routed, news))
    added = 0
    for start in range(0, len(rows), _AT_ONCE):
        cursor = await writer.executemany(_ADD, rows[start : start + _AT_ONCE])
        added += cursor.rowcount
    return added


def _rows(
    story: Story, routed: Sequence[RoutedPost], news: News
) -> Iterator[tuple[str | int, ...]]:
    for one in routed:
        chat = one.subscription.chat
        yield (
            chat.platform,
            chat_text(chat),
            chat.thread,
            story.id,
            story.id,
            one.subscription.id,
            json.dumps(one.also),
            State.WAITING if one.waiting else State.DUE,
            to_micros(news.now),
            to_micros(one.due),
        )


async def _topics(writer: aiosqlite.Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    rows = await writer.execute_fetchall(
        """
        SELECT stories.id, json_group_array(topics.name) AS names
        FROM stories JOIN story_topics ON story_topics.story = stories.row
        JOIN topics ON topics.row = story_topics.topic
        WHERE stories.id IN (SELECT value FROM json_each(?))
        GROUP BY stories.id
        """,
        (json.dumps(ids),),
    )
    return {row["id"]: tuple(json.loads(row["names"])) for row in rows}
