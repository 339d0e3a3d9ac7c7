"""The steps of a search, from sure to bold, and when enough was found to take no more of them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.search.by_ear import by_ear_plan
from bot.search.expansion import (
    ExpansionStep,
    literal_plan,
    two_typos_plan,
    typo_plan,
)
from bot.search.query import Query
from bot.search.question_words import remove_stopwords
from bot.search.ranking import INFLECTED, Fit, RankedStory, sort_ranked
from bot.search.term_expansion import CORRECTED_KIN, TWO_EDITS
from bot.text.stopwords import QUESTION_STOPWORDS, STOPWORDS

_BRIEF = 4  # words of a question that was hardly asked as one
_GOOD = 0.78  # the score of a story from which on the query is expanded no further


def expansion_steps(query: Query) -> Iterator[tuple[ExpansionStep, Query, Fit]]:
    """Yields the steps, from sure to bold, each with the query that it takes and its best fit.

    First all words are searched for, then those that matter.
    """
    plain, bare = (remove_stopwords(query, some) for some in (STOPWORDS, QUESTION_STOPWORDS))
    if plain != query:
        yield literal_plan, plain, Fit.GIST
    yield typo_plan, query, Fit.TYPED
    if plain != query:
        yield typo_plan, plain, Fit.GIST
    if bare != plain:
        if len(plain.terms) <= _BRIEF:  # `piece` and `way` open many a question, and end others
            yield two_typos_plan, plain, Fit.GIST
        yield literal_plan, bare, Fit.FORM  # what was left out may well have been meant
        yield typo_plan, bare, Fit.FORM
    yield two_typos_plan, bare, Fit.FORM
    yield by_ear_plan, bare, Fit.FORM


def is_good(best: RankedStory, *, is_gist: bool) -> bool:
    """Returns True when the query need not be expanded further.

    Args:
        best: The best story so far.
        is_gist: True when there are no more stopwords to leave out.
    """
    if best.fit >= Fit.GIST or best.score >= _GOOD:
        return True
    worst = min((match[1] if match else 0.0 for match in best.matches), default=0.0)
    return is_gist and worst >= CORRECTED_KIN


def is_whole(best: RankedStory | None) -> bool:
    """Tells if the best story holds what was meant, so that some of the words won't do."""
    if best is None or best.fit <= Fit.SOME:
        return False
    return is_good(best, is_gist=True) or _is_one_typo(best)


def _is_one_typo(best: RankedStory) -> bool:
    """Tells if a story holds two words and more as they were typed or inflected, but for one."""
    qualities = [match[1] if match else 0.0 for match in best.matches]
    mended = [quality for quality in qualities if quality < INFLECTED]
    return len(qualities) > 1 and len(mended) == 1 and mended[0] >= TWO_EDITS


def merge(pool: list[RankedStory], more: list[RankedStory]) -> list[RankedStory]:
    """Merges two rankings: each story once, with its best fit."""
    best = {one.candidate.id: one for one in pool}
    for one in more:
        known = best.get(one.candidate.id)
        if known is None or (one.fit, one.score) > (known.fit, known.score):
            best[one.candidate.id] = one
    return sort_ranked(best.values())
