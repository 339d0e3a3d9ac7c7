"""Circuit breaker for Discord's invalid request limit.

Discord shuts out an IP address after 10,000 invalid requests in ten minutes, those answered with
401, 403 or 429 (https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

from bot.clock import Clock

log = logging.getLogger(__name__)

MAX_INVALID = 1_000
"""Invalid requests in ten minutes after which nothing is sent for a while."""

PAUSE = 60.0
"""Seconds; as long again if the next request is invalid, too."""

_WINDOW = 600.0
_INVALID = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
_TOKEN_IN_PATH = ("/webhooks/", "/interactions/")  # a 401 there says nothing of the bot's token


class TooManyInvalidRequestsError(aiohttp.ClientError):
    """Raised in place of a request while nothing is sent.

    Attributes:
        wait: Seconds until requests are sent again.
    """

    def __init__(self, wait: float) -> None:
        super().__init__(f"too many requests were refused; sending nothing for {wait:.0f} s")
        self.wait = wait


class InvalidRequestLimiter:
    """Counts invalid requests, and stops all requests for a while when they are too many."""

    def __init__(self, clock: Clock, api_url: str, revoked: Callable[[], None]) -> None:
        """Watches requests to `api_url`; calls `revoked` when the token is refused."""
        self._clock = clock
        self._api_url = api_url
        self._revoked = revoked
        self._times: deque[float] = deque()
        self._paused_until = float("-inf")

    def trace(self) -> aiohttp.TraceConfig:
        """Returns the trace to be given to the client whose requests are watched."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._check)
        trace.on_request_end.append(self._inspect)
        return trace

    def count(self) -> None:
        """Counts an invalid request."""
        now = self._clock.monotonic()
        self._times.append(now)
        while self._times[0] <= now - _WINDOW:
            self._times.popleft()
        if len(self._times) >= MAX_INVALID and self._paused_until <= now:
            self._paused_until = now + PAUSE
            log.error(
                "Discord: %d requests were refused in ten minutes, and an address that keeps "
                "this up is blocked. Sending nothing for %.0f s. The lines above say what was "
                "refused.",
                len(self._times),
                PAUSE,
            )

    def wait(self) -> float:
        """Returns the seconds for which nothing may be sent; 0 if requests may be sent."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    async def _check(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        if str(params.url).startswith(self._api_url) and (wait := self.wait()):
            raise TooManyInvalidRequestsError(wait)

    async def _inspect(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        status = params.response.status
        # Shared rate limits do not count against the bot.
        is_shared = params.response.headers.get("X-RateLimit-Scope") == "shared"
        if status not in _INVALID or is_shared:
            return
        self.count()
        path = params.url.path
        if status == HTTPStatus.UNAUTHORIZED and not any(part in path for part in _TOKEN_IN_PATH):
            self._revoked()
