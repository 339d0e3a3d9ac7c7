"""Stories and their topics, written."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence

import aiosqlite
from typing_extensions import override

from bot.ingest.ports import IngestStore
from bot.ingest.results import FiledStory, Fingerprint
from bot.model import Topic
from bot.posting.ports import News
from bot.search.query import parse
from store import vocabulary
from store.codec import story_values, to_micros, to_time
from store.connection import Row, SqliteConnections
from store.fts_query import match_query
from store.outbox.enqueue import edit_posts, post_news, retitled

_UPSERT = """
    INSERT INTO stories (id, source, key, title, published, seen, date_only, place, byline, url,
                         image, categories, language, summary, body, headings, title_grams,
                         grams, content, text_only, revision)
    VALUES (:id, :source, :key, :title, :published, :seen, :date_only, :place, :byline, :url,
            :image, :categories, :language, :summary, :body, :headings, :title_grams, :grams,
            :content, :text_only,
            (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'revision'))
    ON CONFLICT (id) DO UPDATE SET
        source = excluded.source, key = excluded.key, title = excluded.title,
        published = excluded.published, date_only = excluded.date_only, place = excluded.place,
        byline = excluded.byline, url = excluded.url, image = excluded.image,
        categories = excluded.categories, language = excluded.language,
        summary = excluded.summary,
        body = excluded.body, headings = excluded.headings,
        title_grams = excluded.title_grams, grams = excluded.grams, content = excluded.content,
        text_only = excluded.text_only, revision = excluded.revision
"""

_TAG_BY_SOURCE = """
    INSERT OR IGNORE INTO story_topics (topic, published, story)
    SELECT :topic, published, row FROM stories
    WHERE source IN (SELECT value FROM json_each(:sources))
"""
_TAG_BY_SEARCH = """
    INSERT OR IGNORE INTO story_topics (topic, published, story)
    SELECT :topic, published, row FROM stories_fts CROSS JOIN stories ON row = stories_fts.rowid
    WHERE stories_fts MATCH :search
"""


def _fingerprint(row: Row) -> Fingerprint:
    return Fingerprint(
        row["id"],
        row["key"],
        row["content"],
        row["text_only"],
        row["url"] or "",
        row["title"],
        to_time(row["published"]),
    )


def _search(topic: Topic) -> str | None:
    query = parse(topic.query)
    return match_query(query) if query else None


async def _tag(writer: aiosqlite.Connection, ids: Sequence[str]) -> None:
    """Puts the stories with these ids under the topics that they belong to."""
    found = await writer.execute_fetchall(
        "SELECT row FROM stories WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    )
    rows = [row["row"] for row in found]
    if not rows:
        return
    values = {"rows": json.dumps(rows), "low": min(rows), "high": max(rows)}
    await writer.execute(
        "DELETE FROM story_topics WHERE story IN (SELECT value FROM json_each(:rows))", values
    )
    for topic in await writer.execute_fetchall("SELECT row AS topic, search, sources FROM topics"):
        await writer.execute(
            f"{_TAG_BY_SOURCE} AND row IN (SELECT value FROM json_each(:rows))",
            {**values, **topic},
        )
        if topic["search"]:
            # The range lets the index skip to the batch, whose rows mostly lie side by side; the
            # plus keeps it from being asked anew for each of them.
            await writer.execute(
                f"{_TAG_BY_SEARCH} AND stories_fts.rowid BETWEEN :low AND :high"
                " AND +stories_fts.rowid IN (SELECT value FROM json_each(:rows))",
                {**values, **topic},
            )


async def _tag_all(writer: aiosqlite.Connection) -> None:
    """Puts every story under the topics that it belongs to; there must be none under any."""
    for topic in await writer.execute_fetchall("SELECT row AS topic, search, sources FROM topics"):
        await writer.execute(_TAG_BY_SOURCE, dict(topic))
        if topic["search"]:
            await writer.execute(_TAG_BY_SEARCH, dict(topic))


class SqliteIngest(IngestStore):
    """Implements `bot.ingest.ports.IngestStore` in SQLite."""

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections

    @override
    async def fingerprints(self, source: str) -> Mapping[str, Fingerprint]:
        rows = await self._connections.rows(
            "SELECT id, key, content, text_only, url, title, published FROM stories"
            " WHERE source = ?",
            (source,),
        )
        # Of a large source these are many: nobody is to wait for them on the event loop.
        return await asyncio.to_thread(lambda: {row["key"]: _fingerprint(row) for row in rows})

    @override
    async def write(self, filed: Sequence[FiledStory], news: News | None = None) -> int:
        last = {one.story.id: one for one in filed}  # of a story that comes twice
        stories = list(last.values())
        seen = to_micros(news.now) if news else time.time_ns() // 1_000
        values = await asyncio.to_thread(lambda: [story_values(one, seen) for one in stories])
        async with self._connections.transaction() as writer:
            await writer.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
            changed = await retitled(writer, stories) if news and news.edits else ()
            await vocabulary.update_counts(writer, values)
            await writer.executemany(_UPSERT, values)
            await _tag(writer, list(last))
            if news is None:
                return 0
            return await edit_posts(writer, changed, news) + await post_news(writer, stories, news)

    @override
    async def set_topics(self, topics: Sequence[Topic]) -> None:
        described = json.dumps([[t.name, _search(t), sorted(t.sources)] for t in topics])
        known = await self._connections.rows("SELECT value FROM meta WHERE name = 'topics'")
        if known[0]["value"] == described:
            return
        async with self._connections.transaction() as writer:
            await writer.execute("DELETE FROM story_topics")
            await writer.execute("DELETE FROM topics")
            await writer.executemany(
                "INSERT INTO topics (key, name, search, sources) VALUES (?, ?, ?, ?)",
                [(t.key, t.name, _search(t), json.dumps(sorted(t.sources))) for t in topics],
            )
            await _tag_all(writer)
            await writer.execute("UPDATE meta SET value = ? WHERE name = 'topics'", (described,))
