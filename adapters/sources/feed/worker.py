"""A pool of worker processes that parse feeds, so that no document can block or crash the bot."""

from __future__ import annotations

import asyncio
import sys
from types import TracebackType
from typing import Protocol, Self

from typing_extensions import override

from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.worker_process import environment, exchange, kill, read_frame, stop
from adapters.sources.feed.worker_protocol import (
    ParseRequest,
    ParseResult,
    encode_request,
    prepare_decoding,
)
from bot.errors import SourceError

DEADLINE = 10.0
"""Seconds that parsing one feed may take."""

MEMORY = 512 << 20
"""Bytes that a worker may have, where the system can limit them."""

_WORKER = "adapters.sources.feed.worker_main"
_START_TIMEOUT = 60.0  # seconds that a worker has to start, on a machine that is busy


class DocumentParser(Protocol):
    """Parses documents into feeds; `FeedParser` does it in processes."""

    def prepare(self) -> None:
        """Gets ready in the background, where that takes time."""
        ...

    async def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        """Parses a document.

        Args:
            body: The document, as it came.
            content_type: The server's header, or an empty text.
            url: Its URL.

        Raises:
            NotAFeedError: It is something else.
            SourceError: It cannot be parsed.
        """
        ...


class FeedParser(DocumentParser):
    """Parses feeds in worker processes; an async context manager.

    A worker is started when it is first needed, or before that by `prepare`, and kept. One that
    takes too long is killed, and one that dies is replaced at once: only the feed that it was
    parsing suffers.

    Args:
        deadline: Seconds that parsing one feed may take, once a worker has started.
        workers: Processes at most.
        memory: Bytes that each of them may have.
        module: The module that they run.
    """

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        workers: int = 2,
        memory: int = MEMORY,
        module: str = _WORKER,
    ) -> None:
        self._deadline = deadline
        self._memory = memory
        self._module = module
        self._workers = workers
        self._slots = asyncio.Semaphore(workers)
        self._idle: list[asyncio.subprocess.Process] = []
        self._alive: set[asyncio.subprocess.Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @override
    def prepare(self) -> None:
        if not self._closed:
            for _ in range(self._workers - len(self._alive) - len(self._starting)):
                self._begin_start()

    @override
    async def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        async with self._slots:
            answer = await self._request(encode_request(ParseRequest(body, content_type, url)))
        return answer.result()

    async def close(self) -> None:
        """Stops the workers, whatever they are parsing; nothing can be parsed afterwards."""
        if self._closed:
            return
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._alive.difference(self._idle):
            kill(worker)  # whoever waits for it gets an error, and cleans up
        for _ in range(self._workers):
            await self._slots.acquire()
        await asyncio.gather(*(self._end(worker) for worker in self._idle))
        for _ in range(self._workers):
            self._slots.release()  # whoever comes later gets an error

    async def _request(self, request: bytes) -> ParseResult:
        worker = await self._idle_worker()
        try:
            async with asyncio.timeout(self._deadline):
                answer = await exchange(worker, request)
        except TimeoutError:
            await self._replace(worker, now=True)
            raise SourceError(f"reading it took more than {self._deadline:g} s") from None
        except (OSError, EOFError, ValueError):
            await self._replace(worker, now=True)
            raise SourceError("the process reading it died; it may be too large") from None
        except BaseException:  # cancelled: the worker is in the midst of something
            await self._end(worker, now=True)
            raise
        await self._release(worker, retiring=answer.retiring)
        return answer

    async def _idle_worker(self) -> asyncio.subprocess.Process:
        """Returns an idle worker, as soon as one has started."""
        while not self._closed:
            while self._idle:
                worker = self._idle.pop()
                if worker.returncode is None:
                    return worker
                await self._end(worker, now=True)
            if not self._starting:
                self._begin_start()
            started, _ = await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
            if errors := [error for task in started if (error := _error_of(task))]:
                raise SourceError("the process that reads feeds cannot start") from errors[0]
        raise SourceError("nothing more is read: the bot is shutting down")

    def _begin_start(self) -> None:
        task = asyncio.create_task(self._start())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        task.add_done_callback(_error_of)  # has been seen, even if nobody waits for it

    async def _start(self) -> None:
        """Starts a worker, and waits until it can take requests."""
        command = (sys.executable, "-B", "-P", "-m", self._module)
        worker = await asyncio.create_subprocess_exec(
            *(*command, str(self._memory), str(self._deadline)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl+C in a terminal reaches the bot alone
            env=environment(),
        )
        self._alive.add(worker)
        try:
            await asyncio.to_thread(prepare_decoding)
            async with asyncio.timeout(_START_TIMEOUT):
                await read_frame(worker, 0)
        except BaseException:
            await self._end(worker, now=True)
            raise
        self._idle.append(worker)

    async def _release(self, worker: asyncio.subprocess.Process, *, retiring: bool) -> None:
        if self._closed:
            await self._end(worker)
        elif retiring:
            await self._replace(worker)
        else:
            self._idle.append(worker)

    async def _replace(self, worker: asyncio.subprocess.Process, *, now: bool = False) -> None:
        """Stops a worker while another starts."""
        if not self._closed and not self._starting:
            self._begin_start()
        await self._end(worker, now=now)

    async def _end(self, worker: asyncio.subprocess.Process, *, now: bool = False) -> None:
        """Stops a worker and waits until it is reaped, even if we are cancelled."""
        self._alive.discard(worker)
        ending = asyncio.ensure_future(stop(worker, now=now))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            kill(worker)
            await ending
            raise


def _error_of(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
