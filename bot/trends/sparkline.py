"""Sparklines: a row of counts as a word, each count a block of eighths."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"  # U+2581 to U+2588, LOWER ONE EIGHTH BLOCK to FULL BLOCK


def sparkline(counts: Sequence[int]) -> str:
    """Returns counts as a row of blocks, the highest count as the full block.

    The scale begins at zero. Nothing is the lowest block, which nothing else is: one story among
    thousands is still seen. No counts are an empty text.
    """
    highest = max(counts, default=0)
    return "".join(_BLOCKS[_level(count, highest)] for count in counts)


def _level(count: int, highest: int) -> int:
    """Returns the place of a count's block, rounded up."""
    return -(-count * (len(_BLOCKS) - 1) // highest) if count > 0 else 0
