"""Makes the vectors of stories in the background, while nobody searches."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from bot.errors import EmbeddingError, RefusedTextError
from bot.search.meaning.meaning_search import MeaningSearch
from bot.search.meaning.ports import Embedder, Report, UnembeddedStory, VectorStore, VectorUpkeep
from bot.search.meaning.reference_texts import SUBJECTS
from bot.search.meaning.vector_index import to_bytes

log = logging.getLogger(__name__)

_QUIET = 2.0  # seconds without a search, after which vectors are made again
_LOOK_EVERY = 15.0  # seconds between looks for new stories
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 600.0  # seconds before an embedder that failed is asked again
_LONGEST_TITLE, _LONGEST_SENTENCE = 200, 120  # characters that are embedded
_SENTENCE = re.compile(r"(?<=[.!?])\s|(?<=[。！？])")
_REFUSED = b""  # in place of the vector of a text that the model does not take


def passage_text(passage: UnembeddedStory) -> str:
    """Returns what is embedded of a story: its title, and the first sentence of its summary."""
    title = " ".join(passage.title.split())[:_LONGEST_TITLE]
    first = _SENTENCE.split(" ".join(passage.summary.split()), maxsplit=1)[0]
    return f"{title}. {first[:_LONGEST_SENTENCE]}" if first else title


@dataclass(slots=True)
class VectorMaker(VectorUpkeep):
    """Makes the vectors that stories lack.

    Attributes:
        embedder: Makes them.
        store: Keeps them.
        search: Searches by them; it is told of new ones, and tells when people search.
        sleep: Waits for a number of seconds.
    """

    embedder: Embedder
    store: VectorStore
    search: MeaningSearch
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _revision: int = field(default=0, init=False)

    @override
    async def keep_up(self) -> None:
        pause, told = _FIRST_PAUSE, False
        while True:
            try:
                await self._make_rest()
                pause, told = _FIRST_PAUSE, False
                while True:
                    await self.sleep(_LOOK_EVERY)
                    await self._make_changed(await self.search.model())
            except EmbeddingError as error:
                if not told:
                    log.warning("new stories cannot be found by meaning: %s", error)
            told = True
            await self.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _make_rest(self) -> None:
        """Makes all vectors that are missing, and logs that, if any are."""
        made, total = await self.store.count_vectors(await self.search.model())
        if made < total:
            log.info("%s of %s stories can be found by meaning; adding the rest", made, total)
        await self.make_all()
        if made < total:
            log.info("all %s stories can be found by meaning", total)

    @override
    async def make_all(self, report: Report | None = None) -> None:
        model = await self.search.model()
        await self.search.update()
        self._revision = await self.store.last_revision()
        made, total = await self.store.count_vectors(model)
        if report:
            report(made, total)
        below: int | None = None if made < total else 0  # all are there: none is looked for
        while batch := await self.store.unembedded(model, below, self.embedder.batch):
            await self._make(model, batch)
            below = batch[-1].number
            made += len(batch)
            if report and made < total:
                report(made, total)
            await self._make_changed(model)
        if report:
            report(*await self.store.count_vectors(model))

    async def _make_changed(self, model: str) -> None:
        """Makes the vectors of stories that were written since the last look."""
        now = await self.store.last_revision()
        if now == self._revision:
            return
        while batch := await self.store.unembedded_since(
            model, self._revision, self.embedder.batch
        ):
            await self._make(model, batch)
        self._revision = now

    async def _make(self, model: str, batch: Sequence[UnembeddedStory]) -> None:
        await self._wait_for_quiet()
        vectors = await self._embed(batch)
        await self.store.keep_vectors(model, dict(zip(batch, vectors, strict=True)))
        await self.search.update()

    async def _embed(self, batch: Sequence[UnembeddedStory]) -> Sequence[bytes]:
        try:
            made = await self.embedder.embed_passages([passage_text(one) for one in batch])
        except RefusedTextError as error:
            if len(batch) > 1:
                return [(await self._embed((one,)))[0] for one in batch]
            await self.embedder.embed_passages(SUBJECTS[:1])  # or it refuses everything
            log.info("a story cannot be found by meaning: %s", error)
            return (_REFUSED,)
        if any(len(one) != self.search.dimensions for one in made):
            self.search.forget_model()
            raise EmbeddingError("the model was replaced by one whose vectors have another length")
        return [to_bytes(one) for one in made]

    async def _wait_for_quiet(self) -> None:
        while (idle := self.search.idle_seconds) < _QUIET:
            await self.sleep(_QUIET - idle)
