"""A local web server on which a test scripts what is answered at each path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True)
class Answer:
    """What is answered once.

    Attributes:
        hold: Not answered before this is set.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    at: float


class FeedServer:
    """Answers what was scripted, in order; the last answer at a path is given for ever.

    Attributes:
        asked: Every request, in order.
        most_at_once: How many were being answered at the same time.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.port = 0
        self._now = 0
        self._answers: dict[str, list[Answer]] = {}
        self._came = asyncio.Condition()

    @property
    def host(self) -> str:
        """As `allow_hosts` wants it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def answers(self, path: str, *answers: Answer) -> str:
        """Scripts a path, in place of what it answered before; returns its address."""
        self._answers[path] = list(answers)
        return self.url(path)

    def redirects(self, path: str, to: str, status: int = 302) -> str:
        """Scripts a path that leads elsewhere; returns its address."""
        return self.answers(path, Answer(status=status, headers={"Location": to}))

    async def called(self, times: int) -> None:
        """Waits until that many requests have come."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.asked) >= times)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FeedServer]:
        """Listens as long as the block lasts."""
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.001)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            return await self._answer(request)
        finally:
            self._now -= 1

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        now = asyncio.get_running_loop().time()
        async with self._came:
            self.asked.append(Asked(request.path_qs, request.headers.copy(), now))
            self._came.notify_all()
        script = self._answers.get(request.path_qs)
        if not script:
            return web.Response(status=404)
        answer = script.pop(0) if len(script) > 1 else script[0]
        if answer.hold:
            await answer.hold.wait()
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
