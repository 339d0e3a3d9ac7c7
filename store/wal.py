"""Detects a write-ahead log (`-wal`) that belongs to another file than the one it lies beside.

SQLite itself does not: the log names no file, and it is replayed into whatever stands there. A
backup that is copied over a store whose log was left behind turns back into the old store, or into
a mixture of both. So each transaction of Dateline counts up a number in the table `commits`. What
the log holds goes on from what the file holds, or it is the log of another file.

The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from bot.errors import StoreBusyError, StoreError
from store.files import beside, unused

_HEADER = struct.Struct(">8I")  # magic, version, page size, checkpoint, two salts, two checksums
_FRAME = struct.Struct(">6I")  # page, size after a commit, two salts, two checksums
_LEAF = 13  # the first byte of a page that holds a table's rows
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def has_log(path: Path) -> bool:
    """True when a log with something in it lies beside a file."""
    log = beside(path, "-wal")
    return log.is_file() and log.stat().st_size > _HEADER.size


def connect_without_log(path: Path) -> sqlite3.Connection:
    """Opens a file to read what stands in itself, whatever lies beside; it takes no lock."""
    address = f"{path.absolute().as_uri()}?immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def check_log(path: Path) -> None:
    """Makes sure that the log beside a file belongs to it.

    No connection of this process may be open.

    Raises:
        StoreError: It is the log of another file.
    """
    if _is_foreign(path) and _is_foreign_at_rest(path):
        raise StoreError(
            f"the log {path}-wal belongs to another file than {path}; was a backup copied there? "
            f"Nothing was changed. Run `dateline restore` with that backup (it may be {path} "
            "itself), or move the -wal away"
        )


def _is_foreign_at_rest(path: Path) -> bool:
    """Looks again while no process writes; one that has the file open has checked it."""
    try:
        with unused(path):
            return _is_foreign(path)
    except StoreBusyError:
        return False


def _is_foreign(path: Path) -> bool:
    if not has_log(path):
        return False
    found = read_commits(path)
    if found is None:
        return False
    page, commits = found
    with beside(path, "-wal").open("rb") as log:
        logged = list(_logged_commits(log, page))
    return bool(logged) and not logged[0] - 1 <= commits <= max(logged)


def read_commits(path: Path) -> tuple[int, int] | None:
    """Reads where the count of transactions stands in a file, and the count; None without one.

    What lies in the log beside the file is not read.
    """
    with closing(connect_without_log(path)) as connection:
        try:
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'commits'"
            ).fetchone()
            (count,) = connection.execute("SELECT count FROM commits").fetchone()
        except (sqlite3.Error, TypeError):  # damaged, or of an older schema
            return None
        return int(page), int(count)


def _logged_commits(log: BinaryIO, wanted: int) -> Iterator[int]:
    """Reads the counts of the transactions in a log, the oldest first."""
    header = log.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return
    _, _, size, _, *salts = _HEADER.unpack(header)[:6]
    while len(frame := log.read(_FRAME.size)) == _FRAME.size:
        page, _, *frame_salts = _FRAME.unpack(frame)[:4]
        content = log.read(size)
        if frame_salts != salts or len(content) < size:
            return  # what follows was left by an older log
        if page == wanted and (count := _count(content)) is not None:
            yield count


def _count(page: bytes) -> int | None:
    """Reads the only row of the table `commits` from its page."""
    if page[0] != _LEAF or page[3:5] != b"\0\1":
        return None
    start = int.from_bytes(page[8:10], "big")
    # The sizes of the record and of its header, the row's number, and the types of two columns.
    _, _, _, _, kind = page[start : start + 5]
    width = _INTEGER_SIZES.get(kind)
    if width is None:
        return None
    return int.from_bytes(page[start + 5 : start + 5 + width], "big")
