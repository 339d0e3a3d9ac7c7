"""Search by meaning: finds the stories whose vectors are nearest to that of a question.

numpy compares them: this module is imported only where the extra `meaning` is used.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import EmbeddingError
from bot.search.meaning.ports import Embedder, Vector, VectorStore
from bot.search.meaning.vector_index import VectorIndex
from bot.search.meaning.vector_space import VectorSpace, explore
from bot.search.ports import Candidate
from bot.search.query import Filter

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that an answer waits for the vector of its question."""

_REST = 30.0  # seconds in which nothing is asked of an embedder that failed
_NEAREST = 5  # stories that are found at most
_LEAST = 0.2  # the score of a story that can be meant
_MARGIN = 0.04  # by which its score must be better than that of nonsense
_SPREAD = 0.2  # by which another score may be less than the best
_REMEMBERED = 100  # questions, of which the vectors are kept for their next pages
_LONGEST = 300  # characters of a question that are embedded


@dataclass(frozen=True, slots=True)
class MeaningMatch:
    """A story that means what was asked for.

    Attributes:
        candidate: The story.
        score: From 0 to 1, how near it is.
    """

    candidate: Candidate
    score: float


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The vectors of a model."""

    space: VectorSpace
    index: VectorIndex

    def find(self, text: str, question: Vector, among: Sequence[int] | None) -> dict[int, float]:
        """Returns the scores of the stories that are near enough by number, the nearest first."""
        if len(question) != self.space.dimensions:
            return {}  # of another model, which has taken the place of the one that was asked
        direction = self.space.direction(text, question)
        found = self.index.nearest(direction, _NEAREST, among)
        if not found:
            return {}
        nonsense = self.space.nonsense(direction) + _MARGIN
        least = max(_LEAST, found[0].score - _SPREAD, nonsense)
        return {one.number: one.score for one in found if one.score >= least}


class MeaningSearch:
    """Finds stories by meaning, as far as they have vectors yet.

    Args:
        embedder: Embeds the questions.
        store: Keeps the vectors of the stories.
        patience: Seconds that an answer waits for the embedder.
        monotonic: Seconds from some fixed point.
    """

    def __init__(
        self,
        embedder: Embedder,
        store: VectorStore,
        *,
        patience: float = PATIENCE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._embedder = embedder
        self._store = store
        self._patience = patience
        self._monotonic = monotonic
        self._vectors: _Vectors | None = None
        self._cursor = 0
        self._updating = asyncio.Lock()
        self._questions: dict[str, Vector] = {}
        self._rests_until = float("-inf")
        self._is_failing = False
        self._asked_at = float("-inf")

    @property
    def idle_seconds(self) -> float:
        """Seconds since somebody last searched for anything."""
        return self._monotonic() - self._asked_at

    def note_question(self) -> None:
        """Notes that somebody is searching, so that what can wait does."""
        self._asked_at = self._monotonic()

    async def model(self) -> str:
        """Returns the name that vectors are kept under: the model's, with their dimensions.

        Raises:
            EmbeddingError: The embedder does not answer.
        """
        if self._vectors is None:
            space = await explore(self._embedder)
            self._vectors = _Vectors(space, VectorIndex(space.origin))
        return self._vectors.space.model

    @property
    def dimensions(self) -> int:
        """Number of numbers in a vector of the model; 0 before the model is known."""
        return self._vectors.space.dimensions if self._vectors else 0

    def forget_model(self) -> None:
        """Forgets what is known of the model, which is no longer the one that it was."""
        self._vectors, self._cursor = None, 0
        self._questions.clear()

    async def update(self) -> None:
        """Reads the vectors that were made since the last time; none before there is a model.

        Raises:
            StoreError: They cannot be read.
        """
        vectors = self._vectors
        if vectors is None:
            return
        read = self._store.vectors_since
        async with self._updating:
            while (changes := await read(vectors.space.model, self._cursor)).numbers:
                await asyncio.to_thread(vectors.index.add, changes.numbers, changes.vectors)
                self._cursor = changes.cursor

    async def find(self, text: str, within: Filter) -> Sequence[MeaningMatch]:
        """Finds stories that mean what a text does, the nearest first; none for nonsense.

        What goes wrong with the embedder is logged once, and costs only what it would have found.

        Raises:
            StoreError: The stories cannot be read.
        """
        asked = " ".join(text.split())[:_LONGEST]
        question = await self._vector_of(asked)
        vectors = self._vectors
        if question is None or vectors is None:
            return ()
        if not self._updating.locked():  # all of them are being read: that may take a while
            await self.update()
        among = None if within == Filter() else await self._store.numbers_within(within)
        scores = await asyncio.to_thread(vectors.find, asked, question, among)
        found = await self._store.candidates_by_number(list(scores))
        return [MeaningMatch(one, scores[number]) for number, one in found.items()]

    async def _vector_of(self, text: str) -> Vector | None:
        """Returns the vector of a question; None where there is none to be had in time."""
        if text in self._questions:
            return self._questions[text]
        if self._vectors is None or self._monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(self._patience):
                vector = await self._embedder.embed_query(text)
        except TimeoutError:
            self._note_failure(f"no answer within {self._patience:g} s")
            return None
        except EmbeddingError as error:
            self._note_failure(str(error))
            return None
        if self._is_failing:
            log.warning("stories are found by meaning again")
            self._is_failing = False
        self._remember(text, vector)
        return vector

    def _remember(self, text: str, vector: Vector) -> None:
        while len(self._questions) >= _REMEMBERED:
            self._questions.pop(next(iter(self._questions)))
        self._questions[text] = vector

    def _note_failure(self, reason: str) -> None:
        """Logs the first of several failures, and asks nothing more for a while."""
        self._rests_until = self._monotonic() + _REST
        if not self._is_failing:
            log.warning("no stories are found by meaning: %s", reason)
        self._is_failing = True
