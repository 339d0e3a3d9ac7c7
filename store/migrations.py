"""Migrations: brings a store from the schema that it has to the newest one, beside a backup."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import aiosqlite

from bot.errors import NotAStoreError, StoreBusyError, StoreError, StoreNewerError
from store.connection import BUSY_TIMEOUT_MS, SqliteConnections, map_errors
from store.schema import APPLICATION_ID, OLDEST_SQLITE, STEPS, Step

_RETRY = 0.02  # seconds

_TABLES = """
    SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
"""
_COLUMNS = "SELECT name FROM pragma_table_info(?)"


async def prepare(connections: SqliteConnections, steps: Sequence[Step] = STEPS) -> None:
    """Opens the writer, and brings the file to the newest schema, keeping a backup beside it.

    A backup is named after the file and its schema, `dateline.db.v1.bak`.

    Raises:
        StoreNewerError: A newer Dateline wrote the file. It is left as it is.
        NotAStoreError: The file is something else, or has an unknown layout. It is left as it is.
        StoreError: The file cannot be opened or written.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(f"SQLite {wanted} or newer is needed; this is {sqlite3.sqlite_version}")
    await connections.open_writer()
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            return await _bring_up(connections, steps)
        except StoreBusyError:
            # SQLite does not wait for another process that turns the write-ahead log on.
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_RETRY)


async def _bring_up(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    writer = connections.writer
    with map_errors(connections.path):
        version = await _version(writer, connections.path, len(steps))
        await _check_layout(writer, connections.path, steps[:version])
        await writer.execute("PRAGMA journal_mode = WAL")
    if version < len(steps):
        await _migrate(connections, steps)


async def _migrate(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    backup: Path | None = None
    try:
        async with connections.transaction() as writer:
            # Another process may have come first; the lock is held from here on.
            version = await _version(writer, connections.path, len(steps))
            if 0 < version < len(steps):
                backup = await asyncio.to_thread(_backup, connections.path, version)
            await _apply(writer, steps[version:])
            await writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            await writer.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        # Nothing was changed: a copy would only fill the disk, one more at each try.
        if backup:
            backup.unlink(missing_ok=True)
        raise


async def _check_layout(writer: aiosqlite.Connection, path: Path, steps: Sequence[Step]) -> None:
    """Refuses a store whose tables are not those that its steps make.

    Raises:
        NotAStoreError: It lacks one of their columns.
    """
    for table, expected in _layout(steps).items():
        found = await writer.execute_fetchall(_COLUMNS, (table,))
        if not expected <= {row[0] for row in found}:
            raise NotAStoreError(
                f"the store {path} has a layout that no release of Dateline has made: its table "
                f"{table} lacks columns; move it away, and Dateline makes a new one"
            )


def _layout(steps: Sequence[Step]) -> Mapping[str, set[str]]:
    """The tables that steps make, with their columns."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in (statement for step in steps for statement in step):
            made.execute(statement)
        tables = [row[0] for row in made.execute(_TABLES)]
        return {table: {row[0] for row in made.execute(_COLUMNS, (table,))} for table in tables}


async def _apply(writer: aiosqlite.Connection, steps: Sequence[Step]) -> None:
    for step in steps:
        for statement in step:
            await writer.execute(statement)


async def _version(connection: aiosqlite.Connection, path: Path, newest: int) -> int:
    """The schema that the file has; 0 for a file that is empty."""
    # One statement, so that all three are of one moment: another process may be making the schema.
    rows = await connection.execute_fetchall(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_application_id, pragma_user_version"
    )
    application, version, tables = next(iter(rows))
    if not application and not version and not tables:
        return 0
    if application != APPLICATION_ID:
        raise NotAStoreError(f"the store {path} is another program's database")
    if version > newest:
        raise StoreNewerError(
            f"the store {path} was written by a newer Dateline (its schema is {version}, this one "
            f"knows {newest}); upgrade Dateline, or restore the backup made before the upgrade"
        )
    return int(version)


def _backup(path: Path, version: int) -> Path:
    """Copies the file as it is, whole or not at all, and never over an older copy.

    Whoever calls this holds the lock to write.
    """
    target = _unused(path, version)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial.rename(target)


def _unused(path: Path, version: int) -> Path:
    target = path.with_name(f"{path.name}.v{version}.bak")
    turn = 1
    while target.exists():
        turn += 1
        target = path.with_name(f"{path.name}.v{version}.{turn}.bak")
    return target
