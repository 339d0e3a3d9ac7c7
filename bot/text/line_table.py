"""Line tables: thousands of lines in memory, found by their keys, in little more than their text.

A dictionary of them takes several times as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

_TOGETHER = 6  # lines of one block, on average: what is searched for each key


class LineTable:
    """Lines of a key, a separator and a value: a hash table whose buckets are texts."""

    def __init__(self, lines: Iterable[str], separator: str = "\t") -> None:
        """Takes lines that end with a line feed.

        Args:
            lines: The lines, of which none has the key of another.
            separator: The sign behind each key; a line feed where there are no values.
        """
        self._separator = separator
        kept = list(lines)
        blocks: list[list[str]] = [[] for _ in range(len(kept) // _TOGETHER + 1)]
        for line in kept:
            blocks[hash(line.partition(separator)[0]) % len(blocks)].append(line)
        # A line feed in front of each key, so that none is found inside another.
        self._blocks = ["".join(("\n", *block)) for block in blocks]

    def __contains__(self, key: str) -> bool:
        return f"\n{key}{self._separator}" in self._blocks[hash(key) % len(self._blocks)]

    def get(self, key: str) -> str | None:
        """Returns the value of a key; None where there is none."""
        block = self._blocks[hash(key) % len(self._blocks)]
        head = f"\n{key}{self._separator}"
        at = block.find(head)
        if at < 0:
            return None
        begin = at + len(head)
        return block[begin : block.index("\n", begin)]

    def __iter__(self) -> Iterator[str]:
        """Yields the lines, in no order."""
        return chain.from_iterable(block[1:].splitlines(keepends=True) for block in self._blocks)
