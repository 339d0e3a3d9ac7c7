"""The stories that match a query, for the core to rank."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from typing_extensions import override

from bot.search.ports import ANY, Candidate, SearchStore
from bot.search.query import Filter, Query, Term
from store.codec import to_micros, to_time
from store.connection import Row, SqliteConnections
from store.fts_query import match


def filtered(within: Filter) -> tuple[str, list[str], dict[str, str | int]]:
    """The tables, the conditions and the values that a filter means."""
    tables, conditions, values = "stories", list[str](), dict[str, str | int]()
    if within.topic is not None:
        tables = "stories JOIN story_topics ON story_topics.story = stories.row"
        conditions.append("story_topics.topic = (SELECT row FROM topics WHERE key = :topic)")
        values["topic"] = within.topic.casefold()
    if within.source is not None:
        conditions.append("stories.source = :source")
        values["source"] = within.source
    if within.since is not None:
        instant = to_micros(within.since.instant)
        day = _midnight(within.since.day)
        conditions.append("stories.published >= :earliest")  # lets the index skip what is older
        conditions.append("stories.published >= iif(stories.date_only, :day, :instant)")
        values |= {"earliest": min(instant, day), "day": day, "instant": instant}
    if within.before is not None:
        conditions.append("stories.published < iif(stories.date_only, :before_day, :before)")
        values["before"] = to_micros(within.before.instant)
        values["before_day"] = _midnight(within.before.day)
    return tables, conditions, values


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time.min, UTC))


def where_clause(conditions: Sequence[str]) -> str:
    """The conditions as a clause."""
    # None at all for none: SQLite counts a whole table by the sums in its index, but not with
    # `WHERE TRUE`.
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


_MANY = 4_000  # titles that are read at once
_FEW = 2_000  # matches that are put in order one by one
_JOINED = ("stories_fts MATCH :match", "stories.row = stories_fts.rowid")


async def _matching(
    connections: SqliteConnections, expression: str, within: Filter, limit: int
) -> dict[str, Candidate]:
    tables, conditions, values = filtered(within)
    where = where_clause(
        ["stories_fts MATCH :match", "stories.row = stories_fts.rowid", *conditions]
    )
    rows = await connections.rows(
        f"""
        SELECT stories.id, stories.title, stories.summary, stories.published
        FROM stories_fts CROSS JOIN {tables} {where}
        ORDER BY stories_fts.rowid DESC LIMIT :limit
        """,
        {**values, "match": expression, "limit": limit},
    )
    return {row["id"]: _candidate(row) for row in rows}


async def _latest(
    connections: SqliteConnections, expression: str, within: Filter, limit: int
) -> dict[str, Candidate]:
    """The newest that match, by the time of their publication."""
    tables, conditions, values = filtered(within)
    values |= {"match": expression, "limit": limit, "few": _FEW}
    few = await connections.rows(
        "SELECT count(*) <= :few FROM"
        " (SELECT 1 FROM stories_fts WHERE stories_fts MATCH :match LIMIT :few + 1)",
        values,
    )
    if few[0][0]:
        source = f"stories_fts CROSS JOIN {tables}"
        conditions = [*_JOINED, *conditions]
    else:
        # What matches often is soon met on the way from the newest story to the oldest; the plus
        # keeps SQLite from looking each match up instead.
        source = tables.replace("stories", "stories INDEXED BY stories_by_time", 1)
        matching = "SELECT rowid FROM stories_fts WHERE stories_fts MATCH :match"
        conditions = [f"+stories.row IN ({matching})", *conditions]
    rows = await connections.rows(
        f"""
        SELECT stories.id, stories.title, stories.summary, stories.published
        FROM {source} {where_clause(conditions)}
        ORDER BY stories.published DESC, stories.row DESC LIMIT :limit
        """,
        values,
    )
    return {row["id"]: _candidate(row) for row in rows}


def _candidate(row: Row) -> Candidate:
    return Candidate(row["id"], row["title"], row["summary"], to_time(row["published"]))


class SqliteSearch(SearchStore):
    """Implements `bot.search.ports.SearchStore` in SQLite."""

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections

    @override
    async def candidates(self, query: Query, within: Filter, limit: int) -> Sequence[Candidate]:
        if not query:
            return ()
        if query.newest:
            return tuple(
                (await _latest(self._connections, match(query), within, limit * 2)).values()
            )
        newest = await _matching(self._connections, match(query), within, limit)
        if len(newest) == limit and not query.in_title:
            newest |= await _matching(self._connections, match(query, title=True), within, limit)
        return tuple(newest.values())

    @override
    async def holders(
        self, terms: Sequence[Term], within: Filter, limit: int, asked: Query = ANY
    ) -> Sequence[Sequence[int]]:
        if not terms:
            return ()
        tables, conditions, values = filtered(within)
        source = "stories_fts"
        if conditions:
            source = f"stories_fts CROSS JOIN {tables}"
            conditions.append("stories.row = stories_fts.rowid")
        parts = []
        for place, term in enumerate(terms):
            where = where_clause([f"stories_fts MATCH :match{place}", *conditions])
            parts.append(
                f"SELECT * FROM (SELECT {place} AS place, stories_fts.rowid AS number FROM {source}"
                f" {where} ORDER BY stories_fts.rowid DESC LIMIT :limit)"
            )
            values[f"match{place}"] = match(replace(asked, alternatives=((term,),)))
        found: list[list[int]] = [[] for _ in terms]
        rows = await self._connections.rows(" UNION ALL ".join(parts), {**values, "limit": limit})
        for place, number in rows:
            found[place].append(number)
        return found

    @override
    async def by_numbers(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        rows = await self._connections.rows(
            "SELECT row, id, title, summary, published FROM stories"
            " WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        )
        return {row["row"]: _candidate(row) for row in rows}

    @override
    async def words_since(self, revision: int) -> tuple[int, Mapping[str, int]]:
        # One statement, so that revision and words are of one moment.
        rows = await self._connections.rows(
            """
            SELECT NULL AS word, CAST(value AS INTEGER) FROM meta WHERE name = 'revision'
            UNION ALL SELECT word, stories FROM words WHERE revision > ?
            """,
            (revision,),
        )
        return rows[0][1], {row[0]: row[1] for row in rows[1:]}

    @override
    async def titles_since(self, revision: int) -> tuple[int, Mapping[int, str]]:
        # One statement, so that all is of one moment. What was written at once is never parted.
        rows = await self._connections.rows(
            """
            WITH upto (revision) AS (
                SELECT coalesce(
                    (SELECT revision FROM stories WHERE revision > :after
                     ORDER BY revision LIMIT 1 OFFSET :many),
                    (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'revision'))
            )
            SELECT revision, NULL FROM upto
            UNION ALL SELECT row, title FROM stories
            WHERE revision > :after AND revision <= (SELECT revision FROM upto)
            """,
            {"after": revision, "many": _MANY},
        )
        return rows[0][0], {row[0]: row[1] for row in rows[1:]}
