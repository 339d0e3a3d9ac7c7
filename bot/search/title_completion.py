"""Title completion: the stories whose titles are being typed, asked for at every key pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

from bot.search.older_titles import OlderTitles
from bot.search.ports import START, Candidate, SearchStore
from bot.search.title_index import Comparisons, TitleIndex, TitleInput, TitleMatch
from bot.search.vocabulary import Vocabulary
from bot.text.tokenizer import words

NEWEST = 30_000
"""Titles that are kept in memory, the newest; older ones are searched for in the store."""

_MAX_WORDS = 16
_MAX_LETTERS = 400  # of what is typed that are looked at
_BATCH = 200  # titles that are indexed before anyone could notice
_PAUSE = 0.002  # seconds; without a real pause the store's threads would hardly have a turn
_ENOUGH = 5  # titles that hold the very words; with fewer, typos are searched for, too
_PREFIX, _TYPO_PREFIX = 0.9, 0.75  # the quality of a word that what was typed is a prefix of
_INFLECTED, _ONE_EDIT, _TWO_EDITS = 0.9, 0.85, 0.65
_FORMS = 12  # other forms of one word that are searched for

_Row = tuple[str, ...]


class TitleCompleter:
    """Completes titles from an index in memory, and older ones than that holds from the store."""

    def __init__(self, store: SearchStore, newest: int = NEWEST) -> None:
        """Makes a completer that knows no titles yet.

        Args:
            store: The stories.
            newest: How many titles it keeps in memory, or twice as many after a while.
        """
        self._store = store
        self._newest = newest
        self._index = TitleIndex()
        self._cursor = START
        self._refresh = asyncio.Lock()

    async def index(self) -> TitleIndex:
        """Returns the index of the newest titles, as the store has them now."""
        async with self._refresh:
            if self._cursor == START or len(self._index) > 2 * self._newest:
                self._index = TitleIndex()
                self._cursor = await self._store.before_newest(self._newest)
            while True:
                changes = await self._store.titles_since(self._cursor)
                await self._add(changes.titles)
                # Not before: after a cancellation all of them are asked for again.
                self._cursor = changes.cursor
                if not changes.titles:
                    return self._index

    async def _add(self, titles: Mapping[str, str]) -> None:
        """Indexes titles in batches, while others are answered.

        A thread would do it sooner, but would change an index that is being searched, and go on
        after a cancellation.
        """
        rest = iter(titles.items())
        while batch := dict(islice(rest, _BATCH)):
            self._index.update(batch)
            if len(batch) == _BATCH:
                await asyncio.sleep(_PAUSE)

    async def complete(self, text: str, vocabulary: Vocabulary, limit: int) -> Sequence[Candidate]:
        """Finds the stories whose titles a text may be the start of, the likeliest first.

        Args:
            text: The words of a title, typos and all, in any order; the last may be unfinished.
            vocabulary: The words of all stories.
            limit: How many stories at most.
        """
        row = tuple(words(text[:_MAX_LETTERS])[:_MAX_WORDS])
        if not row:
            return ()
        index = await self.index()
        older = OlderTitles(self._store, vocabulary) if len(index) >= self._newest else None
        search = _TitleSearch(index, vocabulary, older, is_open=text[-1:].isalnum())
        return await self._store.candidates_by_id(await search.run(row, limit))


class _TitleSearch:
    """A search for a title that is being typed."""

    def __init__(
        self,
        index: TitleIndex,
        vocabulary: Vocabulary,
        older: OlderTitles | None,
        *,
        is_open: bool,
    ) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._older = older
        self._is_open = is_open  # the last word may be unfinished
        self._allowed = Comparisons()
        # What takes long to find, and is the same for every reading.
        self._forms = cache(self._find_forms)
        self._typo_prefixes = cache(self._find_typo_prefixes)

    async def run(self, row: _Row, limit: int) -> list[str]:
        """Returns the ids of the stories: those of the very words first, then by their scores.

        Others have their turn between its searches.
        """
        found: dict[str, None] = {}
        for reading in self._readings(row, found):
            # A bolder reading never comes before a surer one.
            found.update(dict.fromkeys(match.id for match in await self._search(reading, limit)))
            if not self._allowed.left:
                return list(found)[:limit]
        if not found and len(row) > 1:
            return await self.run(self._relax(row), limit)
        return list(found)[:limit]

    async def _search(self, reading: Sequence[TitleInput], limit: int) -> Sequence[TitleMatch]:
        """Returns the best titles; older ones only where too few of the newest fit."""
        matches = self._index.search(reading, limit, self._allowed)
        if self._older is None or len(matches) >= limit:
            await asyncio.sleep(0)
            return matches
        known = {match.id for match in matches}
        older = await self._older.search(reading, limit)
        matches += [match for match in older if match.id not in known]
        return sorted(matches, key=lambda match: -match.score)[:limit]

    def _is_known(self, word: str) -> bool:
        """Tells if a title holds a word: of the older ones, some story may."""
        return word in self._index or (self._older is not None and word in self._vocabulary)

    def _has_prefix(self, prefix: str) -> bool:
        is_older = self._older is not None and self._vocabulary.has_prefix(prefix)
        return is_older or self._index.has_prefix(prefix)

    def _readings(self, row: _Row, found: Collection[str]) -> Iterator[list[TitleInput]]:
        """Yields what may be meant, from sure to bold, as long as too little was found."""
        yield self._literal(row)
        if len(found) < _ENOUGH:
            yield self._corrected(row, 1)
        for other in self._respaced(row):
            if not found:
                yield self._corrected(other, 1)
        if not found:
            yield self._corrected(row, 2)

    def _literal(self, row: _Row) -> list[TitleInput]:
        *whole, last = row
        return [
            *(TitleInput({word: 1.0}) for word in whole),
            TitleInput({last: 1.0}, self._prefix(last)),
        ]

    def _respaced(self, row: _Row) -> Iterator[_Row]:
        """Yields the row with two of its words as one, and with one of them as two."""
        for at in range(len(row) - 1):
            joined = row[at] + row[at + 1]
            is_prefix = self._is_open and row[at + 2 :] == () and self._has_prefix(joined)
            if is_prefix or self._is_known(joined):
                yield (*row[:at], joined, *row[at + 2 :])
        for at, word in enumerate(row):
            for halves in () if self._is_known(word) else self._vocabulary.split(word)[:2]:
                yield (*row[:at], *halves, *row[at + 1 :])

    def _corrected(self, row: _Row, edits: int) -> list[TitleInput]:
        *whole, last = row
        prefixes = {**self._typo_prefixes(last), **self._prefix(last)}
        return [
            *(TitleInput(self._forms(word, edits)) for word in whole),
            TitleInput(self._forms(last, edits), prefixes),
        ]

    def _find_forms(self, word: str, edits: int) -> Mapping[str, float]:
        """Returns a word and all that may be meant by it, each with its quality."""
        known = self._vocabulary
        near = [one for one in known.corrections(word, 1) if self._is_known(one)]
        forms = dict.fromkeys(near[:_FORMS], _ONE_EDIT)
        if edits > 1 and not near and not self._is_known(word):
            forms |= dict.fromkeys(known.corrections(word, 2)[:_FORMS], _TWO_EDITS)
        forms |= dict.fromkeys(known.inflections(word)[:_FORMS], _INFLECTED)
        return {**forms, word: 1.0}

    def _prefix(self, word: str) -> dict[str, float]:
        return {word: _PREFIX} if self._is_open else {}

    def _find_typo_prefixes(self, word: str) -> Mapping[str, float]:
        near: Sequence[str] = ()
        if self._is_open:
            near = (self._vocabulary if self._older else self._index).correct_prefix(word)
        return dict.fromkeys(near, _TYPO_PREFIX)

    def _relax(self, row: _Row) -> _Row:
        """Drops the words that no title is like; when each is like something, drops the last."""
        *whole, last = row
        known = [word for word in whole if any(map(self._is_known, self._forms(word, 2)))]
        if self._has_prefix(last) or self._typo_prefixes(last):
            known.append(last)
        return tuple(known) if 0 < len(known) < len(row) else row[:-1]
