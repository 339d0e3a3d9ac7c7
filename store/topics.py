"""Found topics: the names that stories are about, and the topics made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from bot.ingest.topics.activity import TopicActivity
from bot.ingest.topics.model import EditKind, NameCounts, StoryName, TopicEdit
from bot.ingest.topics.ports import NEWEST, TopicStore
from bot.model import Story, Topic, TopicOrigin
from store.codec import to_story
from store.ports import ANSWER_PATIENCE, Connection, Connections, Row
from store.stories import STORY
from store.story_names import fetch_counts, replace_names
from store.topic_activity import fetch_activity
from store.topic_edits import end_edits, hide_topic, merge_topic, rename_topic

_OLDEST = f"(SELECT max(row) - {NEWEST} FROM stories)"
_UNNAMED = f"stories.row > coalesce({_OLDEST}, 0) AND names_method <> :method"

_TOPICS = """
    SELECT topics.row, topics.name, origin, main, json_group_array(topic_names.name) AS keys
    FROM topics JOIN topic_names ON topic = topics.row GROUP BY topics.row
"""
_FOLLOWED = """
    EXISTS (SELECT 1 FROM subscriptions
        WHERE kind = 'topic' AND what = topics.name AND ended IS NULL)
"""
_TAG = """
    INSERT INTO story_topics (topic, published, story)
    SELECT topic, published, story FROM topic_names JOIN story_names USING (name)
    JOIN stories ON stories.row = story WHERE means = ''
    ON CONFLICT DO NOTHING
"""


class SqlTopics(TopicStore):
    """Implements `bot.ingest.topics.ports.TopicStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def revision(self) -> int:
        rows = await self._connections.rows("SELECT value FROM meta WHERE name = 'found_topics'")
        return int(rows[0]["value"])

    @override
    async def story_count(self) -> int:
        rows = await self._connections.rows("SELECT count(*) FROM stories")
        return int(rows[0][0])

    @override
    async def topics(self) -> Sequence[Topic]:
        return [_topic(row) for row in await self._connections.rows(f"{_TOPICS} ORDER BY row")]

    @override
    async def name_counts(self, at_least: int) -> NameCounts:
        return await fetch_counts(self._connections, at_least)

    @override
    async def set_topics(self, topics: Sequence[Topic]) -> None:
        async with self._connections.transaction() as writer:
            await writer.execute(f"DELETE FROM story_names WHERE story <= {_OLDEST}")
            before = {row["main"]: row for row in await writer.execute_fetchall(_TOPICS)}
            kept = _match(topics, before)
            await _remove_others(writer, {row["row"] for row in kept.values()})
            await _put_topics(writer, topics, kept)
            await _put_keys(writer, topics)
            await writer.execute(_TAG)
            await raise_revision(writer)

    @override
    async def edits(self) -> Sequence[TopicEdit]:
        rows = await self._connections.rows(
            "SELECT name, title, edit, value FROM topic_edits ORDER BY row"
        )
        return [
            TopicEdit(row["name"], EditKind(row["edit"]), row["value"], row["title"])
            for row in rows
        ]

    @override
    async def hide(self, topic: Topic) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await hide_topic(writer, topic)

    @override
    async def rename(self, topic: Topic, name: str, now: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await rename_topic(writer, topic, name, now)

    @override
    async def merge(self, topic: Topic, into: Topic, now: datetime) -> None:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            await merge_topic(writer, topic, into, now)

    @override
    async def restore(self, key: str, now: datetime) -> bool:
        async with self._connections.transaction(ANSWER_PATIENCE) as writer:
            return await end_edits(writer, key, now)

    @override
    async def activity(self, now: datetime, topic: str | None = None) -> Sequence[TopicActivity]:
        return await fetch_activity(self._connections, now, topic)

    @override
    async def count_unnamed(self, method: str) -> int:
        rows = await self._connections.rows(
            f"SELECT count(*) FROM stories WHERE {_UNNAMED}", {"method": method}
        )
        return int(rows[0][0])

    @override
    async def unnamed(self, method: str, limit: int) -> Sequence[Story]:
        rows = await self._connections.rows(
            f"{STORY} WHERE {_UNNAMED} ORDER BY stories.row LIMIT :limit",
            {"method": method, "limit": limit},
        )
        return [to_story(row) for row in rows]

    @override
    async def keep_names(
        self, names: Sequence[tuple[Story, Sequence[StoryName]]], method: str
    ) -> None:
        async with self._connections.transaction() as writer:
            await replace_names(writer, [(story.id, known) for story, known in names])
            await writer.executemany(
                "UPDATE stories SET names_method = ? WHERE id = ?",
                [(method, story.id) for story, _ in names],
            )


async def raise_revision(writer: Connection) -> None:
    """Lets everybody who holds found topics in memory know that they have changed."""
    await writer.execute(
        "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
        " WHERE name = 'found_topics'"
    )


def _match(topics: Sequence[Topic], before: Mapping[str, Row]) -> dict[str, Row]:
    """Returns the rows of topics that are there already, by the main keys that they have now."""
    return {
        one.keys[0]: row
        for one in topics
        if one.origin is not TopicOrigin.DESK
        and (row := next((before[key] for key in one.keys if key in before), None))
    }


async def _remove_others(writer: Connection, kept: set[int]) -> None:
    """Removes found topics that are no more, but for those that somebody follows."""
    await writer.execute(
        "DELETE FROM topics WHERE origin <> 'desk' AND row NOT IN"
        " (SELECT CAST(value AS BIGINT) FROM json_each(?))"
        f" AND NOT {_FOLLOWED}",
        (json.dumps(sorted(kept)),),
    )


async def _put_topics(writer: Connection, topics: Sequence[Topic], kept: Mapping[str, Row]) -> None:
    """Writes found topics that are new, and what those are found as now that stay."""
    found = [one for one in topics if one.origin is not TopicOrigin.DESK]
    await writer.executemany(
        "INSERT INTO topics (key, name, sources, origin, main) VALUES (?, ?, '[]', ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(t.key, t.name, t.origin, t.keys[0]) for t in found if t.keys[0] not in kept],
    )
    await writer.executemany(
        "UPDATE topics SET main = ?, origin = ? WHERE row = ?",
        [
            (one.keys[0], one.origin, kept[one.keys[0]]["row"])
            for one in found
            if one.keys[0] in kept
        ],
    )


async def _put_keys(writer: Connection, topics: Sequence[Topic]) -> None:
    """Writes what names mean these topics; of the others that are left, the main one alone."""
    await writer.execute("DELETE FROM topic_names")
    await writer.executemany(
        "INSERT INTO topic_names (name, topic) SELECT ?, row FROM topics"
        " WHERE CASE ? WHEN 'desk' THEN key = ? ELSE main = ? END ON CONFLICT DO NOTHING",
        [(key, one.origin, one.key, one.keys[0]) for one in topics for key in one.keys],
    )
    await writer.execute(
        "INSERT INTO topic_names (name, topic) SELECT main, row FROM topics WHERE main <> ''"
        " ON CONFLICT DO NOTHING"
    )


def _topic(row: Row) -> Topic:
    main = row["main"]
    others = (key for key in json.loads(row["keys"]) if key != main)
    keys = (main, *others) if main else tuple(others)
    return Topic(row["name"], origin=TopicOrigin(row["origin"]), keys=keys)
