"""Fault injection: errors, 429s, cut connections and held calls that a test scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from servers.discord.calls import Call, json_response


@dataclass(eq=False)
class Fault:
    """A fault of the next calls of a kind.

    Attributes:
        times: The number of calls that it still applies to.
        status: The status of the response; 0 cuts the connection.
        after: True if the call takes effect all the same.
        held: True to hold the call until `release`.
        reached: Set when a call has come so far.
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

    def matches(self, call: Call) -> bool:
        return self.times > 0 and call.method == self.method and fnmatchcase(call.path, self.path)

    def release(self) -> None:
        """Lets a held call go on."""
        self._released.set()

    async def apply(self, request: web.Request) -> web.Response | None:
        """Returns the response that replaces the usual one, if any."""
        self.reached.set()
        if self.held:
            await self._released.wait()
            return None
        if self.status:
            return json_response(self.status, self.body, self.headers)
        if request.transport is not None:
            request.transport.close()
        return web.Response()  # goes nowhere


class FaultInjector:
    """The scripted faults, in order."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def take(self, call: Call) -> Fault | None:
        """Returns the first fault that matches a call, and counts it down."""
        for fault in self._faults:
            if fault.matches(call):
                fault.times -= 1
                return fault
        return None

    def release(self) -> None:
        """Lets all held calls go on."""
        for fault in self._faults:
            fault.release()
