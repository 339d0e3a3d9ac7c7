"""Files that a source is kept in."""

from __future__ import annotations

import glob
import os


def matching(pattern: str) -> list[str]:
    """The paths that match; a file may have the signs of a pattern in its very name."""
    if os.path.lexists(pattern):
        return [pattern]
    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - unlike Path.glob, skips hidden files
