"""The file of a store: private permissions (0600), its identity, and the processes that use it."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from bot.errors import StoreBusyError, StoreError, StoreGoneError
from bot.monitoring.model import DiskSpace

if sys.platform != "win32":
    import fcntl

log = logging.getLogger(__name__)

PRIVATE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE = ("-wal", "-shm", "-journal")  # SQLite gives them the permissions of the file itself
_ROOM = 256 * 1024  # bytes that SQLite needs to open a file with its log
# Every connection to a file in WAL mode holds a shared lock on these bytes of it
# (https://www.sqlite.org/src/doc/trunk/src/os.h, SHARED_FIRST and SHARED_SIZE).
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510


class FileIdentity(NamedTuple):
    """The file itself, whatever its path is."""

    device: int
    inode: int


def identify(path: Path) -> FileIdentity | None:
    """Returns which file stands at a path; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def check_identity(path: Path, opened: FileIdentity | None) -> None:
    """Makes sure that the file that was opened still stands at its path.

    Raises:
        StoreGoneError: It was deleted, moved or replaced.
    """
    now = identify(path)
    if opened is not None and now != opened:
        raise gone(path, "deleted or moved away" if now is None else "replaced by another file")


def gone(path: Path, happened: str) -> StoreGoneError:
    """Returns the error for a file that was touched while it was in use."""
    return StoreGoneError(
        f"the store {path} was {happened} while Dateline ran; nothing is read, polled or posted "
        "any more. Stop Dateline before you touch the file; `dateline restore` puts a backup there"
    )


def create_private(path: Path) -> None:
    """Creates an empty file that only its owner can read, from its first byte on.

    One that is there is left as it is. SQLite gives the same permissions to what it puts beside.
    """
    if path.exists():
        return
    # It comes to its path by a link: to close a file that SQLite has open already in this process
    # would release the locks on it.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
    os.close(handle)
    made = Path(name)
    try:
        with suppress(FileExistsError):
            path.hardlink_to(made)
    except OSError:  # a file system without links
        with suppress(FileExistsError):
            path.touch(PRIVATE, exist_ok=False)
    finally:
        made.unlink(missing_ok=True)


def warn_if_readable(path: Path) -> None:
    """Logs a warning when others than its owner can read a file."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & _OTHERS:
            log.warning(
                "the store %s can be read by others (mode %o); `chmod 600` keeps it to you",
                path,
                mode,
            )


def shut_others_out(path: Path) -> None:
    """Takes from everybody the permission to read a store, and what stands beside it.

    What its group may do is left as it is: somebody has allowed that on purpose.
    """
    for file in (path, *(beside(path, ending) for ending in _BESIDE)):
        with suppress(OSError):  # missing, or another's, which is that one's to care for
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & stat.S_IRWXO:
                file.chmod(mode & ~stat.S_IRWXO)


def create_folder(path: Path) -> None:
    """Creates the folder of a file, when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)


def require_file(path: Path, kind: str) -> None:
    """Makes sure that there is a file.

    Raises:
        StoreError: There is none.
    """
    if not path.is_file():
        raise StoreError(f"there is no {kind} {path}")


def require_absent(path: Path) -> None:
    """Makes sure that there is no file.

    Raises:
        StoreError: There is one.
    """
    if path.exists():
        raise StoreError(f"{path} exists already, and was not changed")


def is_disk_full(path: Path) -> bool:
    """True when there is hardly any room left beside a file."""
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < _ROOM
    return False


def beside(path: Path, ending: str) -> Path:
    """Returns the path of a file that belongs to another, such as its `-wal`."""
    return path.with_name(path.name + ending)


def measure_space(path: Path) -> DiskSpace:
    """Measures a store; a file beside it may go at any moment."""
    used = 0
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            used += beside(path, ending).stat().st_size
    return DiskSpace(used, shutil.disk_usage(path.parent).free)


def sync(path: Path) -> None:
    """Writes a file, or the names in a folder, to the disk."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def unused(path: Path) -> Iterator[None]:
    """Keeps other processes from a store, for as long as the block lasts.

    This process must have no connection to it.

    Raises:
        StoreBusyError: A process uses it.
    """
    if sys.platform == "win32" or not path.is_file():
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError as error:
            raise StoreBusyError(
                f"the store {path} is in use; stop Dateline and whatever else has it open first"
            ) from error
        yield
