"""Subjects that were found by an older method, found and replaced."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from bot.ingest.ports import SubjectStore
from bot.ingest.subjects.model import KeptSubject
from store.codec import to_story
from store.outdated import count_outdated, outdated_stories
from store.ports import Connections, Row

_METHOD = "subject_method"

# Stories that have changed meanwhile are left alone, in all three.
_UNTAG = """
    DELETE FROM story_topics
    WHERE story = (SELECT row FROM stories WHERE id = ? AND content = ?)
        AND topic IN (SELECT row FROM topics WHERE subject <> '')
"""
_TAG = """
    INSERT INTO story_topics (topic, published, story)
    SELECT topics.row, stories.published, stories.row FROM stories CROSS JOIN topics
    WHERE stories.id = ? AND stories.content = ? AND topics.key = ?
    ON CONFLICT DO NOTHING
"""
_REPLACE = "UPDATE stories SET subject = ?, subject_method = ? WHERE id = ? AND content = ?"


class SqlSubjects(SubjectStore):
    """Implements `bot.ingest.ports.SubjectStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def count_outdated(self, method: str) -> int:
        return await count_outdated(self._connections, _METHOD, method)

    @override
    async def outdated(self, method: str, after: int, limit: int) -> Sequence[KeptSubject]:
        rows = await outdated_stories(self._connections, _METHOD, method, after, limit)
        return [_kept(row) for row in rows]

    @override
    async def replace(self, remade: Sequence[KeptSubject]) -> None:
        ids = [(one.story.id, one.content) for one in remade]
        values = [(one.subject, one.method, one.story.id, one.content) for one in remade]
        topics = [
            (one.story.id, one.content, name.casefold())
            for one in remade
            for name in one.story.topics
        ]
        async with self._connections.transaction() as writer:
            await writer.executemany(_REPLACE, values)
            await writer.executemany(_UNTAG, ids)
            await writer.executemany(_TAG, topics)


def _kept(row: Row) -> KeptSubject:
    return KeptSubject(
        row["row"], to_story(row), row["subject"], row["subject_method"], row["content"]
    )
