"""Checks a store for damage: the file, its references, and its full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from store.connection import SqliteConnections


async def check_integrity(connections: SqliteConnections) -> Sequence[str]:
    """Finds damage; one line for each thing found, none when all is whole."""
    async with connections.transaction() as writer:
        found = [
            f"the file: {row[0]}"
            for row in await writer.execute_fetchall("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        found += [
            f"a row of {row['table']} points to a row of {row['parent']} that is not there"
            for row in await writer.execute_fetchall("PRAGMA foreign_key_check")
        ]
        try:
            # `PRAGMA integrity_check` does not see a full-text index that strays from its table;
            # this does (https://www.sqlite.org/fts5.html#the_integrity_check_command).
            await writer.execute(
                "INSERT INTO stories_fts (stories_fts, rank) VALUES ('integrity-check', 1)"
            )
        except sqlite3.DatabaseError as error:
            found.append(f"the full-text index: {error}")
        return found
