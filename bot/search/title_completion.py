"""The stories whose titles a person may be about to type, asked for at every key pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.search.ports import Candidate, SearchStore
from bot.search.title_index import TitleIndex, TitleInput
from bot.search.vocabulary import Vocabulary
from bot.text.tokenizer import words

_MAX_WORDS = 16
_PIECE = 200  # titles that are learnt before anyone could notice
_BREATH = 0.002  # seconds; without a real pause the store's threads would hardly have a turn
_ENOUGH = 5  # titles that begin with the very words; with fewer, slips are looked for, too
_BEGUN, _NEARLY_BEGUN = 0.9, 0.75
_INFLECTED, _ONE_SLIP, _TWO_SLIPS = 0.9, 0.85, 0.65
_FORMS = 12  # other forms of one word that are looked for

_Row = tuple[str, ...]


class TitleCompleter:
    """Completes titles from memory."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._titles = TitleIndex()
        self._revision = 0
        self._refresh = asyncio.Lock()

    async def titles(self) -> TitleIndex:
        """All titles, as the store has them now."""
        async with self._refresh:
            while True:
                revision, changes = await self._store.titles_since(self._revision)
                await self._learn(changes)
                self._revision = revision  # not before: who is cancelled asks for all of them again
                if not changes:
                    return self._titles

    async def _learn(self, changes: Mapping[int, str]) -> None:
        """Takes over titles in pieces, while others are answered.

        A thread would do it sooner, but would change what is being looked at, and go on after
        whoever waits for it has been cancelled.
        """
        numbers = sorted(changes)
        for at in range(0, len(numbers), _PIECE):
            if at:
                await asyncio.sleep(_BREATH)
            piece = numbers[at : at + _PIECE]
            self._titles.update({number: changes[number] for number in piece})

    async def find(self, text: str, vocabulary: Vocabulary, limit: int) -> Sequence[Candidate]:
        """The stories that a text may be about to name, the likeliest first.

        Args:
            text: The words of a title, with slips, in any order; the last may be unfinished.
            vocabulary: The words of all stories.
            limit: How many stories at most.
        """
        row = tuple(words(text)[:_MAX_WORDS])
        if not row:
            return ()
        typing = _Typing(await self.titles(), vocabulary, is_open=text[-1:].isalnum())
        found = await self._store.by_numbers(numbers := typing.found(row, limit))
        return [found[number] for number in numbers if number in found]


class _Typing:
    """A title that is being typed."""

    def __init__(self, titles: TitleIndex, vocabulary: Vocabulary, *, is_open: bool) -> None:
        self._titles = titles
        self._vocabulary = vocabulary
        self._is_open = is_open

    def found(self, row: _Row, limit: int) -> list[int]:
        """The numbers of the stories: those of the very words first, then by how well they fit."""
        best: dict[int, tuple[int, float]] = {}
        for boldness, reading in enumerate(self._readings(row, best)):
            for score, number in self._titles.holding(reading, limit):
                best.setdefault(number, (-boldness, score))
        if not best and len(row) > 1:
            return self.found(self._surest(row), limit)
        return sorted(best, key=lambda number: (best[number], number), reverse=True)[:limit]

    def _readings(self, row: _Row, found: Collection[int]) -> Iterator[list[TitleInput]]:
        """What may be meant, from sure to bold, as long as too little was found."""
        yield self._literal(row)
        if len(found) < _ENOUGH:
            yield self._mended(row, 1)
        for other in self._respaced(row):
            if not found:
                yield self._mended(other, 1)
        if not found:
            yield self._mended(row, 2)

    def _literal(self, row: _Row) -> list[TitleInput]:
        *whole, last = row
        return [
            *(TitleInput({word: 1.0}) for word in whole),
            TitleInput({last: 1.0}, self._begun(last)),
        ]

    def _respaced(self, row: _Row) -> Iterator[_Row]:
        """The row with two of its words as one, and with one of them as two."""
        for at in range(len(row) - 1):
            joined = row[at] + row[at + 1]
            begins = self._is_open and row[at + 2 :] == () and self._titles.begins(joined)
            if begins or joined in self._titles:
                yield (*row[:at], joined, *row[at + 2 :])
        for at, word in enumerate(row):
            for halves in () if word in self._titles else self._vocabulary.halves(word)[:2]:
                yield (*row[:at], *halves, *row[at + 1 :])

    def _mended(self, row: _Row, slips: int) -> list[TitleInput]:
        *whole, last = row
        return [
            *(TitleInput(self._forms(word, slips)) for word in whole),
            TitleInput(self._forms(last, slips), {**self._nearly(last), **self._begun(last)}),
        ]

    def _forms(self, word: str, slips: int) -> dict[str, float]:
        """A word and all that it may be meant for."""
        known = self._vocabulary
        near = [one for one in known.near(word, 1) if one in self._titles]
        forms = dict.fromkeys(near[:_FORMS], _ONE_SLIP)
        if slips > 1 and word not in self._titles and not near:
            forms |= dict.fromkeys(known.near(word, 2)[:_FORMS], _TWO_SLIPS)
        forms |= dict.fromkeys(known.inflections(word)[:_FORMS], _INFLECTED)
        return {**forms, word: 1.0}

    def _begun(self, word: str) -> dict[str, float]:
        return {word: _BEGUN} if self._is_open else {}

    def _nearly(self, word: str) -> dict[str, float]:
        near = self._titles.nearly(word) if self._is_open else ()
        return dict.fromkeys(near, _NEARLY_BEGUN)

    def _surest(self, row: _Row) -> _Row:
        """The row without what no title is like; when each is like something, without the last."""
        *whole, last = row
        known = [
            word for word in whole if any(map(self._titles.__contains__, self._forms(word, 2)))
        ]
        if self._titles.begins(last) or self._nearly(last):
            known.append(last)
        return tuple(known) if 0 < len(known) < len(row) else row[:-1]
