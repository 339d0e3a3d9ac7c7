"""Partial matches: stories that hold some of the words of a query, where none holds all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.search.budget import LONG, SECONDS, Budget, FormCount, count_form, work_of_all
from bot.search.covering import candidates_by_letters, is_covered, prefer_covered
from bot.search.plan import Plan, count_excluded
from bot.search.ports import Candidate, PartialQuery, SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.ranking import DOUBTFUL, INFLECTED, Fit, RankedStory, RankingTerm, rank, sort_ranked
from bot.search.vocabulary import Vocabulary

CANDIDATES = 60
"""Stories that are ranked for one search: those added last, and as many by their titles."""

READ_CANDIDATES = 40
"""Likewise where the texts of each are looked at."""

LONG_CANDIDATES = 20
"""Likewise for a long question, each of which is looked at for every one of its words."""

_DEPTH = 1_500  # stories that are read for one word
_BRIEF_DEPTH = 200  # likewise where it is a long question, or others hold more of its words
_GATHERING = 12  # of a long question the rarest words alone
_RAREST = 2  # words that stories are gathered by beside others that hold more of them
_FILTERED = 4  # postings that one counts for whose story must be looked up for a filter
_TURN = 10  # stories that are ranked at once for many terms
_PER_LETTER, _LONGEST = 0.01, 20  # what each letter adds to a word's weight, and up to which one
_SHARE = 0.5  # of the best score, that a story needs to be shown beside it


def limit_candidates(plan: Plan) -> int:
    """Returns how many stories are ranked for a plan."""
    if sum(map(len, plan.ranking)) > 2 * LONG:
        return LONG_CANDIDATES
    return READ_CANDIDATES if plan.is_ambiguous else CANDIDATES


async def find_partial_matches(
    store: SearchStore,
    vocabulary: Vocabulary,
    plan: Plan,
    within: Filter,
    budget: Budget,
    asked: Query,
) -> tuple[Plan, list[RankedStory]]:
    """Finds stories that hold some of the words, those first that hold the rarest.

    Args:
        store: The stories.
        vocabulary: Their words.
        plan: What is searched for.
        within: The stories to search.
        budget: What it may cost.
        asked: The question that the plan is made of.

    Returns:
        The part of the plan that was searched for, one of its alternatives, and the stories.
    """
    terms, group = _most_telling(plan, vocabulary)
    pairs = zip(terms, group, strict=True)
    group = tuple(_weigh_by_length(vocabulary, term, ranking) for term, ranking in pairs)
    part = Plan(replace(plan.query, alternatives=(terms,)), (group,))
    excluded = sum(one.postings for one in count_excluded(plan.query, vocabulary))
    rare = [
        at
        for at in _rare_places(vocabulary, terms, group)
        if budget.spend(_work_of_gathering(vocabulary, group[at], within) + excluded)
    ]
    most = await _by_most_words(store, vocabulary, part, within, budget)
    found = await _by_rare_words(store, vocabulary, part, rare, within, is_needed=not most)
    alike = (
        await candidates_by_letters(store, asked, within, READ_CANDIDATES, budget)
        if is_covered(asked)
        else ()
    )
    for one in reversed((*alike, *most)):  # of equals, the one added first
        found.setdefault(one.id, one)
    ranked = await rank_in_turns(part.ranking, list(found.values()), holds_all=False)
    return part, _prune(await prefer_covered(ranked, asked, vocabulary))


def _weigh_by_length(vocabulary: Vocabulary, term: Term, ranking: RankingTerm) -> RankingTerm:
    """Weighs a longer known word a little more: of words as rare, it is the more telling one."""
    if not vocabulary.count(term.words[0]):
        return ranking
    letters = min(len(term.words[0]), _LONGEST)
    return replace(ranking, weight=ranking.weight * (1 + _PER_LETTER * letters))


def _most_telling(
    plan: Plan, vocabulary: Vocabulary
) -> tuple[tuple[Term, ...], tuple[RankingTerm, ...]]:
    """Returns the words as they were typed or, where stories hold too few, as they hold more."""
    whole, *others = zip(plan.query.alternatives, plan.ranking, strict=True)
    if not others or all(_is_held(vocabulary, one) for one in whole[1]):
        # An English word is parted only where it cannot be meant as it stands.
        shorter = [part for part in others if len(part[1]) < len(whole[1])]
        is_compound = vocabulary.is_german and len(whole[1]) > 1
        meant = [whole, *(others if is_compound else shorter)]
        return min(meant, key=lambda part: _share_unsure(vocabulary, part[1]))
    parts = (whole, *sorted(others, key=lambda part: -len(part[0])))
    # Most terms are the same in all parts, and to count their forms takes its time.
    terms = {id(one): one for _, group in parts for one in group}
    unheld = {at for at, one in terms.items() if not _is_held(vocabulary, one)}
    return min(parts, key=lambda part: len(unheld.intersection(map(id, part[1]))))


def _share_unsure(vocabulary: Vocabulary, group: Sequence[RankingTerm]) -> float:
    """Returns the share of the terms of which stories hold only what may be meant by them."""
    unsure = (
        not any(
            quality >= INFLECTED and count_form(form, vocabulary.count).stories
            for form, quality in term.forms
        )
        for term in group
    )
    return sum(unsure) / len(group)


def _is_held(vocabulary: Vocabulary, term: RankingTerm) -> bool:
    for form, _ in term.forms:  # mostly the first is held, and no more need be counted
        if count_form(form, vocabulary.count).stories:
            return True
    return term.prefix > 0 and vocabulary.has_prefix(term.forms[0][0][-1])


def _prune(ranked: Sequence[RankedStory]) -> list[RankedStory]:
    """Leaves out what has little in common with the question beside what has much."""
    if not ranked:
        return []
    least = ranked[0].score * _SHARE
    guesses_only = ranked[0].fit is Fit.GUESS
    is_sure = all(match is None or match[1] >= INFLECTED for match in ranked[0].matches)
    return [
        one
        for one in ranked
        if one.score >= least
        and (guesses_only or one.fit > Fit.GUESS)
        and not (is_sure and _is_doubtful(one))
    ]


def _is_doubtful(one: RankedStory) -> bool:
    """Tells if a story was found by taking a word that stories hold for another one."""
    return any(match and match[1] <= DOUBTFUL for match in one.matches)


async def rank_in_turns(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidates: Sequence[Candidate],
    *,
    holds_all: bool = True,
    best: Fit = Fit.TYPED,
) -> list[RankedStory]:
    """Ranks candidates as `rank` does; for many terms in turns, while others are answered."""
    if sum(map(len, alternatives)) <= 2 * LONG:
        return rank(alternatives, candidates, holds_all=holds_all, best=best)
    ranked: list[RankedStory] = []
    for at in range(0, len(candidates), _TURN):
        turn = candidates[at : at + _TURN]
        ranked += rank(alternatives, turn, holds_all=holds_all, best=best)
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


def _work_of_gathering(vocabulary: Vocabulary, term: RankingTerm, within: Filter) -> int:
    """Returns the work of finding stories with one term that `_DEPTH` does not bound.

    Of a phrase, and of a word within a filter, nobody knows how far one must go to find any.
    """
    forms = _count_forms(vocabulary, term)
    if within != Filter():
        return _FILTERED * sum(one.postings for one in forms)
    return sum(one.postings for one in forms if one.postings > one.stories)


async def _by_rare_words(
    store: SearchStore,
    vocabulary: Vocabulary,
    part: Plan,
    rare: Sequence[int],
    within: Filter,
    *,
    is_needed: bool,
) -> dict[str, Candidate]:
    """Finds stories that hold most of the rare words, by their ids; a few where others do."""
    (terms,), (group,) = part.query.alternatives, part.ranking
    is_brief = len(terms) > LONG or not is_needed
    if not is_needed:
        rare = sorted(sorted(rare, key=lambda at: -group[at].weight)[:_RAREST])
    weighted = [one for at in rare for one in _weighted(terms[at], group[at], is_brief=is_brief)]
    query = PartialQuery(
        weighted,
        within,
        _BRIEF_DEPTH if is_brief else _DEPTH,
        without=part.query.without,
        in_title=part.query.in_title,
        counts=[_count_term(vocabulary, term) for term, _ in weighted],
    )
    limit = LONG_CANDIDATES if is_brief else READ_CANDIDATES
    matches = await store.partial_matches(query, limit, texts=True, seconds=SECONDS)
    # Of stories that rank as equals the first of the candidates stays first: the one added first.
    return {one.candidate.id: one.candidate for one in reversed(matches)}


def _weighted(term: Term, ranking: RankingTerm, *, is_brief: bool) -> Iterator[tuple[Term, float]]:
    """Yields a term as it stands and, of less weight, what it may be a typo of.

    With `is_brief`, nothing is guessed: others hold more of the words.
    """
    sure = tuple(form for form, quality in ranking.forms[1:] if quality >= INFLECTED)
    yield replace(term, also=sure, prefix=False), ranking.weight
    if is_brief:
        return
    rest = [(form, quality) for form, quality in ranking.forms[1:] if quality < INFLECTED]
    if rest:
        forms = tuple(form for form, _ in rest)
        yield Term(forms[0], also=forms[1:]), ranking.weight * rest[0][1]
    if ranking.prefix:
        yield replace(term, also=(), prefix=True), ranking.weight * ranking.prefix


async def _by_most_words(
    store: SearchStore, vocabulary: Vocabulary, part: Plan, within: Filter, budget: Budget
) -> Sequence[Candidate]:
    """Finds stories that hold all words, if known ones are taken for typos, too, or all but one.

    Each is searched for where that costs not too much.
    """
    (terms,), (group,) = part.query.alternatives, part.ranking
    limit, counts = limit_candidates(part), [_count_forms(vocabulary, one) for one in group]
    held = [_count_term(vocabulary, one) for one in terms]
    if len(terms) > 1 and budget.spend(work_of_all(counts)):
        found = await store.candidates(
            part.query, within, limit, texts=True, most=min(held), seconds=SECONDS
        )
        if found:
            return found
    if len(terms) <= 2:  # noqa: PLR2004 - the rest would be one word, and that is no hint
        return ()
    rests = [[*range(at), *range(at + 1, len(terms))] for at in range(len(terms))]
    if not budget.spend(sum(work_of_all([counts[at] for at in rest]) for rest in rests)):
        return ()
    groups = tuple(tuple(terms[at] for at in rest) for rest in rests)
    query = replace(part.query, alternatives=groups)
    most = sum(min(held[at] for at in rest) for rest in rests)
    return await store.candidates(query, within, limit, texts=True, most=most, seconds=SECONDS)


def _count(vocabulary: Vocabulary, term: RankingTerm) -> int:
    """Returns in how many stories the forms of a term stand at most."""
    return sum(form.stories for form in _count_forms(vocabulary, term))


def _count_term(vocabulary: Vocabulary, term: Term) -> int:
    """Returns in how many stories a term stands at most, its other forms and completions, too."""
    forms = sum(count_form(form, vocabulary.count).stories for form in (term.words, *term.also))
    return forms + (vocabulary.count_with(term.words[-1]) if term.prefix else 0)


def _count_forms(vocabulary: Vocabulary, term: RankingTerm) -> list[FormCount]:
    return [count_form(form, vocabulary.count) for form, _ in term.forms]
