"""Reader of lines from a file, a pipe or anything else that is no terminal."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TextIO

_BLOCK = 65_536


async def read_lines(stdin: TextIO) -> AsyncIterator[str]:
    """Reads the lines of `stdin` as they come, without their ends.

    Bytes that are no UTF-8 are replaced. The event loop goes on while a line is waited for.
    """
    read = _reader(stdin)
    begun: list[bytes] = []  # pieces of a line that has not ended yet
    while block := await _in_thread(read):
        *ended, last = block.split(b"\n")
        for piece in ended:
            yield _decode([*begun, piece])
            begun = []
        begun.append(last)
    if any(begun):
        yield _decode(begun)


def _decode(pieces: list[bytes]) -> str:
    # The mark that some Windows programs put before UTF-8 is no part of the first line.
    return b"".join(pieces).decode("utf-8-sig", "replace").removesuffix("\r")


def _reader(stdin: TextIO) -> Callable[[], bytes]:
    """Returns a function that reads the next bytes; none at the end."""
    try:
        descriptor = stdin.fileno()
    except io.UnsupportedOperation:  # text in memory
        return lambda: stdin.readline().encode("utf-8", "replace")
    # Not through the file object: a thread that is left waiting in it would hold its lock, and the
    # interpreter could not shut down.
    return lambda: os.read(descriptor, _BLOCK)


async def _in_thread(read: Callable[[], bytes]) -> bytes:
    """Reads in a thread that does not keep the process alive, unlike asyncio.to_thread."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bytes] = loop.create_future()

    def settle(block: bytes | OSError) -> None:
        if answer.done():  # nobody waits any more
            return
        if isinstance(block, OSError):
            answer.set_exception(block)
        else:
            answer.set_result(block)

    def run() -> None:
        try:
            block: bytes | OSError = read()
        except OSError as error:
            block = error
        with suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(settle, block)

    threading.Thread(target=run, name="stdin", daemon=True).start()
    return await answer
