"""Partial matches: stories that hold some of the words of a query, where none holds all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.search.budget import LONG, SECONDS, Budget, work_of_all
from bot.search.expansion import Plan
from bot.search.ports import Candidate, PartialMatch, PartialQuery, SearchStore
from bot.search.query import Filter, Term
from bot.search.ranking import TEXT_MATCH, RankedStory, RankingTerm, rank, sort_ranked
from bot.search.vocabulary import Vocabulary

CANDIDATES = 60
"""Stories that are ranked for one search: those added last, and as many by their titles."""

_DEPTH = 1_500  # stories that are read for one word
_LONG_DEPTH, _GATHERING = 500, 12  # of a long question, and of it the rarest words alone
_TURN = 10  # stories that are ranked at once for many terms
_RANKED = 60  # of those, stories that are ranked
_MAYBE = 0.1  # the value of a common word that may not stand in the story at all


async def find_partial_matches(
    store: SearchStore, vocabulary: Vocabulary, plan: Plan, within: Filter, budget: Budget
) -> tuple[Plan, list[RankedStory]]:
    """Finds stories that hold some of the words, those first that hold the rarest.

    Returns:
        The part of the plan that was searched for, its longest alternative, and the stories.
    """
    longest = max(zip(plan.query.alternatives, plan.ranking, strict=True), key=lambda g: len(g[0]))
    terms, group = longest
    part = Plan(replace(plan.query, alternatives=(terms,)), (group,))
    rare = _rare_places(vocabulary, terms, group)
    async with asyncio.timeout(SECONDS):
        candidates, unseen = await _by_rare_words(store, part, rare, within)
    for one in await _by_all_but_one(store, vocabulary, part, within, budget):
        if one.id not in unseen:
            candidates.append(one)
            unseen[one.id] = [TEXT_MATCH * (len(terms) - 1) / len(terms)] * len(terms)
    return part, await rank_in_turns(part.ranking, candidates, unseen)


async def rank_in_turns(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidates: Sequence[Candidate],
    unseen: Mapping[str, Sequence[float]] | None = None,
) -> list[RankedStory]:
    """Ranks candidates as `rank` does; for many terms in turns, while others are answered."""
    if sum(map(len, alternatives)) <= 2 * LONG:
        return rank(alternatives, candidates, unseen)
    ranked: list[RankedStory] = []
    for at in range(0, len(candidates), _TURN):
        ranked += rank(alternatives, candidates[at : at + _TURN], unseen)
        await asyncio.sleep(0)
    return sort_ranked(ranked)


def _rare_places(
    vocabulary: Vocabulary, terms: Sequence[Term], group: Sequence[RankingTerm]
) -> list[int]:
    """Chooses the terms to gather stories by: rare ones or, when all are common, all."""
    counts = [_count(vocabulary, one) for one in group]
    rare = [at for at, count in enumerate(counts) if count <= _DEPTH or len(terms[at].words) > 1]
    found = rare or list(range(len(terms)))
    if len(terms) <= LONG:
        return found
    return sorted(sorted(found, key=lambda at: -group[at].weight)[:_GATHERING])


async def _by_rare_words(
    store: SearchStore, part: Plan, rare: Sequence[int], within: Filter
) -> tuple[list[Candidate], dict[str, list[float]]]:
    """Finds stories that hold most of the rare words, and the values of the words unseen there."""
    (terms,), (group,) = part.query.alternatives, part.ranking
    query = PartialQuery(
        [(terms[at], group[at].weight) for at in rare],
        within,
        _LONG_DEPTH if len(terms) > LONG else _DEPTH,
        without=part.query.without,
        in_title=part.query.in_title,
    )
    matches = await store.partial_matches(query, _RANKED)
    unseen = {one.candidate.id: _unseen(one, len(terms), rare) for one in matches}
    # Of stories that rank as equals the first of the candidates stays first: the one added first.
    return [one.candidate for one in reversed(matches)], unseen


async def _by_all_but_one(
    store: SearchStore, vocabulary: Vocabulary, part: Plan, within: Filter, budget: Budget
) -> Sequence[Candidate]:
    """Finds stories that hold all words but one, any one, where that costs not too much."""
    (terms,), (group,) = part.query.alternatives, part.ranking
    if len(terms) <= 2:  # noqa: PLR2004 - the rest would be one word, and that is no hint
        return ()
    if not budget.spend(_work_of_all_but_one(vocabulary, group)):
        return ()
    groups = tuple((*terms[:at], *terms[at + 1 :]) for at in range(len(terms)))
    async with asyncio.timeout(SECONDS):
        return await store.candidates(replace(part.query, alternatives=groups), within, CANDIDATES)


def _work_of_all_but_one(vocabulary: Vocabulary, group: Sequence[RankingTerm]) -> int:
    """Returns the work of one alternative for each term that is left out."""
    counts = [[min(map(vocabulary.count, form)) for form, _ in one.forms] for one in group]
    return sum(work_of_all([*counts[:at], *counts[at + 1 :]]) for at in range(len(counts)))


def _count(vocabulary: Vocabulary, term: RankingTerm) -> int:
    """Returns in how many stories the forms of a term stand at most."""
    return sum(min(map(vocabulary.count, form)) for form, _ in term.forms)


def _unseen(match: PartialMatch, terms: int, rare: Sequence[int]) -> list[float]:
    """Returns the value of each term in a story where neither title nor summary shows it."""
    values = [_MAYBE] * terms
    for place, at in enumerate(rare):
        values[at] = TEXT_MATCH if place in match.terms else 0.0
    return values
