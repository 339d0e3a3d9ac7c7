"""Ranking: scores of the stories that match a query, by where its terms stand. Pure functions.

What was typed comes first, wherever in a story it stands; then other forms of it, then what it may
be a typo of, then stories that hold only some of it (`Fit`). Among these a match in the title
scores more than one in the summary, and that more than one in the text. The scores of titles that
are being typed are in `bot.search.title_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from bot.search.occurrences import Form, LongText, ShortText
from bot.search.ports import Candidate
from bot.text.initials import MARK

INFLECTED = 0.9
"""The quality of another form of a word: what is found by it was not corrected."""

COMPOUND = 0.86
"""The quality of a German word that a word is a part of, beginning or end of it."""

DOUBTFUL = 0.45
"""The quality of what is only perhaps meant by a word: in a long text it stands by chance."""

_SURE, _LONG = 0.84, 8  # the quality and the letters of a word that only one slip is in
_TITLE_MATCH, _SUMMARY_MATCH = 1.0, 0.8  # the value of a word that stands there
_TEXT_MATCH = 0.6  # likewise of one that stands in the text of a story alone
_BOOST = 0.25  # what all words add together that need not stand there
_IN_A_ROW = 0.5  # beside words in the order asked for in the title, what a row of them elsewhere is
_ORDER, _BREVITY = 0.08, 0.04  # what words in the order asked for add, and what a short title adds


class Fit(IntEnum):
    """Kinds of matches, the better the higher: no score lifts a story above a better fit."""

    GUESS = 0  # some of the terms, and none of these as it was typed
    SOME = 1  # some of the terms, one at least as it was typed, or nearly
    TYPO = 2  # all of them, some only by what they may be typos of
    FORM = 3  # all of them, some in other forms
    GIST = 4  # all but stopwords, as typed
    TYPED = 5  # all of them, as typed


@dataclass(frozen=True, slots=True)
class RankingTerm:
    """A word or phrase that is searched for, with all that will do in its place.

    Attributes:
        forms: Each with its quality from 0 to 1, the best first; the first is what was typed.
        weight: How much it counts beside the other terms.
        prefix: The quality of words of which the first form's last word is a prefix; 0 for none.
    """

    forms: tuple[tuple[Form, float], ...]
    weight: float = 1.0
    prefix: float = 0.0


@dataclass(frozen=True, slots=True)
class RankedStory:
    """A candidate with its score.

    Attributes:
        candidate: The story.
        score: From 0 to 1.
        group: The alternative that it fits best.
        matches: For each term of that, the form that was found and its quality; None for none.
        exact: True when the title holds all that was typed, as it was typed.
        fit: The kind of its match.
        is_unseen: True when it is known to hold a term, but not in which of several forms.
        names: What was taken for the short form of a name, with the whole one that it holds, or
            the other way round.
    """

    candidate: Candidate
    score: float
    group: Sequence[RankingTerm] = ()
    matches: tuple[tuple[Form, float] | None, ...] = ()
    exact: bool = False
    fit: Fit = Fit.GUESS
    is_unseen: bool = False
    names: tuple[tuple[str, str], ...] = ()


def rank(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidates: Iterable[Candidate],
    *,
    holds_all: bool = True,
    best: Fit = Fit.TYPED,
) -> list[RankedStory]:
    """Ranks candidates: the best first, of equals the newest.

    What counts: how rare the words are that stand there, how like what was asked for, whether in
    the title, the summary or elsewhere, whether in the order asked for.

    Args:
        alternatives: Any of these lists will do; the one that fits best counts.
        candidates: The stories, with their texts where a term has several forms.
        holds_all: True when each is known to hold all terms of an alternative.
        best: The best fit that there can be: less when some of what was typed was left out.
    """
    return sort_ranked(
        _rank_one(alternatives, one, holds_all=holds_all, best=best) for one in candidates
    )


def sort_ranked(ranked: Iterable[RankedStory]) -> list[RankedStory]:
    """Sorts by fit, then whole titles first, then by score, and the newest of equals first."""
    return sorted(ranked, key=_order, reverse=True)


def _order(one: RankedStory) -> tuple[object, ...]:
    if one.fit is not Fit.TYPO:
        return one.fit, one.exact, 0, 0, one.score, one.candidate.published
    # Of stories that a typo leads to, first those that hold the rest as it was typed: one typo is
    # likelier than two, wherever the words stand. Then those that a likelier typo leads to.
    qualities = [match[1] for match in one.matches if match is not None]
    typed, worst = qualities.count(1), min(qualities, default=0.0)
    return one.fit, one.exact, typed, int(worst * 10), one.score, one.candidate.published


def boost(ranked: Sequence[RankedStory], extras: Sequence[RankingTerm]) -> list[RankedStory]:
    """Boosts the stories that also hold words which need not stand there."""
    total = sum(extra.weight for extra in extras)
    if not total:
        return list(ranked)
    boosted = []
    for one in ranked:
        places = _Places(one.candidate)
        held = sum(extra.weight * _match(extra, places).value for extra in extras)
        score = (one.score + _BOOST * held / total) / (1 + _BOOST)
        boosted.append(replace(one, score=score, exact=False))
    return sort_ranked(boosted)


class _Places:
    """The places in a story where terms may stand."""

    __slots__ = ("_folded", "summary", "text", "title")

    def __init__(self, candidate: Candidate) -> None:
        self.title = ShortText(candidate.title)
        self.summary = ShortText(candidate.summary)
        self.text = None if candidate.text is None else LongText(candidate.text)
        self._folded = ""

    @property
    def folded(self) -> str:
        """All of it, folded: what is no part of that stands nowhere."""
        if not self._folded:  # of a term with one form, this is never asked
            text = self.text.folded if self.text else ""
            self._folded = f"{self.title.folded}\n{self.summary.folded}\n{text}"
        return self._folded

    def holds_in_a_row(self, group: Sequence[RankingTerm]) -> bool:
        """Tells if the summary or the text holds all terms as they were typed, side by side."""
        row = " ".join(word for term in group for word in term.forms[0][0])
        return row in self.summary.folded or (self.text is not None and row in self.text.folded)


def _rank_one(
    alternatives: Sequence[Sequence[RankingTerm]],
    candidate: Candidate,
    *,
    holds_all: bool,
    best: Fit,
) -> RankedStory:
    places = _Places(candidate)
    if len(alternatives) == 1:
        return _score(alternatives[0], places, candidate, holds_all=holds_all, best=best)
    scored = [
        _score(group, places, candidate, holds_all=holds_all, best=best) for group in alternatives
    ]
    # It need not hold what is not seen in it where another alternative is.
    return max(scored, key=_order_of_groups, default=RankedStory(candidate, 0.0))


def _order_of_groups(one: RankedStory) -> tuple[bool, Fit, float]:
    return not one.is_unseen, one.fit, one.score


def _score(
    group: Sequence[RankingTerm],
    places: _Places,
    candidate: Candidate,
    *,
    holds_all: bool,
    best: Fit,
) -> RankedStory:
    """Scores a candidate by one alternative."""
    matches = [_match(term, places) for term in group]
    is_unseen = holds_all and _NOWHERE in matches
    if is_unseen:
        pairs = zip(group, matches, strict=True)
        matches = [_unseen(term) if one is _NOWHERE else one for term, one in pairs]
    weights, values = [term.weight for term in group], [match.value for match in matches]
    points = sum(map(mul, weights, values)) / (sum(weights) or 1.0)
    rows = [match.place for match in matches]
    adjacency = _adjacency(rows)
    if adjacency < _IN_A_ROW and len(group) > 1 and places.holds_in_a_row(group):
        adjacency = _IN_A_ROW
    bonus = _ORDER * adjacency + _BREVITY * _coverage(rows, len(places.title.words))
    score = (points + bonus) / (1 + _ORDER + _BREVITY)
    exact = min(values, default=_TITLE_MATCH) == _TITLE_MATCH
    found = tuple([(one.form, one.quality) if one.form else None for one in matches])
    fit = min(best, _fit(group, matches))
    return RankedStory(candidate, score, group, found, exact, fit, is_unseen)


def _fit(group: Sequence[RankingTerm], matches: Sequence[_Match]) -> Fit:
    least = min([match.quality for match in matches], default=0.0)
    if not least:
        pairs = zip(group, matches, strict=True)
        is_typed = any(
            (one.quality >= INFLECTED or _is_nearly_typed(term, one)) and term.weight
            for term, one in pairs
        )
        return Fit.SOME if is_typed else Fit.GUESS
    if least == 1:
        return Fit.TYPED
    return Fit.FORM if least >= INFLECTED else Fit.TYPO


def _is_nearly_typed(term: RankingTerm, match: _Match) -> bool:
    """Tells if a match is as good as what was typed: a long word with one slip is no other.

    What goes on behind what was typed may be, if that is a word itself: `brot` and `brotpreise`.
    """
    if match.quality < _SURE or match.form is None or len(match.form[0]) < _LONG:
        return False
    return len(term.forms[0][0][0]) >= _LONG - 1 or match.quality == COMPOUND


class _Match(NamedTuple):
    """The value of a term where it stands best, its form there, and the place in the title."""

    value: float = 0.0
    form: Form | None = None
    quality: float = 0.0
    place: int | None = None


_NOWHERE = _Match()


def _unseen(term: RankingTerm) -> _Match:
    """The match of a term that is known to stand in a text that is not at hand: the likeliest.

    With several forms it is not known which; the last counts, so that nobody is deceived.
    """
    form, quality = term.forms[0] if len(term.forms) == 1 else term.forms[-1]
    if term.prefix:
        quality = min(quality, term.prefix)
    return _Match(quality * _TEXT_MATCH, form, quality)


def _better(best: _Match, other: _Match) -> _Match:
    """Returns the better match; what stands in the title counts for its place all the same."""
    if other.value <= best.value:
        return best
    if other.place is not None or best.place is None:
        return other
    return other._replace(place=best.place)


def _match(term: RankingTerm, places: _Places) -> _Match:
    """Finds the best match of a term in a title, a summary or a text."""
    typed = best = _match_form(*term.forms[0], places)
    if best.value < _TITLE_MATCH and len(term.forms) > 1:
        best = _match_others(term.forms[1:], best, places)
    if term.prefix > best.value:
        best = _better(best, _match_prefix(term, places))
    # A story that holds what was typed, too, was not found by anything else.
    if typed is _NOWHERE or best.quality == typed.quality:
        return best
    return best._replace(form=typed.form, quality=typed.quality)


def _match_others(forms: Sequence[tuple[Form, float]], best: _Match, places: _Places) -> _Match:
    folded = places.folded
    for form, quality in forms:
        is_better = quality * _TITLE_MATCH > best.value
        if not is_better and best.place is not None:
            break
        # Most forms are not even a part of a word, so nothing is called to find that out.
        if form[0] not in folded and form[0][0] != MARK:
            continue
        if is_better:
            best = _better(best, _match_form(form, quality, places))
        elif (place := places.title.find(form)) is not None:
            best = best._replace(place=place)
    return best


def _match_form(form: Form, quality: float, places: _Places) -> _Match:
    first = form[0]
    if first in places.title.folded and (place := places.title.find(form)) is not None:
        return _Match(quality * _TITLE_MATCH, form, quality, place)
    if first in places.summary.folded and places.summary.holds(form):
        return _Match(quality * _SUMMARY_MATCH, form, quality)
    if places.text is not None and quality > DOUBTFUL and places.text.holds(form):
        return _Match(quality * _TEXT_MATCH, form, quality)
    return _NOWHERE


def _match_prefix(term: RankingTerm, places: _Places) -> _Match:
    """Finds a word of which a term is a prefix."""
    prefix, quality = term.forms[0][0][-1], term.prefix
    place = places.title.find_prefix(prefix)
    if place is not None:
        return _Match(quality * _TITLE_MATCH, (places.title.words[place],), quality, place)
    word = places.summary.first_with_prefix(prefix)
    if word:
        return _Match(quality * _SUMMARY_MATCH, (word,), quality)
    word = places.text.first_with_prefix(prefix) if places.text is not None else ""
    return _Match(quality * _TEXT_MATCH, (word,), quality) if word else _NOWHERE


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
    return min(1.0, (len(places) - places.count(None)) / (length or 1))
