"""Entry point of the process that draws one picture: SVG on its input, PNG on its output.

The library holds Python's lock while it draws, so a thread would hold up the event loop. A process
lives for one picture, so it imports as little as it can.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from adapters.pictures.fonts import FONTS, LATIN

_CJK_STARTS = 0x2E80  # of the characters that only the larger font has


def draw(svg: str, scale: float) -> bytes:
    """Draws a picture as PNG; only fonts that it needs are read, and none of the machine's.

    Args:
        svg: The picture.
        scale: How many pixels a unit of it has.

    Raises:
        ValueError: It is no SVG.
    """
    import resvg_py  # noqa: PLC0415 - an extra

    fonts = FONTS if any(ord(sign) >= _CJK_STARTS for sign in svg) else (LATIN,)
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        skip_system_fonts=True,
        font_files=list(fonts),
    )


def limit_memory(memory: int) -> None:
    """Limits the process to so many bytes, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Draws what comes on the input, as the command line says: pixels of a unit, bytes at most."""
    limit_memory(int(sys.argv[2]))
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode(), float(sys.argv[1])))
