"""The stories that match a query, for the core to rank."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.ports import Candidate
from bot.query import Filter, Query, Term
from store.codec import to_time
from store.connection import Connections, Row
from store.filters import filtered, where_clause
from store.search import match

_FEW = 2_000  # matches that are put in order one by one
_JOINED = ("stories_fts MATCH :match", "stories.row = stories_fts.rowid")


async def candidates(
    connections: Connections, query: Query, within: Filter, limit: int
) -> Sequence[Candidate]:
    """See `bot.ports.Store.candidates`."""
    if not query:
        return ()
    if query.newest:
        return tuple((await _latest(connections, match(query), within, limit * 2)).values())
    newest = await _matching(connections, match(query), within, limit)
    if len(newest) == limit and not query.in_title:
        newest |= await _matching(connections, match(query, title=True), within, limit)
    return tuple(newest.values())


async def holders(
    connections: Connections, terms: Sequence[Term], within: Filter, limit: int, asked: Query
) -> Sequence[Sequence[int]]:
    """See `bot.ports.Store.holders`."""
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
    rows = await connections.rows(" UNION ALL ".join(parts), {**values, "limit": limit})
    for place, number in rows:
        found[place].append(number)
    return found


async def by_numbers(connections: Connections, numbers: Sequence[int]) -> Mapping[int, Candidate]:
    """See `bot.ports.Store.by_numbers`."""
    rows = await connections.rows(
        "SELECT row, id, title, summary, published FROM stories"
        " WHERE row IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    return {row["row"]: _candidate(row) for row in rows}


async def _matching(
    connections: Connections, expression: str, within: Filter, limit: int
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
    connections: Connections, expression: str, within: Filter, limit: int
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
