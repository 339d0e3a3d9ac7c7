"""Moves what a chat follows and is sent, when the chat goes on under another id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Chat
from bot.posting.model import ALREADY, PostKind, State
from bot.posting.outbox_row import UNSENT, OutboxRow, Rows
from bot.subscriptions.model import Subscription, TargetKind

_ARRIVES = {State.SENT, State.SENDING, State.GATHERED}


@dataclass(frozen=True, slots=True)
class MovedSubscriptions:
    """The subscriptions of a chat that has moved.

    Attributes:
        changed: Those that move or end.
        heirs: For each that ends the id of the one that takes its place, by its own id.
    """

    changed: tuple[Subscription, ...]
    heirs: Mapping[int, int]


def migrate_subscriptions(
    old: Iterable[Subscription], new: Iterable[Subscription], chat: Chat
) -> MovedSubscriptions:
    """Moves subscriptions to a chat that has some; what that follows already stays as it is.

    Args:
        old: The active ones of the chat that moves.
        new: The active ones of the chat that it becomes.
        chat: That chat.
    """
    known = {_target(one): one.id for one in new}
    changed, heirs = [], {}
    for one in old:
        if _target(one) in known:
            heirs[one.id] = known[_target(one)]
            changed.append(replace(one, ended=True))
        else:
            to = replace(one.chat, platform=chat.platform, id=chat.id)
            changed.append(replace(one, chat=to))
    return MovedSubscriptions(tuple(changed), heirs)


def _target(one: Subscription) -> tuple[str, TargetKind, str]:
    """A chat follows the same thing once in each thread."""
    return one.chat.thread, one.kind, one.what


def migrate_rows(rows: Rows, old: Chat, new: Chat, heirs: Mapping[int, int], now: datetime) -> Rows:
    """Moves posts; each story goes to the chat once, by whichever id, and is there once.

    Args:
        rows: All posts of both chats, sent ones too, and all by what `heirs` names.
        old: The chat's id so far.
        new: Its id from now on.
        heirs: See `MovedSubscriptions`.
        now: The time.

    Returns:
        Them as they are to be; what is not among them any more is to be deleted.
    """
    inherited = [one._replace(subscription=_heir(one, heirs)) for one in rows.values()]
    arrives = {one.key for one in inherited if one.chat == old and one.state in _ARRIVES}
    kept = [one for one in inherited if one.chat != new or not _is_repeat(one, arrives)]
    known = {one.key for one in kept if one.chat == new}
    moved = [_move(one, new, known, now) if one.chat == old else one for one in kept]
    full = {one.digest for one in moved}
    return {
        one.id: _fail(one, now) if one.chat == new and _is_empty_digest(one, full) else one
        for one in moved
    }


def _heir(one: OutboxRow, heirs: Mapping[int, int]) -> int | None:
    return one.subscription and heirs.get(one.subscription, one.subscription)


def _is_repeat(one: OutboxRow, arrives: set[str]) -> bool:
    """Returns whether a post of the new chat shows what was sent by the old id."""
    return one.done is None and one.state is not State.SENDING and one.key in arrives


def _move(one: OutboxRow, new: Chat, known: set[str], now: datetime) -> OutboxRow:
    if one.key not in known:
        return one._replace(chat=new)
    return one if one.done else _fail(one, now)._replace(digest=None)


def _is_empty_digest(one: OutboxRow, full: set[int | None]) -> bool:
    return one.kind is PostKind.DIGEST and one.state in UNSENT and one.id not in full


def _fail(one: OutboxRow, now: datetime) -> OutboxRow:
    return one._replace(state=State.FAILED, reason=ALREADY, done=now)
