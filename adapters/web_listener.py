"""The HTTP server behind the public address: what Telegram, hubs and readers share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Answers a request, whatever its method."""

Takes: TypeAlias = Callable[[str], bool]
"""Tells by the path of a request whether a handler takes it."""

BROKEN_OFF = (ConnectionError, HttpProcessingError, web.RequestPayloadError)
"""The errors of reading a body whose end never comes, or which is no HTTP."""

log = logging.getLogger(__name__)

_MAX_BODY = 1024 * 1024  # bytes that `Request.read` takes
_SHUTDOWN_TIMEOUT = 3.0  # seconds for requests under way
_NAME = "Dateline"  # of the server; the versions of what it is made of are nobody's business


@dataclass(frozen=True, slots=True)
class _Route:
    """A handler, and what it takes; see `WebListener.handling`."""

    handler: Handler
    takes: Takes | None
    methods: frozenset[str]


class WebListener:
    """Listens while anybody handles requests; handlers come and go by themselves.

    The operator's web server, which speaks HTTPS, forwards to it. Some leave out the beginning of
    the path, so handlers go by its end. Bodies are handed on as they come: a packed one stays so.
    """

    def __init__(self, listen: str) -> None:
        """Takes an address with a port, `127.0.0.1:8443`, as the configuration does."""
        host, _, port = listen.rpartition(":")
        self._listen_on = listen
        self._host, self._port = host.strip("[]"), int(port)
        self._routes: list[_Route] = []
        self._runner: web.AppRunner | None = None
        self._changing = asyncio.Lock()

    def __str__(self) -> str:
        """Returns the address and the port."""
        return self._listen_on

    @asynccontextmanager
    async def handling(
        self,
        handler: Handler,
        takes: Takes | None = None,
        methods: frozenset[str] = frozenset(),
    ) -> AsyncIterator[None]:
        """Hands requests to a handler as long as the block lasts.

        Args:
            handler: Answers them.
            takes: Which it takes, by their paths; None for all that no other takes.
            methods: The methods that it takes, before one that takes all; empty for all.

        Raises:
            OSError: The address cannot be listened on.
        """
        route = _Route(handler, takes, methods)
        async with self._changing:
            if self._runner is None:
                self._runner = await self._listen()
            self._routes.append(route)
        try:
            yield
        finally:
            self._routes.remove(route)
            async with self._changing:
                if not self._routes:
                    await self._close()

    async def _listen(self) -> web.AppRunner:
        app = web.Application(client_max_size=_MAX_BODY)
        app.on_response_prepare.append(_name_itself)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=log,
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
            auto_decompress=False,
        )
        try:
            await runner.setup()
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        return runner

    async def _close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        route = self._route(request)
        if route is not None:
            return await _answer(route.handler, request)
        if methods := frozenset[str]().union(*(one.methods for one in self._routes)):
            allowed = {"Allow": ", ".join(sorted(methods))}
            return web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED, headers=allowed)
        # Whoever asks may try again: what would answer may just be begun anew.
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)

    def _route(self, request: web.Request) -> _Route | None:
        takers = (one for one in self._routes if one.takes and one.takes(request.path))
        others = [one for one in self._routes if one.takes is None]
        by_method = (one for one in others if request.method in one.methods)
        rest = (one for one in others if not one.methods)
        return next(takers, None) or next(by_method, None) or next(rest, None)


async def _answer(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Has a request answered; one whose body breaks off is nobody's failure here."""
    try:
        return await handler(request)
    except BROKEN_OFF:
        if request.content.exception() is None:
            raise
        return web.Response(status=HTTPStatus.BAD_REQUEST)


async def _name_itself(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    response.headers[hdrs.SERVER] = _NAME


def _is_own(record: logging.LogRecord) -> bool:
    """Tells whether something is wrong here; anybody may send what is no HTTP, all day long."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


log.addFilter(_is_own)
