"""Gathers waiting posts into digests, and puts off late ones so that they wait for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.search.query import Since


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest that is to be put into the outbox.

    Attributes:
        row: The digest; the store gives it its number.
        parts: What goes with it, as it is to be from then on but for that number.
    """

    row: OutboxRow
    parts: tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class GatheredPosts:
    """What becomes of the posts that have waited long enough.

    Attributes:
        digests: What goes together, by chat and thread.
        alone: What goes by itself, since nothing else waited there.
    """

    digests: tuple[NewDigest, ...]
    alone: Rows


def gather(rows: Sequence[OutboxRow], now: datetime) -> GatheredPosts:
    """Makes one digest for each chat and thread of all that waits and whose time has come.

    One story alone goes as itself.
    """
    groups: defaultdict[tuple[Chat, str], list[OutboxRow]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: one.row):
        if one.state is State.WAITING and one.due <= now:
            groups[one.chat, one.thread].append(one)
    digests = tuple(_digest(group, now) for group in groups.values() if len(group) > 1)
    singles = (group[0] for group in groups.values() if len(group) == 1)
    return GatheredPosts(digests, {one.row: _alone(one, now) for one in singles})


def _digest(parts: Sequence[OutboxRow], now: datetime) -> NewDigest:
    """A digest goes by what its oldest part goes by."""
    first = parts[0]
    row = OutboxRow(
        row=0,
        chat=first.chat,
        thread=first.thread,
        key=f"digest {first.row}",
        kind=PostKind.DIGEST,
        story="",
        subscription=first.subscription,
        also=(),
        state=State.DUE,
        made=now,
        due=now,
        gathered=True,
    )
    gathered = (replace(one, state=State.GATHERED, gathered=True) for one in parts)
    return NewDigest(row, tuple(gathered))


def _alone(one: OutboxRow, now: datetime) -> OutboxRow:
    return replace(one, state=State.DUE, due=now, gathered=True)


@dataclass(frozen=True, slots=True)
class StoryDate:
    """When a story was published.

    Attributes:
        story: Its id.
        published: When; at midnight if only the date is known.
        date_only: Whether only the date is known.
    """

    story: str
    published: datetime
    date_only: bool

    def is_before(self, since: Since) -> bool:
        """Tells whether it was published earlier; of a date the whole day counts."""
        if self.date_only:
            return self.published.date() < since.day
        return self.published < since.instant


def put_off(rows: Rows, until: datetime, reason: str) -> Rows:
    """Has due stories wait for a digest, but for what has waited once or may have arrived."""
    return {
        number: replace(one, state=State.WAITING, due=until, reason=reason, tries=0)
        if _can_wait(one)
        else one
        for number, one in rows.items()
    }


def _can_wait(one: OutboxRow) -> bool:
    is_due_story = one.state is State.DUE and one.kind is PostKind.STORY
    return is_due_story and not one.gathered and one.claimed is None
