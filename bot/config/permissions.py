"""File permissions of the operator's files: warnings about secrets that others can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.config.schema import Config
from bot.text.urls import credentials_in


def permission_warnings(config: Config) -> Iterator[str]:
    """Yields one line for each file with a secret in it that others on this machine can read."""
    for name, platform in config.platforms.items():
        file = platform.token_file
        if file is not None and is_readable_by_others(file):
            yield warning(file, f"the token of {name}")
    for source in config.sources:
        for file in source.secret_files:
            if is_readable_by_others(file):
                yield warning(file, f"what {source.id} sends to its site")
    for file in filter(is_readable_by_others, config.meaning.secret_files):
        yield warning(file, "the key of the search by meaning")
    if config.store.url and credentials_in(config.store.url.get_secret_value()):
        for file in filter(is_readable_by_others, config.store.secret_files):
            yield warning(file, "the password of the store")
    has_passwords = any(credentials_in(source.url) for source in config.sources)
    if has_passwords and config.file and is_readable_by_others(config.file):
        yield warning(config.file, "the password of a feed")


def is_readable_by_others(path: Path) -> bool:
    """Returns True when everybody, or a group that its owner is not in, can read a file.

    A file of root's that the bot reads through its group is no such file; nor is any where the
    system has no such permissions.
    """
    if os.name != "posix":
        return False
    try:
        found = path.stat()
    except OSError:
        return False
    by_group = found.st_mode & stat.S_IRGRP and found.st_uid == os.geteuid()
    return bool(found.st_mode & stat.S_IROTH or (by_group and found.st_gid != os.getegid()))


def warning(file: Path, secret: str) -> str:
    """Returns the line that says who can read a file, and how to end that."""
    return f"{file}: others on this machine can read {secret}; `chmod 600 {file}` shuts them out"
