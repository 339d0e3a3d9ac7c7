"""Has the core reassign unsent posts inside the transaction that changes their subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from bot.posting import reassign
from bot.posting.event_posts import needs_other, release
from bot.posting.model import PostKind
from bot.posting.outbox_row import Rows
from store.outbox.rows import read_in, run_rule, with_digests, write
from store.ports import Connection
from store.subscription_rows import subscriptions_by_id

_UNSENT = f"done IS NULL AND kind <> '{PostKind.NOTICE}'"


async def reassign_posts(
    writer: Connection,
    subscriptions: Collection[int],
    now: datetime,
    first: Callable[[Rows], Rows] = lambda rows: rows,
    last: Callable[[Rows], Rows] = lambda rows: rows,
) -> None:
    """Has what is to be posted follow certain subscriptions, which have changed.

    Args:
        writer: The connection, inside the transaction that has changed them.
        subscriptions: Their ids.
        now: The time.
        first: A rule that comes before.
        last: A rule that comes after.
    """
    found = await read_in(writer, "subscription", subscriptions, _UNSENT)
    rows = await with_digests(writer, found)
    after = await run_rule(lambda: first(rows), len(rows))
    reassigned = await reassign_rows(writer, after, now)
    await write_and_release(writer, rows, await run_rule(lambda: last(reassigned), len(rows)), now)


async def write_and_release(writer: Connection, before: Rows, after: Rows, now: datetime) -> None:
    """Writes what a rule has changed; what had joined posts that it gave up goes in their place."""
    await write(writer, before, after)
    given_up = {
        number
        for number, one in after.items()
        if number in before and needs_other(before[number], one)
    }
    if not given_up:
        return
    parts = await read_in(writer, "digest", given_up)
    joined = await read_in(writer, "leader", {*given_up, *parts})
    if joined:
        # They go by what is followed now, which may have ended since they joined.
        released = await reassign_rows(writer, release(joined, {*given_up, *parts}, now), now)
        await write_and_release(writer, joined, released, now)


async def reassign_rows(writer: Connection, rows: Rows, now: datetime) -> Rows:
    """Reassigns rows as the subscriptions are in the store; nothing is written."""
    ids = {one.subscription for one in rows.values() if one.subscription is not None}
    ids.update(*(one.also for one in rows.values()))
    subscriptions = await subscriptions_by_id(writer, ids)
    return await run_rule(lambda: reassign.reassign(rows, subscriptions, now), len(rows))
