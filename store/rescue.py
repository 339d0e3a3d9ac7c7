"""Rescue of a damaged store: what can still be read of it is copied into a new one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import aiosqlite

from bot.errors import StoreDamagedError, StoreError
from store import vocabulary
from store.connection import SqliteConnections
from store.errors import map_errors
from store.files import require_absent, require_file, unused
from store.migrations import prepare
from store.schema_changes import FILL_ADDRESSES
from store.wal import check_log, connect_without_log, has_log

_AT_ONCE = 256  # rows
_MAX_FAILURES = 200_000  # reads that fail, after which a table is given up


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that is saved.

    Attributes:
        name: Its name.
        key: What its rows are ordered by.
        kept: What its rows are, in the operator's words; empty where they only belong to others.
        is_numbered: True when the key is the row's number.
    """

    name: str
    key: str
    kept: str
    is_numbered: bool = False


# What cannot be had again comes first. Words and topics follow from the stories.
_TABLES = (
    _Table("subscriptions", "id", "subscriptions", is_numbered=True),
    _Table("settings", "chat, name", "settings of chats"),
    _Table("sources", "id", "sources"),
    _Table("added_sources", "id", "sources that were added in chats"),
    _Table("paused_sources", "id", "pauses of sources"),
    _Table("topic_edits", "row", "decisions about topics", is_numbered=True),
    _Table("audit", "row", "changes by moderators", is_numbered=True),
    _Table("notes", "name", ""),
    _Table("looks", "person", "readers' last looks at what is new"),
    _Table("shown", "chat, person", "readers' last lists"),
    _Table("actions", "token", "buttons"),
    _Table("outbox", "row", "posts, sent or waiting", is_numbered=True),
    _Table("stories", "row", "stories", is_numbered=True),
    _Table("story_sources", "source, published, story", ""),
    _Table("story_copies", "source, key", ""),
    _Table("forgotten", "source, key", ""),
)
_FIRST_REVISION = 1  # of all stories, and of their words
_FINISH = (
    """
    UPDATE meta SET value = (SELECT coalesce(max(revision), 0) + 1 FROM subscriptions)
    WHERE name = 'subscriptions'
    """,
    FILL_ADDRESSES,
    # A story that was lost is new at the next poll: it is not to be posted again.
    "UPDATE sources SET loaded_at = NULL",
    # `dateline rebuild` finds the names of stories again.
    "UPDATE stories SET names_method = ''",
)

Values = dict[str, object]


async def rescue_store(path: Path, target: Path) -> Mapping[str, int]:
    """Saves what can be read of a store into a new one; see `StoreFiles.rescue`."""
    require_file(path, "store")
    require_absent(target)
    with unused(path), map_errors(path), closing(_open(path)) as damaged:
        saved = await _save(damaged, target)
    if not any(saved.values()):
        await asyncio.to_thread(target.unlink)
        raise StoreDamagedError(f"nothing can be read of {path}")
    return saved


def _open(path: Path) -> sqlite3.Connection:
    """Opens a damaged store to read; nothing is changed in it."""
    connection = _connect(path)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(StoreError):  # the log of another file: what stands in the file itself counts
        check_log(path)
        if has_log(path):
            address = f"{path.absolute().as_uri()}?mode=ro"
            return sqlite3.connect(address, uri=True, check_same_thread=False)
    return connect_without_log(path)


async def _save(damaged: sqlite3.Connection, target: Path) -> Mapping[str, int]:
    new = SqliteConnections(target)
    try:
        await prepare(new)
        async with new.transaction() as writer:
            await writer.execute(
                "UPDATE meta SET value = ? WHERE name = 'revision'", (str(_FIRST_REVISION),)
            )
        saved = [(one.kept, await _save_table(damaged, new, one)) for one in _TABLES]
        async with new.transaction() as writer:
            for statement in _FINISH:
                await writer.execute(statement)
        return {kept: rows for kept, rows in saved if kept}
    finally:
        await new.aclose()


async def _save_table(damaged: sqlite3.Connection, new: SqliteConnections, table: _Table) -> int:
    columns = await _common_columns(damaged, new, table)
    if not columns:
        return 0
    rows = _read_rows(damaged, table, columns)
    saved = 0
    while part := await asyncio.to_thread(lambda: list(islice(rows, _AT_ONCE))):
        async with new.transaction() as writer:
            if table.name == "stories":
                part = [{**one, "revision": _FIRST_REVISION} for one in part]
                await vocabulary.update_counts(writer, part)
            saved += await _insert(writer, table, part)
    return saved


async def _common_columns(
    damaged: sqlite3.Connection, new: SqliteConnections, table: _Table
) -> Sequence[str]:
    sql = "SELECT name FROM pragma_table_info(?)"
    wanted = [row[0] for row in await new.writer.execute_fetchall(sql, (table.name,))]
    try:
        there = {row[0] for row in damaged.execute(sql, (table.name,))}
    except sqlite3.DatabaseError:
        return ()
    return [name for name in wanted if name in there]


async def _insert(writer: aiosqlite.Connection, table: _Table, rows: Sequence[Values]) -> int:
    """Inserts rows; those that make no sense to the new store are left out."""
    columns = list(rows[0])
    statement = (
        f"INSERT OR IGNORE INTO {table.name} ({', '.join(columns)})"
        f" VALUES ({', '.join(f':{name}' for name in columns)})"
    )
    inserted = 0
    for row in rows:
        with suppress(sqlite3.IntegrityError):
            inserted += (await writer.execute(statement, row)).rowcount
    return inserted


def _read_rows(
    damaged: sqlite3.Connection, table: _Table, columns: Sequence[str]
) -> Iterator[Values]:
    query = f"SELECT {', '.join(columns)} FROM {table.name}"
    if table.is_numbered:
        yield from _NumberedRows(damaged, query, table).read()
        return
    # Up to the damage from the beginning, and from the end: what lies between is lost.
    for order in ("ASC", "DESC"):
        ordered = ", ".join(f"{key} {order}" for key in table.key.split(", "))
        try:
            for row in damaged.execute(f"{query} ORDER BY {ordered}"):
                yield dict(row)
        except sqlite3.DatabaseError:
            continue
        return


class _NumberedRows:
    """Reads the rows around the damage, in ever smaller ranges of their numbers."""

    def __init__(self, damaged: sqlite3.Connection, query: str, table: _Table) -> None:
        self._damaged = damaged
        self._query = f"{query} WHERE {table.key} BETWEEN ? AND ? ORDER BY {table.key}"
        self._highest = f"SELECT max({table.key}) FROM {table.name}"
        self._failures = 0

    def read(self) -> Iterator[Values]:
        for low in range(1, self._find_highest() + 1, _AT_ONCE):
            if self._failures > _MAX_FAILURES:
                return
            yield from self._read_range(low, low + _AT_ONCE - 1)

    def _find_highest(self) -> int:
        """Returns the highest number; where that cannot be read, more than there can be rows."""
        try:
            return int(self._damaged.execute(self._highest).fetchone()[0] or 0)
        except sqlite3.DatabaseError:
            (pages,) = self._damaged.execute("PRAGMA page_count").fetchone()
            return int(pages) * 100

    def _read_range(self, low: int, high: int) -> Iterator[Values]:
        try:
            rows = self._damaged.execute(self._query, (low, high)).fetchall()
        except sqlite3.DatabaseError:
            self._failures += 1
            if low < high:
                middle = (low + high) // 2
                yield from self._read_range(low, middle)
                yield from self._read_range(middle + 1, high)
            return
        yield from map(dict, rows)
