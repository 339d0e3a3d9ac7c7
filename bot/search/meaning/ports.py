"""The ports of the search by meaning: what embeds texts, and the store of the stories' vectors."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.search.ports import Candidate
from bot.search.query import Filter
from bot.search.results import SearchResult

Vector: TypeAlias = "array[float]"
"""Floats (of the type code `f`): texts that mean the same have nearly the same direction."""


class Embedder(Protocol):
    """Embeds texts: makes vectors of them that are the nearer the more alike the texts mean.

    Its methods may be called at once from any number of tasks.
    """

    @property
    def model(self) -> str:
        """The name of the model; vectors of another model cannot be compared with its own."""
        ...

    @property
    def batch(self) -> int:
        """The number of passages to embed in one call, so that none takes long."""
        ...

    async def embed_query(self, text: str) -> Vector:
        """Embeds what somebody asks for.

        Raises:
            EmbeddingError: It cannot, at least not now.
        """
        ...

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Embeds texts that may be found; as many vectors as texts, all of one length.

        Questions go first: nobody who asks waits for this.

        Raises:
            RefusedTextError: The model does not take these texts.
            EmbeddingError: It cannot, at least not now.
        """
        ...

    async def aclose(self) -> None:
        """Lets go of everything; closing twice is harmless, any other call is an error."""
        ...


@dataclass(frozen=True, slots=True)
class UnembeddedStory:
    """A story that has no vector of the model.

    Attributes:
        number: The story's number in the order in which stories were added.
        revision: The write that it last came with.
        title: Its title.
        summary: Its summary.
    """

    number: int
    revision: int
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class VectorChanges:
    """Vectors that were made behind a cursor.

    Attributes:
        numbers: The numbers of their stories; a later one replaces an earlier of the same story.
        vectors: The vectors, one behind the other, as bytes.
        cursor: Continues behind these.
    """

    numbers: Sequence[int]
    vectors: bytes
    cursor: int


class VectorStore(Protocol):
    """Keeps the vectors of stories. Methods may raise StoreError.

    A vector goes with its story, and when the story's title or summary changes. Models are told
    apart by name; a story keeps the vector of one, the last.
    """

    async def last_revision(self) -> int:
        """Returns the revision of the last write of stories."""
        ...

    async def unembedded(
        self, model: str, below: int | None, limit: int
    ) -> Sequence[UnembeddedStory]:
        """Returns stories without a vector of the model, those that were added last first.

        Args:
            model: The model.
            below: Only stories with lower numbers; None for all.
            limit: At most so many.
        """
        ...

    async def unembedded_since(
        self, model: str, revision: int, limit: int
    ) -> Sequence[UnembeddedStory]:
        """Returns stories without a vector of the model that were written behind a revision."""
        ...

    async def keep_vectors(self, model: str, vectors: Mapping[UnembeddedStory, bytes]) -> None:
        """Keeps vectors, but for those of stories that were written again meanwhile, or are gone.

        An empty vector is kept for a story that has none to be had.
        """
        ...

    async def vectors_since(self, model: str, cursor: int) -> VectorChanges:
        """Returns vectors of the model that were made behind a cursor, 0 for the start.

        Where there are many, these are the first of them: asking until there are no more gives all.
        """
        ...

    async def count_vectors(self, model: str) -> tuple[int, int]:
        """Returns how many stories have a vector of the model, and how many stories there are."""
        ...

    async def numbers_within(self, within: Filter) -> Sequence[int]:
        """Returns the numbers of the stories that fit a filter."""
        ...

    async def candidates_by_number(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        """Returns the stories with these numbers, in their order; those that are gone left out."""
        ...


class ResultCompleter(Protocol):
    """Completes what a search by words found."""

    async def prepare(self) -> None:
        """Gets ready for questions, which find nothing more before that; failures are logged."""
        ...

    async def complete(self, found: SearchResult, within: Filter) -> SearchResult:
        """Returns the result with what means the same, where no story holds all the words.

        Raises:
            StoreError: The stories cannot be read.
        """
        ...


Report: TypeAlias = Callable[[int, int], None]
"""Is told how many stories have a vector, and how many stories there are."""


class VectorUpkeep(Protocol):
    """Makes the vectors that stories lack."""

    async def keep_up(self) -> None:
        """Makes all vectors that are missing, then those of each new or changed story, for ever.

        An embedder that fails is asked again later; that is logged once.

        Raises:
            StoreError: The vectors cannot be read or kept.
        """
        ...

    async def make_all(self, report: Report | None = None) -> None:
        """Makes all vectors that are missing, those of the newest stories first.

        Args:
            report: Is told of the progress, at the start, after each batch and at the end.

        Raises:
            EmbeddingError: The embedder does not answer.
            StoreError: The vectors cannot be read or kept.
        """
        ...


@dataclass(frozen=True, slots=True)
class MeaningService:
    """The search by meaning, put together.

    Attributes:
        answers: Completes what is found by words.
        upkeep: Makes the vectors.
    """

    answers: ResultCompleter
    upkeep: VectorUpkeep
