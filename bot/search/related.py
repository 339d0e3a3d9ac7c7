"""Related stories: those about the same, found by the rare keywords that they share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Story
from bot.search.engine import SearchEngine
from bot.search.ports import PartialQuery, SearchStore
from bot.search.query import Filter, Term
from bot.search.results import Hit
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import is_run, words

_KEYWORDS = 14  # of a text, by which other stories are found
_TITLE = 3  # times that a word in a title counts
_DEPTH = 400  # stories that are read for each keyword
_TOO_COMMON = 0.05  # the share of stories from which on a word tells nothing
_SHARED = 0.18  # the least share of the keywords' weight that a related story must hold
_LONGEST = 20_000  # characters of a text that are read


@dataclass(frozen=True, slots=True)
class _Keyword:
    """A word that tells what a text is about, with its weight (term frequency by rarity)."""

    word: str
    weight: float


class RelatedStories:
    """Finds the stories nearest to a story or a text, through the index of the search."""

    def __init__(self, store: SearchStore, search_engine: SearchEngine) -> None:
        self._store = store
        self._search_engine = search_engine

    async def to_story(self, story: Story, limit: int) -> tuple[Hit, ...]:
        """Finds the stories nearest to another, the nearest first; never that story itself."""
        counts = Counter(words(story.text[:_LONGEST]))
        for word in words(story.title):
            counts[word] += _TITLE
        return await self._find_nearest(counts, limit, story.id)

    async def to_text(self, text: str, limit: int) -> tuple[Hit, ...]:
        """Finds the stories nearest to a text, the nearest first."""
        return await self._find_nearest(Counter(words(text[:_LONGEST])), limit, "")

    async def _find_nearest(self, counts: Counter[str], limit: int, but: str) -> tuple[Hit, ...]:
        least = 2 if but else 1  # what only the story itself holds leads to no other
        keywords = _keywords(counts, await self._search_engine.vocabulary(), least)
        query = PartialQuery(
            [(Term((one.word,)), one.weight) for one in keywords],
            Filter(),
            _DEPTH,
            # One word in common is chance; of a text of two words, one will do.
            least=2 if len(keywords) > 2 else 1,  # noqa: PLR2004
        )
        matches = await self._store.partial_matches(query, limit + 1)
        total = sum(one.weight for one in keywords) or 1.0
        hits = (
            Hit(one.candidate.id, one.candidate.title, round(one.weight / total, 4))
            for one in matches
            if one.weight / total >= _SHARED
        )
        return tuple(hit for hit in hits if hit.id != but)[:limit]


def _keywords(counts: Counter[str], vocabulary: Vocabulary, least: int) -> Sequence[_Keyword]:
    """Returns the words of a text that are rare elsewhere and frequent in it."""
    most = max(vocabulary.stories * _TOO_COMMON, 5)
    found = [
        _Keyword(word, (1 + math.log(times)) * vocabulary.weight(vocabulary.count(word)))
        for word, times in counts.items()
        if word not in STOPWORDS and (is_run(word) or least <= vocabulary.count(word) <= most)
    ]
    return sorted(found, key=lambda one: -one.weight)[:_KEYWORDS]
