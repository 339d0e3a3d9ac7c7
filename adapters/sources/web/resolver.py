"""Looks host names up, each in a thread of its own.

The system's look-up cannot be cancelled, and takes half a minute where a name server is silent. In
the pool of threads that asyncio shares, a few such names would keep everything else waiting.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

_NUMERIC = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
_FLAGS = socket.AI_ADDRCONFIG & getattr(socket, "AI_MASK", -1)

LookUp = Callable[..., Sequence[tuple[Any, ...]]]
"""As `socket.getaddrinfo`."""


class ThreadResolver(AbstractResolver):
    """Resolves names by the system, as aiohttp's own resolver does, but in threads of its own."""

    def __init__(self, look_up: LookUp = socket.getaddrinfo) -> None:
        """Takes what looks names up."""
        self._look_up = look_up

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def run() -> None:
            try:
                addresses, error = self._resolve(host, port, family), None
            except Exception as caught:  # noqa: BLE001 - it is raised where the name is waited for
                addresses, error = [], caught
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, found, addresses, error)

        threading.Thread(target=run, name=f"look-up of {host}", daemon=True).start()
        return await found

    @override
    async def close(self) -> None:
        """Holds nothing."""

    def _resolve(self, host: str, port: int, family: int) -> list[ResolveResult]:
        found = self._look_up(host, port, family=family, type=socket.SOCK_STREAM, flags=_FLAGS)
        return [_result(host, one) for one in found]


def _settle(
    found: asyncio.Future[list[ResolveResult]],
    addresses: list[ResolveResult],
    error: Exception | None,
) -> None:
    if found.done():
        return
    if error is None:
        found.set_result(addresses)
    else:
        found.set_exception(error)


def _result(host: str, found: tuple[Any, ...]) -> ResolveResult:
    family, _, protocol, _, address = found
    name, port = str(address[0]), int(address[1])
    if family == socket.AF_INET6 and len(address) > 3 and address[3]:  # noqa: PLR2004 - its zone
        name, _ = socket.getnameinfo(address, _NUMERIC)
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=name, port=port, family=family, proto=protocol, flags=flags
    )
