"""Gathers waiting posts into digests, and puts off late ones so that they wait for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from bot.search.query import Since


def gather(rows: Rows, now: datetime) -> Rows:
    """Makes one digest for each chat and thread of all that waits and whose time has come.

    One story alone goes as itself. What was gathered before and could not be sent yet, as in an
    outage, is one digest with it. New digests are among the rows that are returned, with numbers
    below 0 that the rows in them refer to.

    Args:
        rows: What waits, and what has been gathered and is due in the same chats.
        now: The time.
    """
    after = dict(rows)
    unsent = _unsent_by_place(rows)
    for number, (place, ripe) in enumerate(_ripe_by_place(rows, now).items(), 1):
        group = [*unsent.get(place, ()), *ripe]
        whole = next((one for one in group if one.kind is PostKind.DIGEST), None)
        if whole is not None:
            for one in ripe:
                after[one.id] = _part(one, whole.id)
        elif len(group) == 1:
            after[group[0].id] = group[0]._replace(state=State.DUE, due=now, gathered=True)
        else:
            after[-number] = _digest(-number, group[0], now)
            for one in group:
                after[one.id] = _part(one, -number)
    return after


def _part(one: OutboxRow, digest: int) -> OutboxRow:
    return one._replace(state=State.GATHERED, gathered=True, digest=digest)


def _unsent_by_place(rows: Rows) -> Mapping[tuple[Chat, str], Sequence[OutboxRow]]:
    """Groups what was gathered before and is still to be sent, and has surely not arrived."""
    groups: defaultdict[tuple[Chat, str], list[OutboxRow]] = defaultdict(list)
    for number in sorted(rows):
        one = rows[number]
        if one.state is State.DUE and one.gathered and one.claimed is None:
            groups[one.chat, one.thread].append(one)
    return groups


def _ripe_by_place(rows: Rows, now: datetime) -> Mapping[tuple[Chat, str], Sequence[OutboxRow]]:
    """Groups what has waited long enough by chat and thread, the oldest first."""
    groups: defaultdict[tuple[Chat, str], list[OutboxRow]] = defaultdict(list)
    for number in sorted(rows):
        one = rows[number]
        if one.state is State.WAITING and one.due <= now:
            groups[one.chat, one.thread].append(one)
    return groups


def _digest(number: int, oldest: OutboxRow, now: datetime) -> OutboxRow:
    """A digest goes by what its oldest story goes by."""
    return OutboxRow(
        id=number,
        chat=oldest.chat,
        thread=oldest.thread,
        key=f"digest {oldest.id}",
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
    """Date of a story's publication.

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


def pile_up(rows: Rows, free: int, until: datetime, reason: str, after: int | None = None) -> Rows:
    """Has the due stories of one chat wait for a digest, but for the first few.

    Args:
        rows: What is due there.
        free: How many stay due, in their order.
        until: When the digest is gathered.
        reason: Why they wait, in one line.
        after: The id of the first that waits for that digest already: none after it stays due.
    """
    due = [number for number in sorted(rows) if _can_wait(rows[number])]
    staying = {number for number in due[:free] if after is None or number < after}
    surplus = {number: rows[number] for number in due if number not in staying}
    return {**rows, **put_off(surplus, until, reason)}


def hasten(rows: Rows, now: datetime) -> Rows:
    """Makes due at once what waits only because its platform had trouble."""
    return {
        number: one._replace(due=now) if _waits_for_platform(one, now) else one
        for number, one in rows.items()
    }


def _waits_for_platform(one: OutboxRow, now: datetime) -> bool:
    return one.outage and one.state is State.DUE and one.due > now


def _can_wait(one: OutboxRow) -> bool:
    is_due_story = one.state is State.DUE and one.kind is PostKind.STORY
    return is_due_story and not one.gathered and one.claimed is None
