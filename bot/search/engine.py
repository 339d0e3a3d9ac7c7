"""Finding the story that a reader means, misspelled or not.

Words are first taken as they were typed. Only when no story holds them all is more and more
forgiven; only at the end are stories taken that hold some of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.search.expansion import (
    INFLECTED,
    Plan,
    beside,
    bold,
    boldest,
    content,
    left_out,
    literal,
    mended,
)
from bot.search.partial_match import CANDIDATES, holding_some
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, parse
from bot.search.ranking import Form, RankedStory, RankingQuery, favoured, ordered, rank
from bot.search.title_completion import TitleCompleter
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import FILLERS, LIKELY_FILLERS
from bot.text.tokenizer import words

_ENOUGH = 5  # stories that hold the very words; with fewer, other forms are looked for, too
_GOOD = 0.78  # the score of a story from which on nobody looks further
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
    """What a search found.

    Attributes:
        query: What was asked for.
        hits: The stories, best first.
        corrected: What was searched for instead, where that is not what was typed; else empty.
        suggestion: What may have been meant, where what was typed was found; else empty.
        partial: True when no story holds all the words; the hits, if any, hold some of them.
        marks: The words and phrases that were looked for, to mark them where they stand.
        begun: The beginning of a word that was looked for, too; empty for none.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    corrected: str = ""
    suggestion: str = ""
    partial: bool = False
    marks: tuple[Form, ...] = ()
    begun: str = ""


