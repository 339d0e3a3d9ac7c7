"""Entry point of a worker process: parses the feeds that it reads from its standard input.

Both ways, a message is its length in eight bytes and then a pickle. It comes from our own other end
alone: a document is only a bytes object in it.
"""

from __future__ import annotations

import contextlib
import mmap
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.parse import parse_feed
from bot.errors import SourceError

LENGTH = struct.Struct(">Q")
"""The length of the message behind it."""

_GRACE = 5  # seconds after the deadline; by then the parent has ended us, unless it is gone itself
_RETIRE_AT = 0.5  # of the memory allowed: what a large feed took is not given back otherwise

Parse = Callable[[bytes, str, str], ParsedFeed]
Answer = tuple[bool, ParsedFeed | SourceError]
"""True when the worker ends after this answer, and the answer."""


def serve_requests(parse: Parse, memory: int, deadline: float) -> None:
    """Answers requests until its input ends.

    Args:
        parse: Parses one document.
        memory: Bytes that the process may have.
        deadline: Seconds that one document may take, with some grace.
    """
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _limit_memory(memory)
    retiring = False
    while not retiring and (request := _read_request(source)) is not None:
        _set_alarm(deadline + _GRACE)
        result = _answer(parse, request)
        _set_alarm(0)
        retiring = isinstance(result, _OutOfMemoryError) or _resident_memory() > memory * _RETIRE_AT
        message = pickle.dumps((retiring, _picklable(result)), pickle.HIGHEST_PROTOCOL)
        sink.write(LENGTH.pack(len(message)) + message)
        sink.flush()


class _OutOfMemoryError(SourceError):
    """Never leaves this process: the answer is a plain SourceError."""


def _picklable(result: ParsedFeed | SourceError) -> ParsedFeed | SourceError:
    return SourceError(str(result)) if isinstance(result, _OutOfMemoryError) else result


def _answer(parse: Parse, request: tuple[bytes, str, str]) -> ParsedFeed | SourceError:
    try:
        return parse(*request)
    except SourceError as error:
        return error
    except MemoryError:
        return _OutOfMemoryError("reading it takes too much memory")
    except Exception as error:  # noqa: BLE001 - one odd document must not end the worker
        return SourceError(f"it cannot be read ({type(error).__name__})")


def _read_request(source: BinaryIO) -> tuple[bytes, str, str] | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    body = source.read(LENGTH.unpack(head)[0])
    found: tuple[bytes, str, str] = pickle.loads(body)  # noqa: S301 - see above
    return found


def _set_alarm(seconds: float) -> None:
    """Ends the process when the time is up, so that none is left behind by a parent that died."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a smaller limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _resident_memory() -> int:
    """Returns the process's resident memory in bytes; 0 where the system does not tell.

    Its peak, which more systems tell, would not do: it counts what the parent had at the fork.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * mmap.PAGESIZE


if __name__ == "__main__":
    serve_requests(parse_feed, int(sys.argv[1]), float(sys.argv[2]))
