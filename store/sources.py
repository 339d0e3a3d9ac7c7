"""States of the sources: how their loads went, and how many stories they have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from typing_extensions import override

from bot.ingest.ports import SourceStore
from bot.ingest.results import LoadReport, SourceState
from store.codec import report_text, to_micros, to_report, to_time
from store.ports import Connections, Row

_LATELY = 30  # days
_SKEW = timedelta(minutes=1)  # between the clocks of those who write

# Nothing of this takes longer the more stories are kept.
_TOTALS = """
    SELECT source, stories, newest,
        CASE WHEN :rates THEN (SELECT count(*) FROM story_sources AS late
            WHERE late.source = given.source AND late.published > given.newest - :lately)
        ELSE 0 END AS lately
    FROM (SELECT source, stories,
            (SELECT max(published) FROM story_sources AS kept
                WHERE kept.source = story_counts.source) AS newest
        FROM story_counts WHERE stories > 0 {which}) AS given
"""
_ALL_TOTALS = _TOTALS.format(which="")
_TOTALS_OF = _TOTALS.format(which="AND source = :source")
_SEEN_AHEAD = """
    UPDATE stories INDEXED BY stories_by_seen SET seen = ? WHERE seen > ? AND source = ?
"""
_LOADS = """
    SELECT *, (SELECT max(granted + lease) FROM websub
        WHERE websub.source = sources.id AND phase = 'active') AS pushed_until
    FROM sources
"""
_LOADS_OF = _LOADS + "WHERE id = ?"


# All states are read whenever one may be due, and most reports are those of before.
_report = lru_cache(maxsize=2_000)(to_report)


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else to_time(micros)


def _state(source: str, loads: Row | None, totals: Row | None) -> SourceState:
    return SourceState(
        source,
        stories=totals["stories"] if totals else 0,
        newest=to_time(totals["newest"]) if totals else None,
        loaded_at=_time(loads["loaded_at"]) if loads else None,
        signature=loads["signature"] if loads else "",
        report=_report(source, loads["report"]) if loads else None,
        succeeded_at=_time(loads["succeeded_at"]) if loads else None,
        a_day=totals["lately"] / _LATELY if totals else 0.0,
        pushed_until=_time(loads["pushed_until"]) if loads else None,
    )


class SqlSources(SourceStore):
    """Implements `bot.ingest.ports.SourceStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def finish_load(self, report: LoadReport, signature: str) -> None:
        loaded_at = None if report.error else to_micros(report.at)
        async with self._connections.transaction() as writer:
            await writer.execute(
                """
                INSERT INTO sources (id, loaded_at, succeeded_at, signature, report)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    loaded_at = coalesce(sources.loaded_at, excluded.loaded_at),
                    succeeded_at = coalesce(excluded.succeeded_at, sources.succeeded_at),
                    signature = excluded.signature, report = excluded.report
                """,
                (report.source, loaded_at, loaded_at, signature, report_text(report)),
            )
            ahead = to_micros(report.at + _SKEW)
            await writer.execute(_SEEN_AHEAD, (to_micros(report.at), ahead, report.source))

    @override
    async def states(self, *, rates: bool = True) -> Mapping[str, SourceState]:
        loads = {row["id"]: row for row in await self._connections.rows(_LOADS)}
        values = {"rates": rates, "lately": _LATELY * 24 * 3600 * 1_000_000}
        totals = {row["source"]: row for row in await self._connections.rows(_ALL_TOTALS, values)}
        return {
            source: _state(source, loads.get(source), totals.get(source))
            for source in sorted(loads.keys() | totals.keys())
        }

    @override
    async def state(self, source: str) -> SourceState | None:
        loads = await self._connections.rows(_LOADS_OF, (source,))
        values = {"rates": False, "lately": 0, "source": source}
        totals = await self._connections.rows(_TOTALS_OF, values)
        if not loads and not totals:
            return None
        return _state(source, next(iter(loads), None), next(iter(totals), None))
