"""The search engine: finds the stories that a query means, typos and all.

Words are first taken as they were typed. Only when no story holds them all, the query is expanded
step by step; only at the end partial matches are taken, stories that hold some of the words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice

from bot.search.budget import LONG, SECONDS, Budget
from bot.search.expansion import (
    INFLECTED,
    Plan,
    fuzzy_plan,
    literal_plan,
    remove_stopwords,
    removed_terms,
    suggestion_plan,
    two_typos_plan,
    typo_plan,
)
from bot.search.partial_match import CANDIDATES, find_partial_matches, rank_in_turns
from bot.search.ports import START, Candidate, SearchStore
from bot.search.query import Filter, Query, parse
from bot.search.ranking import Form, RankedStory, RankingTerm, boost, sort_ranked
from bot.search.title_completion import TitleCompleter
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import EXTENDED_STOPWORDS, STOPWORDS
from bot.text.tokenizer import words

_ENOUGH = 5  # stories that hold the very words; with fewer, the query is expanded
_GOOD = 0.78  # the score of a story from which on the query is expanded no further
_PAGES = 4  # of new words that are learnt before a question is answered
_BATCH = 500  # words that are learnt before anyone could notice
_PAUSE = 0.002  # seconds; without a real pause the store's threads would hardly have a turn
_WORTH = 0.6  # the score of a story from which on it is suggested that it was meant

EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found.

    Attributes:
        id: The story's id.
        title: Its title.
        score: From 0 to 1, how well it fits.
    """

    id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    Attributes:
        query: What was asked for.
        hits: The stories, best first.
        corrected: What was searched for instead, where that is not what was typed; else empty.
        suggestion: What may have been meant, where what was typed was found; else empty.
        partial: True when no story holds all the words; the hits, if any, hold some of them.
        marks: The words and phrases that were searched for, to highlight them.
        prefix: The prefix of a word that was searched for, too; empty for none.
        cut: True when the question was too long, and only a part of it was searched for, or not in
            every way.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    corrected: str = ""
    suggestion: str = ""
    partial: bool = False
    marks: tuple[Form, ...] = ()
    prefix: str = ""
    cut: bool = False


@dataclass(slots=True)
class _Search:
    """A search that is under way: what was found so far, and by which plan.

    Attributes:
        query: What was asked for.
        within: The stories to search.
        plan: What was searched for last.
        budget: What may still be done.
        pool: What was found.
    """

    query: Query
    within: Filter
    plan: Plan
    budget: Budget
    pool: list[RankedStory] = field(default_factory=list)


