"""A disk of a few megabytes, which can be filled; only root may mount one."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Mounts a disk of memory over a folder; gives False where that is not allowed."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    is_root = os.geteuid() == 0
    is_mounted = is_root and not subprocess.run(mount, check=False, capture_output=True).returncode
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - wherever it is


def fill_disk(folder: Path, left: int = 0) -> None:
    """Fills a disk but for so many bytes."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    try:
        (folder / "ballast").write_bytes(bytes(max(0, free - left)))
    except OSError as error:  # somebody else was faster
        if error.errno != errno.ENOSPC:
            raise


def empty_disk(folder: Path) -> None:
    """Gives the space back."""
    (folder / "ballast").unlink(missing_ok=True)
