"""Near copies: texts that share most of their shingles, found without comparing all with all."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator

from bot.ingest.similarity import text_likeness

_SAME = 0.5  # of the shingles: an agency's text that an editor has cut or topped
_INDEXED = 4  # hashes of a sketch, the lowest: one of them is in nearly every copy's
_COMPARED = 10  # texts at most
_MOST = 50  # texts with one hash; more have a publisher's phrase in common


class NearCopies:
    """An index of sketches (see `bot.ingest.similarity`) by their hashes."""

    def __init__(self) -> None:
        self._stories: dict[int, str | tuple[str, ...]] = {}  # most hashes are of one story
        self._sketches: dict[str, bytes] = {}

    def add(self, story: str, sketch: bytes) -> None:
        """Remembers the sketch of a story's text."""
        if sketch and story not in self._sketches:
            self._sketches[story] = sketch
            for one in _hashes(sketch):
                known = self._with(one)
                self._stories[one] = (*known, story) if known else story

    def remove(self, story: str) -> None:
        """Forgets a story."""
        for one in _hashes(self._sketches.pop(story, b"")):
            left = tuple(other for other in self._with(one) if other != story)
            if left:
                self._stories[one] = left
            else:
                del self._stories[one]

    def find(self, sketch: bytes) -> Iterator[str]:
        """Yields the ids of stories whose texts are near copies, those of most hashes first."""
        shared = Counter[str]()
        for one in _hashes(sketch):
            found = self._with(one)
            if len(found) <= _MOST:
                shared.update(found)
        for story, _ in shared.most_common(_COMPARED):
            if text_likeness(sketch, self._sketches[story]) >= _SAME:
                yield story

    def _with(self, hash_: int) -> tuple[str, ...]:
        found = self._stories.get(hash_, ())
        return (found,) if isinstance(found, str) else found


def _hashes(sketch: bytes) -> tuple[int, ...]:
    many = min(_INDEXED, len(sketch) // 4)
    return struct.unpack_from(f"<{many}I", sketch)