class SearchEngine:
    """Searches a store."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._titles = TitleCompleter(store)
        self._vocabulary = Vocabulary()
        self._cursor = START
        self._refresh = asyncio.Lock()
        self._long = asyncio.Lock()  # long questions wait for one another, and others for none

    async def vocabulary(self) -> Vocabulary:
        """Returns the words of the stories, as the store has them now.

        After very many new stories the last of them are learnt with the next questions: nobody
        waits for all.
        """
        async with self._refresh:
            if self._cursor == START:
                await self._learn_all()
            for _ in range(_PAGES):
                changes = await self._store.words_since(self._cursor)
                if changes.outdated:
                    await self._learn_all()
                    break
                await self._learn(changes.counts)
                # Not before: after a cancellation all of them are asked for again.
                self._cursor = changes.cursor
                if not changes.counts:
                    break
            return self._vocabulary

    async def _learn_all(self) -> None:
        """Learns all words anew, aside, while others are answered."""
        vocabulary, cursor = Vocabulary(), START
        while (changes := await self._store.words_since(cursor)).counts:
            await asyncio.to_thread(vocabulary.update, changes.counts)
            cursor = changes.cursor
        self._vocabulary, self._cursor = vocabulary, changes.cursor

    async def _learn(self, counts: Mapping[str, int]) -> None:
        """Learns words in batches, while others are answered."""
        rest = iter(counts.items())
        while batch := dict(islice(rest, _BATCH)):
            self._vocabulary.update(batch)
            if len(batch) == _BATCH:
                await asyncio.sleep(_PAUSE)

    async def _vocabulary_for(self, names: Sequence[str]) -> Vocabulary:
        """Returns the vocabulary, with the words of a question that it has no room for."""
        vocabulary = await self.vocabulary()
        unknown = [name for name in names if name not in vocabulary]
        if vocabulary.is_full and unknown:
            vocabulary.add_named(await self._store.word_counts(unknown))
        return vocabulary

    async def warm(self) -> None:
        """Reads all words and titles into memory, so that nobody waits for it later."""
        await self.vocabulary()
        await self._titles.index()

    async def find(
        self, query: Query, within: Filter = EVERYTHING, budget: Budget | None = None
    ) -> SearchResult:
        """Finds the stories that a query means, best first.

        What is too long for its budget, or takes too long, is answered with what was found so far.

        Args:
            query: What is asked for.
            within: The stories to search.
            budget: What it may cost; None for a question of its own.
        """
        if not query:
            return SearchResult(query, cut=query.cut)
        search = _Search(query, within, literal_plan(query), budget or Budget())
        turn = self._long if len(query.words) > LONG else nullcontext()
        try:
            async with turn:
                found = await self._run(search)
        except TimeoutError:
            found = _result(query, search.plan, search.pool)
            search.budget.exhausted = True
        return replace(found, cut=query.cut or search.budget.exhausted)

    async def _run(self, search: _Search) -> SearchResult:
        query = asked = search.query
        search.pool = await self._rank(search.plan, search)
        sure = len(search.pool) >= _ENOUGH and search.pool[0].exact
        if sure or (query.newest and search.pool) or all(term.quoted for term in query.terms):
            return _result(query, search.plan, search.pool)
        vocabulary = await self._vocabulary_for(query.words)
        steps = [(suggestion_plan, query)] if search.pool else _expansion_steps(query)
        for step, asked in steps:
            wider = step(asked, vocabulary)
            if wider.query != search.plan.query:
                search.plan = wider
                search.pool = _merge(search.pool, await self._rank(wider, search))
            if search.pool and (search.pool[0].exact or search.pool[0].score >= _GOOD):
                break
        if not search.pool:
            return await self._find_partial(search)
        if asked != query:
            search.pool = boost(search.pool, removed_terms(query, asked, vocabulary))
        return _result(query, search.plan, search.pool)

    async def relax(self, query: Query) -> Query | None:
        """Returns the query without its rarest word; None when it has but one."""
        vocabulary = await self._vocabulary_for(query.words)
        if len(query.terms) < 2:  # noqa: PLR2004 - nothing would be left
            return None
        worst = min(query.terms, key=lambda term: min(map(vocabulary.count, term.words)))
        groups = (tuple(t for t in group if t != worst) for group in query.alternatives)
        return replace(query, alternatives=tuple(filter(None, groups)))

    async def find_by_title(self, text: str) -> tuple[Hit, ...]:
        """Finds the stories that `text` names by words of their titles; one when it is clear.

        Several are returned when the words fit several titles, the best first.
        """
        query, budget = parse(text), Budget()
        found = await self.find(replace(query, in_title=True), budget=budget)
        is_long = budget.exhausted or len(query.words) > LONG
        if not found.hits or (found.partial and not is_long):
            found = await self.find(query, budget=budget)
        exact = [hit for hit in found.hits if tuple(words(hit.title)) == query.words]
        wanted = set(words(found.corrected)) or set(query.words)
        holding = [hit for hit in found.hits if wanted <= set(words(hit.title))]
        return tuple(exact) if len(exact) == 1 else tuple(holding) or found.hits

    async def complete_title(self, text: str, limit: int) -> Sequence[Candidate]:
        """Finds the stories whose titles a text may be the start of, the likeliest first."""
        return await self._titles.complete(text, await self.vocabulary(), limit)

    async def _find_partial(self, search: _Search) -> SearchResult:
        vocabulary, query = self._vocabulary, search.query
        plan = fuzzy_plan(remove_stopwords(query), vocabulary)
        part, ranked = await find_partial_matches(
            self._store, vocabulary, plan, search.within, search.budget
        )
        partial = not ranked or any(form is None for form in ranked[0].forms)
        return replace(_result(query, part, ranked, holds_all=False), partial=partial)

    async def _rank(self, plan: Plan, search: _Search) -> list[RankedStory]:
        if not search.budget.spend(plan.work):
            return []
        async with asyncio.timeout(SECONDS):
            found = await self._store.candidates(plan.query, search.within, CANDIDATES)
        return await rank_in_turns(plan.ranking, found)


ExpansionStep = Callable[[Query, Vocabulary], Plan]


def _expansion_steps(query: Query) -> Iterator[tuple[ExpansionStep, Query]]:
    """Yields the steps, from sure to bold: with all words, and with those that matter."""
    yield typo_plan, query
    before = query
    for stopwords in (STOPWORDS, EXTENDED_STOPWORDS):
        rest = remove_stopwords(query, stopwords)
        if rest != before:
            yield literal_plan, rest
            yield typo_plan, rest
        before = rest
    yield two_typos_plan, before
    yield fuzzy_plan, before


def _merge(pool: list[RankedStory], more: list[RankedStory]) -> list[RankedStory]:
    """Merges two rankings: each story once, with its best score."""
    best = {one.candidate.id: one for one in pool}
    for one in more:
        known = best.get(one.candidate.id)
        if known is None or one.score > known.score:
            best[one.candidate.id] = one
    return sort_ranked(best.values())


def _newest_hits(ranked: Sequence[RankedStory]) -> tuple[Hit, ...]:
    latest = sorted(ranked, key=lambda one: one.candidate.published, reverse=True)
    return tuple(Hit(r.candidate.id, r.candidate.title, round(r.score, 4)) for r in latest)


def _best_hits(ranked: Sequence[RankedStory]) -> tuple[Hit, ...]:
    # What comes later never has a higher score, even when it came later for another reason.
    scores = accumulate((one.score for one in ranked), min)
    return tuple(
        Hit(one.candidate.id, one.candidate.title, round(score, 4))
        for one, score in zip(ranked, scores, strict=True)
    )


def _result(
    query: Query, plan: Plan, ranked: Sequence[RankedStory], *, holds_all: bool = True
) -> SearchResult:
    marks = dict.fromkeys(form for group in plan.ranking for one in group for form, _ in one.forms)
    texts = [_correction(one, holds_all=holds_all) for one in ranked[:_ENOUGH]]
    corrected = texts[0] if texts else ""
    good = (text for one, text in zip(ranked, texts, strict=False) if text and one.score >= _WORTH)
    return SearchResult(
        query,
        _newest_hits(ranked) if query.newest else _best_hits(ranked),
        corrected,
        suggestion="" if corrected else next(good, ""),
        marks=tuple(marks),
        prefix=next((term.words[-1] for term in plan.query.terms if term.prefix), ""),
    )


def _correction(one: RankedStory, *, holds_all: bool) -> str:
    """Returns what a story was found by, where that is no form of what was typed; else empty.

    Args:
        one: The story.
        holds_all: True when it is known to hold all that was searched for.
    """
    pairs = zip(one.group, one.forms, strict=True)
    matched = [_matched_form(term, form, holds_all=holds_all) for term, form in pairs]
    if all(quality >= INFLECTED for _, quality in matched):
        return ""
    return " ".join(word for form, _ in matched for word in form)


def _matched_form(term: RankingTerm, form: Form | None, *, holds_all: bool) -> tuple[Form, float]:
    """Returns the form by which a term was found, with its quality."""
    if form is not None:
        return form, dict(term.forms).get(form, term.prefix)
    if term.known or not holds_all:
        return term.forms[0]
    return term.forms[:2][-1]  # the likeliest; it stands somewhere in the text
