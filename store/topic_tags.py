"""The stories of the desk's topics: by their sources, and by the saved searches."""

from __future__ import annotations

import json

from store.ports import Connection

_TAG_BY_SOURCE = """
    INSERT INTO story_topics (topic, published, story)
    SELECT ?, published, story FROM story_sources WHERE source = ?
    ON CONFLICT DO NOTHING
"""
_TAG_BY_SUBJECT = """
    INSERT INTO story_topics (topic, published, story)
    SELECT ?, published, row FROM stories WHERE subject = ?
    ON CONFLICT DO NOTHING
"""
_TAG_BY_SEARCH = """
    INSERT INTO story_topics (topic, published, story)
    SELECT ?, published, row FROM stories_fts(?) CROSS JOIN stories
    WHERE row = stories_fts.rowid
    ON CONFLICT DO NOTHING
"""


async def tag_desk_topics(writer: Connection) -> None:
    """Puts every story under the desk's topics that it belongs to, if it is not there already."""
    desk = "SELECT row, search, sources, subject FROM topics WHERE origin = 'desk'"
    for topic in await writer.execute_fetchall(desk):
        sources = [(topic["row"], source) for source in json.loads(topic["sources"])]
        await writer.executemany(_TAG_BY_SOURCE, sources)
        if topic["subject"]:
            await writer.execute(_TAG_BY_SUBJECT, (topic["row"], topic["subject"]))
        if topic["search"]:
            await writer.execute(_TAG_BY_SEARCH, (topic["row"], topic["search"]))
