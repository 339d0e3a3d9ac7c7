"""States of the sources: how their loads went, and how many stories they have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from typing_extensions import override

from bot.ingest.ports import SourceStore
from bot.ingest.results import LoadReport, SourceState
from store.codec import report_text, to_micros, to_report, to_time
from store.connection import Row, SqliteConnections

_LATELY = 30  # days


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else to_time(micros)


def _state(source: str, loads: Row | None, totals: Row | None) -> SourceState:
    return SourceState(
        source,
        stories=totals["stories"] if totals else 0,
        newest=to_time(totals["newest"]) if totals else None,
        loaded_at=_time(loads["loaded_at"]) if loads else None,
        signature=loads["signature"] if loads else "",
        report=to_report(source, loads["report"]) if loads else None,
        succeeded_at=_time(loads["succeeded_at"]) if loads else None,
        a_day=totals["lately"] / _LATELY if totals else 0.0,
    )


class SqliteSources(SourceStore):
    """Implements `bot.ingest.ports.SourceStore` in SQLite."""

    def __init__(self, connections: SqliteConnections) -> None:
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

    @override
    async def states(self) -> Mapping[str, SourceState]:
        loads = {row["id"]: row for row in await self._connections.rows("SELECT * FROM sources")}
        totals = {
            row["source"]: row
            for row in await self._connections.rows(
                """
                SELECT source, stories, newest,
                    (SELECT count(*) FROM stories AS late
                     WHERE late.source = given.source
                         AND late.published > given.newest - ?) AS lately
                FROM (SELECT source, count(*) AS stories, max(published) AS newest FROM stories
                      GROUP BY source) AS given
                """,
                (_LATELY * 24 * 3600 * 1_000_000,),
            )
        }
        return {
            source: _state(source, loads.get(source), totals.get(source))
            for source in sorted(loads.keys() | totals.keys())
        }
