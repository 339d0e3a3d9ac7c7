"""Reads what a TrueType font has: which characters, and how wide each is.

The tables are those of https://learn.microsoft.com/typography/opentype/spec/.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_EM = 1000  # widths are given in thousandths of the font's size


def glyph_widths(path: Path) -> dict[int, int]:
    """Returns the advance width of each character, in thousandths of the font's size."""
    tables = _tables(path.read_bytes())
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    (metrics,) = struct.unpack_from(">H", tables["hhea"], 34)
    widths = [struct.unpack_from(">H", tables["hmtx"], 4 * at)[0] for at in range(metrics)]
    return {
        character: round(widths[min(glyph, metrics - 1)] * _EM / units)
        for character, glyph in _characters(tables["cmap"])
        if glyph
    }


def _tables(font: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">H", font, 4)
    found = {}
    for at in range(count):
        tag, _checksum, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * at)
        found[tag.decode()] = font[offset : offset + length]
    return found


def _characters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Yields characters of the Basic Multilingual Plane, each with its glyph."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    for at in range(count):
        (start,) = struct.unpack_from(">L", cmap, 4 + 8 * at + 4)
        if struct.unpack_from(">H", cmap, start) == (4,):
            yield from _format_4(cmap[start:])
            return
    raise ValueError("this font has no cmap of format 4")


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    size = struct.unpack_from(">H", table, 6)[0] // 2
    places = [14, 16 + 2 * size, 16 + 4 * size, 16 + 6 * size]
    columns = [struct.unpack_from(f">{size}H", table, place) for place in places]
    for at, (end, start, delta, offset) in enumerate(zip(*columns, strict=True)):
        for character in range(start, min(end, 0xFFFE) + 1):
            glyph = character
            if offset:
                place = places[3] + 2 * at + offset + 2 * (character - start)
                (glyph,) = struct.unpack_from(">H", table, place)
            if glyph or not offset:
                yield character, (glyph + delta) & 0xFFFF
