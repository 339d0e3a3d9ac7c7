"""Stories of which something was made by another method than now, by the column that names it."""

from __future__ import annotations

from collections.abc import Sequence

from store.ports import Connections, Row
from store.stories import STORY


async def count_outdated(connections: Connections, column: str, method: str) -> int:
    """Counts the stories whose column names another method, by the column's index."""
    rows = await connections.rows(
        f"SELECT count(*) FROM stories WHERE ({column} < :method OR {column} > :method)",
        {"method": method},
    )
    return int(rows[0][0])


async def outdated_stories(
    connections: Connections, column: str, method: str, after: int, limit: int
) -> Sequence[Row]:
    """Returns the first of these stories behind a row, in the order of their rows."""
    return await connections.rows(
        f"{STORY} WHERE stories.row > :after AND {column} || '' <> :method"
        " ORDER BY stories.row LIMIT :limit",
        {"method": method, "after": after, "limit": limit},
    )
