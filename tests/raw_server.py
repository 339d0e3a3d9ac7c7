"""A local server that sends just the bytes it is told to, be they HTTP or not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Speaker = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """Attributes:
    heads: What was asked, each time, up to the blank line.
    """

    port: int = 0
    heads: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"


@asynccontextmanager
async def raw_server(
    speak: Speaker, tls: ssl.SSLContext | None = None, *, greets: bool = False
) -> AsyncIterator[RawServer]:
    """Lets something speak to whoever asks (`greets`: to whoever comes), then hangs up."""
    made = RawServer()
    speaking: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if not greets:
                made.heads.append(await reader.readuntil(b"\r\n\r\n"))
            await speak(writer)
            await writer.drain()
        writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        speaking.add(task)
        task.add_done_callback(lambda _: writer.close())

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in speaking:
            task.cancel()
        for result in await asyncio.gather(*speaking, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        await asyncio.sleep(0.001)  # closed connections are let go of a moment later


def saying(*parts: bytes) -> Speaker:
    """Sends parts, and that is all."""

    async def speak(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return speak


def for_ever(head: bytes, part: bytes, pause: float = 0) -> Speaker:
    """Sends a head, then a part again and again, until nobody listens."""

    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return speak


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def packed_head(encoding: str) -> bytes:
    """The head of an answer that ends when the connection does."""
    return head(f"Content-Encoding: {encoding}", "Connection: close")


def chunks(parts: Iterable[bytes]) -> bytes:
    """A chunked body."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
