"""The callback of hubs: answers verifications, and takes what is pushed (WebSub, 5.3 and 7)."""

from __future__ import annotations

import asyncio
import logging
import re
from http import HTTPStatus

from aiohttp import web

from adapters.sources.websub.signature import SignatureCheck
from bot.errors import StoreError
from bot.ingest.websub.callbacks import HubCalls

log = logging.getLogger(__name__)

PATH = "websub"
"""The last part but one of a callback's path; the token is the last."""

_CALLBACK = re.compile(rf"(?:.*/)?{PATH}/[A-Za-z0-9_-]{{43}}")
_READ_WITHIN = 30.0  # seconds that a hub has for what it pushes
_UNREADABLE = {"X-Content-Type-Options": "nosniff"}  # what a hub has us say is no web page


def is_callback(path: str) -> bool:
    """Returns True for the path of a callback, be there a subscription or not."""
    return _CALLBACK.fullmatch(path) is not None


class WebSubCallback:
    """Answers the requests of hubs.

    A callback that is not known answers 404 to a verification (section 5.3.1) and 410 to a push
    (section 7). To any other push the answer is the same, be it signed correctly or not, so that
    nobody can guess at signatures (section 7.1.2).
    """

    def __init__(self, calls: HubCalls, max_bytes: int) -> None:
        """Takes what calls mean, and the most bytes that a hub may push."""
        self._calls = calls
        self._max_bytes = max_bytes

    async def handle(self, request: web.Request) -> web.Response:
        """Answers a request to a path of which `is_callback` is true."""
        answer = {"GET": self._verify, "POST": self._receive}.get(request.method)
        if answer is None:
            allowed = {"Allow": "GET, POST"}
            return web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED, headers=allowed)
        try:
            return await answer(request.path.rpartition("/")[2], request)
        except StoreError as error:
            log.warning("a hub has to call again: %s", error)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def _verify(self, token: str, request: web.Request) -> web.Response:
        mode, topic = _only(request, "hub.mode"), _only(request, "hub.topic")
        if mode == "denied":
            is_known = await self._calls.deny(token, topic, _only(request, "hub.reason"))
            return web.Response(status=HTTPStatus.OK if is_known else HTTPStatus.NOT_FOUND)
        challenge, lease = _only(request, "hub.challenge"), _only(request, "hub.lease_seconds")
        if challenge and await self._calls.verify(token, mode, topic, lease):
            return web.Response(text=challenge, headers=_UNREADABLE)
        return web.Response(status=HTTPStatus.NOT_FOUND)

    async def _receive(self, token: str, request: web.Request) -> web.Response:
        secret = self._calls.secret(token)
        if secret is None:
            return web.Response(status=HTTPStatus.GONE)
        check = SignatureCheck(request.headers.getall("X-Hub-Signature", ()), secret)
        if check.can_match:
            try:
                async with asyncio.timeout(_READ_WITHIN):
                    if not await self._read(request, check):
                        return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            except TimeoutError:
                return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
            if check.matches():
                await self._calls.receive(token)
        return web.Response(status=HTTPStatus.ACCEPTED)

    async def _read(self, request: web.Request, check: SignatureCheck) -> bool:
        """Reads a body; returns False when it is too large."""
        received = 0
        async for part in request.content.iter_any():
            received += len(part)
            if received > self._max_bytes:
                return False
            check.update(part)
        return True


def _only(request: web.Request, name: str) -> str:
    """Returns a parameter of the query; empty when it is missing, or there more than once."""
    values = request.query.getall(name, [])
    return values[0] if len(values) == 1 else ""
