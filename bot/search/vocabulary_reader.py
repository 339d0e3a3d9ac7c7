"""Reading of the vocabulary: the words of the stories, as the store has them now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

from bot.search.ports import START, SearchStore
from bot.search.vocabulary import MAX_COMMON, MAX_UNIQUE, Vocabulary
from bot.text.tokenizer import is_run

_PAGES = 4  # of new words that are learnt before a question is answered
_BATCH = 500  # words that are learnt before anyone could notice
_PAUSE = 0.002  # seconds; without a real pause the store's threads would hardly have a turn


class VocabularyReader:
    """Keeps a vocabulary that follows the store."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._vocabulary = Vocabulary()
        self._cursor = START
        self._refresh = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        """True once the words were read: since then, nobody waits for long."""
        return self._cursor != START

    async def read(self) -> Vocabulary:
        """Returns the words of the stories, as the store has them now.

        After very many new stories the last of them are learnt with the next questions: nobody
        waits for all.
        """
        async with self._refresh:
            if self._cursor == START:
                await self._learn_all()
            self._vocabulary.is_behind = True
            for _ in range(_PAGES):
                changes = await self._store.words_since(self._cursor)
                if changes.outdated:
                    await self._learn_all()
                    break
                await self._learn(changes.counts)
                # Not before: after a cancellation all of them are asked for again.
                self._cursor = changes.cursor
                if not changes.counts:
                    self._vocabulary.is_behind = False
                    break
            return self._vocabulary

    async def read_for(self, names: Sequence[str]) -> Vocabulary:
        """Returns the vocabulary, with the words of a question that it has no room for."""
        vocabulary = await self.read()
        unknown = [name for name in names if name not in vocabulary]
        if not vocabulary.is_full:  # it knows all words then, but for pairs of letters
            unknown = [name for name in unknown if is_run(name)]
        if unknown:
            vocabulary.add_named(await self._store.word_counts(unknown))
        return vocabulary

    async def _learn_all(self) -> None:
        """Learns all words anew, aside, while others are answered."""
        known = await self._store.common_words(MAX_COMMON, MAX_UNIQUE)
        vocabulary = Vocabulary()
        await asyncio.to_thread(vocabulary.update, known.counts)
        self._vocabulary, self._cursor = vocabulary, known.cursor

    async def _learn(self, counts: Mapping[str, int]) -> None:
        """Learns words in batches, while others are answered."""
        rest = iter(counts.items())
        while batch := dict(islice(rest, _BATCH)):
            self._vocabulary.update(batch)
            if len(batch) == _BATCH:
                await asyncio.sleep(_PAUSE)
