"""Stories and their topics, written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from bot.errors import OutdatedError, OvertakenError
from bot.ingest.batch import StoryBatch
from bot.ingest.boilerplate import StoryEdges
from bot.ingest.ports import IngestStore
from bot.ingest.results import Fingerprint, StoryRecord
from bot.model import Story, Topic
from bot.posting.router import EDITABLE_FOR
from bot.search.query import parse
from bot.threads import pace
from store import vocabulary
from store.codec import story_values, to_micros
from store.dedup import KEEP_KEYS, fetch_fingerprints, key_values
from store.events import write_places
from store.outbox.enqueue import enqueue_edits, enqueue_posts, post_values
from store.outbox.event_posts import enqueue_source_edits, join_posts
from store.ports import Connection, Connections
from store.shared_stories import fetch_elsewhere, keep_addresses, write_copies
from store.story_names import write_names
from store.subscriptions import subscriptions_revision
from store.topic_tags import tag_desk_topics
from store.topics import raise_revision

_UPSERT = """
    INSERT INTO stories (id, source, key, title, published, seen, date_only, place, byline, url,
                         image, image_alt, enclosures, categories, language, summary, given_summary,
                         summary_method, subject, subject_method, names_method, body, headings,
                         title_grams, grams, content, text_only, revision)
    VALUES (:id, :source, :key, :title, :published, :seen, :date_only, :place, :byline, :url,
            :image, :image_alt, :enclosures, :categories, :language, :summary, :given_summary,
            :summary_method, :subject, :subject_method, :names_method, :body, :headings,
            :title_grams, :grams, :content, :text_only,
            (SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'revision'))
    ON CONFLICT (id) DO UPDATE SET
        source = excluded.source, key = excluded.key, title = excluded.title,
        published = excluded.published, date_only = excluded.date_only, place = excluded.place,
        byline = excluded.byline, url = excluded.url, image = excluded.image,
        image_alt = excluded.image_alt, enclosures = excluded.enclosures,
        categories = excluded.categories, language = excluded.language, summary = excluded.summary,
        given_summary = excluded.given_summary, summary_method = excluded.summary_method,
        subject = excluded.subject, subject_method = excluded.subject_method,
        names_method = excluded.names_method, body = excluded.body, headings = excluded.headings,
        title_grams = excluded.title_grams, grams = excluded.grams, content = excluded.content,
        text_only = excluded.text_only, revision = excluded.revision
"""

_REVISION = "SELECT value FROM meta WHERE name = 'revision'"
_OVERTAKING = """
    SELECT count(*) FROM (SELECT 1 FROM stories WHERE revision > ? AND source <> ? LIMIT 1) AS one
"""
_UNTAG = "DELETE FROM story_topics WHERE story = (SELECT row FROM stories WHERE id = ?)"
_TAG = """
    INSERT INTO story_topics (topic, published, story)
    SELECT topics.row, stories.published, stories.row FROM stories CROSS JOIN topics
    WHERE stories.id = ? AND topics.key = ?
    ON CONFLICT DO NOTHING
"""
# Of all its sources, whichever gives it now.
_TAG_BY_SOURCES = """
    INSERT INTO story_topics (topic, published, story)
    SELECT topics.row, stories.published, stories.row FROM stories CROSS JOIN topics
    WHERE stories.id = ? AND EXISTS (SELECT 1 FROM json_each(topics.sources) JOIN story_sources
        ON story_sources.source = json_each.value AND story_sources.story = stories.row)
    ON CONFLICT DO NOTHING
"""


def _values(
    stories: Sequence[StoryRecord], batch: StoryBatch
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns the values of all rows of stories and of posts."""
    seen = to_micros(batch.now)
    rows = [{**story_values(one, seen), **_keys(one)} for one in pace(stories)]
    return rows, post_values(batch.posts, batch.now)


def _keys(record: StoryRecord) -> Mapping[str, int | str | bytes]:
    one, before = record.story, record.fingerprint
    evidence = ",".join(record.evidence)
    return key_values(one.source, one.title, one.url, before.body, before.sketch, evidence)


async def _tag(writer: Connection, stories: Sequence[Story]) -> None:
    """Puts stories that are written already under their topics, and under no others."""
    await writer.executemany(_UNTAG, [(one.id,) for one in stories])
    pairs = [(one.id, name.casefold()) for one in stories for name in one.topics]
    await writer.executemany(_TAG, pairs)
    await writer.executemany(_TAG_BY_SOURCES, [(one.id,) for one in stories])


async def _forget_found(writer: Connection, topics: Sequence[Topic]) -> None:
    """Forgets found topics whose names are now those of the desk's."""
    await writer.executemany("DELETE FROM topics WHERE key = ?", [(one.key,) for one in topics])


