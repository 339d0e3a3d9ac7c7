"""Reads stories: the latest, by id, by topic, new since a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time

from typing_extensions import override

from bot.model import Story, story_id
from bot.search.ports import Headline, Listing, StoryStore
from bot.search.query import Filter
from store.codec import to_micros, to_story, to_time
from store.filters import filter_sql, order_sql, repeats_sql, where_clause
from store.ports import Connections, Row

TOPICS_OF_STORY = """
    (SELECT json_group_array(name) FROM
        (SELECT name FROM story_topics JOIN topics ON topics.row = topic
         WHERE story = stories.row ORDER BY origin <> 'desk', topics.row) AS named)
"""
"""The names of a story's topics, a list as JSON."""

OTHER_SOURCES = """
    (SELECT json_group_array(source) FROM
        (SELECT source FROM story_sources
         WHERE story = stories.row AND source <> stories.source ORDER BY source) AS others)
"""
"""The other sources of a story, likewise."""

EVENT_TELLERS = """
    (SELECT json_group_array(source) FROM
        (SELECT told.source FROM event_stories AS mine
         JOIN event_stories AS theirs USING (development) JOIN stories AS told
            ON told.row = theirs.story
         WHERE mine.story = stories.row AND told.source <> stories.source
         GROUP BY told.source ORDER BY min(told.published), min(told.row)) AS tellers)
"""
"""The sources that tell the same development, likewise."""

STORY_COLUMNS = f"""stories.*, {TOPICS_OF_STORY} AS topics, {OTHER_SOURCES} AS also,
    (SELECT development FROM event_stories WHERE story = stories.row) AS development,
    {EVENT_TELLERS} AS told_by
"""
"""The columns of a story, with its topics and sources, as `to_story` reads it."""

STORY = f"SELECT {STORY_COLUMNS} FROM stories"
"""Every story, so; conditions follow."""
_NEW = "seen > :seen AND published >= CASE WHEN date_only = 1 THEN :day ELSE :published END"


# Stories that are forgotten raise no revision; they are missed where those of sources are counted.
_REVISION = """
    SELECT (SELECT value FROM meta WHERE name = 'events'),
        (SELECT value FROM meta WHERE name = 'found_topics'),
        (SELECT value FROM meta WHERE name = 'revision'),
        (SELECT coalesce(sum(stories), 0) FROM story_counts)
"""
_HEADLINE = """
    SELECT stories.row, stories.id, stories.source, stories.key, stories.title, stories.published,
        stories.date_only, stories.url
"""
_HEADLINES = f"{_HEADLINE} FROM stories WHERE row > ? AND row <= ? ORDER BY row"


def _has_id(story: str, rows: Iterable[Row]) -> bool:
    return any(story_id(row["source"], row["key"]) == story for row in rows)


def _headline(row: Row) -> Story:
    return Story(
        row["id"],
        row["source"],
        row["key"],
        row["title"],
        to_time(row["published"]),
        date_only=bool(row["date_only"]),
        url=row["url"],
    )


def _with_events(tables: str) -> tuple[str, Sequence[str]]:
    """Joins the tables of a filter with those of events, by what is read least of all.

    Returns the tables, and conditions by which they belong together.

    What a list has by an index is looked up among the events first: few stories follow another, and
    only of these is the story itself read.
    """
    _, _, others = tables.partition(" JOIN ")
    listed = others.partition(" ")[0]
    if not listed:
        return "stories JOIN event_stories ON event_stories.story = stories.row", ()
    rest = "".join(f" JOIN {other}" for other in others.split(" JOIN ")[1:])
    return (
        f"{listed} CROSS JOIN event_stories CROSS JOIN stories{rest}",
        (f"event_stories.story = {listed}.story", f"stories.row = {listed}.story"),
    )


