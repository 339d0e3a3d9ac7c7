"""Rows of the outbox for tests of the rules, which need no store."""

from __future__ import annotations

from typing import Any

from posting import ROOM
from stories import NOW

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.subscriptions.model import Subscription, TargetKind


def row(number: int = 1, **given: Any) -> OutboxRow:
    """A story's row that is due, unless a test says otherwise."""
    chosen = {
        "chat": ROOM,
        "thread": "",
        "key": f"story {number}",
        "kind": PostKind.STORY,
        "story": f"story {number}",
        "subscription": 1,
        "also": (),
        "state": State.DUE,
        "made": NOW,
        "due": NOW,
        **given,
    }
    return OutboxRow(number, **chosen)


def digest(number: int, **given: Any) -> OutboxRow:
    """A digest's row that is due, unless a test says otherwise."""
    kind = PostKind.DIGEST
    return row(number, kind=kind, key=f"digest {number}", story="", gathered=True, **given)


def part(number: int, of: int, **given: Any) -> OutboxRow:
    """The row of a story that goes with a digest."""
    return row(number, state=State.GATHERED, gathered=True, digest=of, **given)


def by_number(*rows: OutboxRow) -> Rows:
    return {one.id: one for one in rows}


def subscription(number: int = 1, chat: Chat = ROOM, **given: Any) -> Subscription:
    """What a chat follows, unless a test says otherwise."""
    chosen = {"kind": TargetKind.SOURCE, "what": f"source {number}", "made": NOW, **given}
    return Subscription(chat, id=number, **chosen)
