"""Gathers waiting posts into digests, and puts off late ones so that they wait for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.search.query import Since


def gather(rows: Rows, now: datetime) -> Rows:
    """Makes one digest for each chat and thread of all that waits and whose time has come.

    One story alone goes as itself. The digests are among the rows that are returned, with numbers
    below 0 that the rows in them refer to.
    """
    after = dict(rows)
    groups = _ripe_by_place(rows, now)
    for number, group in enumerate(groups, 1):
        if len(group) == 1:
            after[group[0].row] = group[0]._replace(state=State.DUE, due=now, gathered=True)
        else:
            after[-number] = _digest(-number, group[0], now)
            for one in group:
                part = one._replace(state=State.GATHERED, gathered=True, digest=-number)
                after[one.row] = part
    return after


def _ripe_by_place(rows: Rows, now: datetime) -> Collection[Sequence[OutboxRow]]:
    """Groups what has waited long enough by chat and thread, the oldest first."""
    groups: defaultdict[tuple[Chat, str], list[OutboxRow]] = defaultdict(list)
    for number in sorted(rows):
        one = rows[number]
        if one.state is State.WAITING and one.due <= now:
            groups[one.chat, one.thread].append(one)
    return groups.values()


def _digest(number: int, oldest: OutboxRow, now: datetime) -> OutboxRow:
    """A digest goes by what its oldest story goes by."""
    return OutboxRow(
        row=number,
        chat=oldest.chat,
        thread=oldest.thread,
        key=f"digest {oldest.row}",
        kind=PostKind.DIGEST,
        story="",
        subscription=oldest.subscription,
        also=(),
        state=State.DUE,
        made=now,
        due=now,
        gathered=True,
    )


def count_newly_due(before: Rows, after: Rows) -> int:
    """Counts the posts that a rule has made due."""
    return sum(
        one.state is State.DUE and (number not in before or before[number] is not one)
        for number, one in after.items()
    )


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
        """Returns whether it was published earlier; of a date the whole day counts."""
        if self.date_only:
            return self.published.date() < since.day
        return self.published < since.instant


def put_off(rows: Rows, until: datetime, reason: str) -> Rows:
    """Has due stories wait for a digest, but for what has waited once or may have arrived."""
    return {
        number: one._replace(state=State.WAITING, due=until, reason=reason, tries=0)
        if _can_wait(one)
        else one
        for number, one in rows.items()
    }


def _can_wait(one: OutboxRow) -> bool:
    is_due_story = one.state is State.DUE and one.kind is PostKind.STORY
    return is_due_story and not one.gathered and one.claimed is None
