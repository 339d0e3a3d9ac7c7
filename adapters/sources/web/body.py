"""Reads response bodies up to a size limit, and refuses decompression bombs."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import hdrs

from adapters.sources.web.decompression import DecompressionError, decompressor_for
from adapters.sources.web.errors import FetchError

_MEBIBYTE = 1 << 20
_SLICE = 2 << 10  # bytes that are decompressed at a time; the bot answers readers in between

# No text compresses like this; what does is refused before it takes the memory that it may take.
_BOMB_MIN_SIZE, _BOMB_RATIO = 2 * _MEBIBYTE, 1_000


async def read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Returns the body of a response, decompressed.

    Args:
        response: Whose headers have come; of a session with `auto_decompress=False`.
        max_bytes: The limit for the body, both as it comes and decompressed.

    Raises:
        FetchError: It is too large, or cannot be decompressed.
        aiohttp.ClientError: The connection broke.
    """
    if (response.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    try:
        return await _decompress(response, max_bytes)
    except DecompressionError as error:
        raise FetchError(f"the response {error}") from error


async def _decompress(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    decompressor = decompressor_for(",".join(response.headers.getall(hdrs.CONTENT_ENCODING, ())))
    body = bytearray()
    received = 0
    async for part in response.content.iter_any():
        for start in range(0, len(part), _SLICE):
            some = part[start : start + _SLICE]
            received += len(some)
            for piece in decompressor.decompress(some):
                body += piece
                _check_limits(received, len(body), max_bytes)
                await asyncio.sleep(0)
            _check_limits(received, len(body), max_bytes)
    if received:
        decompressor.finish()
    return bytes(body)


def _check_limits(received: int, decompressed: int, max_bytes: int) -> None:
    if max(received, decompressed) > max_bytes:
        raise _too_large(max_bytes)
    if decompressed > _BOMB_MIN_SIZE and decompressed > received * _BOMB_RATIO:
        raise FetchError(f"the response unpacks to more than {_BOMB_RATIO:,} times its size")


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"the response is larger than {max_bytes / _MEBIBYTE:,.1f} MB")
