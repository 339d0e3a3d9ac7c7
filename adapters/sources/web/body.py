"""Reads what a server sends, as far as it may go."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import hdrs

from adapters.sources.web.errors import FetchError
from adapters.sources.web.unpacking import UnpackError, unpacker

_MEBIBYTE = 1 << 20
_SLICE = 2 << 10  # bytes that are unpacked at a time; the bot answers readers in between

# No page of words shrinks like this; what does is refused before it takes the memory it may take.
_BOMB_FROM, _BOMB_RATIO = 2 * _MEBIBYTE, 1_000


async def read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body of an answer, unpacked.

    Args:
        response: Whose headers have come; of a session that does not unpack by itself.
        max_bytes: As many bytes may come, and as many may it be when unpacked.

    Raises:
        FetchError: It is too large, or cannot be unpacked.
        aiohttp.ClientError: The connection broke.
    """
    if (response.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    try:
        return await _unpacked(response, max_bytes)
    except UnpackError as error:
        raise FetchError(f"the answer {error}") from error


async def _unpacked(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    packed = unpacker(",".join(response.headers.getall(hdrs.CONTENT_ENCODING, ())))
    body = bytearray()
    received = 0
    async for part in response.content.iter_any():
        for start in range(0, len(part), _SLICE):
            some = part[start : start + _SLICE]
            received += len(some)
            for piece in packed.unpack(some):
                body += piece
                _check(received, len(body), max_bytes)
                await asyncio.sleep(0)
            _check(received, len(body), max_bytes)
    if received:
        packed.finish()
    return bytes(body)


def _check(received: int, unpacked: int, max_bytes: int) -> None:
    if max(received, unpacked) > max_bytes:
        raise _too_large(max_bytes)
    if unpacked > _BOMB_FROM and unpacked > received * _BOMB_RATIO:
        raise FetchError(f"the answer unpacks to more than {_BOMB_RATIO:,} times its size")


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"the answer has more than {max_bytes / _MEBIBYTE:,.1f} MB")
