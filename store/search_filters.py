"""Filters of a full-text search: how those of its matches are found that fit one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.search.query import Filter
from store.filters import filter_sql, where_clause
from store.moments import Moment
from store.ports import Connections

FEW = 20_000
"""Stories whose rows are gathered in a moment."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The stories that a filter leaves, for a statement that searches the full-text index.

    Attributes:
        tables: What the index is joined with.
        conditions: What a story must fulfil.
        values: What the conditions are about.
        is_joined: True when the conditions need the tables.
        is_empty: True when it leaves none: nothing needs to be searched.
    """

    tables: str
    conditions: Sequence[str]
    values: Mapping[str, str | int]
    is_joined: bool
    is_empty: bool = False


class SearchFilters:
    """Decides how a filter is used: each match looked up, or told from a list of what fits.

    To look a match up costs as much as reading a story, and a common word has very many. So where
    a filter leaves few stories, their rows are gathered from an index first.
    """

    def __init__(self, connections: Connections, few: int = FEW) -> None:
        """Makes one for a store.

        Args:
            connections: To the store.
            few: How many stories a filter may leave so that their rows are gathered.
        """
        self._connections = connections
        self._few = few
        self._last: tuple[Filter, Moment, Filtered] | None = None

    async def of(self, within: Filter) -> Filtered:
        """Returns how a filter is used now."""
        tables, conditions, values = filter_sql(within)
        if not conditions:
            return Filtered(tables, (), values, is_joined=False)
        # Topics may have changed, of which the store does not tell.
        now = self._connections.moment()._replace(told=None)
        if self._last is not None:
            known, at, decided = self._last
            if known == within and at.is_current(now):
                return decided
        found = await self._decide(tables, conditions, values)
        self._last = within, now, found
        return found

    async def _decide(
        self, tables: str, conditions: Sequence[str], values: Mapping[str, str | int]
    ) -> Filtered:
        fitting = f"FROM {tables} {where_clause(conditions)}"
        rows = await self._connections.rows(
            f"SELECT count(*) FROM (SELECT 1 {fitting} LIMIT {self._few + 1}) AS fitting",
            dict(values),
        )
        if rows[0][0] > self._few:
            return Filtered(tables, conditions, values, is_joined=True)
        # The plus keeps SQLite from searching the index once for each of the rows.
        listed = f"+stories_fts.rowid IN (SELECT stories.row {fitting})"
        is_empty = not rows[0][0]
        return Filtered("stories", (listed,), values, is_joined=False, is_empty=is_empty)
