"""Maps SQLite's errors to the core's, in words that a person understands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import (
    NotAStoreError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
)
from store.files import is_disk_full

DAMAGED = (
    "is damaged. `dateline restore BACKUP` puts a backup in its place; without one "
    "`dateline rescue NEWFILE` saves what can still be read"
)
_FULL = "cannot grow: the disk is full"
_KINDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreBusyError, "is in use by another process"),
    sqlite3.SQLITE_LOCKED: (StoreBusyError, "is in use by another process"),
    sqlite3.SQLITE_FULL: (StoreFullError, _FULL),
    sqlite3.SQLITE_NOTADB: (NotAStoreError, "is no Dateline store"),
    sqlite3.SQLITE_CORRUPT: (StoreDamagedError, DAMAGED),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "cannot be opened; is its folder there and writable?"),
    sqlite3.SQLITE_READONLY: (StoreError, "cannot be written to"),
    sqlite3.SQLITE_IOERR: (StoreError, "cannot be read or written: the disk fails"),
}


# SQLite has no other word when there is no room for the files beside.
_FULL_AT_TIMES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


@contextmanager
def map_errors(path: Path) -> Iterator[None]:
    """Maps what SQLite raises to the core's errors, in words that a person understands."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        kind, trouble = _KINDS.get(code, (StoreError, f"cannot be used: {error}"))
        if code in _FULL_AT_TIMES and is_disk_full(path):
            kind, trouble = StoreFullError, _FULL
        raise kind(f"the store {path} {trouble}") from error