class SearchEngine:
    """Searches a store."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._titles = TitleCompleter(store)
        self._vocabulary = Vocabulary()
        self._revision = 0
        self._refresh = asyncio.Lock()

    async def vocabulary(self) -> Vocabulary:
        """The words of all stories, as the store has them now."""
        async with self._refresh:
            revision, changes = await self._store.words_since(self._revision)
            if changes and not self._revision:
                # The first time there are many: they are learnt aside, while others are answered.
                self._vocabulary = await asyncio.to_thread(Vocabulary.of, changes)
            elif changes:
                self._vocabulary.update(changes)
            self._revision = revision
            return self._vocabulary

    async def warm(self) -> None:
        """Learns all words and titles, so that nobody waits for it later."""
        await self.vocabulary()
        await self._titles.titles()

    async def find(self, query: Query, within: Filter = EVERYTHING) -> SearchResult:
        """The stories that a query means, best first."""
        if not query:
            return SearchResult(query)
        plan = literal(query)
        pool = await self._ranked(plan, within)
        sure = len(pool) >= _ENOUGH and pool[0].plain
        if sure or (query.newest and pool) or all(term.quoted for term in query.terms):
            return _found(query, plan, pool)
        vocabulary = await self.vocabulary()
        asked = query
        for step, asked in [(beside, query)] if pool else _steps(query):
            wider = step(asked, vocabulary)
            if wider.query != plan.query:
                plan = wider
                pool = _pooled(pool, await self._ranked(plan, within))
            if pool and (pool[0].plain or pool[0].score >= _GOOD):
                break
        if not pool:
            return await self._partly(query, within)
        if asked != query:
            pool = favoured(pool, left_out(query, asked, vocabulary))
        return _found(query, plan, pool)

    async def fewer(self, query: Query) -> Query | None:
        """The query without its least likely word; None when it has but one."""
        vocabulary = await self.vocabulary()
        if len(query.terms) < 2:  # noqa: PLR2004 - nothing would be left
            return None
        worst = min(query.terms, key=lambda term: min(map(vocabulary.count, term.words)))
        groups = (tuple(t for t in group if t != worst) for group in query.alternatives)
        return replace(query, alternatives=tuple(filter(None, groups)))

    async def titled(self, text: str) -> tuple[Hit, ...]:
        """The stories that `text` names by words of their titles; the only one when it is clear.

        Several are returned when the words fit several titles, the best first.
        """
        query = parse(text)
        found = await self.find(replace(query, in_title=True))
        if not found.hits or found.partial:
            found = await self.find(query)
        exact = [hit for hit in found.hits if tuple(words(hit.title)) == query.words]
        meant = set(words(found.corrected)) or set(query.words)
        holding = [hit for hit in found.hits if meant <= set(words(hit.title))]
        return tuple(exact) if len(exact) == 1 else tuple(holding) or found.hits

    async def begun(self, text: str, limit: int) -> Sequence[Candidate]:
        """The stories that a text may be about to name by their titles, the likeliest first."""
        return await self._titles.find(text, await self.vocabulary(), limit)

    async def _partly(self, query: Query, within: Filter) -> SearchResult:
        plan = boldest(content(query), self._vocabulary)
        part, ranked = await holding_some(self._store, self._vocabulary, plan, within)
        partial = not ranked or any(form is None for form in ranked[0].forms)
        return replace(_found(query, part, ranked, held=False), partial=partial)

    async def _ranked(
        self, plan: Plan, within: Filter, limit: int = CANDIDATES
    ) -> list[RankedStory]:
        return rank(plan.wanted, await self._store.candidates(plan.query, within, limit))


Step = Callable[[Query, Vocabulary], Plan]


def _steps(query: Query) -> Iterator[tuple[Step, Query]]:
    """The ways to look, from sure to bold: with all words, and with those that matter."""
    yield mended, query
    before = query
    for fillers in (FILLERS, LIKELY_FILLERS):
        core = content(query, fillers)
        if core != before:
            yield literal, core
            yield mended, core
        before = core
    yield bold, before
    yield boldest, before


def _pooled(pool: list[RankedStory], more: list[RankedStory]) -> list[RankedStory]:
    """Both, each story once, as it fits best."""
    best = {one.candidate.id: one for one in pool}
    for one in more:
        known = best.get(one.candidate.id)
        if known is None or one.score > known.score:
            best[one.candidate.id] = one
    return ordered(best.values())


def _newest(ranked: Sequence[RankedStory]) -> tuple[Hit, ...]:
    latest = sorted(ranked, key=lambda one: one.candidate.published, reverse=True)
    return tuple(Hit(r.candidate.id, r.candidate.title, round(r.score, 4)) for r in latest)


def _hits(ranked: Sequence[RankedStory]) -> tuple[Hit, ...]:
    # What comes later never has a higher score, even when it came later for another reason.
    scores = accumulate((one.score for one in ranked), min)
    return tuple(
        Hit(one.candidate.id, one.candidate.title, round(score, 4))
        for one, score in zip(ranked, scores, strict=True)
    )


def _found(
    query: Query, plan: Plan, ranked: Sequence[RankedStory], *, held: bool = True
) -> SearchResult:
    marks = dict.fromkeys(form for group in plan.wanted for one in group for form, _ in one.forms)
    texts = [_corrected(one, held=held) for one in ranked[:_ENOUGH]]
    corrected = texts[0] if texts else ""
    good = (text for one, text in zip(ranked, texts, strict=False) if text and one.score >= _WORTH)
    return SearchResult(
        query,
        _newest(ranked) if query.newest else _hits(ranked),
        corrected,
        suggestion="" if corrected else next(good, ""),
        marks=tuple(marks),
        begun=next((term.words[-1] for term in plan.query.terms if term.prefix), ""),
    )


def _corrected(one: RankedStory, *, held: bool) -> str:
    """What a story was found by, where that is not what was typed or a form of it; else empty.

    Args:
        one: The story.
        held: True when it is known to hold all that was looked for.
    """
    pairs = zip(one.group, one.forms, strict=True)
    meant = [_meant(wanted, form, held=held) for wanted, form in pairs]
    if all(quality >= INFLECTED for _, quality in meant):
        return ""
    return " ".join(word for form, _ in meant for word in form)


def _meant(wanted: RankingQuery, form: Form | None, *, held: bool) -> tuple[Form, float]:
    """The form that a word was found by, and how good that is."""
    if form is not None:
        return form, dict(wanted.forms).get(form, wanted.prefix)
    if wanted.known or not held:
        return wanted.forms[0]
    return wanted.forms[:2][-1]  # the likeliest; it stands somewhere in the text
