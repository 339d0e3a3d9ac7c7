"""The names that stories are about."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from bot.ingest.results import StoryRecord
from bot.ingest.topics.model import NameCount, NameCounts, NameKind, StoryName
from bot.ingest.topics.ports import NEWEST
from store.ports import Connection, Connections, Row

_LONGEST = 500  # letters of a name; an entry of PostgreSQL's indexes has no room for longer ones
_FORGET = "DELETE FROM story_names WHERE story = (SELECT row FROM stories WHERE id = ?)"
_KEEP = """
    INSERT INTO story_names (name, story, form, kind, place, means)
    SELECT ?, row, ?, ?, ?, ? FROM stories WHERE id = ?
    ON CONFLICT DO NOTHING
"""
_COUNTS = """
    SELECT name, form, means, min(kind) AS kind, count(*) AS stories, min(place) AS place,
        max(story) AS newest
    FROM story_names
    WHERE :least < 2
        OR name IN (SELECT name FROM story_names GROUP BY name HAVING count(*) >= :least)
    GROUP BY name, means, form
"""


async def write_names(writer: Connection, records: Iterable[StoryRecord]) -> None:
    """Writes the names of stories that are written already, instead of those known before."""
    named = [(one.story.id, one.names) for one in records if one.names_method]
    await replace_names(writer, named)


async def replace_names(
    writer: Connection, named: Sequence[tuple[str, Sequence[StoryName]]]
) -> None:
    """Writes the names of stories, by their ids, instead of those known before."""
    await writer.executemany(_FORGET, [(story,) for story, _ in named])
    await writer.executemany(
        _KEEP, [values for story, names in named for values in _values(story, names)]
    )


def _values(story: str, names: Sequence[StoryName]) -> Iterable[tuple[Any, ...]]:
    known = [one for one in names if len(one.key) <= _LONGEST]
    for place, one in enumerate(known):
        yield one.key, one.form, one.kind, place, "", story
    for place, one in enumerate(known):
        for short in one.short:
            yield short, one.form, one.kind, place, one.key, story


async def fetch_counts(connections: Connections, at_least: int) -> NameCounts:
    """Counts names; see `TopicStore.name_counts`."""
    stories = await connections.rows("SELECT count(*) FROM stories")
    rows = await connections.rows(_COUNTS, {"least": at_least})
    names = await asyncio.to_thread(lambda: tuple(map(_name_count, rows)))
    return NameCounts(min(stories[0][0], NEWEST), names)


def _name_count(row: Row) -> NameCount:
    return NameCount(
        row["name"],
        row["form"],
        NameKind(row["kind"]),
        row["stories"],
        row["place"],
        row["newest"],
        row["means"],
    )
