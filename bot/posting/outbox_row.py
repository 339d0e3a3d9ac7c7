"""Rows of the outbox, as the rules of posting take and give them.

A rule is a pure function from rows to rows: the store reads the rows, asks the rule, and writes
what has changed, all in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from bot.model import Chat
from bot.posting.model import PostKind, State

UNSENT = frozenset({State.WAITING, State.DUE, State.PAUSED})
"""The states of what is still to be sent and is not being sent."""


class OutboxRow(NamedTuple):
    """A row of the outbox, without what it says.

    This is a named tuple, since rules make tens of thousands of them at once.

    Attributes:
        id: Given by the store; a chat's posts go out in the order of their ids. Below 0 for one
            that the store is to insert.
        chat: Where to.
        thread: Which part of the chat; empty for the whole.
        key: Unique in the chat: a story's id or, for other kinds, a name that is no id.
        kind: What it is.
        story: The id of its story; empty for a digest and a notice. Of an edit it is the key of
            what is edited: a story's id or the key of a digest.
        subscription: The id of what it goes by.
        also: Ids of the chat's other subscriptions that the story fits, the next heir first.
        state: Where it stands.
        made: When it was put into the outbox.
        due: When to send it, or when to gather it.
        lease: Until when a claim counts; None before the first.
        claimed: When it was first claimed, if it is not known whether it arrived; else None.
        tries: How often it was claimed since it last was certain that it had not arrived.
        doubts: How often its answer was lost.
        deaths: How often a process died over it.
        gathered: True once it has waited for a digest: it is not to wait again.
        digest: The id of the digest that it goes with; None for one that goes by itself.
        message: The platform's id of the message that shows it; empty for none.
        reason: Why it has not been sent, in one line; empty when there is nothing to say.
        done: When it was sent or given up; None before that.
        outage: True when it waits only because the platform has trouble.
        arrived: When a story arrived by itself or may have, by the steady clock; else None.
        leader: The id of the post that tells the same, for one that has joined it; else None.
    """

    id: int
    chat: Chat
    thread: str
    key: str
    kind: PostKind
    story: str
    subscription: int | None
    also: tuple[int, ...]
    state: State
    made: datetime
    due: datetime
    lease: datetime | None = None
    claimed: datetime | None = None
    tries: int = 0
    doubts: int = 0
    deaths: int = 0
    gathered: bool = False
    digest: int | None = None
    message: str = ""
    reason: str = ""
    done: datetime | None = None
    outage: bool = False
    arrived: float | None = None
    leader: int | None = None


Rows: TypeAlias = Mapping[int, OutboxRow]
"""Rows by their ids."""


def parts_by_digest(rows: Iterable[OutboxRow]) -> Mapping[int, list[OutboxRow]]:
    """Groups the rows that go with digests by the digest, the oldest first."""
    parts: defaultdict[int, list[OutboxRow]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: one.id):
        if one.digest is not None:
            parts[one.digest].append(one)
    return parts
