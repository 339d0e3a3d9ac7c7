"""Unpacks bodies by what their bytes are, since Content-Encoding is often odd, and sometimes false.

What begins as gzip or zstd do is that, whatever the header says, and may be so several times. What
begins as a text does is a text. Brotli and bare deflate have no mark of their own: the header is
believed, and where it says something else they are tried, and taken for true if a text comes out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from adapters.sources.web.decompression import DECOMPRESSORS, DecompressionError, Decompressor
from bot.text.display import shorten

_SNIFFED = 32  # bytes that tell a text from what is packed
_TRIED = 2 << 10  # bytes that tell what has no mark
_MAX_LAYERS = 4
_MARKS = ((b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_UNMARKED = ("br", "deflate")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<", b"{\0", b"\0{")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_ZLIB_METHOD, _ZLIB_CHECK = 8, 31  # RFC 1950: in the lower bits; the first two bytes divide by it


class Unpacker:
    """Unpacks a body that comes in parts of any length.

    Attributes:
        cut_short: Says that something packed lacks its end; None when nothing does.
    """

    def __init__(self, encoding: str) -> None:
        """Takes the value of Content-Encoding; empty when there is none."""
        names = (name.strip() for name in encoding.casefold().split(","))
        claims = [name for name in names if name and name != "identity"]
        self.cut_short: DecompressionError | None = None
        self._layers = [_Layer(claims[::-1])]  # what was applied last is unpacked first

    @property
    def expanded(self) -> int:
        """The most bytes that any layer has unpacked to so far."""
        return max(layer.size for layer in self._layers)

    @property
    def is_packed(self) -> bool:
        """True when the body was found to be compressed."""
        return len(self._layers) > 1

    def unpack(self, part: bytes) -> Iterator[bytes]:
        """Yields the next pieces; empty ones, too, so that whoever calls can check the limits.

        Raises:
            DecompressionError: The body is damaged, or has an encoding that cannot be unpacked.
        """
        yield from self._unpack(0, part)

    def finish(self) -> Iterator[bytes]:
        """Yields the last pieces, after the last part.

        Raises:
            DecompressionError: The body is damaged.
        """
        at = 0
        while at < len(self._layers):
            yield from self._pass_on(at, self._layers[at].finish())
            try:
                self._layers[at].check_complete()
            except DecompressionError as error:
                self.cut_short = error
            at += 1

    def _unpack(self, at: int, part: bytes) -> Iterator[bytes]:
        yield from self._pass_on(at, self._layers[at].unpack(part))

    def _pass_on(self, at: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yields pieces of a layer, or what the next layer makes of them."""
        layer = self._layers[at]
        for piece in pieces:
            layer.size += len(piece)
            if not layer.is_packed:
                yield piece
                continue
            yield b""
            if piece:
                self._add_layer(at + 1, layer)
                yield from self._unpack(at + 1, piece)

    def _add_layer(self, at: int, outer: _Layer) -> None:
        if at < len(self._layers):
            return
        if at > _MAX_LAYERS:
            raise DecompressionError(f"is compressed more than {_MAX_LAYERS} times")
        self._layers.append(_Layer(outer.claims))


class _Layer:
    """One layer of a body: a decompressor, once enough has come to choose it, or none.

    Attributes:
        claims: The encodings that the header names; once it is known, for those inside of it.
        size: Bytes that came out of it.
        is_packed: True when it is compressed.
    """

    def __init__(self, claims: list[str]) -> None:
        self.claims = claims
        self.size = 0
        self.is_packed = False
        self._decompressor: Decompressor | None = None
        self._start: bytes | None = b""

    def unpack(self, part: bytes) -> Iterator[bytes]:
        if self._start is not None:
            self._start += part
            if len(self._start) < (_SNIFFED if self._is_clear(self._start) else _TRIED):
                return
            part = self._choose(is_all=False)
        yield from self._decompressor.decompress(part) if self._decompressor else (part,)

    def finish(self) -> Iterator[bytes]:
        """Yields what was held back; nothing may come after it."""
        if self._start:
            start = self._choose(is_all=True)
            yield from self._decompressor.decompress(start) if self._decompressor else (start,)

    def _is_clear(self, start: bytes) -> bool:
        """Returns True when the first bytes, or the header, tell enough."""
        is_marked = start.startswith(tuple(mark for mark, _ in _MARKS))
        is_claimed = bool(self.claims) and self.claims[0] in _UNMARKED
        return is_marked or is_claimed or _looks_like_text(start) or _looks_like_zlib(start)

    def check_complete(self) -> None:
        if self._decompressor:
            self._decompressor.finish()

    def _choose(self, *, is_all: bool) -> bytes:
        """Chooses the decompressor by what came so far, and returns that."""
        start, self._start = self._start or b"", None
        name = _encoding_of(start, self.claims[0] if self.claims else "", is_all=is_all)
        self.is_packed = bool(name)
        # The header may name what is inside only; so only a claim that was true is done with.
        left = self.claims[1:] if self.claims[:1] == [name] else self.claims
        self.claims = [one for one in left if one in _UNMARKED]
        self._decompressor = DECOMPRESSORS[name]() if name else None
        return start


def _encoding_of(start: bytes, claim: str, *, is_all: bool) -> str:
    """Returns the encoding of what begins so; empty for none.

    Args:
        start: The first bytes.
        claim: The encoding that the header names; may be empty.
        is_all: True when there are no more bytes.

    Raises:
        DecompressionError: It is none that can be unpacked.
    """
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if marked:
        return marked
    if _looks_like_text(start):
        # So short a text may be packed all the same: brotli packs nothing as ";".
        return claim if is_all and claim in _UNMARKED and _unpacks(start, claim) else ""
    if _looks_like_zlib(start):
        return "deflate"
    if claim in _UNMARKED:
        return claim
    tried = next((name for name in _UNMARKED if _gives_text(start, name)), "")
    if tried or not claim:
        return tried
    if claim in DECOMPRESSORS:
        raise DecompressionError(f"says it is compressed with {claim}, but it is not")
    raise DecompressionError(f"is compressed as {shorten(claim, 40)}, which Dateline cannot unpack")


def _looks_like_text(start: bytes) -> bool:
    if start.startswith(_WIDE):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start[:_SNIFFED])
    except UnicodeDecodeError:
        return start.lstrip()[:1] in {b"<", b"{"} and not _CONTROL.search(start[:_SNIFFED])
    return not _CONTROL.search(start[:_SNIFFED])


def _looks_like_zlib(start: bytes) -> bool:
    first, second = (*start[:2], 0, 0)[:2]
    return first & 0xF == _ZLIB_METHOD and not (first << 8 | second) % _ZLIB_CHECK


def _gives_text(start: bytes, name: str) -> bool:
    """Returns True when a text comes out of the first bytes by this encoding."""
    found = b""
    try:
        for piece in DECOMPRESSORS[name]().decompress(start):
            found += piece
            if len(found) >= _SNIFFED:
                break
    except DecompressionError:
        return False
    return bool(found) and _looks_like_text(found)


def _unpacks(whole: bytes, name: str) -> bool:
    decompressor = DECOMPRESSORS[name]()
    try:
        for _ in decompressor.decompress(whole):
            pass
        decompressor.finish()
    except DecompressionError:
        return False
    return True
