"""Ranking: scores of the stories that match a query, by where its terms stand. Pure functions.

A match in the title scores more than one in the summary, and that more than one in the text. The
scores of titles that are being typed are in `bot.search.title_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from bot.search.ports import Candidate
from bot.text.tokenizer import words

Form = tuple[str, ...]
"""One word, or several in a row."""

_TITLE_MATCH, _SUMMARY_MATCH = 1.0, 0.8  # the value of a word that stands there
TEXT_MATCH = 0.6
"""The value of a word that stands in the text of a story, but neither in title nor summary."""

_BOOST = 0.25  # what all words add together that need not stand there
_ORDER, _BREVITY = 0.08, 0.04  # what words in the order asked for add, and what a short title adds


@dataclass(frozen=True, slots=True)
class RankingTerm:
    """A word or phrase that is searched for, with all that will do in its place.

    Attributes:
        forms: Each with its quality from 0 to 1, the best first.
        weight: How much it counts beside the other terms.
        prefix: The quality of words of which the first form's last word is a prefix; 0 for none.
        known: True when some story holds the first form, which is what was typed.
    """

    forms: tuple[tuple[Form, float], ...]
    weight: float = 1.0
    prefix: float = 0.0
    known: bool = True


@dataclass(frozen=True, slots=True)
class RankedStory:
    """A candidate with its score.

    Attributes:
        candidate: The story.
        score: From 0 to 1.
        group: The alternative that it fits best.
        forms: For each term of that, the form that stands in title or summary; None for neither.
        exact: True when the title holds all that was typed, as it was typed.
    """

    candidate: Candidate
    score: float
    group: Sequence[RankingTerm] = ()
    forms: tuple[Form | None, ...] = ()
    exact: bool = False


class _Text:
    """The words of a title or a summary, and where each stands; cut when they are first asked for.

    A summary is mostly not asked for: the title holds all.
    """

    __slots__ = ("_known", "_spaced", "_text", "_words")

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: tuple[str, ...] | None = None
        self._known: frozenset[str] = frozenset()
        self._spaced = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in order."""
        if self._words is None:
            self._words = tuple(words(self._text))
            self._known = frozenset(self._words)
        return self._words

    def find(self, form: Form) -> int | None:
        """Returns the place where the words of a form first stand side by side."""
        row = self.words
        if form[0] not in self._known:
            return None
        place = row.index(form[0])
        if len(form) == 1:
            return place
        starts = range(place, len(row) - len(form) + 1)
        return next((at for at in starts if row[at : at + len(form)] == form), None)

    def find_prefix(self, prefix: str) -> int | None:
        """Returns the place of the first word that starts with a prefix."""
        self._spaced = self._spaced or f" {' '.join(self.words)}"
        found = self._spaced.find(f" {prefix}")
        return None if found < 0 else self._spaced.count(" ", 0, found)


def rank(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidates: Iterable[Candidate],
    unseen: Mapping[str, Sequence[float]] | None = None,
) -> list[RankedStory]:
    """Ranks candidates: the best first, of equals the newest.

    What counts: how rare the words are that stand there, how like what was asked for, whether in
    the title, the summary or elsewhere, whether in the order asked for.

    Args:
        alternatives: Any of these lists will do; the one that fits best counts.
        candidates: The stories.
        unseen: By story id, the value of each term where neither title nor summary holds it.
            Without this all of them are known to stand in the text.
    """
    ranked = [
        _rank_one(alternatives, candidate, unseen[candidate.id] if unseen else None)
        for candidate in candidates
    ]
    return sort_ranked(ranked)


def sort_ranked(ranked: Iterable[RankedStory]) -> list[RankedStory]:
    """Sorts the best first, of equals the newest; exact matches of titles before all."""
    return sorted(
        ranked, key=lambda one: (one.exact, one.score, one.candidate.published), reverse=True
    )


