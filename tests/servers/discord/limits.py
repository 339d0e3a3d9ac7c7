"""Rate limits: enforces Discord's, and words its 429s.

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

from servers.discord.calls import Call, json_response
from servers.discord.faults import Fault

_FREE = ("/interactions/", "/webhooks/")  # not bound to the limit of all calls
_MESSAGES = "/channels/{channel}/messages"
_THREADS = "/channels/{channel}/threads"
_RENAMES = "/channels/{channel}"
_CROSSPOSTS = "/channels/{channel}/messages/{message}/crosspost"


def limit_headers(
    method: str, template: str, *, limit: int = 50, remaining: int = 49, reset: float = 1.0
) -> dict[str, str]:
    """Returns the rate limit headers of a response."""
    bucket = sha256(f"{method} {template}".encode()).hexdigest()[:16]
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": f"{reset:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def rate_limit_error(wait: float, *, everywhere: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns the body and the headers of a 429."""
    headers = {
        "X-RateLimit-Scope": "global" if everywhere else "user",
        "Retry-After": str(math.ceil(wait)),
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    text = "You are being rate limited."
    return {"message": text, "retry_after": wait, "global": everywhere}, headers


def rate_limit_fault(
    method: str, path: str, retry_after: float, *, everywhere: bool, times: int
) -> Fault:
    """Returns a fault: a 429 of one route, or of the whole bot if `everywhere`."""
    body, headers = rate_limit_error(retry_after, everywhere=everywhere)
    headers |= limit_headers(method, path, remaining=0, reset=retry_after)
    return Fault(method, path, times, 429, body, headers)


@dataclass
class _Bucket:
    """A token bucket, full at the beginning."""

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
    """A fixed window, which begins with its first call."""

    count: int = 0
    ends: float = float("-inf")


@dataclass
class Limits:
    """The enforced limits.

    Attributes:
        overall: Calls a second, except responses to interactions.
        messages: New messages per channel, in so many seconds.
        crossposts: Crossposts per channel, in so many seconds.
        threads: New threads in a forum, in so many seconds.
        renames: Changes of a thread's name, in so many seconds; no header tells of this limit
            (https://github.com/discord/discord-api-docs/issues/1900).
        now: Returns the time, in seconds.
    """

    overall: int = 50
    messages: tuple[int, float] = (5, 5.0)
    crossposts: tuple[int, float] = (10, 3_600.0)
    threads: tuple[int, float] = (5, 5.0)
    renames: tuple[int, float] = (2, 600.0)
    now: Callable[[], float] = time.monotonic
    _bucket: _Bucket = field(init=False)
    _windows: dict[str, _Window] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._bucket = _Bucket(self.overall, self.overall, self.now())

    def headers(self, call: Call, template: str) -> Mapping[str, str]:
        """Returns the rate limit headers after a call."""
        if (rate := self._rate(call, template)) is None or call.method == "PATCH":
            return limit_headers(call.method, template)
        window, now = self._window(call), self.now()
        return limit_headers(
            call.method,
            template,
            limit=rate[0],
            remaining=max(0, rate[0] - window.count),
            reset=max(0.0, window.ends - now),
        )

    def refuse(self, call: Call, template: str) -> web.Response | None:
        """Counts a call; returns a 429 if it is beyond a limit."""
        if not call.path.startswith(_FREE) and (wait := self._bucket.take(self.now())):
            body, headers = rate_limit_error(wait, everywhere=True)
            return json_response(429, body, headers)
        rate = self._rate(call, template)
        if rate is None or not (wait := self._count(call, rate)):
            return None
        body, headers = rate_limit_error(wait, everywhere=False)
        return json_response(429, body, {**self.headers(call, template), **headers})

    def _count(self, call: Call, rate: tuple[int, float]) -> float:
        window, now = self._window(call), self.now()
        if window.ends <= now:
            window.count, window.ends = 0, now + rate[1]
        if window.count >= rate[0]:
            return window.ends - now
        window.count += 1
        return 0

    def _rate(self, call: Call, template: str) -> tuple[int, float] | None:
        rates = {
            ("POST", _MESSAGES): self.messages,
            ("POST", _CROSSPOSTS): self.crossposts,
            ("POST", _THREADS): self.threads,
            ("PATCH", _RENAMES): self.renames,
        }
        return rates.get((call.method, template))

    def _window(self, call: Call) -> _Window:
        where = call.match["channel"] + call.path.rpartition("/")[2]
        return self._windows.setdefault(where, _Window())
