"""The space of a model's vectors, as its reference texts show it: origins, and what means nothing.

numpy, which comes with the extra `meaning`, is needed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.search.meaning.ports import Embedder, Vector
from bot.search.meaning.reference_texts import DECOYS, OTHER_SCRIPTS, SUBJECTS
from bot.search.meaning.vector_index import unit_vectors

_NEXT_SCRIPT = "\u0370"  # the first letter behind the Latin ones and their marks: Greek


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """Space that the vectors of a model lie in.

    Attributes:
        model: The name that vectors are kept under: the model's, with their dimensions.
        origin: The middle of what may be found.
        latin_origin: The middle of questions in Latin letters.
        other_origin: The middle of questions in other letters.
        decoys: The directions of what means nothing, as the rows of a matrix.
    """

    model: str
    origin: Any
    latin_origin: Any
    other_origin: Any
    decoys: Any

    @property
    def dimensions(self) -> int:
        """Number of numbers in each vector."""
        return len(self.origin)

    def direction(self, text: str, vector: Vector) -> Any:
        """Returns the direction of a question from the middle of questions like it.

        Args:
            text: The question.
            vector: Its vector, of these dimensions.
        """
        origin = self.latin_origin if is_latin(text) else self.other_origin
        return unit_vectors([vector], origin)[0]

    def nonsense(self, direction: Any) -> float:
        """Returns the score of what means nothing and is nearest to a question."""
        return float((self.decoys @ direction).max())


async def explore(embedder: Embedder) -> VectorSpace:
    """Embeds the reference texts.

    Raises:
        EmbeddingError: The embedder does not answer.
    """
    found = await _embed_passages(embedder, (*SUBJECTS, *OTHER_SCRIPTS, *DECOYS))
    decoys, subjects = found[-len(DECOYS) :], found[: -len(DECOYS)]
    latin = [await embedder.embed_query(text) for text in SUBJECTS]
    other = [await embedder.embed_query(text) for text in OTHER_SCRIPTS]
    origin = unit_vectors(subjects).mean(axis=0)
    return VectorSpace(
        f"{embedder.model} {len(origin)}",
        origin,
        unit_vectors(latin).mean(axis=0),
        unit_vectors(other).mean(axis=0),
        unit_vectors(decoys, origin),
    )


async def _embed_passages(embedder: Embedder, texts: Sequence[str]) -> Sequence[Vector]:
    found = list[Vector]()
    for start in range(0, len(texts), embedder.batch):
        found += await embedder.embed_passages(texts[start : start + embedder.batch])
    return found


def is_latin(text: str) -> bool:
    """Tells whether all letters of a text are Latin."""
    return all(letter < _NEXT_SCRIPT for letter in text if letter.isalpha())
