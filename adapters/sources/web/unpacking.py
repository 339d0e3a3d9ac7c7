"""Unpacks what a server sends packed, a small piece at a time, so that no bomb can go off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import ClassVar

import brotli
from backports import zstd

from bot.text.display import quoted

ACCEPTED = "gzip, deflate, br, zstd"
"""What can be unpacked, as a request says it."""

_STEP = 64 << 10  # bytes of a piece; brotli may give half as much again
_MOST_MEMBERS = 1_000  # what is packed may be many files in one, but hardly so many
_WIDEST_WINDOW = 23  # 8 MiB, the most that zstd may need on the web (RFC 9659)
_GZIP, _ZLIB, _BARE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP_MARK = b"\x1f\x8b"
_ZLIB_METHOD = 8  # in the lower four bits of the first byte


class UnpackError(Exception):
    """It cannot be unpacked; the message says why, in words that follow "the answer"."""


class Unpacker:
    """Takes what was packed in parts of any length; this one takes what was not packed at all."""

    name: ClassVar = "nothing"
    error: ClassVar[type[Exception]] = zlib.error

    def unpack(self, part: bytes) -> Iterator[bytes]:
        """The next pieces of what was packed.

        Raises:
            UnpackError: It is damaged, or not packed in this way at all.
        """
        try:
            yield from self._pieces(part)
        except self.error as error:
            raise UnpackError(f"says that it is packed by {self.name}, but it is not") from error

    def finish(self) -> None:
        """Told that there are no more parts.

        Raises:
            UnpackError: There should have been more.
        """
        if not self._is_whole():
            raise UnpackError("broke off in the middle")

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        yield part

    def _is_whole(self) -> bool:
        return True


class _Members:
    """Counts how many files are packed one after another."""

    def __init__(self) -> None:
        self._count = 0

    def begin(self) -> None:
        self._count += 1
        if self._count > _MOST_MEMBERS:
            raise UnpackError(f"is packed in more than {_MOST_MEMBERS:,} parts")


class _Gzip(Unpacker):
    """What gzip packed; anything after its end but more of the same is padding."""

    name = "gzip"
    error = zlib.error

    def __init__(self) -> None:
        self._members = _Members()
        self._unpacker = zlib.decompressobj(_GZIP)

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        more = True
        while part or more:
            if self._unpacker.eof:
                if not part or not _GZIP_MARK.startswith(part[:2]):
                    return
                self._members.begin()
                self._unpacker = zlib.decompressobj(_GZIP)
            piece = self._unpacker.decompress(part, _STEP)
            yield piece
            more = len(piece) == _STEP and not self._unpacker.eof
            part = self._unpacker.unused_data or self._unpacker.unconsumed_tail

    def _is_whole(self) -> bool:
        return self._unpacker.eof


class _Deflate(Unpacker):
    """What zlib packed; some servers leave away its wrapping."""

    name = "deflate"
    error = zlib.error

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(_ZLIB)
        self._started = False

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        if not self._started and part[0] & 0xF != _ZLIB_METHOD:
            self._unpacker = zlib.decompressobj(_BARE)
        self._started = True
        more = True
        while (part or more) and not self._unpacker.eof:
            piece = self._unpacker.decompress(part, _STEP)
            yield piece
            more = len(piece) == _STEP
            part = self._unpacker.unconsumed_tail

    def _is_whole(self) -> bool:
        return self._unpacker.eof


class _Brotli(Unpacker):
    """What brotli packed."""

    name = "brotli"
    error = brotli.error

    def __init__(self) -> None:
        self._unpacker = brotli.Decompressor()

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        more = True
        while more and not self._unpacker.is_finished():
            piece = self._unpacker.process(part, output_buffer_limit=_STEP)
            yield piece
            # Only that nothing comes out tells that all came out; what is accepted does not.
            more, part = bool(piece), b""

    def _is_whole(self) -> bool:
        return bool(self._unpacker.is_finished())


class _Zstd(Unpacker):
    """What zstd packed."""

    name = "zstd"
    error = zstd.ZstdError

    def __init__(self) -> None:
        self._members = _Members()
        self._unpacker = _zstd()

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        while part or not (self._unpacker.needs_input or self._unpacker.eof):
            if self._unpacker.eof:
                self._members.begin()
                self._unpacker = _zstd()
            yield self._unpacker.decompress(part, _STEP)
            part = self._unpacker.unused_data if self._unpacker.eof else b""

    def _is_whole(self) -> bool:
        return self._unpacker.eof


def _zstd() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _WIDEST_WINDOW}
    )


_UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "br": _Brotli,
    "deflate": _Deflate,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "zstd": _Zstd,
}


def unpacker(encoding: str) -> Unpacker:
    """What unpacks an answer.

    Args:
        encoding: As its Content-Encoding says; empty when it says nothing.

    Raises:
        UnpackError: It is packed in a way that was not asked for.
    """
    names = [name for name in encoding.casefold().replace(" ", "").split(",") if name]
    names = [name for name in names if name != "identity"]
    if not names:
        return Unpacker()
    made = _UNPACKERS.get(names[0])
    if made is None or len(names) > 1:
        raise UnpackError(f"is packed as {quoted(encoding, 40)}, which Dateline cannot unpack")
    return made()
