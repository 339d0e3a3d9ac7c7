"""Subscriptions of feeds at their hubs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from typing_extensions import override

from bot.ingest.websub.model import HubSubscription, Phase
from bot.ingest.websub.ports import WebSubStore
from store.codec import to_micros, to_time
from store.ports import Connections, Row

_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = (
    "callback",
    "secret",
    "source",
    "hub",
    "topic",
    "phase",
    "due",
    "granted",
    "lease",
    "failures",
    "proven",
)
_SAVE = (
    f"INSERT INTO websub ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
    " ON CONFLICT (callback) DO UPDATE SET"
    f" {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}"
)


class SqlWebSub(WebSubStore):
    """Implements `bot.ingest.websub.ports.WebSubStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def subscriptions(self) -> Sequence[HubSubscription]:
        rows = await self._connections.rows("SELECT * FROM websub ORDER BY due, callback")
        return [_subscription(row) for row in rows]

    @override
    async def update(
        self, saved: Iterable[HubSubscription] = (), removed: Iterable[HubSubscription] = ()
    ) -> None:
        gone = [(one.callback,) for one in removed]
        kept = [_values(one) for one in saved]
        if not gone and not kept:
            return
        async with self._connections.transaction() as writer:
            await writer.executemany("DELETE FROM websub WHERE callback = ?", gone)
            await writer.executemany(_SAVE, kept)


def _values(one: HubSubscription) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _COLUMNS} | {
        "phase": one.phase.value,
        "due": to_micros(one.due),
        "granted": None if one.granted is None else to_micros(one.granted),
        "lease": one.lease // _MICROSECOND,
        "proven": int(one.proven),
    }


def _subscription(row: Row) -> HubSubscription:
    return HubSubscription(
        callback=row["callback"],
        secret=row["secret"],
        source=row["source"],
        hub=row["hub"],
        topic=row["topic"],
        phase=Phase(row["phase"]),
        due=to_time(row["due"]),
        granted=None if row["granted"] is None else to_time(row["granted"]),
        lease=row["lease"] * _MICROSECOND,
        failures=row["failures"],
        proven=bool(row["proven"]),
    )
