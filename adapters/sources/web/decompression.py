"""Decompressors of gzip, deflate, brotli and zstd, a chunk at a time, so that no bomb can go off.

aiohttp's own decompression takes a body that was cut short for whole, and hands on one whose
encoding it does not know as it came; tests/test_web_body.py shows both.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import ClassVar

import brotli
from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
"""The header of a request that names what can be decompressed."""

_CHUNK_SIZE = 64 << 10  # bytes; brotli may give half as much again
_MAX_MEMBERS = 1_000  # gzip members or zstd frames in one body
_MAX_WINDOW_LOG = 23  # 8 MiB, the most that zstd may need on the web (RFC 9659)
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_METHOD = 8  # in the lower four bits of the first byte


class DecompressionError(Exception):
    """A body cannot be decompressed; the message says why, in words that follow "the answer"."""


class Decompressor:
    """Decompresses a body that comes in parts of any length."""

    name: ClassVar[str]
    error: ClassVar[type[Exception]]

    def decompress(self, part: bytes) -> Iterator[bytes]:
        """Yields the next chunks.

        Raises:
            DecompressionError: The body is damaged, or has another encoding.
        """
        try:
            yield from self._decompress(part)
        except self.error as error:
            raise DecompressionError(
                f"says it is compressed with {self.name}, but it is not"
            ) from error

    def finish(self) -> None:
        """Checks, after the last part, that the body is complete.

        Raises:
            DecompressionError: It was cut short.
        """
        if not self._is_complete():
            raise DecompressionError("ended early")

    def _decompress(self, part: bytes) -> Iterator[bytes]:
        raise NotImplementedError

    def _is_complete(self) -> bool:
        raise NotImplementedError


class _MemberCount:
    """Bounds the gzip members or zstd frames of one body."""

    def __init__(self) -> None:
        self._count = 0

    def add(self) -> None:
        self._count += 1
        if self._count > _MAX_MEMBERS:
            raise DecompressionError(f"is compressed in more than {_MAX_MEMBERS:,} parts")


class _Gzip(Decompressor):
    """Gzip, with any number of members; what follows them and is none is padding."""

    name = "gzip"
    error = zlib.error

    def __init__(self) -> None:
        self._members = _MemberCount()
        self._decompressor = zlib.decompressobj(_GZIP)

    def _decompress(self, part: bytes) -> Iterator[bytes]:
        more = True
        while part or more:
            if self._decompressor.eof:
                if not part or not _GZIP_MAGIC.startswith(part[:2]):
                    return
                self._members.add()
                self._decompressor = zlib.decompressobj(_GZIP)
            piece = self._decompressor.decompress(part, _CHUNK_SIZE)
            yield piece
            more = len(piece) == _CHUNK_SIZE and not self._decompressor.eof
            part = self._decompressor.unused_data or self._decompressor.unconsumed_tail

    def _is_complete(self) -> bool:
        return self._decompressor.eof


class _Deflate(Decompressor):
    """Deflate, with the zlib wrapper or, from some servers, raw."""

    name = "deflate"
    error = zlib.error

    def __init__(self) -> None:
        self._decompressor = zlib.decompressobj(_ZLIB)
        self._started = False

    def _decompress(self, part: bytes) -> Iterator[bytes]:
        if not self._started and part[0] & 0xF != _ZLIB_METHOD:
            self._decompressor = zlib.decompressobj(_RAW)
        self._started = True
        more = True
        while (part or more) and not self._decompressor.eof:
            piece = self._decompressor.decompress(part, _CHUNK_SIZE)
            yield piece
            more = len(piece) == _CHUNK_SIZE
            part = self._decompressor.unconsumed_tail

    def _is_complete(self) -> bool:
        return self._decompressor.eof


class _Brotli(Decompressor):
    """Brotli."""

    name = "brotli"
    error = brotli.error

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def _decompress(self, part: bytes) -> Iterator[bytes]:
        more = True
        while more and not self._decompressor.is_finished():
            piece = self._decompressor.process(part, output_buffer_limit=_CHUNK_SIZE)
            yield piece
            # Only an empty chunk tells that all came out; how much input was taken does not.
            more, part = bool(piece), b""

    def _is_complete(self) -> bool:
        return bool(self._decompressor.is_finished())


class _Zstd(Decompressor):
    """Zstandard, with any number of frames."""

    name = "zstd"
    error = zstd.ZstdError

    def __init__(self) -> None:
        self._members = _MemberCount()
        self._decompressor = _new_zstd()

    def _decompress(self, part: bytes) -> Iterator[bytes]:
        while part or not (self._decompressor.needs_input or self._decompressor.eof):
            if self._decompressor.eof:
                self._members.add()
                self._decompressor = _new_zstd()
            yield self._decompressor.decompress(part, _CHUNK_SIZE)
            part = self._decompressor.unused_data if self._decompressor.eof else b""

    def _is_complete(self) -> bool:
        return self._decompressor.eof


def _new_zstd() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
    )


DECOMPRESSORS: dict[str, Callable[[], Decompressor]] = {
    "br": _Brotli,
    "deflate": _Deflate,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "zstd": _Zstd,
}
"""By the names of Content-Encoding."""
