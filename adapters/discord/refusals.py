"""Keeps the bot from being shut out for asking for what it is refused.

Discord shuts out an address from which 10,000 requests in ten minutes are answered with 401, 403 or
429 (https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit).
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

MOST = 1_000
"""Refusals in ten minutes after which nothing is sent for a while."""

PAUSE = 60.0
"""Seconds; should the next request be refused, too, as long again."""

_WINDOW = 600.0
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
_OWN_KEY = ("/webhooks/", "/interactions/")  # refusals there say nothing of the token


class TooManyRefused(aiohttp.ClientError):
    """Nothing is sent for now.

    Attributes:
        wait: Seconds until something is.
    """

    def __init__(self, wait: float) -> None:
        super().__init__(f"too much was refused; nothing is sent for {wait:.0f} s")
        self.wait = wait


class Refusals:
    """Counts what Discord refuses, and stops sending when it is too much."""

    def __init__(self, clock: Clock, api_url: str, revoked: Callable[[], None]) -> None:
        """Counts for requests to `api_url`; calls `revoked` when the token is refused."""
        self._clock = clock
        self._api_url = api_url
        self._revoked = revoked
        self._times: deque[float] = deque()
        self._paused_until = float("-inf")

    def trace(self) -> aiohttp.TraceConfig:
        """What a client needs so that its requests are counted."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._starts)
        trace.on_request_end.append(self._ends)
        return trace

    def count(self) -> None:
        """Counts a refusal."""
        now = self._clock.monotonic()
        self._times.append(now)
        while self._times[0] <= now - _WINDOW:
            self._times.popleft()
        if len(self._times) >= MOST and self._paused_until <= now:
            self._paused_until = now + PAUSE
            log.error(
                "Discord: %d requests were refused in ten minutes, and an address that asks on is "
                "shut out. Nothing is sent for %.0f s. Look above for what is refused.",
                len(self._times),
                PAUSE,
            )

    def wait(self) -> float:
        """Seconds for which nothing may be sent; 0 when something may."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    async def _starts(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        if str(params.url).startswith(self._api_url) and (wait := self.wait()):
            raise TooManyRefused(wait)

    async def _ends(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        status = params.response.status
        # A limit that others share is not this bot's fault, and does not count.
        is_shared = params.response.headers.get("X-RateLimit-Scope") == "shared"
        if status not in _REFUSED or is_shared:
            return
        self.count()
        path = params.url.path
        if status == HTTPStatus.UNAUTHORIZED and not any(part in path for part in _OWN_KEY):
            self._revoked()
