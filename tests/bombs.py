"""Answers of some kilobytes that unpack to a gigabyte."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import brotli
from backports import zstd

_MEBIBYTE = 1 << 20
_TIMES = 1_024


def _zlib(window: int, end: bytes) -> bytes:
    """The same flushed megabyte again and again; packing it once is enough."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    start = packer.compress(bytes(_MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(_MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * (_TIMES - 1) + end


def _gzip() -> bytes:
    return _zlib(31, b"\x03\x00" + bytes(8))


def _deflate() -> bytes:
    return _zlib(15, b"\x03\x00" + bytes(4))


def _brotli() -> bytes:
    packer = brotli.Compressor(quality=1, lgwin=24)
    return b"".join(packer.process(bytes(_MEBIBYTE)) for _ in range(_TIMES)) + bytes(
        packer.finish()
    )


def _zstd() -> bytes:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 23})
    return b"".join(packer.compress(bytes(_MEBIBYTE)) for _ in range(_TIMES)) + packer.flush()


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
"""By Content-Encoding."""
