"""Adds to the results of a search what means the same, where no story holds all the words."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from bot.errors import EmbeddingError
from bot.search.meaning.meaning_search import MeaningMatch, MeaningSearch
from bot.search.meaning.ports import ResultCompleter
from bot.search.query import Filter, Query
from bot.search.results import Hit, SearchResult

log = logging.getLogger(__name__)

_STRONG = 0.5  # the score from which on a story with some of the words is likelier to be meant
_LEADING = 2  # of such stories, those that come first: if they are not meant, the next are not


class MeaningAnswers(ResultCompleter):
    """Adds stories to the results of searches by words.

    They are wanted where no story holds all the words, and a plain question was asked: one in
    quotes, for titles or with words to leave out says what the stories have to hold.
    """

    def __init__(self, search: MeaningSearch) -> None:
        self._search = search

    @override
    async def prepare(self) -> None:
        try:
            await self._search.model()
            await self._search.update()
        except EmbeddingError as error:
            log.warning("no stories are found by meaning: %s", error)

    @override
    async def complete(self, found: SearchResult, within: Filter) -> SearchResult:
        self._search.note_question()
        if (found.hits and not found.partial) or not _is_plain(found.query):
            return found
        matches = await self._search.find(str(found.query), within)
        return replace(found, hits=_merge(found.hits, matches))


def _is_plain(query: Query) -> bool:
    """Tells whether a query asks for something in any words."""
    is_exact = query.in_title or query.without or query.by_time
    is_one = len(query.alternatives) == 1
    return is_one and not is_exact and not any(term.quoted for term in query.terms)


def _merge(hits: Sequence[Hit], matches: Sequence[MeaningMatch]) -> tuple[Hit, ...]:
    """Puts what means the same behind the best of what holds most of the words, before all else.

    What holds some of the words and means the same, too, comes as early as either.
    """
    strong = [hit for hit in hits[:_LEADING] if hit.score >= _STRONG]
    held = {hit.id: hit for hit in hits}
    meant = [held.get(one.candidate.id) or _hit(one) for one in matches]
    ordered = dict.fromkeys((*strong, *meant, *hits))
    return _with_falling_scores(tuple(ordered))


def _with_falling_scores(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    # What comes later never has a higher score, even when it came later for another reason.
    falling, least = [], 1.0
    for hit in hits:
        least = min(least, hit.score)
        falling.append(replace(hit, score=least))
    return tuple(falling)


def _hit(match: MeaningMatch) -> Hit:
    candidate = match.candidate
    score = round(min(max(match.score, 0.0), 1.0), 4)
    return Hit(
        candidate.id,
        candidate.title,
        score,
        by_meaning=True,
        development=candidate.development,
    )
