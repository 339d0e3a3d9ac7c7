"""File modes of the store, whose file and copies are its owner's alone."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
"""The mode of a file that is made: read and written by its owner alone."""

_BESIDE = ("-wal", "-shm", "-journal")  # SQLite gives them the mode of the file itself


def make_private(path: Path) -> None:
    """Makes an empty file that its owner alone may read; one that is there is left as it is.

    Raises:
        OSError: It cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))


def shut_others_out(path: Path) -> None:
    """Takes from everybody the permission to read a store, and what stands beside it.

    What its group may do is left as it is: somebody has allowed that on purpose.
    """
    for file in (path, *(path.with_name(path.name + end) for end in _BESIDE)):
        with suppress(OSError):  # missing, or another's, which is that one's to care for
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & stat.S_IRWXO:
                file.chmod(mode & ~stat.S_IRWXO)
