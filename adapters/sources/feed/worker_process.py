"""One worker process: its environment, requests to it, its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys

from adapters.sources.feed.model import ParsedItem
from adapters.sources.feed.worker_protocol import (
    LENGTH,
    MAX_ANSWER,
    ParseResult,
    decode_answer,
    decode_items,
)

# All that a worker gets of the bot's environment, which has its tokens.
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_STOP_TIMEOUT = 1.0  # seconds that a worker has to end by itself


def environment() -> dict[str, str]:
    """Returns a worker's environment."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    path = os.pathsep.join(each for each in sys.path if each)
    return {**kept, "PYTHONPATH": path}


async def exchange(worker: asyncio.subprocess.Process, request: bytes) -> ParseResult:
    """Sends a request and waits for its answer.

    Raises:
        OSError: The worker is gone.
        EOFError: It ended before its answer was complete.
        ValueError: What it says is no answer.
    """
    if worker.stdin is None:
        raise EOFError
    worker.stdin.write(request)
    await worker.stdin.drain()
    room = MAX_ANSWER
    answer = decode_answer(await read_frame(worker, room))
    items: list[ParsedItem] = list(answer.feed.items) if answer.feed else []
    for _ in range(answer.batches):
        message = await read_frame(worker, room)
        room -= len(message)
        items += decode_items(message)
        await asyncio.sleep(0)  # others have their turn, even if all has come already
    return answer.with_items(items)


async def read_frame(worker: asyncio.subprocess.Process, most: int) -> bytes:
    """Reads a frame of at most so many bytes; raises as `exchange` does."""
    if worker.stdout is None:
        raise EOFError
    (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
    if length > most:
        raise ValueError("a longer answer than any feed has")
    return await worker.stdout.readexactly(length)


async def stop(worker: asyncio.subprocess.Process, *, now: bool) -> None:
    """Stops a worker, at once or when it ends by itself, and waits until it is reaped."""
    if now:
        kill(worker)
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT):
            await _drain(worker)
    except TimeoutError:
        kill(worker)
        await _drain(worker)


async def _drain(worker: asyncio.subprocess.Process) -> None:
    """Reads the rest of its output, since an unread pipe keeps its transport open."""
    if worker.stdout is not None:
        while await worker.stdout.read(1 << 16):
            pass
    await worker.wait()
    if worker.stdin is not None:
        with contextlib.suppress(OSError):
            await worker.stdin.wait_closed()


def kill(worker: asyncio.subprocess.Process) -> None:
    """Kills a worker, which may have ended already."""
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
