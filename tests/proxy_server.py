"""A local HTTP proxy: hands plain requests on, opens tunnels, and notes what it was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class ProxyServer:
    """Attributes:
    hosts: Where the hosts of URLs really are, by name: their ports on 127.0.0.1.
    asked: The first line of each request.
    headers: The headers of each request, by names in small letters.
    refuses: The status that every request is refused with; empty for none.
    """

    hosts: Mapping[str, int]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refuses: str = ""

    def url(self, credentials: str = "") -> str:
        return f"http://{credentials}127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ProxyServer]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await asyncio.sleep(0.01)  # closed connections are let go of a moment later

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        self.asked.append(first)
        pairs = (line.partition(":") for line in lines)
        self.headers.append({name.lower(): value.strip() for name, _, value in pairs})
        method, target, _ = first.split(" ")
        if self.refuses:
            writer.write(f"HTTP/1.1 {self.refuses}\r\nContent-Length: 0\r\n\r\n".encode())
        elif method == "CONNECT":
            await self._tunnel(target.rpartition(":")[0], reader, writer)
        else:
            await self._hand_on(target, lines, writer)

    async def _tunnel(
        self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.hosts[host])
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    async def _hand_on(self, target: str, lines: list[str], writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(target)
        there, back = await asyncio.open_connection("127.0.0.1", self.hosts[parts.hostname or ""])
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection"))]
        head = "\r\n".join((f"GET {path} HTTP/1.1", *kept, "Connection: close", "", ""))
        back.write(head.encode())
        await _pipe(there, writer)
        back.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(1 << 16):
        writer.write(some)
        await writer.drain()
    writer.close()
