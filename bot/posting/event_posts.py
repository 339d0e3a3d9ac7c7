"""Joins posts that tell the same: a chat is posted it once, and the message names the others.

A post that has joined another is done, unless that one is given up without having been seen: then
the first that had joined it goes in its place. So nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Chat
from bot.posting.model import ALREADY, RESTORED, STALE, WITHDRAWN, State
from bot.posting.outbox_row import UNSENT, OutboxRow, Rows

_SEEN = frozenset({ALREADY, RESTORED, STALE, WITHDRAWN})
"""Reasons for which a post is given up that need no other in its place."""

_SHOWN = {State.SENDING, State.SENT}
_LEADS = {*UNSENT, *_SHOWN}


@dataclass(frozen=True, slots=True)
class Told:
    """The telling of an event: a development, and who tells it.

    Attributes:
        development: The id of the development that it tells of.
        source: Its source's id.
    """

    development: str
    source: str


@dataclass(frozen=True, slots=True)
class JoinedPosts:
    """The posts of some chats, after those that tell the same have joined.

    Attributes:
        rows: The rows.
        edited: The ids of the posts whose messages lack a source now.
    """

    rows: Rows
    edited: frozenset[int]


def join(
    rows: Rows, told: Mapping[str, Told], once: Collection[tuple[Chat, str]], since: datetime
) -> JoinedPosts:
    """Has new posts join those in their chats that tell the same.

    A post that waits for a later time than a new one joins that one instead.

    Args:
        rows: The posts of all stories that tell the same as a new one, in all chats; beside them
            the digests that they are in, and all posts that have joined one of them.
        told: What the stories tell, by their ids.
        once: The new posts that may join: the chats with the ids of the stories.
        since: A post that was done before is too old to be joined.
    """
    after, edited = dict(rows), set[int]()
    for group in _groups(rows.values(), told).values():
        _join_group(_PostGroup(group, rows, told, once, since), after, edited)
    return JoinedPosts(after, frozenset(edited))


@dataclass(frozen=True, slots=True)
class _PostGroup:
    """The posts of one chat that tell the same, the oldest first; the rest as `join` takes it."""

    posts: Sequence[OutboxRow]
    rows: Rows
    told: Mapping[str, Told]
    once: Collection[tuple[Chat, str]]
    since: datetime

    def whole(self, one: OutboxRow) -> OutboxRow:
        """Returns the digest that a post is in, or else the post."""
        return one if one.digest is None else self.rows.get(one.digest, one)

    def may_lead(self, one: OutboxRow) -> bool:
        is_recent = one.done is None or one.done >= self.since
        return self.whole(one).state in _LEADS and is_recent

    def may_join(self, one: OutboxRow) -> bool:
        return (one.chat, one.story) in self.once and _is_free(one)

    def source(self, one: OutboxRow) -> str:
        return self.told[one.story].source


def _groups(
    rows: Iterable[OutboxRow], told: Mapping[str, Told]
) -> Mapping[tuple[Chat, str], list[OutboxRow]]:
    groups: defaultdict[tuple[Chat, str], list[OutboxRow]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: one.id):
        if one.story in told:
            groups[one.chat, told[one.story].development].append(one)
    return groups


def _join_group(group: _PostGroup, after: dict[int, OutboxRow], edited: set[int]) -> None:
    leader: OutboxRow | None = None
    named: set[str] = set()
    for one in group.posts:
        if not group.may_lead(one):
            pass
        elif leader is None:
            leader = one
        elif group.may_join(one):
            if _is_free(leader) and _urgency(one) < _urgency(leader):
                _follow(leader, one, after)
                leader = one
            else:
                _follow(one, leader, after)
                whole = group.whole(leader)
                if whole.state in _SHOWN and group.source(one) not in named:
                    edited.add(whole.id)
        named.add(group.source(one))


def _is_free(one: OutboxRow) -> bool:
    """Tells if a post is still to be sent, and has surely not arrived."""
    return one.state in UNSENT and one.claimed is None and one.digest is None


def _urgency(one: OutboxRow) -> tuple[object, ...]:
    waits = one.state is State.WAITING
    return one.state is State.PAUSED, waits, one.due if waits else one.made.min


def _follow(one: OutboxRow, leader: OutboxRow, after: dict[int, OutboxRow]) -> None:
    """Has a post join another, with all that have joined it."""
    for number, other in after.items():
        if other.leader == one.id:
            after[number] = other._replace(leader=leader.id)
    after[one.id] = one._replace(state=State.JOINED, leader=leader.id, done=one.made, reason="")


def needs_other(before: OutboxRow, after: OutboxRow) -> bool:
    """Tells if a post was given up just now and was seen by nobody."""
    gave_up = after.state is State.FAILED and before.state is not State.FAILED
    return gave_up and after.reason not in _SEEN and not after.doubts + after.deaths


def release(rows: Rows, given_up: Collection[int], now: datetime) -> Rows:
    """Has the first that joined a post go in its place, with the others.

    Args:
        rows: What has joined posts.
        given_up: The ids of those posts.
        now: The time.
    """
    after = dict(rows)
    heirs: dict[int, int] = {}
    for number in sorted(rows):
        one = rows[number]
        if one.leader is None or one.leader not in given_up or one.state is not State.JOINED:
            continue
        heir = heirs.setdefault(one.leader, number)
        if heir == number:
            after[number] = one._replace(state=State.DUE, leader=None, done=None, due=now)
        else:
            after[number] = one._replace(leader=heir)
    return after
