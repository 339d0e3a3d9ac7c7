"""What is to be posted follows what is followed.

Whatever happens, what is unsent goes by a subscription that has not ended, and is paused just when
that is. What is being sent is left alone until it is known how that ended. Notices go anyway.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import aiosqlite

from bot.posting.model import STALE, UNSUBSCRIBED, WAS_PAUSED, PostKind, State
from store.codec import to_micros
from store.outbox.rows import SUBSCRIPTION, to_subscription

_STALE = timedelta(days=7)  # after which nobody wants what could not be posted

UNSENT = f"('{State.WAITING}', '{State.DUE}', '{State.PAUSED}')"
"""The states of what is to be sent, and is not being sent."""

_MINE = f"""
    subscription IN (SELECT value FROM json_each(:ids)) AND done IS NULL
    AND kind <> '{PostKind.NOTICE}'
"""

_ORPHANED = f"""
    {_MINE} AND (state IN {UNSENT} OR EXISTS (
        SELECT 1 FROM outbox AS whole WHERE whole.row = outbox.digest AND whole.state IN {UNSENT}))
"""
_DROP = f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = '{UNSUBSCRIBED}', done = :now,
        digest = NULL
    WHERE {_ORPHANED}
"""

# Whom what an ended subscription was to post goes by, by the kind of post. Digests come last: what
# is in them has its heirs by then, or has left them.
_HEIRS = {
    f"kind <> '{PostKind.DIGEST}'": """
        SELECT heir.id FROM json_each(outbox.also) AS other
        JOIN subscriptions AS heir ON heir.id = other.value AND heir.ended IS NULL
        ORDER BY other.key LIMIT 1
    """,
    f"kind = '{PostKind.DIGEST}'": """
        SELECT heir.id FROM outbox AS part
        JOIN subscriptions AS heir ON heir.id = part.subscription AND heir.ended IS NULL
        WHERE part.digest = outbox.row ORDER BY part.row LIMIT 1
    """,
}

# What may have arrived already goes nowhere else.
_RETIME = f"""
    UPDATE outbox SET thread = :thread,
        due = iif(state = '{State.WAITING}' AND reason = '', :due, due)
    WHERE row IN (SELECT value FROM json_each(:rows)) AND kind = '{PostKind.STORY}'
        AND state IN {UNSENT} AND claimed IS NULL
"""

_WHY_PAUSED = "(SELECT paused FROM subscriptions WHERE id = outbox.subscription)"
_PAUSE = f"""
    UPDATE outbox SET state = '{State.PAUSED}', reason = {_WHY_PAUSED}
    WHERE {_MINE} AND state IN ('{State.DUE}', '{State.WAITING}') AND {_WHY_PAUSED} <> ''
"""
_FREED = f"{_MINE} AND state = '{State.PAUSED}' AND {_WHY_PAUSED} = ''"

# Nobody looks at an old message any more.
_LEAVE_EDITS = f"""
    UPDATE outbox SET state = '{State.FAILED}', done = :now
    WHERE {_FREED} AND kind = '{PostKind.EDIT}'
"""
# A digest was gathered before, and what may have arrived goes nowhere else: they go as they are.
_LET_GO = f"""
    UPDATE outbox SET due = made, tries = 0, reason = '{WAS_PAUSED}',
        state = iif(kind = '{PostKind.STORY}' AND claimed IS NULL,
            '{State.WAITING}', '{State.DUE}'),
        gathered = kind = '{PostKind.DIGEST}'
    WHERE {_FREED}
"""

_GIVE_UP = f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = '{STALE}', done = :now
    WHERE {_MINE} AND state = '{State.PAUSED}' AND made < :stale RETURNING row
"""
_GIVE_UP_PARTS = "UPDATE outbox SET done = ? WHERE digest IN (SELECT value FROM json_each(?))"


async def settle(writer: aiosqlite.Connection, ids: Sequence[int], now: datetime) -> None:
    """Has what is to be posted follow certain subscriptions, which have changed."""
    heirs = await _pass_on(writer, ids, now)
    values = {"ids": json.dumps([*ids, *heirs]), "now": to_micros(now)}
    for statement in (_PAUSE, _LEAVE_EDITS, _LET_GO):
        await writer.execute(statement, values)


async def give_up_stale(writer: aiosqlite.Connection, ids: Sequence[int], now: datetime) -> None:
    """Gives up what was paused with certain subscriptions and is so old that nobody wants it."""
    at, stale = to_micros(now), to_micros(now - _STALE)
    values = {"ids": json.dumps(ids), "now": at, "stale": stale}
    found = await writer.execute_fetchall(_GIVE_UP, values)
    await writer.execute(_GIVE_UP_PARTS, (at, json.dumps([row[0] for row in found])))


async def settle_rows(writer: aiosqlite.Connection, rows: Sequence[int], now: datetime) -> None:
    """Has rows follow their subscriptions, which may have changed while these were being sent."""
    found = await writer.execute_fetchall(
        f"""
        SELECT DISTINCT subscriptions.id
        FROM outbox JOIN subscriptions ON subscriptions.id = outbox.subscription
        WHERE outbox.row IN (SELECT value FROM json_each(?))
            AND (ended IS NOT NULL OR (paused <> '') <> (state = '{State.PAUSED}'))
        """,
        (json.dumps(rows),),
    )
    if found:
        await settle(writer, [row[0] for row in found], now)


async def _pass_on(
    writer: aiosqlite.Connection, ids: Sequence[int], now: datetime
) -> Sequence[int]:
    """Gives what ended subscriptions were to post to others, or to none; returns the others."""
    ended = await writer.execute_fetchall(
        "SELECT id FROM subscriptions"
        " WHERE id IN (SELECT value FROM json_each(?)) AND ended IS NOT NULL",
        (json.dumps(ids),),
    )
    if not ended:
        return ()
    values = {"ids": json.dumps([row[0] for row in ended]), "now": to_micros(now)}
    inherited: dict[int, list[int]] = {}
    for kind, heir in _HEIRS.items():
        found = await writer.execute_fetchall(
            f"UPDATE outbox SET subscription = ({heir})"
            f" WHERE {_ORPHANED} AND {kind} AND EXISTS ({heir}) RETURNING subscription, row",
            values,
        )
        for subscription, row in found:
            inherited.setdefault(subscription, []).append(row)
        await writer.execute(f"{_DROP} AND {kind}", values)
    await _retime(writer, inherited, now)
    return list(inherited)


async def _retime(
    writer: aiosqlite.Connection, inherited: Mapping[int, Sequence[int]], now: datetime
) -> None:
    """Has rows go where and when those want it that they go by from now on."""
    for heir in await writer.execute_fetchall(
        f"SELECT {SUBSCRIPTION} FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(inherited)),),
    ):
        one = to_subscription(heir)
        values = {
            "rows": json.dumps(inherited[one.id]),
            "thread": one.chat.thread,
            "due": to_micros(one.when.next(now, one.timezone)),
        }
        await writer.execute(_RETIME, values)
