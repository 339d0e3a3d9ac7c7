"""Merging of the full-text index: few segments are faster to search than many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.connection import SqliteConnections

_FEW = 6  # segments; each word of a search is looked up in each of them
_PAGES = 100  # that one step writes: some ms

# Each segment has pages in this table, in its order: so it is skipped through, not read.
_SEGMENTS = """
    WITH RECURSIVE segments (id) AS (
        SELECT min(segid) FROM stories_fts_idx
        UNION ALL
        SELECT (SELECT min(segid) FROM stories_fts_idx WHERE segid > id) FROM segments
        WHERE id IS NOT NULL
    )
    SELECT count(id) FROM segments
"""


async def count_segments(connections: SqliteConnections) -> int:
    """Counts the segments of the index."""
    rows = await connections.rows(_SEGMENTS)
    return int(rows[0][0])


async def merge_step(connections: SqliteConnections, *, is_begun: bool) -> bool:
    """Does a step of merging all segments into one, as FTS5 does it incrementally.

    With a negative number, its command `merge` takes all segments together, and goes on where it
    was (https://www.sqlite.org/fts5.html#the_merge_command).

    Args:
        connections: To the store.
        is_begun: True when merging was begun: it goes on, however few segments there are.

    Returns:
        False when nothing was left to do.
    """
    if not is_begun and await count_segments(connections) <= _FEW:
        return False
    async with connections.transaction() as writer:
        before = writer.total_changes
        await writer.execute(
            "INSERT INTO stories_fts (stories_fts, rank) VALUES ('merge', ?)", (-_PAGES,)
        )
        return writer.total_changes - before > 1  # one is the command itself
