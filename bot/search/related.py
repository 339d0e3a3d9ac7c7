"""Stories that are about the same: by the rare words that they share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Story
from bot.search.engine import Hit, SearchEngine
from bot.search.ports import SearchStore
from bot.search.query import Filter, Term
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import FILLERS
from bot.text.tokenizer import is_run, words

_WORDS = 14  # of a text, that other stories are looked for by
_TITLE = 3  # times that a word in a title counts
_HOLDERS = 400  # stories that are looked at for each word
_TOO_COMMON = 0.05  # the share of stories from which on a word tells nothing
_SHARED = 0.18  # the least share of the words' weight that a related story must hold
_LONGEST = 20_000  # characters of a text that are read


@dataclass(frozen=True, slots=True)
class _Telling:
    """A word that tells what a text is about, and how much it does."""

    word: str
    weight: float


class Related:
    """Finds the stories nearest to a story or a text, through the index that searches use."""

    def __init__(self, store: SearchStore, search_engine: SearchEngine) -> None:
        self._store = store
        self._searcher = search_engine

    async def to_story(self, story: Story, limit: int) -> tuple[Hit, ...]:
        """The stories nearest to another, the nearest first; never that story itself."""
        counts = Counter(words(story.text[:_LONGEST]))
        for word in words(story.title):
            counts[word] += _TITLE
        return await self._nearest(counts, limit, story.id)

    async def to_text(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The stories nearest to a text, the nearest first."""
        return await self._nearest(Counter(words(text[:_LONGEST])), limit, "")

    async def _nearest(self, counts: Counter[str], limit: int, but: str) -> tuple[Hit, ...]:
        least = 2 if but else 1  # what only the story itself holds leads to no other
        telling = _telling(counts, await self._searcher.vocabulary(), least)
        terms = [Term((one.word,)) for one in telling]
        held = await self._store.holders(terms, Filter(), _HOLDERS)
        points: dict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for one, numbers in zip(telling, held, strict=True):
            for number in numbers:
                points[number] += one.weight
            shared.update(numbers)
        total = sum(one.weight for one in telling) or 1.0
        fits = [
            number
            for number in points
            if points[number] / total >= _SHARED and _enough(shared[number], telling)
        ]
        best = sorted(fits, key=lambda number: (points[number], number), reverse=True)[: limit + 1]
        found = await self._store.by_numbers(best)
        hits = (
            Hit(found[n].id, found[n].title, round(points[n] / total, 4))
            for n in best
            if n in found
        )
        return tuple(hit for hit in hits if hit.id != but)[:limit]


def _enough(shared: int, telling: Sequence[_Telling]) -> bool:
    """One word in common is chance, where there are more."""
    return shared > 1 or len(telling) < 3  # noqa: PLR2004 - of a text of two words, one will do


def _telling(counts: Counter[str], vocabulary: Vocabulary, least: int) -> list[_Telling]:
    """The words of a text that are rare elsewhere and frequent in it."""
    most = max(vocabulary.stories * _TOO_COMMON, 5)
    found = [
        _Telling(word, (1 + math.log(times)) * vocabulary.weight(vocabulary.count(word)))
        for word, times in counts.items()
        if word not in FILLERS and (is_run(word) or least <= vocabulary.count(word) <= most)
    ]
    return sorted(found, key=lambda one: -one.weight)[:_WORDS]
