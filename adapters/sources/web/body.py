"""Reads response bodies up to a size limit, and refuses decompression bombs.

A body that came whole is read whatever the server said of its length; one that broke off is not.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import hdrs

from adapters.sources.web.decompression import DecompressionError
from adapters.sources.web.errors import FetchError
from adapters.sources.web.unpacking import Unpacker

_MEBIBYTE = 1 << 20
_SLICE = 2 << 10  # bytes that are decompressed at a time; the bot answers readers in between
_PATIENCE = 2.0  # seconds without a byte, after which what came is looked at

# No text compresses like this; what does is refused before it takes the memory that it may take.
_BOMB_MIN_SIZE, _BOMB_RATIO = 2 * _MEBIBYTE, 1_000

# Nothing in them is tried twice: a hostile document must not take long.
_PROLOGUE = re.compile(
    rb"(?>\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>]*>)*+", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,50})[\s>]")
_FEED_ROOT = re.compile(rb"rss|rdf:rdf|(?:\w+:)?feed", re.IGNORECASE)
_EPILOGUE = re.compile(rb"\s*+>(?>\s|<!--.*?-->)*+", re.DOTALL)


async def read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Returns the body of a response, decompressed.

    Args:
        response: Whose headers have come; of a session with `auto_decompress=False`.
        max_bytes: The limit for the body, both as it comes and decompressed.

    Raises:
        FetchError: It is too large, or cannot be decompressed.
        aiohttp.ClientError: The connection broke before it was whole.
    """
    body = _Body(",".join(response.headers.getall(hdrs.CONTENT_ENCODING, ())), max_bytes)
    try:
        problem = await _receive(response, body)
        return await (body.whole(problem) if problem else body.unpack())
    except DecompressionError as error:
        raise FetchError(f"the response {error}") from error


async def read_start(response: aiohttp.ClientResponse, size: int) -> bytes:
    """Returns how the body of a response begins, decompressed, as far as it comes in a moment.

    Args:
        response: As for `read_body`.
        size: Bytes to read of it; what unpacks to more than a mebibyte is not looked at.
    """
    body = _Body(",".join(response.headers.getall(hdrs.CONTENT_ENCODING, ())), _MEBIBYTE)
    with suppress(TimeoutError, aiohttp.ClientError, OSError, DecompressionError, FetchError):
        async with asyncio.timeout(_PATIENCE):
            while not body.has(size) and (part := await response.content.readany()):
                body.add(part[:size])
    with suppress(DecompressionError, FetchError):
        return await body.start()
    return b""


async def _receive(response: aiohttp.ClientResponse, body: _Body) -> Exception | None:
    """Takes what comes as fast as it comes: aiohttp drops what is unread when a connection breaks.

    Returns:
        What broke the connection before all had come that was announced; None for nothing.
    """
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                part = await response.content.readany()
        except TimeoutError:
            if await body.seems_whole():
                return None
        except (aiohttp.ClientError, OSError) as error:
            return error
        else:
            if not part:
                return None
            body.add(part)


@dataclass(slots=True)
class _Body:
    """A body, as far as it has come.

    Attributes:
        encoding: The value of Content-Encoding; may be empty.
        max_bytes: See `read_body`.
    """

    encoding: str
    max_bytes: int
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size > self.max_bytes:
            raise _too_large(self.max_bytes)

    def has(self, size: int) -> bool:
        """Returns True when so many bytes have come."""
        return self._size >= size

    async def start(self) -> bytes:
        """Returns as much of it as can be unpacked."""
        return (await self._unpack())[0]

    async def unpack(self) -> bytes:
        """Returns all of it.

        Raises:
            FetchError: It is too large, or a bomb.
            DecompressionError: It cannot be decompressed, or was cut short.
        """
        body, unpacker = await self._unpack()
        if unpacker.cut_short and not is_whole(body):
            raise unpacker.cut_short
        return body

    async def whole(self, problem: Exception) -> bytes:
        """Returns all of it, if it came whole although the connection broke.

        Raises:
            Exception: The problem, if it did not.
        """
        try:
            body, unpacker = await self._unpack()
        except DecompressionError:
            raise problem from None
        if _came_whole(body, unpacker):
            return body
        raise problem

    async def seems_whole(self) -> bool:
        """Returns True when nothing seems to be missing."""
        try:
            return _came_whole(*await self._unpack())
        except DecompressionError:
            return False

    async def _unpack(self) -> tuple[bytes, Unpacker]:
        """Returns the body, and what unpacked it."""
        unpacker = Unpacker(self.encoding)
        body = bytearray()
        received = 0
        for some in _slices(self._parts):
            received += len(some)
            for piece in unpacker.unpack(some):
                body += piece
                self._check_limits(received, unpacker.expanded)
                await asyncio.sleep(0)
        if received:
            for piece in unpacker.finish():
                body += piece
                self._check_limits(received, unpacker.expanded)
        return bytes(body), unpacker

    def _check_limits(self, received: int, expanded: int) -> None:
        if expanded > self.max_bytes:
            raise _too_large(self.max_bytes)
        if expanded > _BOMB_MIN_SIZE and expanded > received * _BOMB_RATIO:
            raise FetchError(f"the response unpacks to more than {_BOMB_RATIO:,} times its size")


def _came_whole(body: bytes, unpacker: Unpacker) -> bool:
    return (unpacker.is_packed and not unpacker.cut_short) or is_whole(body)


def is_whole(body: bytes) -> bool:
    """Returns True for a document that ends as it begins: with the tag, or the brace, of its root.

    Args:
        body: In any encoding that has ASCII's signs in it.
    """
    start, text = _after_prologue(body)
    if text[start : start + 1] == b"{":
        return text.endswith(b"}") and text.count(b"{") == text.count(b"}")
    root = _ROOT.match(text, start)
    if root is None:
        return False
    end = text.lower().rfind(b"</" + root[1].lower())
    return end >= 0 and _EPILOGUE.fullmatch(text, end + len(root[1]) + 2) is not None


def is_cut_feed(body: bytes) -> bool:
    """Returns True for a feed that begins as one, and does not end as it begins.

    Args:
        body: As for `is_whole`.
    """
    start, text = _after_prologue(body)
    root = _ROOT.match(text, start)
    is_feed = bool(root and _FEED_ROOT.fullmatch(root[1])) or text[start : start + 1] == b"{"
    return is_feed and not is_whole(body)


def _after_prologue(body: bytes) -> tuple[int, bytes]:
    """Returns where the root of a document begins, and the document in signs of one byte."""
    text = body.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").rstrip()
    found = _PROLOGUE.match(text)
    return found.end() if found else 0, text


def _slices(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        for start in range(0, len(part), _SLICE):
            yield part[start : start + _SLICE]


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"the response is larger than {max_bytes / _MEBIBYTE:,.1f} MB")
