"""Stories that come from several sources, in the store: who else has one, and as what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.ingest.dedup import dedup_keys, unlinked_title
from bot.ingest.results import Fingerprint, StoryRecord
from bot.model import Story
from bot.threads import pace
from store.codec import to_micros, to_story, to_time
from store.dedup import guid_key, link_address, title_address
from store.ports import Connection, Connections, Row
from store.stories import STORY

_MOST = 200  # stories that are looked at for those of one poll, however many stand at their pages

_ELSEWHERE = f"""
    WITH found AS (
        SELECT DISTINCT story FROM json_each(:asked) CROSS JOIN story_addresses
        WHERE address = CAST(json_extract(value, '$[0]') AS BIGINT)
            AND published BETWEEN CAST(json_extract(value, '$[1]') AS BIGINT)
                AND CAST(json_extract(value, '$[2]') AS BIGINT)
            AND NOT EXISTS (SELECT 1 FROM story_sources
            WHERE story_sources.story = story_addresses.story AND source = :source)
        ORDER BY story DESC LIMIT {_MOST}),
    kept AS ({STORY} WHERE stories.row IN (SELECT story FROM found))
    SELECT kept.*, sketch
    FROM kept LEFT JOIN story_keys ON story_keys.story = kept.row
"""

_FORGET_ADDRESSES = """
    DELETE FROM story_addresses WHERE story = (SELECT row FROM stories WHERE id = ?)
"""
KEEP_ADDRESS = """
    INSERT INTO story_addresses (address, published, story)
    SELECT ?, published, row FROM stories WHERE id = ?
    ON CONFLICT DO NOTHING
"""
"""Keeps an address of a story that is written already, given the address and the story's id."""

_SHARE = """
    INSERT INTO story_sources (source, published, story)
    SELECT :source, published, row FROM stories WHERE id = :id
    ON CONFLICT DO NOTHING
"""
_FORGET_COPY = """
    DELETE FROM story_copies
    WHERE source = :source AND story = (SELECT row FROM stories WHERE id = :id) AND key <> :key
"""
_COPY = """
    INSERT INTO story_copies
        (source, key, story, title, published, url, content, text_only, sketch, seen)
    SELECT :source, :key, row, :title, :published, :url, :content, :text_only, :sketch,
        coalesce((SELECT seen FROM story_copies WHERE source = :source AND story = row), :seen)
    FROM stories WHERE id = :id
    ON CONFLICT (source, key) DO UPDATE SET story = excluded.story, title = excluded.title,
        published = excluded.published, url = excluded.url, content = excluded.content,
        text_only = excluded.text_only, sketch = excluded.sketch, seen = excluded.seen
"""


async def fetch_elsewhere(
    connections: Connections, source: str, stories: Sequence[Story]
) -> Sequence[StoryRecord]:
    """Reads stories as `IngestStore.elsewhere` says."""
    asked = await asyncio.to_thread(lambda: [list(one) for one in _asked(stories)])
    if not asked:
        return ()
    values = {"source": source, "asked": json.dumps(asked)}
    rows = await connections.rows(_ELSEWHERE, values)
    return await asyncio.to_thread(lambda: [to_record(row) for row in pace(rows)])


def _asked(stories: Sequence[Story]) -> Iterator[tuple[int, int, int]]:
    for one in pace(stories):
        keys = dedup_keys(one)
        for address in addresses(one):
            yield address, to_micros(keys.earliest), to_micros(keys.latest)


def addresses(story: Story) -> set[int]:
    """Returns the keys by which a story is found whatever source gives it.

    Those are of its page and its guid, and of its title where it has neither.
    """
    title = title_address(unlinked_title(story))
    return {link_address(story.url), guid_key(story.key), title} - {0}


def to_record(row: Row) -> StoryRecord:
    """The story of a row that has its sketch, too, as its source gave it."""
    story = to_story(row)
    before = Fingerprint(
        story.id,
        story.key,
        row["content"],
        row["text_only"],
        story.url or "",
        story.title,
        to_time(row["published"]),
        row["sketch"] or b"",
    )
    return StoryRecord(story, before)


async def keep_addresses(writer: Connection, stories: Sequence[Story]) -> None:
    """Keeps the addresses of stories that are written already."""
    await writer.executemany(_FORGET_ADDRESSES, [(one.id,) for one in stories])
    kept = await asyncio.to_thread(
        lambda: [(address, one.id) for one in stories for address in addresses(one)]
    )
    await writer.executemany(KEEP_ADDRESS, kept)


async def write_copies(writer: Connection, copies: Sequence[StoryRecord], now: datetime) -> None:
    """Writes what sources give now of stories that others gave first."""
    if not copies:
        return
    values = [{**_copy_values(one), "seen": to_micros(now)} for one in copies]
    await writer.executemany(_SHARE, values)
    await writer.executemany(_COPY, values)
    await writer.executemany(_FORGET_COPY, values)


def _copy_values(record: StoryRecord) -> dict[str, Any]:
    before = record.fingerprint
    return {
        "id": record.story.id,
        "source": record.copied_by,
        "key": before.key,
        "title": before.title,
        "published": to_micros(before.published),
        "url": before.link or None,
        "content": before.content,
        "text_only": before.body,
        "sketch": before.sketch,
    }
