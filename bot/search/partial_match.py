"""Stories that hold some of what is looked for, where none holds all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.search.expansion import Plan
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.ranking import IN_TEXT, RankedStory, RankingQuery, rank
from bot.search.vocabulary import Vocabulary

CANDIDATES = 60
"""Stories that are ranked for one search: those that came last, and as many by their titles."""

_HELD = 1_500  # stories that are looked at for one word
_CHOSEN = 60  # of those, stories that are ranked
_MAYBE = 0.1  # what a common word counts that may not stand in the story at all


async def holding_some(
    store: SearchStore, vocabulary: Vocabulary, plan: Plan, within: Filter
) -> tuple[Plan, list[RankedStory]]:
    """Stories that hold some of the words, those first that hold the rarest.

    Returns:
        The part of the plan that was looked for, which is its longest alternative, and the stories.
    """
    group = max(zip(plan.query.alternatives, plan.wanted, strict=True), key=lambda g: len(g[0]))
    terms, wanted = group
    part = Plan(replace(plan.query, alternatives=(terms,)), (wanted,))
    rare = _rarest(vocabulary, terms, wanted)
    candidates, elsewhere = await _by_rare_words(store, part, rare, within)
    for one in await _by_all_but_one(store, part.query, within):
        if one.id not in elsewhere:
            candidates.append(one)
            elsewhere[one.id] = [IN_TEXT * (len(terms) - 1) / len(terms)] * len(terms)
    return part, rank([wanted], candidates, elsewhere)


def _rarest(
    vocabulary: Vocabulary, terms: Sequence[Term], wanted: Sequence[RankingQuery]
) -> list[int]:
    """The terms to gather stories by: those that few hold or, when all are common, all."""
    counts = [sum(min(map(vocabulary.count, form)) for form, _ in one.forms) for one in wanted]
    rare = [at for at, count in enumerate(counts) if count <= _HELD or len(terms[at].words) > 1]
    return rare or list(range(len(terms)))


async def _by_rare_words(
    store: SearchStore, part: Plan, rare: Sequence[int], within: Filter
) -> tuple[list[Candidate], dict[str, list[float]]]:
    """Stories that hold most of the rare words, and what each word counts that is unseen."""
    (terms,), (wanted,) = part.query.alternatives, part.wanted
    held = await store.holders([terms[at] for at in rare], within, _HELD, part.query)
    points: dict[int, float] = {}
    for at, numbers in zip(rare, held, strict=True):
        for number in numbers:
            points[number] = points.get(number, 0.0) + wanted[at].weight
    best = sorted(points, key=lambda number: (points[number], number), reverse=True)[:_CHOSEN]
    found = await store.by_numbers(best)
    sets = [set(numbers) for numbers in held]
    elsewhere = {c.id: _elsewhere(n, len(terms), rare, sets) for n, c in found.items()}
    return list(found.values()), elsewhere


async def _by_all_but_one(store: SearchStore, query: Query, within: Filter) -> Sequence[Candidate]:
    """Stories that hold all words but one, whichever that is."""
    (terms,) = query.alternatives
    if len(terms) <= 2:  # noqa: PLR2004 - the rest would be one word, and that is no hint
        return ()
    groups = tuple((*terms[:at], *terms[at + 1 :]) for at in range(len(terms)))
    return await store.candidates(replace(query, alternatives=groups), within, CANDIDATES)


def _elsewhere(
    number: int, terms: int, rare: Sequence[int], held: Sequence[set[int]]
) -> list[float]:
    """What each term counts in a story where neither title nor summary shows it."""
    values = [_MAYBE] * terms
    for at, numbers in zip(rare, held, strict=True):
        values[at] = IN_TEXT if number in numbers else 0.0
    return values
