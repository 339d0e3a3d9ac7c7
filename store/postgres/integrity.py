"""Checks a database for damage: its constraints, and whether its parts agree."""

from __future__ import annotations

from collections.abc import Sequence

from store.ports import Connections

# The server itself looks after its pages; what it cannot know is whether the parts agree.
_CHECKS = {
    "sources whose stories are counted wrongly": """
        SELECT count(*) FROM story_counts FULL JOIN
            (SELECT source, count(*) AS stories FROM story_sources GROUP BY source) AS counted
            USING (source)
        WHERE coalesce(story_counts.stories, 0) <> coalesce(counted.stories, 0)
    """,
    "stories that are not listed under their source": """
        SELECT count(*) FROM stories WHERE NOT EXISTS (SELECT 1 FROM story_sources
            WHERE story = stories.row AND source = stories.source
                AND published = stories.published)
    """,
    "stories that are not in the full-text index": """
        SELECT count(*) FROM stories
        WHERE NOT EXISTS (SELECT 1 FROM story_texts WHERE story = stories.row)
    """,
    "constraints that are not checked": (
        "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
    ),
    "indexes that are not whole": "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
}


async def check_integrity(connections: Connections) -> Sequence[str]:
    """Finds what does not agree; one line for each thing found, none when all is whole."""
    counts = {trouble: await connections.rows(asked) for trouble, asked in _CHECKS.items()}
    return [f"{trouble}: {rows[0][0]}" for trouble, rows in counts.items() if rows[0][0]]
