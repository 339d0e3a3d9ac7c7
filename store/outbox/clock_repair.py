"""Has the core repair times in the outbox that a wrong clock has set."""

from __future__ import annotations

from datetime import datetime

from bot.posting.claims import LEASE
from bot.posting.clock_repair import SKEW, repair_times
from bot.posting.model import State
from bot.posting.router import SOON
from store.codec import to_micros
from store.outbox.digests import QUEUED
from store.outbox.rows import read, run_rule, write
from store.ports import Connection
from store.subscription_rows import subscriptions_by_id

_SUSPECT = ":made < made OR (state = 'sending' AND :lease < lease) OR"
_QUEUED = f"platform = :platform AND {QUEUED} AND ({_SUSPECT} :made < due)"
_WAITING = f"platform = :platform AND state = '{State.WAITING}' AND (:made < made OR :digest < due)"


async def repair_outbox(writer: Connection, platform: str, now: datetime) -> None:
    """Repairs the times of all that is not sent yet on a platform."""
    values = {
        "platform": platform,
        "made": to_micros(now + SKEW),
        "lease": to_micros(now + LEASE + SKEW),
        "digest": to_micros(now + SOON),
    }
    rows = {**await read(writer, _QUEUED, values), **await read(writer, _WAITING, values)}
    ids = {one.subscription for one in rows.values() if one.subscription is not None}
    by_id = await subscriptions_by_id(writer, ids)
    await write(writer, rows, await run_rule(lambda: repair_times(rows, by_id, now), len(rows)))
