"""The files of a source, found by glob patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable

from bot.errors import SourceError


def expand_patterns(patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the paths that match, sorted, each once, and the patterns that none matches.

    Args:
        patterns: Absolute paths; `*`, `?`, `[a-z]` and `**` are understood as a shell does.

    Raises:
        SourceError: No file matches any of them.
    """
    matches = {pattern: _glob(pattern) for pattern in patterns}
    paths = sorted({path for found in matches.values() for path in found})
    if not paths:
        raise SourceError(f"no file matches {' or '.join(matches)}")
    return paths, [pattern for pattern, found in matches.items() if not found]


def _glob(pattern: str) -> list[str]:
    """Expands a pattern; a file may have a pattern's characters in its very name."""
    if os.path.lexists(pattern):
        return [pattern]
    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - unlike Path.glob, skips hidden files
