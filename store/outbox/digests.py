"""What is to go together: it waits, and then becomes a digest."""

from __future__ import annotations

from datetime import UTC, datetime, time

import aiosqlite

from bot.posting.model import PostKind, State
from bot.search.query import Since
from store.codec import to_micros

UNSENT = f"state IN ('{State.DUE}', '{State.SENDING}')"
"""Said in these words wherever that is meant: there is an index of just this."""

_PUT_OFF = f"""
    UPDATE outbox SET state = '{State.WAITING}', due = :until, reason = :reason, tries = 0
    WHERE platform = :platform AND {UNSENT} AND state = '{State.DUE}'
        AND kind = '{PostKind.STORY}' AND NOT gathered AND claimed IS NULL
        AND EXISTS (SELECT 1 FROM stories
            WHERE id = story AND published < iif(date_only, :day, :instant))
"""
_RIPE = f"platform = :platform AND state = '{State.WAITING}' AND due <= :now"

# Of several rows, SQLite takes the other columns from the one that min() chose
# (https://www.sqlite.org/lang_select.html#bareagg).
_DIGESTS = f"""
    INSERT INTO outbox
        (platform, chat, thread, key, kind, story, subscription, also, state, made, due, gathered)
    SELECT platform, chat, thread, 'digest ' || min(row), '{PostKind.DIGEST}', '', subscription,
        '[]', '{State.DUE}', :now, :now, 1
    FROM outbox WHERE {_RIPE} GROUP BY chat, thread HAVING count(*) > 1
    RETURNING row
"""
_INTO_DIGESTS = f"""
    UPDATE outbox SET state = '{State.GATHERED}', gathered = 1, digest = made_now.digest
    FROM (SELECT row AS digest, chat, thread FROM outbox
        WHERE platform = :platform AND {UNSENT} AND row >= :first) AS made_now
    WHERE {_RIPE} AND outbox.chat = made_now.chat AND outbox.thread = made_now.thread
"""
_ALONE = f"UPDATE outbox SET state = '{State.DUE}', due = :now, gathered = 1 WHERE {_RIPE}"


async def put_off(
    writer: aiosqlite.Connection, platform: str, before: Since, until: datetime, reason: str
) -> int:
    """See `bot.posting.ports.Outbox.put_off`."""
    values = {
        "platform": platform,
        "instant": to_micros(before.instant),
        "day": to_micros(datetime.combine(before.day, time.min, UTC)),
        "until": to_micros(until),
        "reason": reason,
    }
    return (await writer.execute(_PUT_OFF, values)).rowcount


def ripe(platform: str, now: datetime) -> tuple[str, dict[str, str | int]]:
    """Asks whether anything is to be gathered."""
    values: dict[str, str | int] = {"platform": platform, "now": to_micros(now)}
    return f"SELECT 1 FROM outbox WHERE {_RIPE} LIMIT 1", values


async def gather(writer: aiosqlite.Connection, platform: str, now: datetime) -> int:
    """See `bot.posting.ports.Outbox.gather`."""
    values = {"platform": platform, "now": to_micros(now)}
    digests = [row[0] for row in await writer.execute_fetchall(_DIGESTS, values)]
    if digests:
        await writer.execute(_INTO_DIGESTS, {**values, "first": min(digests)})
    alone = await writer.execute(_ALONE, values)
    return len(digests) + alone.rowcount
