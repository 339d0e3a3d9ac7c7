"""The schema of PostgreSQL, as the list of steps that lead to it.

A step that has been released is never changed; a new one is added behind it. Processes of an older
release may run while a newer one makes its steps, so a step only expands: it adds tables, columns
with defaults and indexes. What they no longer need is removed by a step of a later release, whose
`least` shuts out those that need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from store.postgres.functions import DIGEST, FEW_STORIES, FUNCTIONS, NEWEST_FEW, NOTIFIERS, TRIGGERS
from store.postgres.tables import INDEXES, SHARD_SESSIONS, TABLES
from store.schema_changes import LAST_LISTS


@dataclass(frozen=True)
class Step:
    """Statements that lead from one version of the schema to the next.

    Attributes:
        statements: In their order.
        least: The version that a process must know at least to go on with the store afterwards.
    """

    statements: tuple[str, ...]
    least: int = 1


def _ordered_by_bytes(statement: str) -> str:
    """Has texts compared by their bytes, as SQLite does, whatever the database's language is."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', statement)


STEPS: tuple[Step, ...] = (
    Step(
        (
            *map(_ordered_by_bytes, TABLES),
            DIGEST,
            *INDEXES,
            *FUNCTIONS,
            *TRIGGERS,
            *NOTIFIERS,
        )
    ),
    Step((*LAST_LISTS, FEW_STORIES)),
    Step((NEWEST_FEW,)),
    Step(tuple(map(_ordered_by_bytes, SHARD_SESSIONS))),
)
