"""Which of the stories that match is the one a reader means. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from bot.search.ports import Candidate
from bot.text.tokenizer import words

Form = tuple[str, ...]
"""One word, or several in a row."""

_IN_TITLE, _IN_SUMMARY = 1.0, 0.8  # how much a word counts by where it stands
IN_TEXT = 0.6
"""What a word counts that stands in the text of a story, but neither in title nor summary."""

_EXTRAS = 0.25  # what all words add that need not stand there
_ORDER, _BREVITY = 0.08, 0.04  # what words in the order asked for add, and what a short title adds


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """A word or phrase that is looked for, with all that will do in its place.

    Attributes:
        forms: Each with how good it is, from 0 to 1, the best first.
        weight: How much it counts beside the others.
        prefix: How good words are that only begin as the first form's last word does; 0 for not.
        known: True when some story holds the first form, which is what was typed.
    """

    forms: tuple[tuple[Form, float], ...]
    weight: float = 1.0
    prefix: float = 0.0
    known: bool = True


@dataclass(frozen=True, slots=True)
class RankedStory:
    """A candidate with its place.

    Attributes:
        candidate: The story.
        score: From 0 to 1.
        group: The alternative that it fits best.
        forms: For each of that, the form that was seen in title or summary; None for unseen.
        plain: True when the title holds all that was typed, as it was typed.
    """

    candidate: Candidate
    score: float
    group: Sequence[RankingQuery] = ()
    forms: tuple[Form | None, ...] = ()
    plain: bool = False


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

    def at(self, form: Form) -> int | None:
        """Where the words of a form first stand side by side."""
        row = self.words
        if form[0] not in self._known:
            return None
        place = row.index(form[0])
        if len(form) == 1:
            return place
        starts = range(place, len(row) - len(form) + 1)
        return next((at for at in starts if row[at : at + len(form)] == form), None)

    def begun(self, beginning: str) -> int | None:
        """Where a word first begins so."""
        self._spaced = self._spaced or f" {' '.join(self.words)}"
        found = self._spaced.find(f" {beginning}")
        return None if found < 0 else self._spaced.count(" ", 0, found)


def rank(
    alternatives: Sequence[Sequence[RankingQuery]],
    candidates: Iterable[Candidate],
    elsewhere: Mapping[str, Sequence[float]] | None = None,
) -> list[RankedStory]:
    """Orders candidates: the best first, of equals the newest.

    What counts: how rare the words are that stand there, how like what was asked for, whether in
    the title, the summary or elsewhere, whether in the order asked for.

    Args:
        alternatives: Any of these lists will do; the one that fits best counts.
        candidates: The stories.
        elsewhere: By story id, what each of the wanted counts where neither title nor summary holds
            it. Without it all of them are known to stand in the text.
    """
    ranked = [
        _best(alternatives, candidate, elsewhere[candidate.id] if elsewhere else None)
        for candidate in candidates
    ]
    return ordered(ranked)


def ordered(ranked: Iterable[RankedStory]) -> list[RankedStory]:
    """The best first, of equals the newest; what holds the very words in its title before all."""
    return sorted(
        ranked, key=lambda one: (one.plain, one.score, one.candidate.published), reverse=True
    )


def favoured(ranked: Sequence[RankedStory], extras: Sequence[RankingQuery]) -> list[RankedStory]:
    """The same stories, those before others that also hold words which need not stand there."""
    total = sum(extra.weight for extra in extras)
    if not total:
        return list(ranked)
    shares = []
    for one in ranked:
        title, summary = _Text(one.candidate.title), _Text(one.candidate.summary)
        seen = sum(extra.weight * _seen(extra, title, summary).value for extra in extras)
        score = (one.score + _EXTRAS * seen / total) / (1 + _EXTRAS)
        shares.append(replace(one, score=score, plain=False))
    return ordered(shares)


def _best(
    alternatives: Sequence[Sequence[RankingQuery]],
    candidate: Candidate,
    elsewhere: Sequence[float] | None,
) -> RankedStory:
    title, summary = _Text(candidate.title), _Text(candidate.summary)
    fits = (_fit(group, title, summary, candidate, elsewhere) for group in alternatives)
    return max(fits, key=lambda one: one.score, default=RankedStory(candidate, 0.0))


def _fit(
    group: Sequence[RankingQuery],
    title: _Text,
    summary: _Text,
    candidate: Candidate,
    elsewhere: Sequence[float] | None,
) -> RankedStory:
    unseen = elsewhere or [IN_TEXT] * len(group)
    seen = [_seen(wanted, title, summary) for wanted in group]
    points = sum(
        wanted.weight * (found.value or wanted.forms[0][1] * least)
        for wanted, found, least in zip(group, seen, unseen, strict=True)
    )
    total = sum(wanted.weight for wanted in group) or 1.0
    places = [found.place for found in seen]
    bonus = _ORDER * _in_order(places) + _BREVITY * _share(places, len(title.words))
    score = (points / total + bonus) / (1 + _ORDER + _BREVITY)
    plain = all(found.value == _IN_TITLE for found in seen)
    return RankedStory(candidate, score, group, tuple(found.form for found in seen), plain)


class _Seen(NamedTuple):
    """What a word counts where it stands best, as which form, and where in the title."""

    value: float = 0.0
    form: Form | None = None
    place: int | None = None


def _seen(wanted: RankingQuery, title: _Text, summary: _Text) -> _Seen:
    best = _Seen()
    for form, quality in wanted.forms:
        if quality * _IN_TITLE <= best.value:
            break
        place = title.at(form)
        if place is not None:
            best = _Seen(quality * _IN_TITLE, form, place)
        elif quality * _IN_SUMMARY > best.value and summary.at(form) is not None:
            best = _Seen(quality * _IN_SUMMARY, form)
    if wanted.prefix > best.value:
        return _begun(wanted, title, summary, best)
    return best


def _begun(wanted: RankingQuery, title: _Text, summary: _Text, best: _Seen) -> _Seen:
    """What the beginning of a word counts, where that is more."""
    beginning = wanted.forms[0][0][-1]
    place = title.begun(beginning)
    if place is not None:
        return _Seen(wanted.prefix * _IN_TITLE, (title.words[place],), place)
    place = summary.begun(beginning)
    if place is not None and wanted.prefix * _IN_SUMMARY > best.value:
        return _Seen(wanted.prefix * _IN_SUMMARY, (summary.words[place],))
    return best


def _in_order(places: Sequence[int | None]) -> float:
    """Which share of neighbouring words stands side by side in the title, as asked."""
    if len(places) < 2:  # noqa: PLR2004 - one word has no neighbour
        return 1.0 if places and places[0] is not None else 0.0
    near = 0.0
    for one, other in pairwise(places):
        if one is not None and other is not None and other > one:
            near += 1.0 if other == one + 1 else 0.5
    return near / (len(places) - 1)


def _share(places: Sequence[int | None], length: int) -> float:
    """Which share of the title was asked for."""
    return min(1.0, sum(place is not None for place in places) / (length or 1))
