"""Has the core move what a chat follows and is sent, when the chat goes on under another id."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.model import Chat
from bot.posting.chat_migration import MovedSubscriptions, migrate_rows, migrate_subscriptions
from store.codec import chat_text, to_micros
from store.outbox.reassign import reassign_rows, write_and_release
from store.outbox.rows import read_in
from store.ports import Connection
from store.subscription_rows import active_of_chat
from store.subscriptions import next_revision


async def migrate_chat(writer: Connection, old: Chat, new: Chat) -> None:
    """Gives what a chat follows and is sent to the chat's new id."""
    now = datetime.now(UTC)
    revision = await next_revision(writer)
    moved = migrate_subscriptions(
        (await active_of_chat(writer, old)).values(),
        (await active_of_chat(writer, new)).values(),
        new,
    )
    await _write_subscriptions(writer, moved, now, revision)
    await writer.execute(
        "UPDATE subscriptions SET house = ?, revision = ? WHERE house = ?",
        (chat_text(new), revision, chat_text(old)),
    )
    rows = {
        **await read_in(writer, "chat", [chat_text(old), chat_text(new)]),
        **await read_in(writer, "subscription", moved.heirs),
    }
    after = migrate_rows(rows, old, new, moved.heirs, now)
    await write_and_release(writer, rows, await reassign_rows(writer, after, now), now)


async def _write_subscriptions(
    writer: Connection, moved: MovedSubscriptions, now: datetime, revision: int
) -> None:
    await writer.executemany(
        "UPDATE subscriptions SET chat = ?, ended = ?, revision = ? WHERE id = ?",
        [
            (chat_text(one.chat), to_micros(now) if one.ended else None, revision, one.id)
            for one in moved.changed
        ],
    )