class SqlStories(StoryStore):
    """Implements `bot.search.ports.StoryStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def latest(
        self,
        within: Filter,
        limit: int,
        offset: int = 0,
        *,
        oldest_first: bool = False,
        once: bool = False,
    ) -> Listing:
        way = "ASC" if oldest_first else "DESC"
        page = await self._page(within, limit, offset, way, once=once)
        total = await self._count(within)
        if once:
            total -= await self._count_repeats(within)
        return Listing(tuple(map(to_story, page)), total)

    async def _count(self, within: Filter) -> int:
        tables, conditions, values = filter_sql(within)
        where = where_clause(conditions)
        # A topic or a source by itself is counted without a look at its stories.
        counted = tables
        if within in {Filter(topic=within.topic), Filter(source=within.source)}:
            counted = tables.partition(" JOIN ")[2].partition(" ")[0] or tables
        total = await self._connections.rows(f"SELECT count(*) FROM {counted} {where}", values)
        return int(total[0][0])

    async def _count_repeats(self, within: Filter) -> int:
        """Counts the stories that are not listed where each development is listed once."""
        tables, conditions, values = filter_sql(within)
        source, where = "event_stories", "WHERE follows = 1"
        if conditions:
            source, joined = _with_events(tables)
            where = where_clause(["follows = 1", *joined, *conditions, repeats_sql(within)])
        rows = await self._connections.rows(f"SELECT count(*) FROM {source} {where}", values)
        return int(rows[0][0])

    @override
    async def newest(self, within: Filter) -> Story | None:
        tables, conditions, values = filter_sql(within)
        rows = await self._connections.rows(
            f"{_HEADLINE} FROM {tables} {where_clause(conditions)}"
            f" ORDER BY {order_sql(within, 'DESC')} LIMIT 1",
            values,
        )
        return _headline(rows[0]) if rows else None

    async def _page(
        self, within: Filter, limit: int, offset: int, way: str, *, once: bool
    ) -> Sequence[Row]:
        tables, conditions, values = filter_sql(within)
        if once:
            conditions.append(f"NOT {repeats_sql(within)}")
        where, order = where_clause(conditions), order_sql(within, way)
        return await self._connections.rows(
            f"{STORY} JOIN (SELECT stories.row FROM {tables} {where} ORDER BY {order}"
            " LIMIT :limit OFFSET :offset) AS chosen ON chosen.row = stories.row"
            f" ORDER BY stories.published {way}, stories.row {way}",
            {**values, "limit": limit, "offset": offset},
        )

    @override
    async def by_ids(self, ids: Sequence[str]) -> Sequence[Story]:
        rows = await self._connections.rows(
            f"{STORY} JOIN json_each(?) AS wanted ON wanted.value = stories.id ORDER BY wanted.key",
            (json.dumps(ids),),
        )
        return [to_story(row) for row in rows]

    @override
    async def topic_counts(self) -> Mapping[str, int]:
        rows = await self._connections.rows(
            """
            SELECT name, stories FROM (
                SELECT row, name, subject,
                    (SELECT count(*) FROM story_topics WHERE topic = topics.row) AS stories
                FROM topics) AS counted
            WHERE subject = '' OR stories > 0 ORDER BY row
            """
        )
        return {row["name"]: row["stories"] for row in rows}

    @override
    async def first_seen(self, story: str) -> datetime | None:
        rows = await self._connections.rows("SELECT seen FROM stories WHERE id = ?", (story,))
        return to_time(rows[0]["seen"]) if rows else None

    @override
    async def evidence(self, story: str) -> Sequence[str]:
        rows = await self._connections.rows(
            "SELECT evidence FROM story_keys JOIN stories ON row = story WHERE id = ?", (story,)
        )
        return tuple(filter(None, rows[0]["evidence"].split(","))) if rows else ()

    @override
    async def revision(self) -> str:
        (row,) = await self._connections.rows(_REVISION)
        return "-".join(map(str, row))

    @override
    async def was_forgotten(self, story: str) -> bool:
        rows = await self._connections.rows("SELECT source, key FROM forgotten")
        # There may be many, and a page that is not there is asked for by anybody.
        return await asyncio.to_thread(_has_id, story, rows)

    @override
    async def headlines(self, after: int, limit: int) -> Sequence[Headline]:
        rows = await self._connections.rows(_HEADLINES, (after, after + limit))
        return [Headline(row["row"], _headline(row)) for row in rows]

    @override
    async def last_place(self) -> int:
        rows = await self._connections.rows("SELECT coalesce(max(row), 0) FROM stories")
        return int(rows[0][0])

    @override
    async def new_since(self, seen: datetime, published: datetime, limit: int) -> Listing:
        midnight = datetime.combine(published.astimezone(UTC), time.min, UTC)
        values = {
            "seen": to_micros(seen),
            "published": to_micros(published),
            "day": to_micros(midnight),
            "limit": limit,
        }
        rows = await self._connections.rows(
            f"{STORY} JOIN (SELECT row FROM stories WHERE {_NEW} ORDER BY published DESC, row DESC"
            " LIMIT :limit) AS chosen ON chosen.row = stories.row"
            " ORDER BY stories.published DESC, stories.row DESC",
            values,
        )
        total = await self._connections.rows(f"SELECT count(*) FROM stories WHERE {_NEW}", values)
        return Listing(tuple(map(to_story, rows)), total[0][0])
