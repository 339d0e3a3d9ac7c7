"""Results of a search: the stories that were found, and what each was found by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from bot.model import Story
from bot.search.occurrences import Form
from bot.search.plan import Plan
from bot.search.ports import Candidate
from bot.search.query import Query
from bot.search.ranking import INFLECTED, Fit, RankedStory, RankingTerm
from bot.text.initials import MARK
from bot.text.tokenizer import fold

_WORD = re.compile(r"[^\W_]+")
_ACCENTED = re.compile("[\u00c0-\u024f]")  # a Latin letter that is folded to another
_FIRST = 5  # stories, of which one tells what may have been meant


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found.

    Attributes:
        id: The story's id.
        title: Its title.
        score: From 0 to 1, how well it fits.
        corrected: What it was found by, where a word was taken for another one; else empty.
        substitutes: Words that were typed, each with the one that it was taken for; where nothing
            was corrected, names that are written otherwise.
        partial: True when it holds some of the words only.
        by_meaning: True when it was found by its meaning, whatever words it holds.
        development: The id of the development that it tells of; empty where nobody knows one.
        make_story: Makes the story itself; None where it must be read.
    """

    id: str
    title: str
    score: float
    corrected: str = ""
    substitutes: tuple[tuple[str, str], ...] = ()
    partial: bool = False
    by_meaning: bool = False
    development: str = ""
    make_story: Callable[[], Story] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    Attributes:
        query: What was asked for.
        hits: The stories, best first.
        marks: The words and phrases that were searched for, to highlight them.
        prefix: The prefix of a word that was searched for, too; empty for none.
        cut: True when the question was too long, and only a part of it was searched for, or not in
            every way.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    marks: tuple[Form, ...] = ()
    prefix: str = ""
    cut: bool = False

    @property
    def corrected(self) -> str:
        """The words that the first story was found by, where these were not typed; else empty."""
        return self.hits[0].corrected if self.hits else ""

    @property
    def suggestion(self) -> str:
        """A guess at what was meant: what one of the first stories was found by."""
        return next((hit.corrected for hit in self.hits[:_FIRST] if hit.corrected), "")

    @property
    def partial(self) -> bool:
        """True when no story holds all the words, and the hits hold some of them at best."""
        return bool(self.hits) and (self.hits[0].partial or self.hits[0].by_meaning)

    def without_repeats(self) -> SearchResult:
        """Returns it with the best story alone of those that tell the same development."""
        if not any(hit.development for hit in self.hits):
            return self
        best = {hit.development or hit.id: hit for hit in reversed(self.hits)}
        hits = tuple(hit for hit in self.hits if best[hit.development or hit.id] is hit)
        return replace(self, hits=hits)


def make_result(
    query: Query, plan: Plan, ranked: Sequence[RankedStory], *, cut: bool = False
) -> SearchResult:
    """Makes the result of a search from the stories in their order.

    Args:
        query: What was asked for.
        plan: What was searched for last.
        ranked: The stories, best first.
        cut: As the result has it.
    """
    marks = dict.fromkeys(form for group in plan.ranking for one in group for form, _ in one.forms)
    typed = {} if str(query).isascii() else _as_typed(query)
    return SearchResult(
        query,
        _hits_by_time(ranked, typed, oldest=query.oldest)
        if query.by_time
        else _best_hits(ranked, typed),
        marks=tuple(marks),
        prefix=next((t.words[-1] for g in plan.query.alternatives for t in g if t.prefix), ""),
        cut=cut,
    )


def _as_typed(query: Query) -> Mapping[str, str]:
    """Returns the words of a query as they were typed, umlauts and all, by what they are folded."""
    return {fold(term.typed): term.typed.lower() for term in query.terms if term.typed}


def _hits_by_time(
    ranked: Sequence[RankedStory], typed: Mapping[str, str], *, oldest: bool
) -> tuple[Hit, ...]:
    ordered = sorted(ranked, key=lambda one: one.candidate.published, reverse=not oldest)
    return tuple(_hit(one, one.score, typed) for one in ordered)


def _best_hits(ranked: Sequence[RankedStory], typed: Mapping[str, str]) -> tuple[Hit, ...]:
    # What comes later never has a higher score, even when it came later for another reason.
    scores = accumulate((one.score for one in ranked), min)
    return tuple(_hit(one, score, typed) for one, score in zip(ranked, scores, strict=True))


def _hit(one: RankedStory, score: float, typed: Mapping[str, str]) -> Hit:
    candidate, partial = one.candidate, one.fit <= Fit.SOME
    mended = _substitutes(one)
    corrected = _found_by(one) if mended else ""
    if mended and typed:
        mended = tuple((_spell(wrong, typed), taken) for wrong, taken in mended)
    substitutes = one.names or mended
    if substitutes and _ACCENTED.search(f"{candidate.title} {candidate.summary}"):
        spellings = _spellings(candidate)
        corrected = _spell(corrected, spellings)
        substitutes = tuple((wrong, _spell(taken, spellings)) for wrong, taken in substitutes)
    return Hit(
        candidate.id,
        candidate.title,
        round(score, 4),
        corrected,
        substitutes,
        partial,
        development=candidate.development,
        make_story=candidate.make_story,
    )


def _spellings(candidate: Candidate) -> Mapping[str, str]:
    """Returns the accented words of a title and a summary by what they are compared as."""
    found = _WORD.findall(f"{candidate.title} {candidate.summary}".lower())
    return {fold(word): word for word in found if _ACCENTED.search(word)}


def _spell(found: str, spellings: Mapping[str, str]) -> str:
    """Spells folded words as a story does: `müllabfuhr`, and not `mullabfuhr`."""
    return " ".join(spellings.get(word, word) for word in found.split())


def _substitutes(one: RankedStory) -> tuple[tuple[str, str], ...]:
    """Returns the words that were taken for others, but for other forms of them."""
    if one.fit >= Fit.FORM:
        return ()
    pairs = zip(one.group, one.matches, strict=True)
    return tuple(
        (" ".join(term.forms[0][0]), _name(match[0]))
        for term, match in pairs
        if match is not None and match[1] < INFLECTED and not _is_contraction(term, match[0])
    )


def _is_contraction(term: RankingTerm, taken: Form) -> bool:
    """Tells if a word was only typed without its apostrophe: `didnt`, of which `didn` stands."""
    if len(taken) > 1 or not taken[0].endswith("n"):
        return False
    return term.forms[0][0] == (f"{taken[0]}t",)


def _found_by(one: RankedStory) -> str:
    found = dict.fromkeys(" ".join(match[0]) for match in one.matches if match)
    return " ".join(found).replace(MARK, "")


def _name(form: Form) -> str:
    """Returns a form for readers: initials without their mark, as what they abbreviate is told."""
    return " ".join(form).replace(MARK, "")
