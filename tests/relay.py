"""A network between the bot and a server, which can be away, or say nothing for a while."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit, urlunsplit

_GRACE = 0.5  # seconds: by then a request has been answered, but for one that waits for news


class Relay:
    """Passes on what comes to a port of its own to a server; to be opened by `async with`."""

    def __init__(self, url: str) -> None:
        """Passes on to the server at `url`."""
        self._target = urlsplit(url)
        self._flows = asyncio.Event()
        self._flows.set()
        self.delay = 0.0
        """Seconds by which everything is late."""
        self._port = 0
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self.returns: list[float] = []
        """When it took connections again, by the monotonic clock: those before were cut by then."""

    async def __aenter__(self) -> Self:
        await self.return_()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_away(0)

    @property
    def url(self) -> str:
        """Where the server can be reached through it."""
        user, at, _ = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{user}{at}127.0.0.1:{self._port}"))

    def freeze(self) -> None:
        """Passes on nothing, and closes nothing: neither side can tell."""
        self._flows.clear()

    def thaw(self) -> None:
        """Passes on what came meanwhile."""
        self._flows.set()

    async def return_(self) -> None:
        """Takes connections, always at the same port."""
        self.returns.append(time.monotonic())  # before anything passes
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def go_away(self, grace: float = _GRACE) -> None:
        """Refuses connections, and soon closes those that there are."""
        if self._server:
            self._server.close()
        await asyncio.sleep(grace)
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._lines.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self._target.port)
            ways = (self._pump(reader, there), self._pump(back, writer))
            pumps = [asyncio.create_task(way) for way in ways]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
        except (asyncio.CancelledError, OSError):
            pass  # it was cut, or the server is away
        finally:
            self._lines.discard(task)
            for end in filter(None, (writer, there)):
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await asyncio.sleep(self.delay)
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
