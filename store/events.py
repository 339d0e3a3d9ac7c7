"""Events in the store: which stories are of one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from typing_extensions import override

from bot.ingest.events.placement import (
    Event,
    PlaceableStory,
    Placement,
    Position,
    Splits,
)
from bot.ingest.events.ports import EventStore
from store.codec import to_micros, to_story, to_time
from store.ports import Connection, Connections, Row
from store.stories import STORY_COLUMNS

_LEAD = 600  # characters of a text that begin it

_PLACE = """
    INSERT INTO event_stories (story, event, development, follows)
    SELECT row, :event, :development, CASE WHEN EXISTS
        (SELECT 1 FROM event_stories WHERE development = :development) THEN 1 ELSE 0 END
    FROM stories WHERE id = :id
    ON CONFLICT DO NOTHING
"""
_UNPLACED = "NOT EXISTS (SELECT 1 FROM event_stories WHERE story = stories.row)"
_PLACEABLE = f"""
    SELECT stories.row, id, stories.source, stories.title, stories.published, event, development,
        coalesce(nullif(summary, ''), substr(body, 1, {_LEAD})) AS lead,
        sketch
    FROM stories LEFT JOIN event_stories ON event_stories.story = stories.row
        LEFT JOIN story_keys ON story_keys.story = stories.row
    WHERE (stories.published, stories.row) > (:published, :row)
    ORDER BY stories.published, stories.row LIMIT :limit
"""
_MEMBERS = """
    SELECT id, event, development FROM event_stories JOIN stories ON row = story
    WHERE event = (SELECT event FROM event_stories JOIN stories ON row = story WHERE id = ?)
    ORDER BY published, row
"""
_STORIES = f"""
    SELECT {STORY_COLUMNS}, member.event
    FROM stories AS asked JOIN event_stories AS known ON known.story = asked.row
        JOIN event_stories AS member ON member.event = known.event
        JOIN stories ON stories.row = member.story
    WHERE asked.id = ? ORDER BY stories.published, stories.row
"""
_FOLLOWS = """
    UPDATE event_stories SET follows = CASE WHEN story =
        (SELECT rest.story FROM event_stories AS rest JOIN stories ON row = rest.story
         WHERE rest.development = event_stories.development ORDER BY published, row LIMIT 1)
        THEN 0 ELSE 1 END
    WHERE development IN (SELECT value FROM json_each(?))
"""
_PARTED = """
    SELECT decided.story, decided.other FROM event_decisions AS decided
    JOIN stories AS one ON one.id = decided.story JOIN stories AS another
        ON another.id = decided.other
    JOIN event_stories AS mine ON mine.story = one.row
    JOIN event_stories AS theirs ON theirs.story = another.row
    WHERE together = 1 AND mine.development <> theirs.development
