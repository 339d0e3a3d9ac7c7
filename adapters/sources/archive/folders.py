"""Finds the files of a source: those that it names, and those in the folders that it names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 200_000
"""Files of one source; more are not read."""

_SKIPPED = frozenset({"node_modules", "__pycache__", "_site"})


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file or folder of a source.

    Attributes:
        path: Its path.
        in_folder: True when only a folder above it was named: it may be no archive at all.
        reason: Why it cannot be read, if it is a folder that cannot; else empty.
    """

    path: str
    in_folder: bool = False
    reason: str = ""


def find_files(paths: Iterable[str]) -> list[FoundFile]:
    """Returns the files that are named, and those in the folders that are, sorted, each once.

    Hidden files and folders are left out. A folder that is reached again by a link is not entered
    again, so a loop of links ends.
    """
    found: dict[str, FoundFile] = {}
    entered: set[tuple[int, int]] = set()
    for path in paths:
        if not Path(path).is_dir():
            found[path] = FoundFile(path)
            continue
        for each in _walk(path, entered):
            found.setdefault(each.path, each)
            if len(found) >= MAX_FILES:
                reason = f"there are more than {MAX_FILES:,} files; the rest was not read"
                found[path] = FoundFile(path, reason=reason)
                return list(found.values())
    return sorted(found.values(), key=lambda each: each.path)


def _walk(top: str, entered: set[tuple[int, int]]) -> Iterator[FoundFile]:
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            if _enter(folder, entered):
                entries = sorted(os.scandir(folder), key=lambda each: each.name)
            else:
                continue
        except OSError as error:
            yield FoundFile(folder, reason=f"the system cannot read it: {error.strerror or error}")
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _SKIPPED:
                continue
            if _is_folder(entry.path):
                folders.append(entry.path)
            else:
                yield FoundFile(entry.path, in_folder=True)


def _enter(folder: str, entered: set[tuple[int, int]]) -> bool:
    """Notes a folder; returns False when it was entered before, by whatever name."""
    state = Path(folder).stat()
    identity = (state.st_dev, state.st_ino)
    is_new = identity not in entered
    entered.add(identity)
    return is_new


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(Path(path).stat().st_mode)
    except OSError:
        return False


def common_root(patterns: Iterable[str]) -> str:
    """Returns the folder that all files of some patterns are in, before any file is looked for."""
    roots = []
    for pattern in patterns:
        folder = Path(pattern)
        fixed = folder if folder.is_dir() else folder.parent
        parts = [*fixed.parts]
        magic = next((at for at, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
        roots.append(str(Path(*parts[:magic])) if magic else os.sep)
    return os.path.commonpath(roots)
