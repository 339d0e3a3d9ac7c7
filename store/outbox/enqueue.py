"""Puts the posts and edits of a batch into the outbox, inside the transaction that writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.posting.model import HeadlineEdit, PostKind, RoutedPost, State
from store.codec import chat_text, to_micros
from store.ports import Connection

_ADD = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, reason, made, due)
    VALUES
        (:platform, :chat, :thread, :story, '{PostKind.STORY}', :story, :subscription, :also,
         :state, :reason, :now, :due)
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

# One edit of a digest, for all the stories in it that change at once; an edit that has not been
# sent yet shows what changes meanwhile, too.
_EDIT_DIGEST = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due)
    SELECT whole.platform, whole.chat, whole.thread, 'edit ' || whole.key || ' ' || :revision,
        '{PostKind.EDIT}', whole.key, whole.subscription, '[]', '{State.DUE}', :now, :now
    FROM outbox AS part JOIN outbox AS whole ON whole.row = part.digest
    WHERE part.story = :story AND part.kind = '{PostKind.STORY}'
        AND (whole.state = '{State.SENDING}'
            OR (whole.state = '{State.SENT}' AND whole.done > :sent_after))
        AND EXISTS (SELECT 1 FROM subscriptions
            WHERE id = whole.subscription AND ended IS NULL AND paused = '')
        AND NOT EXISTS (SELECT 1 FROM outbox AS other
            WHERE other.story = whole.key AND other.state = '{State.DUE}'
                AND other.chat = whole.chat AND other.kind = '{PostKind.EDIT}')
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
            "state": _state(one),
            "reason": one.subscription.paused,
            "now": made,
            "due": to_micros(one.due),
        }


def _state(post: RoutedPost) -> State:
    if post.subscription.paused:
        return State.PAUSED
    return State.WAITING if post.waiting else State.DUE


async def enqueue_posts(writer: Connection, values: Sequence[dict[str, Any]]) -> int:
    """Puts posts into the outbox, but none into a chat that has the story already.

    Returns:
        How many it were.
    """
    cursor = await writer.executemany(_ADD, values)
    return cursor.rowcount


async def enqueue_edits(
    writer: Connection, edits: Sequence[HeadlineEdit], now: datetime, revision: int
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
            "revision": revision,
            "now": to_micros(now),
            "sent_after": to_micros(one.sent_after),
        }
        for one in edits
    ]
    singles = await writer.executemany(_EDIT, values)
    digests = await writer.executemany(_EDIT_DIGEST, values)
    return singles.rowcount + digests.rowcount