async def _next_revision(writer: Connection) -> int:
    """Makes a higher revision of the stories, for what is about to be written; returns it."""
    rows = await writer.execute_fetchall(
        "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
        " WHERE name = 'revision' RETURNING CAST(value AS BIGINT)"
    )
    return int(next(iter(rows))[0])


async def _check_up_to_date(writer: Connection, batch: StoryBatch) -> None:
    if batch.revision is not None and batch.revision != await subscriptions_revision(writer):
        raise OutdatedError("the subscriptions have changed while stories were routed")


async def _check_not_overtaken(writer: Connection, batch: StoryBatch) -> None:
    if batch.snapshot is None:
        return
    known = batch.snapshot.revision, batch.snapshot.source
    (found,) = await writer.execute_fetchall(_OVERTAKING, known)
    if found[0]:
        raise OvertakenError("another process has written stories meanwhile")


async def _join(writer: Connection, batch: StoryBatch, revision: int) -> int:
    """Has new posts join those that tell the same; returns how many messages are edited."""
    lacking = await join_posts(writer, batch.posts, batch.now - EDITABLE_FOR)
    if batch.edited_since is None or not lacking:
        return 0
    return await enqueue_source_edits(writer, lacking, batch.now, batch.edited_since, revision)


class SqlIngest(IngestStore):
    """Implements `bot.ingest.ports.IngestStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def fingerprints(
        self, source: str, stories: Sequence[Story] | None = None, turns: int = 1
    ) -> Mapping[str, Fingerprint]:
        return await fetch_fingerprints(self._connections, source, stories, turns)

    @override
    async def revision(self) -> int:
        (row,) = await self._connections.rows(_REVISION)
        return int(row[0])

    @override
    async def elsewhere(self, source: str, stories: Sequence[Story]) -> Sequence[StoryRecord]:
        return await fetch_elsewhere(self._connections, source, stories)

    @override
    async def write(self, batch: StoryBatch) -> int:
        copies = [one for one in batch.stories if one.copied_by]
        # Of a story that comes twice, the last counts.
        last = {one.story.id: one for one in batch.stories if not one.copied_by}
        rows, posts = await asyncio.to_thread(_values, list(last.values()), batch)
        async with self._connections.transaction() as writer:
            await _check_up_to_date(writer, batch)
            await _check_not_overtaken(writer, batch)
            revision = await _next_revision(writer)
            await vocabulary.update_counts(writer, rows)
            await writer.executemany(_UPSERT, rows)
            await self._connections.text_index.update(writer, rows)
            await writer.executemany(KEEP_KEYS, rows)
            await keep_addresses(writer, [one.story for one in last.values()])
            await write_names(writer, last.values())
            await _tag(writer, [one.story for one in last.values()])
            await write_copies(writer, copies, batch.now)
            await write_places(writer, batch.places)
            await writer.executemany(_TAG_BY_SOURCES, [(one.story.id,) for one in copies])
            enqueued = 0
            if batch.edits:
                enqueued += await enqueue_edits(writer, batch.edits, batch.now, revision)
            if posts:
                enqueued += await enqueue_posts(writer, posts)
                enqueued += await _join(writer, batch, revision)
            return enqueued

    @override
    async def story_edges(self, source: str) -> Mapping[str, StoryEdges]:
        rows = await self._connections.rows(
            "SELECT edges FROM story_edges WHERE source = ?", (source,)
        )
        known = json.loads(rows[0]["edges"]) if rows else []
        return {story: StoryEdges(tuple(head), tuple(tail)) for story, head, tail in known}

    @override
    async def keep_story_edges(self, source: str, edges: Mapping[str, StoryEdges]) -> None:
        described = json.dumps([[story, one.head, one.tail] for story, one in edges.items()])
        async with self._connections.transaction() as writer:
            await writer.execute(
                "INSERT INTO story_edges VALUES (?, ?)"
                " ON CONFLICT (source) DO UPDATE SET edges = excluded.edges",
                (source, described),
            )

    def _search(self, topic: Topic) -> str | None:
        query = parse(topic.query)
        return self._connections.text_index.expression(query) if query else None

    @override
    async def set_topics(self, topics: Sequence[Topic]) -> None:
        described = json.dumps(
            [[t.name, self._search(t), sorted(t.sources), t.subject] for t in topics]
        )
        known = await self._connections.rows("SELECT value FROM meta WHERE name = 'topics'")
        if known[0]["value"] == described:
            return
        async with self._connections.transaction() as writer:
            await writer.execute("DELETE FROM topics WHERE origin = 'desk'")
            await _forget_found(writer, topics)
            await writer.executemany(
                "INSERT INTO topics (key, name, search, sources, subject) VALUES (?, ?, ?, ?, ?)",
                [
                    (t.key, t.name, self._search(t), json.dumps(sorted(t.sources)), t.subject)
                    for t in topics
                ],
            )
            await tag_desk_topics(writer)
            await writer.execute("UPDATE meta SET value = ? WHERE name = 'topics'", (described,))
            await raise_revision(writer)
