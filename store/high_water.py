"""The high-water mark of a store: a file beside it that tells an older copy put in its place.

Each transaction of a store counts up a number (see `store.wal`). The mark is the highest that was
seen there: a store whose number is lower, or of another file altogether, is a copy that was made by
other means than `dateline backup`, or one of these that was copied there by hand.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

from store.files import beside, create_private

_COUNT = struct.Struct(">q")
_MAX_UNMARKED = 100_000_000
"""Transactions that a store may be ahead by.

A power cut takes marks, and other versions of Dateline write none. In every backup the number
begins anew, at random below 2^40.
"""


class HighWaterMark:
    """The mark beside one store. A folder that cannot be written to has none."""

    def __init__(self, path: Path) -> None:
        """Marks the store at `path`."""
        self._path = beside(path, ".mark")
        self._file: int | None = None

    def open(self, *, create: bool = False) -> None:
        """Opens the file: if there is none, only to `create` it."""
        if self._file is not None:
            return
        with suppress(OSError):
            if create:
                create_private(self._path)
            self._file = os.open(self._path, os.O_RDWR)

    def write(self, count: int) -> None:
        """Marks the count of a transaction that was committed; nothing waits for the disk."""
        if self._file is not None:
            # One write of eight bytes in place: it needs no room, and a kill leaves it whole.
            with suppress(OSError):
                os.lseek(self._file, 0, os.SEEK_SET)
                os.write(self._file, _COUNT.pack(count))

    def read(self) -> int | None:
        """Returns the mark; None when there is none."""
        if self._file is None:
            return None
        with suppress(OSError, struct.error):
            os.lseek(self._file, 0, os.SEEK_SET)
            return int(_COUNT.unpack(os.read(self._file, _COUNT.size))[0])
        return None

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_other(count: int, mark: int | None) -> bool:
    """Returns whether a store is older than its mark, or not the one that was marked.

    Args:
        count: The store's count.
        mark: The mark, read before: others may be writing.
    """
    return mark is not None and not 0 <= count - mark <= _MAX_UNMARKED


def forget_mark(path: Path) -> None:
    """Removes the mark of the store at a path, since another takes its place on purpose."""
    beside(path, ".mark").unlink(missing_ok=True)
