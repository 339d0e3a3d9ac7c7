"""How many calls a scripted Discord takes, and what it says to one too many.

https://docs.discord.com/developers/topics/rate-limits
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import web

from servers.discord.calls import Call, Trouble, answered

_FREE = ("/interactions/", "/webhooks/")  # not bound to the limit of all calls
_MESSAGES = "/channels/{channel}/messages"
_CROSSPOSTS = "/channels/{channel}/messages/{message}/crosspost"


def limit_headers(
    method: str, template: str, *, limit: int = 50, remaining: int = 49, reset: float = 1.0
) -> dict[str, str]:
    """The headers with which Discord tells how many more calls may come."""
    bucket = sha256(f"{method} {template}".encode()).hexdigest()[:16]
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": f"{reset:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def refusal(wait: float, *, everywhere: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """The body and the headers of a 429."""
    headers = {
        "X-RateLimit-Scope": "global" if everywhere else "user",
        "Retry-After": str(math.ceil(wait)),
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    text = "You are being rate limited."
    return {"message": text, "retry_after": wait, "global": everywhere}, headers


def too_many(
    method: str, path: str, retry_after: float, *, everywhere: bool, times: int
) -> Trouble:
    """A 429, as the limit of one route or of the whole bot."""
    body, headers = refusal(retry_after, everywhere=everywhere)
    headers |= limit_headers(method, path, remaining=0, reset=retry_after)
    return Trouble(method, path, times, 429, body, headers)


@dataclass
class _Bucket:
    """Tokens of which each call takes one; it begins full."""

    most: int
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Takes a token; returns 0, or the seconds until there is one."""
        self.tokens = min(self.most, self.tokens + (now - self.at) * self.most)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.most
        self.tokens -= 1
        return 0


@dataclass
class _Window:
    """Calls since the first of them; all are forgotten at once."""

    count: int = 0
    ends: float = float("-inf")


@dataclass
class Limits:
    """What is taken.

    Attributes:
        overall: Calls a second, but for those that answer interactions.
        messages: New messages in a channel, in so many seconds.
        crossposts: Crossposts of a channel, in so many seconds.
        now: The time, in seconds.
    """

    overall: int = 50
    messages: tuple[int, float] = (5, 5.0)
    crossposts: tuple[int, float] = (10, 3_600.0)
    now: Callable[[], float] = time.monotonic
    _bucket: _Bucket = field(init=False)
    _windows: dict[str, _Window] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._bucket = _Bucket(self.overall, self.overall, self.now())

    def headers(self, call: Call, template: str) -> Mapping[str, str]:
        """What is said of the limits after a call."""
        if (rate := self._rate(call, template)) is None:
            return limit_headers(call.method, template)
        window, now = self._window(call), self.now()
        return limit_headers(
            call.method,
            template,
            limit=rate[0],
            remaining=max(0, rate[0] - window.count),
            reset=max(0.0, window.ends - now),
        )

    def refused(self, call: Call, template: str) -> web.Response | None:
        """Counts a call; what is answered to it when it is one too many."""
        if not call.path.startswith(_FREE) and (wait := self._bucket.take(self.now())):
            body, headers = refusal(wait, everywhere=True)
            return answered(429, body, headers)
        rate = self._rate(call, template)
        if rate is None or not (wait := self._counted(call, rate)):
            return None
        body, headers = refusal(wait, everywhere=False)
        return answered(429, body, {**self.headers(call, template), **headers})

    def _counted(self, call: Call, rate: tuple[int, float]) -> float:
        window, now = self._window(call), self.now()
        if window.ends <= now:
            window.count, window.ends = 0, now + rate[1]
        if window.count >= rate[0]:
            return window.ends - now
        window.count += 1
        return 0

    def _rate(self, call: Call, template: str) -> tuple[int, float] | None:
        rates = {_MESSAGES: self.messages, _CROSSPOSTS: self.crossposts}
        return rates.get(template) if call.method == "POST" else None

    def _window(self, call: Call) -> _Window:
        where = call.match["channel"] + call.path.rpartition("/")[2]
        return self._windows.setdefault(where, _Window())
