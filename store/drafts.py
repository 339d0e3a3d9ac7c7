"""Stores from before the first release, whose first schema was still being drawn.

Their stories are loaded again from their sources; so they begin anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

import aiosqlite

_TABLES = """
    SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
"""
_COLUMNS = "SELECT name FROM pragma_table_info(?)"


async def is_draft(writer: aiosqlite.Connection, steps: Iterable[Sequence[str]]) -> bool:
    """Whether a store lacks a column that these steps have made in every other."""
    for table, wanted in _made(steps).items():
        found = await writer.execute_fetchall(_COLUMNS, (table,))
        if not wanted <= {row[0] for row in found}:
            return True
    return False


def _made(steps: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """The tables that steps make, with their columns."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in (statement for step in steps for statement in step):
            made.execute(statement)
        tables = [row[0] for row in made.execute(_TABLES)]
        return {table: {row[0] for row in made.execute(_COLUMNS, (table,))} for table in tables}


async def drop_all(writer: aiosqlite.Connection) -> None:
    """Drops every table, with all that hangs on it."""
    # What belongs to a full-text index goes with that; a table goes before what it refers to.
    for kind in ("CREATE VIRTUAL%", "CREATE TABLE%"):
        found = await writer.execute_fetchall(
            f"{_TABLES} AND sql LIKE ? ORDER BY rowid DESC", (kind,)
        )
        for row in found:
            await writer.execute(f'DROP TABLE IF EXISTS "{row[0]}"')
