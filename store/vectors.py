"""The vectors of stories, which the search by meaning compares."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence

from typing_extensions import override

from bot.search.meaning.ports import UnembeddedStory, VectorChanges, VectorStore
from bot.search.ports import Candidate
from bot.search.query import Filter
from store.codec import to_time
from store.filters import filter_sql, where_clause
from store.ports import Connections, Row
from store.search import DEVELOPMENT

_MANY = 4_000  # vectors that are read at once
_PASSAGE = "stories.row, stories.revision, stories.title, stories.summary"
_LACKS_VECTOR = """
    NOT EXISTS (
        SELECT 1 FROM story_vectors INDEXED BY story_vectors_by_model  -- without the vectors
        WHERE model = :model AND story = stories.row
    )
"""


class SqlVectors(VectorStore):
    """Implements `bot.search.meaning.ports.VectorStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def last_revision(self) -> int:
        rows = await self._connections.rows("SELECT value FROM meta WHERE name = 'revision'")
        return int(rows[0]["value"])

    @override
    async def unembedded(
        self, model: str, below: int | None, limit: int
    ) -> Sequence[UnembeddedStory]:
        rows = await self._connections.rows(
            f"""
            SELECT {_PASSAGE} FROM stories JOIN (
                SELECT row FROM stories
                WHERE row < :below AND {_LACKS_VECTOR} ORDER BY row DESC LIMIT :limit
            ) AS chosen ON chosen.row = stories.row ORDER BY stories.row DESC
            """,
            {"model": model, "below": (1 << 62) if below is None else below, "limit": limit},
        )
        return [_passage(row) for row in rows]

    @override
    async def unembedded_since(
        self, model: str, revision: int, limit: int
    ) -> Sequence[UnembeddedStory]:
        rows = await self._connections.rows(
            f"""
            SELECT {_PASSAGE} FROM stories
            WHERE revision > :revision AND {_LACKS_VECTOR} LIMIT :limit
            """,
            {"model": model, "revision": revision, "limit": limit},
        )
        return [_passage(row) for row in rows]

    @override
    async def keep_vectors(self, model: str, vectors: Mapping[UnembeddedStory, bytes]) -> None:
        async with self._connections.transaction() as writer:
            # A new row, with a new number, even where a vector of another model was there.
            await writer.executemany(
                "DELETE FROM story_vectors WHERE story = ?", [(one.number,) for one in vectors]
            )
            await writer.executemany(
                "INSERT INTO story_vectors (story, model, vector)"
                " SELECT row, ?, ? FROM stories WHERE row = ? AND revision = ?",
                [(model, vector, one.number, one.revision) for one, vector in vectors.items()],
            )

    @override
    async def vectors_since(self, model: str, cursor: int) -> VectorChanges:
        rows = await self._connections.rows(
            "SELECT made, story, vector FROM story_vectors"
            " WHERE made > ? AND model || '' = ? AND length(vector) > 0 ORDER BY made LIMIT ?",
            (cursor, model, _MANY),
        )
        numbers = array("q", (row["story"] for row in rows))
        last = int(rows[-1]["made"]) if rows else cursor
        return VectorChanges(numbers, b"".join(row["vector"] for row in rows), last)

    @override
    async def count_vectors(self, model: str) -> tuple[int, int]:
        rows = await self._connections.rows(
            "SELECT (SELECT count(*) FROM story_vectors WHERE model = ?) AS made,"
            " (SELECT count(*) FROM stories) AS total",
            (model,),
        )
        return rows[0]["made"], rows[0]["total"]

    @override
    async def numbers_within(self, within: Filter) -> Sequence[int]:
        tables, conditions, values = filter_sql(within)
        rows = await self._connections.rows(
            f"SELECT stories.row FROM {tables} {where_clause(conditions)}", values
        )
        return array("q", (row["row"] for row in rows))

    @override
    async def candidates_by_number(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        rows = await self._connections.rows(
            f"SELECT row, stories.id, title, summary, published, {DEVELOPMENT} FROM stories"
            " JOIN json_each(?) AS wanted ON CAST(wanted.value AS BIGINT) = stories.row"
            " ORDER BY wanted.key",
            (json.dumps(list(numbers)),),
        )
        return {
            number: Candidate(name, title, summary, to_time(published), development=development)
            for number, name, title, summary, published, development in rows
        }


def _passage(row: Row) -> UnembeddedStory:
    return UnembeddedStory(row["row"], row["revision"], row["title"], row["summary"])
