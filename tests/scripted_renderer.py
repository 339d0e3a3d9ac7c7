"""A renderer of pictures that draws nothing: for tests of what becomes of a picture."""

from __future__ import annotations

import importlib.util
import struct
import zlib
from dataclasses import dataclass, field

import pytest

from bot.errors import PictureError

needs_resvg = pytest.mark.skipif(
    importlib.util.find_spec("resvg_py") is None, reason="the extra pictures is not installed"
)


def png(width: int = 4, height: int = 3) -> bytes:
    """A grey picture."""
    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def size_of_png(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">LL", content, 16)
    return width, height


@dataclass
class ScriptedRenderer:
    """Gives a grey picture for every SVG, and keeps these.

    Attributes:
        drawn: What was to be drawn, in order.
        fails: True to fail instead.
    """

    drawn: list[str] = field(default_factory=list)
    fails: bool = False

    async def png(self, svg: str, scale: float) -> bytes:
        assert scale > 1
        self.drawn.append(svg)
        if self.fails:
            raise PictureError("there is no ink left")
        return png()
