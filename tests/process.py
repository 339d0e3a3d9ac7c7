"""`dateline run` as the operator runs it: a process of its own."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import termios
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

_ARCHIVE = """Tram line opens

OSAKA, Nov. 20, 2026—A tram runs to the harbour.

###
"""
_SOURCES = """
[store]
path = "news.db"
[[sources]]
id = "wire"
kind = "archive"
path = "wire.txt"
"""


_PIPE = asyncio.subprocess.PIPE
_SERVICE: dict[str, Any] = {"stdin": asyncio.subprocess.DEVNULL, "stdout": _PIPE, "stderr": _PIPE}


def _in(terminal: int) -> dict[str, Any]:
    """What has a process run in a terminal, whose end ends it."""

    def take_terminal() -> None:
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    return {**streams, "start_new_session": True, "preexec_fn": take_terminal}


def running(
    folder: Path, platforms: str, *options: str, **environment: str
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Runs it until the block ends, with an archive of one story that has been loaded.

    Args:
        folder: Where its files stand.
        platforms: What the configuration says of chat platforms.
        options: Those of the command line that stand before `run`.
        environment: Added to that of the tests.
    """
    return _running(folder, platforms, options, environment, _SERVICE)


def running_in(
    terminal: int, folder: Path, platforms: str, **environment: str
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Runs it as `running` does, in the foreground of a terminal."""
    return _running(folder, platforms, (), environment, _in(terminal))


@asynccontextmanager
async def _running(
    folder: Path,
    platforms: str,
    options: Sequence[str],
    environment: Mapping[str, str],
    streams: Mapping[str, Any],
) -> AsyncIterator[asyncio.subprocess.Process]:
    (folder / "wire.txt").write_text(_ARCHIVE, "utf-8")
    (folder / "config.toml").write_text(_SOURCES + platforms, "utf-8")
    command = (sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"))
    loading = await asyncio.create_subprocess_exec(*command, "load")
    assert await loading.wait() == 0
    process = await asyncio.create_subprocess_exec(
        *command,
        *options,
        "run",
        env={**os.environ, **environment},
        **streams,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
