"""Ideographs: a short word of which no pair of neighbours is found is found by its letters.

`赖青德`, with one wrong sign, finds a title with `赖清德`; `月背` one with `月球背面`. A word may
be made of letters of a longer name, as `降准` is of `降低存款准备金率`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from bot.search.ports import Candidate
from bot.search.query import Query, Term
from bot.search.ranking import Fit, RankedStory, sort_ranked
from bot.text.tokenizer import fold, is_run

WORK = 60_000
"""Postings that looking for letters counts for: those of the commonest ones are about so many."""

_SHORTEST, _LONGEST = 2, 4  # letters of such a word
_GAP = 2  # other letters that may stand between two
_NAME_GAP = 6  # ideographs that may stand between two letters of a name
_SCORE, _BONUS = 0.3, 0.05  # of a story with all letters, found by these or by pairs of them
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def letters_of(query: Query) -> str:
    """Returns the letters of a question that is one short word of ideographs; else nothing."""
    (term, *rest) = query.terms
    if rest or term.quoted or not all(map(is_run, term.words)):
        return ""
    letters = term.words[0] + "".join(word[-1] for word in term.words[1:])
    found = "".join(dict.fromkeys(_IDEOGRAPH.findall(letters)))
    return found if len(found) >= _SHORTEST and len(letters) <= _LONGEST else ""


def letters_query(query: Query, letters: str) -> Query:
    """Returns a query for titles that hold two of some letters."""
    pairs = ((Term((one,)), Term((other,))) for one, other in combinations(letters, 2))
    return replace(query, alternatives=tuple(pairs), in_title=True)


def rank_by_letters(candidates: Iterable[Candidate], letters: str) -> list[RankedStory]:
    """Ranks the stories whose titles hold two letters in their order, near one another.

    Or all of them, within a run of ideographs.
    """
    pairs = (f"{one}.{{0,{_GAP}}}{other}" for one, other in combinations(letters, 2))
    name = f"{_IDEOGRAPH.pattern}{{0,{_NAME_GAP}}}".join(letters)
    near = re.compile("|".join((*pairs, name)))
    titles = ((one, fold(one.title)) for one in candidates)
    return sort_ranked(
        RankedStory(one, _SCORE * share_of_letters(title, letters), fit=Fit.GUESS)
        for one, title in titles
        if near.search(title)
    )


def prefer_letters(ranked: Sequence[RankedStory], query: Query) -> list[RankedStory]:
    """Puts those first, of stories with some pairs of neighbours, that hold more of the letters."""
    pairs = "".join(word for word in query.words if is_run(word))
    letters = "".join(dict.fromkeys(_IDEOGRAPH.findall(pairs)))
    if not letters:
        return list(ranked)
    return sort_ranked(
        replace(
            one, score=one.score + _BONUS * share_of_letters(fold(one.candidate.title), letters)
        )
        for one in ranked
    )


def share_of_letters(folded: str, letters: str) -> float:
    """Returns the share of some letters that a folded text holds, from 0 to 1."""
    return sum(letter in folded for letter in letters) / len(letters)
