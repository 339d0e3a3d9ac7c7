"""Local web servers for the sources of the soak.

Each feed has a port of its own, as each website has a host: their requests do not share a queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from bench.soak_sources import Poll, SoakSource
from bombs import BOMBS

_MOMENT = 0.1  # seconds in which what was sent arrives before the connection is cut
_DRIP = 1.0  # seconds between two bytes
_SECOND_TRY = 5.0  # seconds; within these a cut connection is tried again by the HTTP client

Responder = Callable[[SoakSource, web.BaseRequest], Awaitable[web.StreamResponse]]


async def _serve(source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    tag = f'"{len(source.stories)}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    headers = {"ETag": tag} if source.number % 2 else {}
    return web.Response(body=source.feed(), content_type="application/rss+xml", headers=headers)


async def _say_nothing(_source: SoakSource, _request: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("nothing sets it")


async def _stall(source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
    await response.prepare(request)
    await response.write(source.feed()[:40])
    return await _say_nothing(source, request)


async def _drip(source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
    await response.prepare(request)
    for byte in source.feed() * 100:
        await response.write(bytes([byte]))
        await asyncio.sleep(_DRIP)
    return response


async def _send_less(source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    body = source.feed()
    await _announce_twice(request, body, body)
    return _cut(request)


async def _break_off(source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    body = source.feed()
    await _announce_twice(request, body, body[: len(body) // 2])
    return _cut(request)


async def _announce_twice(request: web.BaseRequest, body: bytes, sent: bytes) -> None:
    response = web.StreamResponse(headers={"Content-Length": str(2 * len(body))})
    await response.prepare(request)
    await response.write(sent)
    await asyncio.sleep(_MOMENT)


async def _claim_gzip(source: SoakSource, _request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=source.feed(), headers={"Content-Encoding": "gzip"})


async def _claim_utf_16(source: SoakSource, _request: web.BaseRequest) -> web.StreamResponse:
    kind = "application/rss+xml; charset=utf-16"
    return web.Response(body=source.feed(), headers={"Content-Type": kind})


async def _redirect(_source: SoakSource, request: web.BaseRequest) -> web.StreamResponse:
    to = "/round" if request.path == "/again" else "/again"
    return web.Response(status=302, headers={"Location": to})


async def _bomb(_source: SoakSource, _request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=_bombs["gzip"], headers={"Content-Encoding": "gzip"})


_bombs: dict[str, bytes] = {}

RESPONDERS: Mapping[str, Responder] = {
    "healthy": _serve,
    "dying": _serve,
    "silent": _say_nothing,
    "stalled": _stall,
    "dripping": _drip,
    "wrong length": _send_less,
    "broken off": _break_off,
    "wrong encoding": _claim_gzip,
    "wrong charset": _claim_utf_16,
    "redirects in a circle": _redirect,
    "bomb": _bomb,
}
# What is wrong with them can be told from the bytes.
_READABLE = frozenset({"healthy", "dying", "wrong charset", "wrong length", "wrong encoding"})


def _cut(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _poll_of(source: SoakSource, path: str) -> Poll:
    """Returns the poll that a request belongs to: a redirect, or a second try, begins none."""
    now, polls = time.monotonic(), source.polls
    if not polls or (path == "/feed" and now - polls[-1].at > _SECOND_TRY):
        polls.append(Poll(now, failed=source.dead or source.kind not in _READABLE))
    return polls[-1]


def _handler(source: SoakSource) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        poll = _poll_of(source, request.path)
        try:
            return _cut(request) if source.dead else await RESPONDERS[source.kind](source, request)
        finally:
            poll.ended = time.monotonic()

    return handle


@asynccontextmanager
async def sources_running(sources: Sequence[SoakSource]) -> AsyncIterator[None]:
    """Serves the sources on 127.0.0.1 as long as the block lasts; sets their ports."""
    _bombs["gzip"] = await asyncio.to_thread(BOMBS["gzip"])
    runners = []
    try:
        for source in sources:
            server = web.Server(_handler(source), handler_cancellation=True, access_log=None)
            runner = web.ServerRunner(server, shutdown_timeout=0.001)
            runners.append(runner)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            source.port = runner.addresses[0][1]
        yield
    finally:
        await asyncio.gather(*(runner.cleanup() for runner in runners))
