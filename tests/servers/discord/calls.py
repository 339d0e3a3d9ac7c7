"""A call to a scripted Discord, how it is refused, and what can be made to go wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web


class ApiError(Exception):
    """A refusal as Discord words it."""

    def __init__(self, status: int, code: int, message: str, **also: object) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body = {"message": message, "code": code, **also}


@dataclass
class Call:
    """A request that came in.

    Attributes:
        path: Without the API's address.
        template: The path with its parameters' names.
        at: When, in seconds of the machine's monotonic clock.
        status: What was answered; 0 while nothing was, or when the connection was cut.
        why: How it was refused.
    """

    method: str
    path: str
    template: str
    match: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    at: float
    status: int = 0
    why: str = ""

    def id(self, name: str) -> int:
        """A parameter of the path that is an id."""
        value = self.match[name]
        if not value.isdecimal():
            raise ApiError(400, 50035, f"{value!r} is not snowflake.")
        return int(value)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status or 'no answer'} {self.why}".strip()


@dataclass(eq=False)
class Trouble:
    """What goes wrong with the next calls of a kind.

    Attributes:
        times: With how many of them.
        status: What is answered; 0 cuts the connection.
        after: Whether the call has its effect all the same.
        reached: Set when a call has come so far; one that is held waits there for `release`.
    """

    method: str
    path: str
    times: int = 1
    status: int = 0
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False
    held: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, call: Call) -> bool:
        return self.times > 0 and call.method == self.method and fnmatchcase(call.path, self.path)

    def release(self) -> None:
        """Lets a held call go on."""
        self._released.set()

    async def happen(self, request: web.Request) -> web.Response | None:
        """The answer, if this is to replace the usual one."""
        self.reached.set()
        if self.held:
            await self._released.wait()
            return None
        if self.status:
            return answered(self.status, self.body, self.headers)
        if request.transport is not None:
            request.transport.close()
        return web.Response()  # goes nowhere


class Troubles:
    """What a test has planned to go wrong."""

    def __init__(self) -> None:
        self._planned: list[Trouble] = []

    def plan(self, trouble: Trouble) -> Trouble:
        self._planned.append(trouble)
        return trouble

    def take(self, call: Call) -> Trouble | None:
        """The first that fits a call, which uses it up by one."""
        for trouble in self._planned:
            if trouble.fits(call):
                trouble.times -= 1
                return trouble
        return None

    def release(self) -> None:
        """Lets all held calls go."""
        for trouble in self._planned:
            trouble.release()


def answered(
    status: int, body: object | None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """An answer as Discord gives it: discord.py wants this very content type, and `Via`."""
    response = web.json_response(body, status=status) if body is not None else web.Response()
    response.set_status(status)
    if body is not None:
        response.headers["Content-Type"] = "application/json"
    response.headers.update({"Via": "1.1 google"} | dict(headers or {}))
    return response
