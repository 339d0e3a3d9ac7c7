"""The search engine: finds the stories that a query means, typos and all.

Words are first taken as they were typed. Only when few stories hold them all, the query is expanded
step by step; only at the end partial matches are taken, stories that hold some of the words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.search.abbreviated_names import abbreviation_plan
from bot.search.anticipation import anticipate, is_cheap, is_rarely_held, may_be_held
from bot.search.budget import LONG, SECONDS, Breadth, Budget
from bot.search.covering import is_covered
from bot.search.expansion import (
    ExpansionStep,
    fuzzy_plan,
    literal_plan,
    near_words,
    removed_terms,
    suggestion_plan,
)
from bot.search.ideographs import WORK, any_short_name, rank_by_short_names
from bot.search.partial_match import (
    CANDIDATES,
    find_partial_matches,
    limit_candidates,
    rank_in_turns,
)
from bot.search.plan import Plan
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, parse
from bot.search.question_words import remove_stopwords
from bot.search.ranking import Fit, RankedStory, boost
from bot.search.results import Hit, SearchResult, make_result
from bot.search.search_state import EVERYTHING, SearchState
from bot.search.search_turns import SearchTurns
from bot.search.steps import expansion_steps, is_good, is_whole, merge
from bot.search.title_completion import TitleCompleter
from bot.search.vocabulary import Vocabulary
from bot.search.vocabulary_reader import VocabularyReader
from bot.text.stopwords import GIST_STOPWORDS, QUESTION_STOPWORDS
from bot.text.tokenizer import words

_ENOUGH = 5  # stories that hold the very words; with fewer, the query is expanded
_MOST_DROPPED = 3  # words that a query is relaxed by


class SearchEngine:
    """Searches a store."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._titles = TitleCompleter(store)
        self._vocabulary = VocabularyReader(store)
        self._turns = SearchTurns()

    async def vocabulary(self) -> Vocabulary:
        """Returns the words of the stories, as the store has them now."""
        return await self._vocabulary.read()

    async def may_hold(self, query: Query) -> bool:
        """Tells if some story may hold all words of a query, by the words that are in memory.

        Nobody waits for them to be read: before that, any story may.
        """
        if not self._vocabulary.is_ready:
            return True
        return may_be_held(query, await self._vocabulary.read_for(query.words))

    async def held_words(self, names: Sequence[str]) -> Collection[str]:
        """Returns those of some words that stories hold; nobody waits for all to be read."""
        if not self._vocabulary.is_ready:
            return await self._store.word_counts(names)
        vocabulary = await self._vocabulary.read_for(names)
        return [name for name in names if name in vocabulary]

    async def warm(self) -> None:
        """Reads all words and titles into memory, so that nobody waits for it later."""
        await self.vocabulary()
        await self._titles.index()

    async def find(
        self,
        query: Query,
        within: Filter = EVERYTHING,
        budget: Budget | None = None,
        breadth: Breadth = Breadth.PARTIAL,
    ) -> SearchResult:
        """Finds the stories that a query means, best first.

        What is too long for its budget, or takes too long, is answered with what was found so far.

        Args:
            query: What is asked for.
            within: The stories to search.
            budget: What it may cost; None for a question of its own.
            breadth: How far to go where no story holds all the words.
        """
        if not query:
            return SearchResult(query, cut=query.cut)
        search = SearchState(query, within, Plan(query, ()), budget or Budget(), breadth)
        try:
            async with self._turns.hold(query):
                await self._run(search)
        except TimeoutError:
            search.budget.exhausted = True
        # What was anticipated is no plan of the very words, which the result is marked by.
        plan = search.plan if search.plan.ranking else literal_plan(query)
        cut = query.cut or search.budget.exhausted
        return make_result(query, plan, search.pool, cut=cut)

    async def _run(self, search: SearchState) -> None:
        query = search.query
        # Nobody waits for the words to be read where the question can be answered without them.
        is_ready = self._vocabulary.is_ready
        vocabulary = await self._vocabulary.read_for(query.words) if is_ready else None
        if vocabulary is None or not await self._find_ahead(search, vocabulary):
            await self._find_literal(search, vocabulary)
        is_enough = len(search.pool) >= _ENOUGH or (query.by_time and search.pool)
        is_literal = search.breadth is Breadth.LITERAL
        if is_enough or is_literal or all(term.quoted for term in query.terms):
            return
        if vocabulary is None:
            vocabulary = await self._vocabulary.read_for(query.words)
        await self._find_abbreviated(search, vocabulary)
        if search.pool:
            await self._expand(search, suggestion_plan, query, vocabulary)
            return
        gist = remove_stopwords(query, QUESTION_STOPWORDS)
        for step, asked, best in expansion_steps(query):
            await self._expand(search, step, asked, vocabulary, best)
            if search.best and is_good(search.best, is_gist=asked == gist):
                break
        is_partial = search.breadth is Breadth.PARTIAL or is_covered(query)
        if is_partial and not is_whole(search.best):
            await self._find_partial(search, vocabulary)

    async def _find_literal(self, search: SearchState, vocabulary: Vocabulary | None) -> None:
        """Finds the stories that hold the very words."""
        literal = literal_plan(search.query, vocabulary)
        search.plan = replace(literal, work=0)  # it is done whatever was spent before
        if not literal.is_hopeless:
            search.budget.charge(literal.work)
            search.pool = await self._rank(search.plan, search)

    async def _find_ahead(self, search: SearchState, vocabulary: Vocabulary) -> bool:
        """Finds those stories by the step that follows, where few can hold all the words.

        Returns:
            False where the very words must be searched for all the same.
        """
        query = search.query
        if search.breadth is Breadth.LITERAL or not is_rarely_held(query, vocabulary):
            return False
        if not may_be_held(query, vocabulary):
            return True
        plan = search.plan_for(anticipate(query, vocabulary), query, vocabulary)
        if not is_cheap(plan):
            return False
        found = await self._candidates(plan, search)
        # Where there are more, or what a story holds is not seen, some may be missing.
        if search.found_by(plan) is None or len(found) >= limit_candidates(plan):
            return False
        ranked = await self._rank(plan, search)
        if any(one.is_unseen for one in ranked):
            return False
        search.holding = found if search.is_wide else None
        search.pool = [one for one in ranked if one.fit is Fit.TYPED]
        return True

    async def _expand(
        self,
        search: SearchState,
        step: ExpansionStep,
        asked: Query,
        vocabulary: Vocabulary,
        best: Fit = Fit.TYPED,
    ) -> None:
        """Takes a step of the expansion, unless it leads to what was searched for just before."""
        plan = search.plan_for(step, asked, vocabulary)
        if plan.query == search.plan.query:
            return
        search.plan = plan
        found = await self._rank(plan, search, best)
        if asked != search.query:
            found = boost(found, removed_terms(search.query, asked, vocabulary))
        search.pool = merge(search.pool, found)

    async def relax(self, query: Query) -> Query | None:
        """Returns the query without its rarest words, so few that something is found.

        None when nothing is found without three of them either, or no word would be left.
        """
        vocabulary, budget = await self._vocabulary.read_for(query.words), Budget()
        for _ in range(_MOST_DROPPED):
            if len(query.terms) < 2 or budget.exhausted:  # noqa: PLR2004 - nothing would be left
                return None
            query = _drop_rarest(query, vocabulary)
            if _says_nothing(query):
                return None
            if (await self.find(query, budget=budget)).hits:
                return query
        return None

    async def near_words(self, query: Query) -> Sequence[str]:
        """Returns words that may have been meant where nothing was found, the likeliest first."""
        return near_words(query, await self._vocabulary.read_for(query.words))

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

    async def _find_abbreviated(self, search: SearchState, vocabulary: Vocabulary) -> None:
        plan = await abbreviation_plan(self._store, search.query, vocabulary, search.holding)
        if plan is not None:
            search.pool = merge(search.pool, await self._rank(plan, search))

    async def _find_partial(self, search: SearchState, vocabulary: Vocabulary) -> None:
        """Adds partial matches, of the words that matter: others alone lead to any story."""
        await self._turns.give_way()
        asked = remove_stopwords(search.query, GIST_STOPWORDS)
        plan = fuzzy_plan(asked, vocabulary)
        search.plan, ranked = await find_partial_matches(
            self._store, vocabulary, plan, search.within, search.budget, asked
        )
        if search.breadth < Breadth.PARTIAL:
            search.pool = merge(search.pool, [one for one in ranked if one.fit > Fit.SOME])
            return
        search.pool = merge(search.pool, ranked)
        short = any_short_name(search.query) if not search.pool else None
        if short and search.budget.spend(WORK):
            found = await self._store.candidates(
                short, search.within, CANDIDATES, texts=True, seconds=SECONDS
            )
            search.pool = rank_by_short_names(found, search.query)

    async def _rank(
        self, plan: Plan, search: SearchState, best: Fit = Fit.TYPED
    ) -> list[RankedStory]:
        known = search.ranked_by(plan, best)
        if known is None:
            found = await self._candidates(plan, search)
            known = await rank_in_turns(plan.ranking, found, best=best)
            search.ranked.append((plan, best, known))
        return known

    async def _candidates(self, plan: Plan, search: SearchState) -> Sequence[Candidate]:
        known = search.found_by(plan)
        if known is not None:
            return known
        if plan.is_hopeless or not search.budget.spend(plan.work):
            return ()
        if search.found:
            await self._turns.give_way()
        found = await self._store.candidates(
            plan.query,
            search.within,
            limit_candidates(plan),
            texts=plan.is_ambiguous,
            most=plan.most,
            seconds=SECONDS,
        )
        search.found.append((plan.query, found))
        return found


def _says_nothing(query: Query) -> bool:
    """Tells if only words that open questions are left: nobody searches for `in the`."""
    return QUESTION_STOPWORDS.issuperset(query.words)


def _drop_rarest(query: Query, vocabulary: Vocabulary) -> Query:
    worst = min(query.terms, key=lambda term: min(map(vocabulary.count, term.words)))
    groups = (tuple(t for t in group if t != worst) for group in query.alternatives)
    return replace(query, alternatives=tuple(filter(None, groups)))
