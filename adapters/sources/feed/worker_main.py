"""Entry point of a worker process: parses the documents that it reads from its standard input.

What goes to and fro is in `adapters.sources.feed.worker_protocol`, what the process may not do in
`adapters.sources.feed.sandbox`.
"""

from __future__ import annotations

import gc
import mmap
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from adapters.sources.feed.model import NotAFeedError, ParsedFeed
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.sandbox import CPU_SECONDS, enter_sandbox
from adapters.sources.feed.worker_protocol import (
    READY,
    ParseRequest,
    ParseResult,
    encode_answer,
    read_request,
)
from bot.errors import SourceError

_GRACE = 5  # seconds after the deadline; by then the parent has ended us, unless it is gone itself
_RETIRE_AT = 0.5  # of the memory and processor time allowed: neither is given back otherwise

Parse = Callable[[bytes, str, str], ParsedFeed]


def serve_requests(parse: Parse, memory: int, deadline: float) -> None:
    """Answers requests until its input ends.

    Args:
        parse: Parses one document.
        memory: Bytes that the process may have.
        deadline: Seconds that one document may take, with some grace.
    """
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    enter_sandbox(memory)
    gc.freeze()  # what is imported stays, and need not be looked at again and again
    sink.write(READY)
    sink.flush()
    retiring = False
    while not retiring and (request := read_request(source)) is not None:
        _set_alarm(deadline + _GRACE)
        message, retiring = _answer(parse, request, memory)
        _set_alarm(0)
        sink.write(message)
        sink.flush()


def _answer(parse: Parse, request: ParseRequest, memory: int) -> tuple[bytes, bool]:
    """Returns the answer to a request, and True when the process is to end after it."""
    try:
        feed = parse(request.body, request.content_type, request.url)
        answer = ParseResult(_is_spent(memory), feed)
        return encode_answer(answer), answer.retiring
    except NotAFeedError as error:
        answer = ParseResult(
            _is_spent(memory), reason=str(error), feeds=error.feeds, page=error.page
        )
    except SourceError as error:
        answer = ParseResult(_is_spent(memory), reason=str(error))
    except MemoryError:
        answer = ParseResult(retiring=True, reason="reading it takes too much memory")
    except Exception as error:  # noqa: BLE001 - one odd document must not end the worker
        reason = f"it cannot be read ({type(error).__name__})"
        answer = ParseResult(_is_spent(memory), reason=reason)
    return encode_answer(answer), answer.retiring


def _is_spent(memory: int) -> bool:
    """Returns True when a new process is better than this one."""
    return (
        _resident_memory() > memory * _RETIRE_AT or time.process_time() > CPU_SECONDS * _RETIRE_AT
    )


def _set_alarm(seconds: float) -> None:
    """Ends the process when the time is up, so that none is left behind by a parent that died."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


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
