"""Full-text search: the stories that match a query, for the core to rank; filters in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from typing_extensions import override

from bot.search.ports import (
    Candidate,
    Cursor,
    PartialMatch,
    PartialQuery,
    SearchStore,
    TitleChanges,
    WordChanges,
)
from bot.search.query import Filter, Query
from store.codec import to_time
from store.filters import filter_sql, where_clause
from store.moments import Moment
from store.ports import Connections, Row, TextIndex
from store.search_filters import FEW, Filtered, SearchFilters
from store.whole_stories import MOST_WHOLE, whole_column, whole_story
from store.word_reader import WordReader

_MANY = 4_000  # titles that are read at once
_TEXT = 100_000  # characters of a text that are read to rank it
_FEW = 2_000  # matches that are put in order one by one
DEVELOPMENT = (
    "coalesce((SELECT development FROM event_stories WHERE story = stories.row), '') AS development"
)
"""The column of the development that a story tells of; empty where nobody knows one."""

_WHOLE = whole_column(
    f"(SELECT count(*) FROM found) <= {MOST_WHOLE} AND length(stories.body) <= {_TEXT}"
)
_JOINED = "stories.row = stories_fts.rowid"


def _newest_matches(
    index: TextIndex, expression: str, count: int | None, filtered: Filtered, limit: str
) -> str:
    """Returns what a statement selects from for the stories that match and were added last.

    They are found before anything is read of them: PostgreSQL would rather go through all stories
    beside those that match, which it takes for many.

    Args:
        index: The index.
        expression: Where the expression is bound.
        count: How many match it at most; None where nobody knows.
        filtered: Which of them count.
        limit: Where it is bound how many are wanted.
    """
    joined, conditions = "", [*filtered.conditions]
    if filtered.is_joined:
        joined = f" CROSS JOIN {filtered.tables}"
        conditions.append(_JOINED)
    matches = index.matches(expression, count, "" if conditions else limit)
    return (
        f"FROM {matches} AS stories_fts{joined} {where_clause(conditions)}"
        f" ORDER BY stories_fts.rowid DESC LIMIT {limit}"
    )


def _matching(
    index: TextIndex, count: int | None, filtered: Filtered, *, texts: bool, whole: str = "NULL"
) -> str:
    """Returns the statement that finds candidates.

    Args:
        index: As in `_newest_matches`.
        count: As in `_newest_matches`.
        filtered: As in `_newest_matches`.
        texts: True for the texts of the stories, too.
        whole: The column of whole stories.
    """
    return f"""
        WITH found (row) AS (
            SELECT stories_fts.rowid {_newest_matches(index, ":match", count, filtered, ":limit")}
        )
        SELECT {_columns(texts=texts)}, {whole} AS whole
        FROM found CROSS JOIN stories WHERE stories.row = found.row
        """


def _first_by_time(
    matches: str, within: Filter, query: Query, *, few: bool, texts: bool
) -> tuple[str, Mapping[str, str | int]]:
    """Returns the statement that finds the newest that match, or the oldest, and its values.

    Args:
        matches: The call of the function that gives them.
        within: The stories to search.
        query: The query.
        few: True where so few match that they can be put in order one by one.
        texts: True for the texts of the stories, too.
    """
    way = "ASC" if query.oldest else "DESC"
    tables, conditions, values = filter_sql(within)
    if few:
        source = f"{matches} AS stories_fts CROSS JOIN {tables}"
        conditions = [_JOINED, *conditions]
    else:
        # What matches often is soon met on the way through all stories by time; the plus
        # keeps SQLite from looking each match up instead.
        source = tables.replace("stories", "stories INDEXED BY stories_by_time", 1)
        conditions = [f"+stories.row IN (SELECT rowid FROM {matches} AS matching)", *conditions]
    statement = f"""
        SELECT {_columns(texts=texts)}
        FROM {source} {where_clause(conditions)}
        ORDER BY stories.published {way}, stories.row {way} LIMIT :limit
        """
    return statement, values


def _columns(*, texts: bool) -> str:
    text = f"substr(stories.place || '\n' || stories.body, 1, {_TEXT})" if texts else "NULL"
    return (
        "stories.row, stories.id, stories.title, stories.summary, stories.published,"
        f" {text} AS text, {DEVELOPMENT}"
    )


def _candidate(row: Row | Sequence[Any]) -> Candidate:
    _row, name, title, summary, published, text, development = row
    return Candidate(name, title, summary, to_time(published), text, development)


def _with_story(row: Row) -> Candidate:
    _row, name, title, summary, published, text, development, whole = row
    made = whole_story(row, whole)
    return Candidate(name, title, summary, to_time(published), text, development, made)


class SqlSearch(SearchStore):
    """Implements `bot.search.ports.SearchStore` in SQL."""

    def __init__(self, connections: Connections, few: int = FEW) -> None:
        """Searches a store; `few` is as `SearchFilters` has it."""
        self._connections = connections
        self._words = WordReader(connections)
        self._filters = SearchFilters(connections, few)
        self._titles: tuple[Cursor, Moment] | None = None  # behind which there was none
        self._is_merging = False

    @override
    async def candidates(
        self,
        query: Query,
        within: Filter,
        limit: int,
        *,
        texts: bool = False,
        most: int | None = None,
        seconds: float | None = None,
    ) -> Sequence[Candidate]:
        if not query:
            return ()
        index = self._connections.text_index
        if query.by_time:
            return await self._candidates_by_time(
                query, within, limit * 2, texts=texts, most=most, seconds=seconds
            )
        filtered = await self._filters.of(within)
        if filtered.is_empty:
            return ()
        whole = _WHOLE if self._connections.keeps_plans else "NULL"
        statement = _matching(index, most, filtered, texts=texts, whole=whole)
        values = {**filtered.values, "match": index.expression(query), "limit": limit}
        found = await self._added_last(statement, values, seconds)
        if len(found) == limit and not query.in_title:
            values["match"] = index.expression(query, title=True)
            found += await self._added_last(statement, values, seconds)
        return tuple({row["id"]: _with_story(row) for row in found}.values())

    async def _added_last(
        self, statement: str, values: Mapping[str, str | int], seconds: float | None
    ) -> list[Row]:
        """Returns the rows of stories, those that were added last first."""
        rows = await self._connections.rows(statement, dict(values), seconds=seconds)
        rows.sort(key=itemgetter(0), reverse=True)
        return rows

    async def _candidates_by_time(
        self,
        query: Query,
        within: Filter,
        limit: int,
        *,
        texts: bool,
        most: int | None,
        seconds: float | None,
    ) -> Sequence[Candidate]:
        connections, index = self._connections, self._connections.text_index
        match = {"match": index.expression(query)}
        matches = index.matches(":match", most)
        if most is None or most > _FEW:
            rows = await connections.rows(
                f"SELECT count(*) FROM (SELECT 1 FROM {matches} AS m LIMIT :few + 1) AS counted",
                {**match, "few": _FEW},
                seconds=seconds,
            )
            most = rows[0][0]
            if not most:
                return ()
        few = most <= _FEW
        statement, values = _first_by_time(matches, within, query, few=few, texts=texts)
        rows = await connections.rows(
            statement, {**values, **match, "limit": limit}, seconds=seconds
        )
        return [_candidate(row) for row in rows]

    @override
    async def partial_matches(
        self,
        query: PartialQuery,
        limit: int,
        *,
        texts: bool = False,
        seconds: float | None = None,
    ) -> Sequence[PartialMatch]:
        if not query.terms:
            return ()
        filtered = await self._filters.of(query.within)
        if filtered.is_empty:
            return ()
        holders, values = self._holders(query, filtered)
        # Summed up in SQLite: there may be thousands. Rows are numbered in the order in which
        # stories are added.
        rows = await self._connections.rows(
            f"""
            WITH holders (weight, row) AS ({holders}),
            best AS (
                SELECT row, sum(weight) AS weight
                FROM holders GROUP BY row HAVING count(*) >= :least
                ORDER BY 2 DESC, row DESC LIMIT :limit
            )
            SELECT best.weight, {_columns(texts=texts)}
            FROM best CROSS JOIN stories WHERE stories.row = best.row
            ORDER BY best.weight DESC, best.row DESC
            """,
            {**values, "depth": query.depth, "least": query.least, "limit": limit},
            seconds=seconds,
        )
        return [PartialMatch(_candidate(one), weight) for weight, *one in rows]

    def _holders(
        self, query: PartialQuery, filtered: Filtered
    ) -> tuple[str, dict[str, str | int | float]]:
        """Returns a statement: for each term, its weight and the stories that hold it."""
        parts, values = list[str](), dict[str, str | int | float](filtered.values)
        index = self._connections.text_index
        for place, (term, weight) in enumerate(query.terms):
            count = query.counts[place] if query.counts else None
            held = _newest_matches(index, f":match{place}", count, filtered, ":depth")
            parts.append(
                f"SELECT * FROM (SELECT :weight{place}, stories_fts.rowid {held}) AS held{place}"
            )
            alone = Query(((term,),), query.without, in_title=query.in_title)
            expression = index.expression(alone)
            values |= {f"match{place}": expression, f"weight{place}": weight}
        return " UNION ALL ".join(parts), values

    @override
    async def candidates_by_id(self, ids: Sequence[str]) -> Sequence[Candidate]:
        rows = await self._connections.rows(
            f"SELECT {_columns(texts=False)} FROM stories"
            " JOIN json_each(?) AS wanted ON wanted.value = stories.id ORDER BY wanted.key",
            (json.dumps(ids),),
        )
        return [_candidate(row) for row in rows]

    @override
    async def words_since(self, cursor: Cursor) -> WordChanges:
        return await self._words.since(cursor)

    @override
    async def common_words(self, common: int, unique: int) -> WordChanges:
        return await self._words.commonest(common, unique)

    @override
    async def word_counts(self, names: Sequence[str]) -> Mapping[str, int]:
        return await self._words.counts(names)

    @override
    async def merge_index(self) -> bool:
        self._is_merging = await self._connections.text_index.merge(is_begun=self._is_merging)
        return self._is_merging

    @override
    async def before_newest(self, limit: int) -> Cursor:
        (row,) = await self._connections.rows(
            "SELECT coalesce((SELECT row FROM stories ORDER BY row DESC LIMIT 1 OFFSET ?), 0),"
            " CAST(value AS BIGINT) FROM meta WHERE name = 'revision'",
            (limit,),
        )
        return Cursor(f"{row[0]}.{row[1]}")

    @override
    async def titles_since(self, cursor: Cursor) -> TitleChanges:
        now = self._connections.moment()
        if self._has_told_of_no_title(cursor, now):
            return TitleChanges({}, cursor)
        changes = await self._read_titles(cursor)
        self._titles = None if changes.titles else (changes.cursor, now)
        return changes

    def _has_told_of_no_title(self, cursor: Cursor, now: Moment) -> bool:
        """Tells whether a store that tells of writes has told of none since none was found."""
        if self._titles is None or now.told is None:
            return False
        known, at = self._titles
        return known == cursor and at.is_current(now)

    async def _read_titles(self, cursor: Cursor) -> TitleChanges:
        # The cursor is the last row that was given, and the revision up to which those before it
        # are known. One statement, so that all is of one moment. The plus keeps SQLite from going
        # through all rows: what changed is found by its revision.
        last, revision = map(int, (cursor or "0.0").split("."))
        (now, *rows) = await self._connections.rows(
            """
            SELECT CAST(value AS BIGINT), NULL, NULL FROM meta WHERE name = 'revision'
            UNION ALL
            SELECT row, id, title FROM stories WHERE revision > :revision AND +row <= :last
            UNION ALL
            SELECT * FROM (SELECT row, id, title FROM stories
                WHERE row > :last ORDER BY row LIMIT :many) AS added
            """,
            {"last": last, "revision": revision, "many": _MANY},
        )
        rows.sort(key=lambda row: row[0])
        if rows:
            last = max(last, rows[-1][0])
        return TitleChanges({row[1]: row[2] for row in rows}, Cursor(f"{last}.{now[0]}"))
