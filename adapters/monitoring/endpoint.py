"""`/healthz`, `/readyz` and `/metrics`, for whoever watches over a process; none tells a secret."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web

from adapters.web_listener import WebListener

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_READING = {hdrs.METH_GET, hdrs.METH_HEAD}


@dataclass(frozen=True, slots=True)
class MonitoringEndpoint:
    """Answers requests.

    Attributes:
        health: Returns what `/healthz` shows; its `status` is `ok`, or something is wrong.
        readiness: Returns what `/readyz` shows, in the same way.
        metrics: Returns what `/metrics` shows.
    """

    health: Callable[[], dict[str, object]]
    readiness: Callable[[], dict[str, object]]
    metrics: Callable[[], Awaitable[bytes]]

    @asynccontextmanager
    async def listening(self, listen: str) -> AsyncIterator[None]:
        """Listens for as long as the block lasts.

        Args:
            listen: An address with a port.

        Raises:
            OSError: The address cannot be listened on.
        """
        async with WebListener(listen).handling(self._handle):
            yield

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.method not in _READING:
            return web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
        match request.path:
            case "/healthz":
                return _status(self.health())
            case "/readyz":
                return _status(self.readiness())
            case "/metrics":
                return await self._metrics()
        return web.Response(status=HTTPStatus.NOT_FOUND)

    async def _metrics(self) -> web.Response:
        body = await self.metrics()
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: _METRICS_TYPE})


def _status(told: dict[str, object]) -> web.Response:
    is_well = told["status"] == "ok"
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return web.json_response(told, status=status)
