"""Checks a store for damage: the file, its references, and its full-text index."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.errors import StoreDamagedError
from store.connection import SqliteConnections
from store.errors import DAMAGED
from store.wal import has_log

_SHORT_LOOK = 0.5  # seconds of a start that are spent on this

# What cannot be had again comes first, the stories last: they are the most.
_TABLES = """
    SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
    ORDER BY name LIKE 'stories%', name
"""


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


def look_for_damage(path: Path) -> None:
    """Looks for damage for a short time: all through a small store, at a part of a large one.

    Raises:
        StoreDamagedError: There is some.
    """
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        _check_length(connection, path)
        problem = _find_problem(connection)
    if problem:
        raise StoreDamagedError(f"the store {path} {DAMAGED} ({problem})")


def _find_problem(connection: sqlite3.Connection) -> str:
    """Returns the first problem that is found in time; an empty text for none."""
    deadline = time.monotonic() + _SHORT_LOOK
    # Not a progress handler: before SQLite 3.41 a check did not call it.
    timer = threading.Timer(_SHORT_LOOK, connection.interrupt)
    timer.start()
    try:
        for (table,) in connection.execute(_TABLES).fetchall():
            (found,) = connection.execute(f"PRAGMA quick_check('{table}')").fetchone()
            if time.monotonic() > deadline:
                return ""  # what a check finds that was broken off may be wrong
            if found != "ok":
                return f"{table}: {' '.join(found.split())}"
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        timer.cancel()
        timer.join()  # it must not interrupt a connection that is closed
    return ""


def _check_length(connection: sqlite3.Connection, path: Path) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    length = path.stat().st_size
    if length < pages * size and not has_log(path):
        raise StoreDamagedError(
            f"the store {path} {DAMAGED} ({pages * size} bytes should be there, {length} are)"
        )
