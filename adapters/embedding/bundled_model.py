"""Embeds texts with the model that the extra `meaning` brings, in a process of its own.

A text that makes the model crash or hang costs that process, which is started anew, not the bot.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from typing_extensions import override

from adapters.embedding.worker_protocol import (
    LENGTH,
    MAX_FRAME,
    EmbedRequest,
    decode_answer,
    encode_request,
)
from bot.errors import EmbeddingError
from bot.search.meaning.ports import Embedder, Vector

MODEL = "multilingual-e5-small q4 both"
"""The model's name, with how it embeds texts; vectors of all versions of it can be compared."""

_BATCH = 4  # passages of one request, so that the end of the bot waits for few
_MEMORY = 1 << 30  # bytes that the process may have; a tenth of that is used
_WORKER = "adapters.embedding.worker_main"
_START_TIMEOUT = 60.0  # seconds that it has to start, on a machine that is busy
_DEADLINE = 60.0  # seconds that one request may take there

# All that the process gets of the bot's environment, which has its tokens.
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
# One thread for each request: on a busy machine several would only wait for one another.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}


@dataclass(slots=True)
class _ModelProcess:
    """A process, and who waits for its answers.

    Attributes:
        process: The process.
        waiting: Who waits, by the id of the request.
        reading: Hands the answers on; None until the process can take requests.
        is_killed: True when the process is about to end.
    """

    process: asyncio.subprocess.Process
    waiting: dict[int, asyncio.Future[Vector]] = field(default_factory=dict)
    reading: asyncio.Task[None] | None = None
    is_killed: bool = False

    @property
    def takes_requests(self) -> bool:
        """True as long as the process runs."""
        return not (self.is_killed or self.reading is None or self.reading.done())

    async def read(self) -> None:
        """Hands answers on until the process ends; then nobody has one any more."""
        try:
            while True:
                request, vectors = decode_answer(await read_frame(self.process))
                if not (future := self.waiting[request]).done():
                    future.set_result(vectors)
        except (OSError, EOFError):
            pass  # it has ended
        except (ValueError, KeyError):
            self.kill()  # what it says is no answer
        finally:
            for future in self.waiting.values():
                if not future.done():
                    future.set_exception(EmbeddingError("the process that embeds texts has ended"))

    def kill(self) -> None:
        """Kills the process, which may have ended already."""
        self.is_killed = True
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class BundledEmbedder(Embedder):
    """Embeds texts in a process that is started when it is first needed.

    Args:
        module: The module that the process runs.
        deadline: Seconds that one request may take there.
    """

    def __init__(self, *, module: str = _WORKER, deadline: float = _DEADLINE) -> None:
        self._module = module
        self._deadline = deadline
        self._ids = count(1)
        self._worker: _ModelProcess | None = None
        self._starting = asyncio.Lock()
        self._asking: set[asyncio.Task[Vector]] = set()
        self._closed = False

    @property
    @override
    def model(self) -> str:
        return MODEL

    @property
    @override
    def batch(self) -> int:
        return _BATCH

    @override
    async def embed_query(self, text: str) -> Vector:
        return await self._ask([text], is_query=True)

    @override
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        vectors = await self._ask(texts, is_query=False)
        size, rest = divmod(len(vectors), len(texts))
        if rest or not size:
            raise EmbeddingError("the process that embeds texts gives other vectors than asked for")
        return [vectors[at * size : (at + 1) * size] for at in range(len(texts))]

    @override
    async def aclose(self) -> None:
        self._closed = True
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        async with self._starting:
            await self._stop()

    async def _ask(self, texts: Sequence[str], *, is_query: bool) -> Vector:
        # A task of its own: who waits for an answer may give up long before the process must end.
        task = asyncio.create_task(self._exchange(texts, is_query=is_query))
        self._asking.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Vector]) -> None:
        self._asking.discard(task)
        if not task.cancelled():
            task.exception()  # has been seen, even if nobody waits for it any more

    async def _exchange(self, texts: Sequence[str], *, is_query: bool) -> Vector:
        worker = await self._running_worker()
        request = EmbedRequest(next(self._ids), texts, is_query)
        answer: asyncio.Future[Vector] = asyncio.get_running_loop().create_future()
        worker.waiting[request.id] = answer
        try:
            async with asyncio.timeout(self._deadline):
                await _send(worker.process, encode_request(request))
                return await answer
        except TimeoutError:
            worker.kill()
            raise EmbeddingError(f"embedding takes more than {self._deadline:g} s") from None
        except OSError:
            raise EmbeddingError("the process that embeds texts has ended") from None
        finally:
            answer.cancel()
            del worker.waiting[request.id]

    async def _running_worker(self) -> _ModelProcess:
        async with self._starting:
            if self._closed:
                raise EmbeddingError("nothing more is embedded: the bot is shutting down")
            if self._worker is not None and not self._worker.takes_requests:
                await self._stop()
            if self._worker is None:
                self._worker = await self._start()
            return self._worker

    async def _start(self) -> _ModelProcess:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-B", "-P", "-m", self._module, str(_MEMORY)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl+C in a terminal reaches the bot alone
            env=_environment(),
        )
        worker = _ModelProcess(process)
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                await read_frame(process)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            await _end(worker)
            raise EmbeddingError("the process that embeds texts cannot start") from error
        except BaseException:
            await _end(worker)
            raise
        worker.reading = asyncio.create_task(worker.read())
        return worker

    async def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await _end(worker)


async def _end(worker: _ModelProcess) -> None:
    """Ends the process at once, and waits until it is reaped."""
    worker.kill()
    if worker.reading is not None:
        await asyncio.wait({worker.reading})
    process = worker.process
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        while await process.stdout.read(1 << 16):  # an unread pipe keeps its transport open
            pass
    await process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()


async def _send(process: asyncio.subprocess.Process, request: bytes) -> None:
    if process.stdin is None:
        raise BrokenPipeError
    process.stdin.write(request)
    await process.stdin.drain()


async def read_frame(process: asyncio.subprocess.Process) -> bytes:
    """Reads a frame.

    Raises:
        EOFError: The process ended.
        ValueError: It is longer than any answer.
    """
    if process.stdout is None:
        raise EOFError
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    if length > MAX_FRAME:
        raise ValueError("a longer answer than any worker has")
    return await process.stdout.readexactly(length)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    path = os.pathsep.join(each for each in sys.path if each)
    return {**kept, **_ONE_THREAD, "PYTHONPATH": path}
