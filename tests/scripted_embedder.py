"""An embedder that knows a few subjects by heart, in several languages: the same for each run."""

from __future__ import annotations

import asyncio
import hashlib
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from bot.errors import EmbeddingError, RefusedTextError
from bot.search.meaning.ports import Embedder, Vector

CONCEPTS = (
    "bicycle bike bikes cyclist riders 自転車 fahrrad",
    "fine fines penalty penalties penalize punished 罰金 bußgeld",
    "crematorium crematoriums cremation cremated 火葬場 krematorium",
    "buy buys bought purchase shareholder acquired 買った gekauft",
    "vaccine vaccines shot shots jab jabs ワクチン impfung",
    "train trains railway rail 電車 zug",
    "late delay delays delayed behind-schedule 遅れ verspätung",
    "ship ships ferry boat vessel 船 schiff",
    "storm storms gale hurricane 嵐 sturm",
    "school schools classroom pupils 学校 schule",
)
DIMENSIONS = 64
_NAMED = {word: place for place, line in enumerate(CONCEPTS) for word in line.split()}
_NOISE = 0.2  # of a word that is in no list
_COMMON = 3.0  # what all vectors have in common, as those of real models


def embed(text: str) -> list[float]:
    """The vector of a text: a number for each subject that it names."""
    values = [0.0] * DIMENSIONS
    values[-1] = _COMMON
    for word in text.casefold().replace(",", " ").replace(".", " ").split():
        for name, place in _NAMED.items():
            if name == word or (not name.isascii() and name in word):
                values[place] = 1.0
        if word not in _NAMED:
            digest = hashlib.blake2b(word.encode(), digest_size=2).digest()
            values[len(CONCEPTS) + digest[0] % (DIMENSIONS - len(CONCEPTS) - 1)] += _NOISE
    length = math.hypot(*values)
    return [value / length for value in values]


@dataclass
class ScriptedEmbedder(Embedder):
    """Embeds at once, unless it is told otherwise.

    Attributes:
        name: The model's name.
        failing: What is raised for each question and passage; None for nothing.
        refused: A word that no text may hold.
        fails_at: How many passages it takes before it fails.
        may_answer: Cleared to keep questions waiting.
        asked: The questions that came.
        passages: The passages that came.
        longer: How many more numbers its vectors have than `DIMENSIONS`.
        closed: Whether it was closed.
    """

    name: str = "by-heart"
    failing: EmbeddingError | None = None
    refused: str = ""
    fails_at: int = 1 << 60
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    longer: int = 0
    closed: bool = False

    def __post_init__(self) -> None:
        self.may_answer.set()

    @property
    @override
    def model(self) -> str:
        return self.name

    @property
    @override
    def batch(self) -> int:
        return 3

    @override
    async def embed_query(self, text: str) -> Vector:
        self.asked.append(text)
        await self.may_answer.wait()
        return self._vector(text)

    @override
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        if len(self.passages) >= self.fails_at:
            raise EmbeddingError("out of order")
        self.passages += texts
        if self.refused and any(self.refused in text for text in texts):
            raise RefusedTextError("one of the texts is too long")
        return [self._vector(text) for text in texts]

    @override
    async def aclose(self) -> None:
        self.closed = True

    def _vector(self, text: str) -> Vector:
        if self.failing:
            raise self.failing
        return array("f", [*embed(text), *([0.0] * self.longer)])
