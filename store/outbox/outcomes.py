"""How tries to post ended, as the outbox remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import aiosqlite

from bot.posting.model import Deferral, Delivery, Failure, Outcome, Pause, Retry, State
from store.codec import to_micros
from store.outbox.reassign import settle_rows

# A try that ends when its row was taken for lost, and made due again, counts as well.
_OPEN = f"row = :row AND state IN ('{State.SENDING}', '{State.DUE}')"

# One try that surely failed does not tell how an earlier one ended: `claimed` stays where there was
# any doubt. And what has arrived has arrived, whatever was decided about its chat meanwhile.
_SENT = f"""
    UPDATE outbox SET state = '{State.SENT}', message = :message, reason = '', done = :now
    WHERE row = :row
"""
_GATHERED = "UPDATE outbox SET done = :now WHERE digest = :row"
_AGAIN = f"""
    UPDATE outbox SET state = '{State.DUE}', due = :due, reason = :reason,
        doubts = doubts + :doubt, claimed = iif(:doubt + doubts + deaths, claimed, NULL)
    WHERE {_OPEN}
"""
_HELD = f"""
    UPDATE outbox SET state = '{State.WAITING}', due = :due, reason = :reason, tries = 0,
        claimed = iif(doubts + deaths, claimed, NULL)
    WHERE {_OPEN}
"""
_GIVEN_UP = f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = :reason, done = :now,
        doubts = doubts + :doubt
    WHERE {_OPEN}
"""
_PAUSED = f"""
    UPDATE outbox SET state = '{State.PAUSED}', reason = :reason,
        claimed = iif(doubts + deaths, claimed, NULL)
    WHERE {_OPEN}
"""


async def mark(writer: aiosqlite.Connection, ends: Sequence[Outcome], now: datetime) -> None:
    """See `bot.posting.ports.Outbox.mark`."""
    for end in ends:
        for statement, values in _statements(end, to_micros(now)):
            await writer.execute(statement, values)
    # What was decided about its chat meanwhile holds for what is still to be sent.
    await settle_rows(writer, [end.row for end in ends], now)


def _statements(end: Outcome, now: int) -> list[tuple[str, dict[str, str | int]]]:
    match end:
        case Delivery(row, message):
            values: dict[str, str | int] = {"row": row, "message": message, "now": now}
            return [(_SENT, values), (_GATHERED, {"row": row, "now": now})]
        case Retry(row, due, reason, doubt):
            values = {"row": row, "due": to_micros(due), "reason": reason, "doubt": doubt}
            return [(_AGAIN, values)]
        case Deferral(row, until, reason):
            return [(_HELD, {"row": row, "due": to_micros(until), "reason": reason})]
        case Failure(row, reason, doubt):
            values = {"row": row, "reason": reason, "doubt": doubt, "now": now}
            return [(_GIVEN_UP, values), (_GATHERED, {"row": row, "now": now})]
        case Pause(row, reason):
            return [(_PAUSED, {"row": row, "reason": reason})]
