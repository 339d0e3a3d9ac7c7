"""Stories and their topics, written and read."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import aiosqlite

from bot.ingest.results import FiledStory, Fingerprint
from bot.model import Story, Topic
from bot.posting.ports import News
from bot.search.ports import Listing
from bot.search.query import Filter, parse
from store import vocabulary
from store.codec import story_values, to_micros, to_story, to_time
from store.connection import Row, SqliteConnections
from store.fts_query import match
from store.outbox.enqueue import edit_posts, post_news, retitled
from store.search import filtered, where_clause

_MANY = 4_000  # titles that are read at once

_TOPICS_OF_STORY = """
    (SELECT json_group_array(name) FROM
        (SELECT name FROM story_topics JOIN topics ON topics.row = topic
         WHERE story = stories.row ORDER BY topics.row)) AS topics
"""
STORY = f"SELECT stories.*, {_TOPICS_OF_STORY} FROM stories"
"""Every story, with its topics, as `to_story` reads it; conditions follow."""

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


async def fingerprints(connections: SqliteConnections, source: str) -> Mapping[str, Fingerprint]:
    """See `bot.chat.ports.Store.fingerprints`."""
    rows = await connections.rows(
        "SELECT id, key, content, text_only, url, title, published FROM stories WHERE source = ?",
        (source,),
    )
    # Of a large source these are many: nobody is to wait for them on the event loop.
    return await asyncio.to_thread(lambda: {row["key"]: _fingerprint(row) for row in rows})


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


async def write(
    connections: SqliteConnections, filed: Sequence[FiledStory], news: News | None = None
) -> int:
    """See `bot.chat.ports.Store.write`."""
    last = {one.story.id: one for one in filed}  # of a story that comes twice
    stories = list(last.values())
    seen = to_micros(news.now) if news else time.time_ns() // 1_000
    values = await asyncio.to_thread(lambda: [story_values(one, seen) for one in stories])
    async with connections.transaction() as writer:
        await writer.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
        changed = await retitled(writer, stories) if news and news.edits else ()
        await vocabulary.follow(writer, values)
        await writer.executemany(_UPSERT, values)
        await _tag(writer, list(last))
        if news is None:
            return 0
        return await edit_posts(writer, changed, news) + await post_news(writer, stories, news)


async def set_topics(connections: SqliteConnections, topics: Sequence[Topic]) -> None:
    """See `bot.chat.ports.Store.set_topics`."""
    described = json.dumps([[t.name, _search(t), sorted(t.sources)] for t in topics])
    known = await connections.rows("SELECT value FROM meta WHERE name = 'topics'")
    if known[0]["value"] == described:
        return
    async with connections.transaction() as writer:
        await writer.execute("DELETE FROM story_topics")
        await writer.execute("DELETE FROM topics")
        await writer.executemany(
            "INSERT INTO topics (key, name, search, sources) VALUES (?, ?, ?, ?)",
            [(t.key, t.name, _search(t), json.dumps(sorted(t.sources))) for t in topics],
        )
        await _tag_all(writer)
        await writer.execute("UPDATE meta SET value = ? WHERE name = 'topics'", (described,))


def _search(topic: Topic) -> str | None:
    query = parse(topic.query)
    return match(query) if query else None


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


async def topic_counts(connections: SqliteConnections) -> Mapping[str, int]:
    """See `bot.chat.ports.Store.topic_counts`."""
    rows = await connections.rows(
        """
        SELECT name, (SELECT count(*) FROM story_topics WHERE topic = topics.row) AS stories
        FROM topics ORDER BY row
        """
    )
    return {row["name"]: row["stories"] for row in rows}


async def latest(
    connections: SqliteConnections, within: Filter, limit: int, offset: int
) -> Listing:
    """See `bot.chat.ports.Store.latest`."""
    tables, conditions, values = filtered(within)
    where = where_clause(conditions)
    order = "story_topics.published DESC, story_topics.story DESC"
    if within.topic is None:
        order = "stories.published DESC, stories.row DESC"
    page = await connections.rows(
        f"{STORY} JOIN (SELECT stories.row FROM {tables} {where} ORDER BY {order}"
        " LIMIT :limit OFFSET :offset) AS chosen ON chosen.row = stories.row"
        " ORDER BY stories.published DESC, stories.row DESC",
        {**values, "limit": limit, "offset": offset},
    )
    # A topic by itself is counted without a look at its stories.
    counted = "story_topics" if within == Filter(topic=within.topic) and within.topic else tables
    total = await connections.rows(f"SELECT count(*) FROM {counted} {where}", values)
    return Listing(tuple(map(to_story, page)), total[0][0])


async def by_ids(connections: SqliteConnections, ids: Sequence[str]) -> Sequence[Story]:
    """See `bot.chat.ports.Store.stories`."""
    rows = await connections.rows(
        f"{STORY} JOIN json_each(?) AS wanted ON wanted.value = stories.id ORDER BY wanted.key",
        (json.dumps(ids),),
    )
    return [to_story(row) for row in rows]


async def seen(connections: SqliteConnections, story: str) -> datetime | None:
    """See `bot.chat.ports.Store.seen`."""
    rows = await connections.rows("SELECT seen FROM stories WHERE id = ?", (story,))
    return to_time(rows[0]["seen"]) if rows else None


async def titles_since(
    connections: SqliteConnections, revision: int
) -> tuple[int, Mapping[int, str]]:
    """See `bot.chat.ports.Store.titles_since`."""
    # One statement, so that all is of one moment. What was written at once is never parted.
    rows = await connections.rows(
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
