"""Migrations: brings a store from the schema that it has to the newest one, beside a backup."""

from __future__ import annotations

import asyncio
import glob
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import NotAStoreError, StoreBusyError, StoreError, StoreNewerError
from store.connection import BUSY_TIMEOUT_MS, SqliteConnections
from store.dedup import FUNCTIONS, add_functions
from store.errors import map_errors
from store.files import beside, create_private, shut_others_out, sync
from store.integrity import look_for_damage
from store.schema import APPLICATION_ID, OLDEST_SQLITE, STEPS
from store.schema_changes import Step

_RETRY = 0.02  # seconds

_COLUMNS = """
    SELECT made.name, info.name FROM sqlite_schema AS made, pragma_table_info(made.name) AS info
    WHERE made.type = 'table' AND made.name NOT LIKE 'sqlite~_%' ESCAPE '~'
"""


async def prepare(connections: SqliteConnections, steps: Sequence[Step] = STEPS) -> None:
    """Opens the writer, and brings the file to the newest schema, keeping a backup beside it.

    A backup is named after the file and its schema, `dateline.db.v1.bak`.

    Raises:
        StoreNewerError: A newer Dateline wrote the file. It is left as it is.
        NotAStoreError: The file is something else, or has an unknown layout. It is left as it is.
        StoreDamagedError: It is damaged, as far as a short look tells.
        StoreError: The file cannot be opened or written.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(f"SQLite {wanted} or newer is needed; this is {sqlite3.sqlite_version}")
    await _add_functions(await connections.open_writer())
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            await _bring_up(connections, steps)
        except StoreBusyError:
            # SQLite does not wait for another process that turns the write-ahead log on.
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_RETRY)
        else:
            connections.counts_commits = len(steps) >= len(STEPS)
            return


async def _add_functions(writer: aiosqlite.Connection) -> None:
    for name, (arguments, function) in FUNCTIONS.items():
        await writer.create_function(name, arguments, function, deterministic=True)


async def _bring_up(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    writer = connections.writer
    with map_errors(connections.path):
        version = await _version(writer, connections.path, len(steps))
        await _check_layout(writer, connections.path, steps[:version])
        await asyncio.to_thread(shut_others_out, connections.path)
        await asyncio.to_thread(look_for_damage, connections.path)
        if version == 0:  # before the first table: so that the file can shrink
            await writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
        await writer.execute("PRAGMA journal_mode = WAL")
    connections.is_new |= version == 0
    if version < len(steps):
        await _migrate(connections, steps)
    await _settle(connections, len(steps))


async def _settle(connections: SqliteConnections, version: int) -> None:
    """Gives copies their names; by turns, since another process may be about to migrate."""
    if not list(_copies(connections.path)):
        return
    async with connections.transaction():
        await asyncio.to_thread(_settle_copies, connections.path, version)


def _copies(path: Path) -> Iterator[Path]:
    return path.parent.glob(f"{glob.escape(path.name)}.v*.bak.part*")


async def _migrate(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    copy: Path | None = None
    try:
        async with connections.transaction() as writer:
            # Another process may have come first; the lock is held from here on.
            version = await _version(writer, connections.path, len(steps))
            if 0 < version < len(steps):
                copy = await asyncio.to_thread(_copy, connections.path, version)
            await _apply(writer, steps[version:])
            await writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            await writer.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        if copy:  # nothing was changed: it would only fill the disk
            copy.unlink(missing_ok=True)
        raise


def _settle_copies(path: Path, version: int) -> None:
    """Keeps the copies that migrations to this version have made; removes what others left.

    A copy gets its name once its migration is committed. So whatever kills a migration, and however
    often, one copy at most is there, and the next start tells what it is.
    """
    for copy in sorted(_copies(path)):
        number = copy.name.removeprefix(f"{path.name}.v").partition(".")[0]
        is_whole = not beside(copy, "-journal").exists()
        if (
            copy.name.endswith(".bak.part")
            and is_whole
            and number.isdecimal()
            and int(number) < version
        ):
            copy.rename(_unused_name(path, int(number)))
        else:
            copy.unlink(missing_ok=True)


async def _check_layout(writer: aiosqlite.Connection, path: Path, steps: Sequence[Step]) -> None:
    """Refuses a store whose tables are not those that its steps make.

    Raises:
        NotAStoreError: It lacks one of their columns.
    """
    found = _by_table(await writer.execute_fetchall(_COLUMNS))
    for table, expected in _layout(tuple(steps)).items():
        if not expected <= found.get(table, frozenset()):
            raise NotAStoreError(
                f"the store {path} has a layout that no release of Dateline has made: its table "
                f"{table} lacks columns; move it away, and Dateline makes a new one"
            )


@cache
def _layout(steps: tuple[Step, ...]) -> Mapping[str, frozenset[str]]:
    """The tables that steps make, with their columns."""
    with closing(sqlite3.connect(":memory:")) as made:
        add_functions(made)
        for statement in (statement for step in steps for statement in step):
            made.execute(statement)
        return _by_table(made.execute(_COLUMNS))


def _by_table(columns: Iterable[Any]) -> Mapping[str, frozenset[str]]:
    found = defaultdict[str, set[str]](set)
    for table, column in columns:
        found[table].add(column)
    return {table: frozenset(names) for table, names in found.items()}


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


def _copy(path: Path, version: int) -> Path:
    """Copies the file as it is, readable by its owner alone.

    Whoever calls this holds the lock to write.
    """
    partial = beside(path, f".v{version}.bak.part")
    for ending in ("", "-journal"):  # of a copy that was killed
        beside(partial, ending).unlink(missing_ok=True)
    create_private(partial)
    try:
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
        sync(partial)
        sync(partial.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _unused_name(path: Path, version: int) -> Path:
    target = beside(path, f".v{version}.bak")
    turn = 1
    while target.exists():
        turn += 1
        target = beside(path, f".v{version}.{turn}.bak")
    return target
