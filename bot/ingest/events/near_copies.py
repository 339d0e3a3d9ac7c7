"""Near copies: texts that share most of their shingles, found without comparing all with all."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.ingest.similarity import text_likeness

_SAME = 0.5  # of the shingles: an agency's text that an editor has cut or topped
_INDEXED = 12  # hashes of a sketch, the lowest: copies share most of them
_SHARED = 4  # of these, below which two sketches are not compared
_COMPARED = 10  # texts at most
_MOST = 50  # texts with one hash; more have a publisher's phrase in common


class NearCopies:
    """An index of sketches (see `bot.ingest.similarity`) by their hashes."""

    def __init__(self) -> None:
        self._stories = defaultdict[int, list[str]](list)
        self._sketches: dict[str, bytes] = {}

    def add(self, story: str, sketch: bytes) -> None:
        """Remembers the sketch of a story's text."""
        if sketch and story not in self._sketches:
            self._sketches[story] = sketch
            for one in _hashes(sketch):
                self._stories[one].append(story)

    def remove(self, story: str) -> None:
        """Forgets a story."""
        for one in _hashes(self._sketches.pop(story, b"")):
            self._stories[one].remove(story)
            if not self._stories[one]:
                del self._stories[one]

    def find(self, sketch: bytes) -> Iterator[str]:
        """Yields the ids of stories whose texts are near copies, the nearest first."""
        shared = Counter[str]()
        for one in _hashes(sketch):
            found = self._stories.get(one, ())
            if len(found) <= _MOST:
                shared.update(found)
        for story, count in shared.most_common(_COMPARED):
            if count >= _SHARED and text_likeness(sketch, self._sketches[story]) >= _SAME:
                yield story


def _hashes(sketch: bytes) -> tuple[int, ...]:
    many = min(_INDEXED, len(sketch) // 4)
    return struct.unpack_from(f"<{many}I", sketch)
