"""Atomic replacement of a file."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def replace_file(
    path: Path, data: bytes, check: Callable[[Path], None] = lambda _beside: None
) -> None:
    """Replaces a file's content atomically, or creates the file.

    It is written beside the old file and renamed when it is safe on the disk, so whatever happens,
    one of the two is there whole. A symbolic link goes on leading to the file; the file's mode is
    kept and, as far as it may be, its owner.

    Args:
        path: The file.
        data: Its new content.
        check: Called with the new file before it takes the old one's place; what it raises leaves
            the old one as it was.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    old = target.stat() if target.exists() else None
    # Never readable to more people than the old file, not even for a moment; a new one may hold
    # the passwords of feeds, and is its owner's alone.
    beside.touch(0o600, exist_ok=False)
    try:
        _write(beside, data)
        if old is not None:
            _copy_ownership(beside, old)
        check(beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _copy_ownership(path: Path, old: os.stat_result) -> None:
    """Copies the owner and the mode of another file."""
    made = path.stat()
    if (made.st_uid, made.st_gid) != (old.st_uid, old.st_gid):
        with suppress(OSError):  # only root may give files away; who may write may still write
            os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Syncs a folder to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
