"""Finding the story that a reader means: correction, ranking, and the search that joins them.

The ranking works on candidates that a store hands over, so that it serves any store alike.
"""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.ports import Candidate, Store
from bot.query import Filter, Query, Term, parse, words

CANDIDATES = 300
"""Stories that are looked at for one search."""

# How much a word counts by where it stands; one that may not stand in the story at all, little.
_IN_TITLE, _IN_SUMMARY, _IN_TEXT, _MAYBE = 1.0, 0.6, 0.4, 0.1
_ORDER = 0.1  # what words next to each other in a title, in the order asked for, add

Weigh = Callable[[str], float]


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
class Found:
    """What a search found.

    Attributes:
        query: What was searched for in the end.
        hits: The stories, best first.
        corrected: True when words that no story holds were replaced by the nearest that one does.
        partial: True when no story holds all the words, and these hold some of them.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    corrected: bool = False
    partial: bool = False


class Vocabulary:
    """The words of all stories, to correct a reader's words with."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._total = max(counts.values(), default=0) + 1
        self._sorted = sorted(counts)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in counts:
            self._by_length[len(word)].append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def weight(self, word: str) -> float:
        """How telling a word is: rare words weigh more. Unknown ones weigh nothing."""
        count = self._counts.get(word, 0)
        return math.log(1 + self._total / count) if count else 0.0

    def begins(self, prefix: str) -> bool:
        """Whether some word begins so."""
        at = bisect_left(self._sorted, prefix)
        return at < len(self._sorted) and self._sorted[at].startswith(prefix)

    def nearest(self, word: str) -> str | None:
        """The known word that is the fewest slips away, the commonest of several; None if none is.

        A slip is a letter too many, too few or wrong, or two swapped. Words of four and five
        letters may have one, longer ones two, shorter ones none: they would become any other.
        """
        slips = _slips(word)
        if not slips:
            return None
        lengths = range(len(word) - slips, len(word) + slips + 1)
        near = [known for length in lengths for known in self._by_length.get(length, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        best = min(
            found, key=lambda f: (f[1], f[0][0] != word[0], -self._counts[f[0]], f[0]), default=None
        )
        return best[0] if best else None


def _slips(word: str) -> int:
    if len(word) < 4 or any(sign.isdigit() for sign in word):  # noqa: PLR2004 - as documented above
        return 0
    return 1 if len(word) < 6 else 2  # noqa: PLR2004 - as documented above


def mended(query: Query, vocabulary: Vocabulary) -> Query:
    """The query with each word that no story holds replaced by the nearest that one does.

    The last word may be unfinished: when words begin with it, it is left as their beginning.
    """
    last = query.terms[-1] if query.terms else None
    groups = tuple(
        tuple(_mended_term(term, vocabulary, unfinished=term is last) for term in group)
        for group in query.alternatives
    )
    return replace(query, alternatives=groups)


def _mended_term(term: Term, vocabulary: Vocabulary, *, unfinished: bool) -> Term:
    spelled = list(term.words)
    prefix = term.prefix
    for index, word in enumerate(spelled):
        if word in vocabulary:
            continue
        if unfinished and index == len(spelled) - 1 and vocabulary.begins(word):
            prefix = True
        else:
            spelled[index] = vocabulary.nearest(word) or word
    mended_words = tuple(spelled)
    return Term(mended_words, prefix, term.typed if mended_words == term.words else "")


def _unfinished(query: Query) -> Query:
    """The query with its last word taken for the beginning of one."""
    if not query:
        return query
    *groups, group = query.alternatives
    last = replace(group[-1], prefix=True)
    return replace(query, alternatives=(*groups, (*group[:-1], last)))


def loosened(query: Query) -> Query:
    """The query with any one of its terms enough to match."""
    return replace(query, alternatives=tuple((term,) for term in query.terms))


def rank(
    query: Query, candidates: Iterable[Candidate], weigh: Weigh, *, partial: bool = False
) -> list[Hit]:
    """Orders candidates: words in the title first, then in the summary, then newer before older.

    Args:
        query: What is searched for.
        candidates: The stories.
        weigh: Tells how much a word counts.
        partial: True when the candidates need not hold all that the query asks for.
    """
    elsewhere = _MAYBE if partial else _IN_TEXT
    scored = [(_score(query, candidate, weigh, elsewhere), candidate) for candidate in candidates]
    scored.sort(key=lambda pair: (pair[0], pair[1].published), reverse=True)
    return [Hit(c.id, c.title, round(points, 4)) for points, c in scored]


def _score(query: Query, candidate: Candidate, weigh: Weigh, elsewhere: float) -> float:
    """How well a candidate fits its best alternative of the query, from 0 to 1."""
    title, summary = words(candidate.title), words(candidate.summary)

    def fit(group: Sequence[Term]) -> float:
        places = [_place(term, title, summary, elsewhere) for term in group]
        return _fit(group, places, title, weigh)

    return max(map(fit, query.alternatives), default=0.0)


def _fit(group: Sequence[Term], places: Sequence[float], title: list[str], weigh: Weigh) -> float:
    weights = [max(weigh(word) for word in term.words) for term in group]
    whole = sum(weights) or 1.0
    found = sum(weight * place for weight, place in zip(weights, places, strict=True)) / whole
    asked = [word for term in group for word in term.words]
    order = _ORDER if _stands(asked, title, prefix=group[-1].prefix) else 0.0
    return (found + order) / (1 + _ORDER)


def _place(term: Term, title: list[str], summary: list[str], elsewhere: float) -> float:
    if _stands(term.words, title, prefix=term.prefix):
        return _IN_TITLE
    return _IN_SUMMARY if _stands(term.words, summary, prefix=term.prefix) else elsewhere


def _stands(run: Sequence[str], text: list[str], *, prefix: bool) -> bool:
    """Whether the words of `run` stand side by side in `text`."""
    size = len(run)
    *whole, last = run
    return any(
        text[at : at + size - 1] == whole
        and (text[at + size - 1].startswith(last) if prefix else text[at + size - 1] == last)
        for at in range(len(text) - size + 1)
    )


class Searcher:
    """Searches a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._vocabulary = Vocabulary({})
        self._revision: int | None = None
        self._refresh = asyncio.Lock()

    async def find(self, text: str, within: Filter = Filter()) -> Found:  # noqa: B008 - frozen
        """The stories that a reader's words mean, best first.

        Words are taken as they are typed; only when no story holds them all is a slip looked for,
        and only then are stories taken that hold some.
        """
        query = parse(text)
        found = await self._try(query, within, _evenly)
        if found.hits or not query:
            return found
        vocabulary = await self._words()
        better = mended(query, vocabulary)
        if better != query:
            found = await self._try(better, within, vocabulary.weight)
            found = replace(found, corrected=better.words != query.words)
        if found.hits or len(better.terms) == 1:
            return found
        candidates = await self._store.candidates(loosened(better), within, CANDIDATES)
        hits = rank(better, candidates, vocabulary.weight, partial=True)
        return Found(better, tuple(hits), corrected=better.words != query.words, partial=True)

    async def titled(self, text: str) -> tuple[Hit, ...]:
        """The stories that `text` names by words of their titles; the only one when it is clear.

        Several are returned when the words fit several titles, the best first.
        """
        found = await self.find(text)
        asked = found.query.words
        exact = [hit for hit in found.hits if words(hit.title) == list(asked)]
        in_title = [hit for hit in found.hits if set(asked) <= set(words(hit.title))]
        if len(exact) == 1:
            return tuple(exact)
        return tuple(in_title) or found.hits

    async def begun(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The stories that a text may be about to name; its last word may be unfinished."""
        query = _unfinished(parse(text))
        candidates = await self._store.candidates(query, Filter(), limit * 5) if query else ()
        return tuple(rank(query, candidates, _evenly)[:limit])

    async def _try(self, query: Query, within: Filter, weigh: Weigh) -> Found:
        if not query:
            return Found(query)
        candidates = await self._store.candidates(query, within, CANDIDATES)
        return Found(query, tuple(rank(query, candidates, weigh)))

    async def _words(self) -> Vocabulary:
        """The vocabulary as the store has it now."""
        async with self._refresh:
            revision = await self._store.revision()
            if revision != self._revision:
                self._vocabulary = Vocabulary(await self._store.vocabulary())
                self._revision = revision
            return self._vocabulary


def _evenly(_word: str) -> float:
    """Weighs all words alike: where every story holds every word, none tells them apart."""
    return 1.0