def boost(ranked: Sequence[RankedStory], extras: Sequence[RankingTerm]) -> list[RankedStory]:
    """Boosts the stories that also hold words which need not stand there."""
    total = sum(extra.weight for extra in extras)
    if not total:
        return list(ranked)
    boosted = []
    for one in ranked:
        title, summary = _Text(one.candidate.title), _Text(one.candidate.summary)
        held = sum(extra.weight * _match(extra, title, summary).value for extra in extras)
        score = (one.score + _BOOST * held / total) / (1 + _BOOST)
        boosted.append(replace(one, score=score, exact=False))
    return sort_ranked(boosted)


def _rank_one(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidate: Candidate,
    unseen: Sequence[float] | None,
) -> RankedStory:
    title, summary = _Text(candidate.title), _Text(candidate.summary)
    scored = (_score(group, title, summary, candidate, unseen) for group in alternatives)
    return max(scored, key=lambda one: one.score, default=RankedStory(candidate, 0.0))


def _score(
    group: Sequence[RankingTerm],
    title: _Text,
    summary: _Text,
    candidate: Candidate,
    unseen: Sequence[float] | None,
) -> RankedStory:
    """Scores a candidate by one alternative."""
    unseen = unseen or [TEXT_MATCH] * len(group)
    matches = [_match(term, title, summary) for term in group]
    points = sum(
        term.weight * (match.value or term.forms[0][1] * least)
        for term, match, least in zip(group, matches, unseen, strict=True)
    )
    total = sum(term.weight for term in group) or 1.0
    places = [match.place for match in matches]
    bonus = _ORDER * _adjacency(places) + _BREVITY * _coverage(places, len(title.words))
    score = (points / total + bonus) / (1 + _ORDER + _BREVITY)
    exact = all(match.value == _TITLE_MATCH for match in matches)
    return RankedStory(candidate, score, group, tuple(match.form for match in matches), exact)


class _Match(NamedTuple):
    """The value of a term where it stands best, its form there, and the place in the title."""

    value: float = 0.0
    form: Form | None = None
    place: int | None = None


def _match(term: RankingTerm, title: _Text, summary: _Text) -> _Match:
    """Finds the best match of a term in a title or a summary."""
    best = _Match()
    for form, quality in term.forms:
        if quality * _TITLE_MATCH <= best.value:
            break
        place = title.find(form)
        if place is not None:
            best = _Match(quality * _TITLE_MATCH, form, place)
        elif quality * _SUMMARY_MATCH > best.value and summary.find(form) is not None:
            best = _Match(quality * _SUMMARY_MATCH, form)
    if term.prefix > best.value:
        return _match_prefix(term, title, summary, best)
    return best


def _match_prefix(term: RankingTerm, title: _Text, summary: _Text, best: _Match) -> _Match:
    """Finds a word of which a term is a prefix, where that scores more."""
    prefix = term.forms[0][0][-1]
    place = title.find_prefix(prefix)
    if place is not None:
        return _Match(term.prefix * _TITLE_MATCH, (title.words[place],), place)
    place = summary.find_prefix(prefix)
    if place is not None and term.prefix * _SUMMARY_MATCH > best.value:
        return _Match(term.prefix * _SUMMARY_MATCH, (summary.words[place],))
    return best


def _adjacency(places: Sequence[int | None]) -> float:
    """Returns the share of neighbouring words that stand side by side in the title, as asked."""
    if len(places) < 2:  # noqa: PLR2004 - one word has no neighbour
        return 1.0 if places and places[0] is not None else 0.0
    near = 0.0
    for one, other in pairwise(places):
        if one is not None and other is not None and other > one:
            near += 1.0 if other == one + 1 else 0.5
    return near / (len(places) - 1)


def _coverage(places: Sequence[int | None], length: int) -> float:
    """Returns the share of the title that was asked for."""
    return min(1.0, sum(place is not None for place in places) / (length or 1))
