"""Phrases that stories hold: a store is asked for each once, while one question is read."""

from __future__ import annotations

from collections.abc import Sequence

from stories import NOW
from typing_extensions import override

from bot.search.held_phrases import (
    CandidateSource,
    RememberedCandidates,
    are_all_held,
    is_title,
    titles_with,
)
from bot.search.ports import Candidate
from bot.search.query import Filter, Query


class _Counted(CandidateSource):
    """Has one story, and counts how often it is asked."""

    def __init__(self, title: str) -> None:
        self._story = Candidate(title, title, "", NOW)
        self.asked: list[Query] = []

    @override
    async def candidates(
        self, query: Query, within: Filter, limit: int, *, texts: bool = False
    ) -> Sequence[Candidate]:
        self.asked.append(query)
        return [self._story]


async def _may_hold(query: Query) -> bool:
    return "octobre" not in query.words


async def test_what_has_a_word_that_no_story_holds_is_not_asked_for() -> None:
    source = _Counted("October Surprise")
    store = RememberedCandidates(source, _may_hold)

    assert not await is_title(store, "octobre surprise")
    assert not await are_all_held(store, "surprise octobre", in_title=True)
    assert source.asked == []


async def test_what_was_asked_for_is_not_asked_for_again() -> None:
    source = _Counted("October Surprise")
    store = RememberedCandidates(source, _may_hold)

    assert await is_title(store, "october surprise")
    assert await is_title(store, "october surprise")
    assert await titles_with(store, "october surprise") == ["October Surprise"]
    assert len(source.asked) == 1
    assert await are_all_held(store, "october surprise", in_title=True)
    assert await titles_with(store, "october") == ["October Surprise"]
    assert len(source.asked) == 3