"""
_REVISE = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'events'"


class SqlEvents(EventStore):
    """Implements `bot.ingest.events.ports.EventStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def revision(self) -> int:
        rows = await self._connections.rows("SELECT value FROM meta WHERE name = 'events'")
        return int(rows[0]["value"])

    @override
    async def splits(self) -> Splits:
        apart = defaultdict[str, set[str]](set)
        rows = await self._connections.rows(
            "SELECT story, other FROM event_decisions WHERE together = 0"
        )
        for story, other in rows:
            apart[story].add(other)
            apart[other].add(story)
        return {one: frozenset(others) for one, others in apart.items()}

    @override
    async def rejoin(self) -> None:
        for story, other in await self._connections.rows(_PARTED):
            await self.join(story, other)

    @override
    async def reset(self, method: str) -> bool:
        known = await self._connections.rows("SELECT value FROM meta WHERE name = 'events_method'")
        if known[0]["value"] == method:
            return False
        async with self._connections.transaction() as writer:
            await writer.execute("UPDATE event_stories SET follows = 1")  # none has an heir
            await writer.execute("DELETE FROM event_stories")
            await writer.execute(
                "UPDATE meta SET value = ? WHERE name = 'events_method'", (method,)
            )
            await writer.execute(_REVISE)
        return True

    @override
    async def count_unplaced(self) -> int:
        rows = await self._connections.rows(
            "SELECT (SELECT count(*) FROM stories) - (SELECT count(*) FROM event_stories)"
        )
        return int(rows[0][0])

    @override
    async def first_unplaced(self) -> Position | None:
        rows = await self._connections.rows(
            f"SELECT published FROM stories WHERE {_UNPLACED} ORDER BY published, row LIMIT 1"
        )
        return Position(to_time(rows[0]["published"])) if rows else None

    @override
    async def stories_from(self, after: Position, limit: int) -> Sequence[PlaceableStory]:
        values = {"published": to_micros(after.published), "row": after.row, "limit": limit}
        return [_placeable(row) for row in await self._connections.rows(_PLACEABLE, values)]

    @override
    async def place(self, places: Mapping[str, Placement]) -> None:
        async with self._connections.transaction() as writer:
            await write_places(writer, places)
            await writer.execute(_REVISE)

    @override
    async def of_story(self, story: str) -> Event | None:
        rows = await self._connections.rows(_STORIES, (story,))
        return Event(rows[0]["event"], [to_story(row) for row in rows]) if rows else None

    @override
    async def developments(self, stories: Sequence[str]) -> Mapping[str, str]:
        rows = await self._connections.rows(
            "SELECT stories.id, development FROM event_stories JOIN stories ON row = story"
            " JOIN json_each(?) AS wanted ON wanted.value = stories.id",
            (json.dumps(list(stories)),),
        )
        return {row["id"]: row["development"] for row in rows}

    @override
    async def split(self, story: str) -> None:
        async with self._connections.transaction() as writer:
            members = list(await writer.execute_fetchall(_MEMBERS, (story,)))
            others = [row["id"] for row in members if row["id"] != story]
            await _decide(writer, [(story, other, 0) for other in others])
            await _move(writer, members, story, Placement(story, story))

    @override
    async def join(self, story: str, other: str) -> None:
        async with self._connections.transaction() as writer:
            theirs = list(await writer.execute_fetchall(_MEMBERS, (other,)))
            if not any(row["id"] == other for row in theirs):
                await write_places(writer, {other: Placement(other, other)})
                theirs = list(await writer.execute_fetchall(_MEMBERS, (other,)))
            (place,) = (_place(row) for row in theirs if row["id"] == other)
            await _reconcile(writer, story, [row["id"] for row in theirs])
            await _decide(writer, [(story, other, 1)])
            members = list(await writer.execute_fetchall(_MEMBERS, (story,)))
            if not any(row["id"] == other for row in members):
                await _move(writer, members, story, place)
            else:
                await _put(writer, story, place)


async def write_places(writer: Connection, places: Mapping[str, Placement]) -> None:
    """Keeps where stories belong that are written already, as far as nobody knew."""
    await writer.executemany(
        _PLACE,
        [
            {"id": story, "event": place.event, "development": place.development}
            for story, place in places.items()
        ],
    )


async def _decide(writer: Connection, decisions: Sequence[tuple[str, str, int]]) -> None:
    await writer.executemany(
        "INSERT INTO event_decisions VALUES (?, ?, ?)"
        " ON CONFLICT (story, other) DO UPDATE SET together = excluded.together",
        decisions,
    )


async def _reconcile(writer: Connection, story: str, others: Sequence[str]) -> None:
    """Forgets that a story was to be apart from others."""
    await writer.executemany(
        "DELETE FROM event_decisions WHERE together = 0 AND (story, other) IN ((?, ?), (?, ?))",
        [(story, other, other, story) for other in others],
    )


async def _move(writer: Connection, members: Sequence[Row], story: str, place: Placement) -> None:
    """Puts a story elsewhere; what bears its name gets that of the first that is left there."""
    for column in ("event", "development"):
        left = [row["id"] for row in members if row["id"] != story and row[column] == story]
        if left:
            await writer.execute(
                f"UPDATE event_stories SET {column} = ? WHERE {column} = ?",
                (left[0], story),
            )
    await _put(writer, story, place)
    names = {row["id"] for row in members} | {row["development"] for row in members}
    await writer.execute(_FOLLOWS, (json.dumps(sorted(names)),))


async def _put(writer: Connection, story: str, place: Placement) -> None:
    await writer.execute(
        "INSERT INTO event_stories SELECT row, ?, ?, 0 FROM stories WHERE id = ?"
        " ON CONFLICT (story) DO UPDATE SET event = excluded.event,"
        " development = excluded.development",
        (place.event, place.development, story),
    )
    await writer.execute(_FOLLOWS, (json.dumps([place.development]),))
    await writer.execute(_REVISE)


def _place(row: Row) -> Placement:
    return Placement(row["event"], row["development"])


def _placeable(row: Row) -> PlaceableStory:
    return PlaceableStory(
        Position(to_time(row["published"]), row["row"]),
        row["id"],
        row["source"],
        row["title"],
        row["lead"].partition("\n\n")[0],
        row["sketch"] or b"",
        _place(row) if row["event"] is not None else None,
    )
