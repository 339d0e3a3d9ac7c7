"""Writes the widths of the characters in the fonts of pictures, anew, for `bot.trends.glyphs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from font_tables import glyph_widths

from adapters.pictures.fonts import FONTS

TABLE = Path(__file__).parents[2] / "bot/trends/glyph_widths.txt"
_SCRIPTS = ((0x20, 0x52F), (0x1E00, 0x22FF), (0x2E80, 0x9FFF), (0xAC00, 0xD7FF), (0xF900, 0xFFEF))
"""Those in which each letter stands by itself; others change by their neighbours."""


def table() -> str:
    """Returns a line for each run of characters of one width: its ends, and the width."""
    widths: dict[int, int] = {}
    for font in FONTS:
        widths = {**glyph_widths(Path(font)), **widths}  # of the first font that has it
    return "".join(f"{first:x} {last:x} {width}\n" for first, last, width in _runs(widths))


def _runs(widths: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    known = sorted(
        (character, width)
        for character, width in widths.items()
        if any(first <= character <= last for first, last in _SCRIPTS)
    )
    first, before, of = -1, -2, -1
    for character, width in [*known, (-2, -1)]:
        if (character, width) != (before + 1, of):
            if first >= 0:
                yield first, before, of
            first, of = character, width
        before = character


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="ascii")
