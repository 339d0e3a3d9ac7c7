"""The vector index: the vectors of all stories in memory, compared one by one with a question's.

A byte for each of a vector's numbers is enough to compare by. numpy, which does so, comes with the
extra `meaning`: this module is imported only where that is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Comparing is over before threads for it would have been started, and each would hold memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bot.search.meaning.ports import Vector

_BLOCK = 4_096  # vectors that memory is taken for at once
_SLICE = 512  # of them, vectors that are added or compared at once: as many as the cache holds
_LARGEST = 127  # of a signed byte
_NOBODY = -1  # the number of a vector that was replaced
_WORST = -9.0  # less than the score of any vector
_TINY = 1e-6  # in place of a length of nothing


class VectorMatch(NamedTuple):
    """A story by its number, with the cosine of its vector's angle to the question's."""

    number: int
    score: float


def to_bytes(vector: Vector) -> bytes:
    """Returns a vector as a signed byte for each of its numbers; its length is lost."""
    values = np.frombuffer(vector, np.float32)
    largest = float(np.abs(values).max(initial=0.0)) or 1.0
    return bytes(np.rint(values * (_LARGEST / largest)).astype(np.int8).tobytes())


def unit_vectors(vectors: Sequence[Vector], origin: Any | None = None) -> Any:
    """Returns the directions of vectors from an origin, as the rows of a matrix.

    Args:
        vectors: Any number of them; their lengths do not count.
        origin: The origin, among vectors of length 1; None for that of the coordinates.
    """
    rows = _normalize(np.stack([np.frombuffer(one, np.float32) for one in vectors]))
    return rows if origin is None else _normalize(rows - origin)


def _normalize(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)


@dataclass(slots=True)
class _Block:
    """Vectors side by side, of which the first `used` are there.

    Attributes:
        vectors: Bytes, a row for each vector.
        lengths: Of each, in these bytes.
        distances: Of each from the origin, were it of length 1.
        numbers: The number of each one's story.
        used: How many there are.
    """

    vectors: Any
    lengths: Any = field(default_factory=lambda: np.ones(_BLOCK, np.float32))
    distances: Any = field(default_factory=lambda: np.ones(_BLOCK, np.float32))
    numbers: Any = field(default_factory=lambda: np.full(_BLOCK, _NOBODY, np.int64))
    used: int = 0

    def add(self, numbers: Any, vectors: Any, origin: Any) -> None:
        """Adds vectors, for which there is room."""
        start, end = self.used, self.used + len(numbers)
        rows = vectors.astype(np.float32)
        lengths = np.maximum(np.linalg.norm(rows, axis=1), 1.0)
        distances = np.linalg.norm(rows / lengths[:, None] - origin, axis=1)
        self.vectors[start:end] = vectors
        self.lengths[start:end] = lengths
        self.distances[start:end] = np.maximum(distances, _TINY)
        self.numbers[start:end] = numbers
        self.used = end

    def scores(self, direction: Any, offset: float, among: Any | None) -> Any:
        """Returns the score of each vector; the worst for those that do not count.

        Args:
            direction: That of the question.
            offset: The share of the origin in this direction.
            among: The numbers of the stories that count; None for all.
        """
        used = self.used
        scores = np.empty(used, np.float32)
        for start in range(0, used, _SLICE):
            end = min(start + _SLICE, used)
            np.dot(self.vectors[start:end].astype(np.float32), direction, out=scores[start:end])
        scores = (scores / self.lengths[:used] - offset) / self.distances[:used]
        numbers = self.numbers[:used]
        scores[numbers == _NOBODY] = _WORST
        if among is not None:
            scores[~np.isin(numbers, among)] = _WORST
        return scores


class VectorIndex:
    """Finds the vectors whose directions from an origin are nearest to another direction.

    Args:
        origin: The origin, with as many numbers as each vector has.
    """

    def __init__(self, origin: Any) -> None:
        self._origin = np.asarray(origin, np.float32)
        self._blocks: list[_Block] = []
        self._known = bytearray()  # by a story's number, whether it has a vector

    def __len__(self) -> int:
        return sum(self._known)

    def add(self, numbers: Sequence[int], vectors: bytes) -> None:
        """Adds the vectors of stories, in place of those that they had.

        Args:
            numbers: The numbers of the stories.
            vectors: Of each, as `to_bytes` returns them.

        Raises:
            ValueError: The vectors are not of the origin's dimensions.
        """
        # Of a story that comes twice, the last counts.
        last = {number: place for place, number in enumerate(numbers)}
        rows = np.frombuffer(vectors, np.int8).reshape(len(numbers), len(self._origin))
        named, places = np.fromiter(last, np.int64), np.fromiter(last.values(), np.int64)
        self._forget_known(named)
        for start, end, block in self._room(len(named)):
            block.add(named[start:end], rows[places[start:end]], self._origin)

    def nearest(
        self, direction: Any, count: int, among: Sequence[int] | None = None
    ) -> list[VectorMatch]:
        """Returns the stories that are nearest to a direction, the nearest first.

        Args:
            direction: A vector of length 1.
            count: How many stories.
            among: The numbers of the stories that count; None for all.
        """
        chosen = None if among is None else np.asarray(among, np.int64)
        offset = float(self._origin @ direction)
        found = [
            match
            for block in list(self._blocks)
            for match in _best(block.numbers, block.scores(direction, offset, chosen), count)
        ]
        return sorted(found, key=lambda one: -one.score)[:count]

    def _forget_known(self, numbers: Any) -> None:
        """Drops the vectors that these stories have had, and notes that they have one now."""
        missing = int(numbers.max(initial=0)) + 1 - len(self._known)
        self._known.extend(bytes(max(0, missing)))
        replaced = [number for number in numbers if self._known[number]]
        if replaced:
            for block in self._blocks:
                block.numbers[np.isin(block.numbers, replaced)] = _NOBODY
        for number in numbers:
            self._known[number] = 1

    def _room(self, count: int) -> Iterator[tuple[int, int, _Block]]:
        """Yields blocks that have room, each with the first and the end of what goes there.

        That is little at a time, since what it takes to add it is larger, and memory stays taken.
        """
        start = 0
        while start < count:
            if not self._blocks or self._blocks[-1].used == _BLOCK:
                self._blocks.append(_Block(np.empty((_BLOCK, len(self._origin)), np.int8)))
            block = self._blocks[-1]
            end = min(count, start + _SLICE, start + _BLOCK - block.used)
            yield start, end, block
            start = end


def _best(numbers: Any, scores: Any, count: int) -> Iterator[VectorMatch]:
    places = np.argpartition(-scores, count)[:count] if count < len(scores) else range(len(scores))
    for at in places:
        if scores[at] > _WORST:
            yield VectorMatch(int(numbers[at]), float(scores[at]))
