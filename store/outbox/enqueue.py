"""Puts the posts and edits of a batch into the outbox, inside the transaction that writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import aiosqlite

from bot.posting.model import HeadlineEdit, PostKind, RoutedPost, State
from store.codec import chat_text, to_micros

_ADD = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    VALUES
        (:platform, :chat, :thread, :story, '{PostKind.STORY}', :story, :subscription, :also,
         :state, :now, :due)
    ON CONFLICT (chat, key) DO NOTHING
"""

_EDIT = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    SELECT platform, chat, thread, :key, '{PostKind.EDIT}', story, subscription, also,
        '{State.DUE}', :now, :now
    FROM outbox
    WHERE story = :story AND kind = '{PostKind.STORY}'
        AND (state = '{State.SENDING}' OR (state = '{State.SENT}' AND done > :sent_after))
        AND EXISTS (SELECT 1 FROM subscriptions
            WHERE id = subscription AND ended IS NULL AND paused = '')
    ON CONFLICT (chat, key) DO NOTHING
"""


def post_values(posts: Sequence[RoutedPost], now: datetime) -> list[dict[str, Any]]:
    """Returns posts as the values of their rows."""
    return list(_values(posts, now))


def _values(posts: Sequence[RoutedPost], now: datetime) -> Iterator[dict[str, Any]]:
    made = to_micros(now)
    for one in posts:
        chat = one.subscription.chat
        yield {
            "platform": chat.platform,
            "chat": chat_text(chat),
            "thread": chat.thread,
            "story": one.story,
            "subscription": one.subscription.id,
            "also": json.dumps(one.also),
            "state": State.WAITING if one.waiting else State.DUE,
            "now": made,
            "due": to_micros(one.due),
        }


async def enqueue_posts(writer: aiosqlite.Connection, values: Sequence[dict[str, Any]]) -> int:
    """Puts posts into the outbox, but none into a chat that has the story already.

    Returns:
        How many it were.
    """
    cursor = await writer.executemany(_ADD, values)
    return cursor.rowcount


async def enqueue_edits(
    writer: aiosqlite.Connection, edits: Sequence[HeadlineEdit], now: datetime, revision: int
) -> int:
    """Puts an edit into the outbox for each message that `HeadlineEdit` says is edited.

    Args:
        writer: The connection, inside the transaction that writes the stories.
        edits: The stories with a new headline.
        now: The time.
        revision: The stories' revision, by which this edit of a message has a key of its own.

    Returns:
        How many it were.
    """
    values = [
        {
            "key": f"edit {one.story} {revision}",
            "story": one.story,
            "now": to_micros(now),
            "sent_after": to_micros(one.sent_after),
        }
        for one in edits
    ]
    cursor = await writer.executemany(_EDIT, values)
    return cursor.rowcount
