"""Anticipation: what few stories hold is searched for at once with all that may be meant by it.

Where hardly any story can hold all the words as they were typed, the next step is as good as sure:
its stories are then asked for first, and those that hold the very words are told from the others.
"""

from __future__ import annotations

from math import prod

from bot.search.budget import LONG, MAX_WORK
from bot.search.expansion import (
    ExpansionStep,
    suggestion_plan,
    typo_plan,
)
from bot.search.plan import Plan, may_change
from bot.search.query import Query
from bot.search.question_words import remove_stopwords
from bot.search.vocabulary import Vocabulary
from bot.text.stopwords import STOPWORDS

_FEW = 5  # stories that are too few to end a search with
_CHANCE = 0.2  # stories that would hold all the words if words came together by chance
_SHARE = 8  # a prefix of so many times as many words as it is itself is hardly a whole word
_CHEAP = MAX_WORK // 8  # postings that are gone through ahead of need


def is_rarely_held(query: Query, vocabulary: Vocabulary) -> bool:
    """Tells if hardly any story can hold all words of a query, all of them plain ones.

    What is quoted, or ordered by time, or has words that may be left out, is searched for by steps.
    """
    words = query.words
    if query.by_time or len(words) > LONG or not all(map(str.isascii, words)):
        return False
    if not all(map(may_change, query.terms)) or remove_stopwords(query, STOPWORDS) != query:
        return False
    return all(_is_rare([*map(vocabulary.count, one)], vocabulary.stories) for one in _rows(query))


def may_be_held(query: Query, vocabulary: Vocabulary) -> bool:
    """Tells if some story may hold all words of a query: it is not sure that none has one."""
    rows = ((word for term in group for word in term.words) for group in query.alternatives)
    return any(not any(map(vocabulary.is_unknown, row)) for row in rows)


def anticipate(query: Query, vocabulary: Vocabulary) -> ExpansionStep:
    """Returns the step that will probably follow: a prefix of very many words is no whole word."""
    last = query.terms[-1].words[0]
    is_whole = vocabulary.count(last) * _SHARE >= vocabulary.count_with(last)
    return suggestion_plan if is_whole else typo_plan


def is_cheap(plan: Plan) -> bool:
    """Tells if a plan costs little enough to be searched for ahead of need."""
    return plan.work <= _CHEAP


def _rows(query: Query) -> list[list[str]]:
    return [[term.words[0] for term in group] for group in query.alternatives]


def _is_rare(counts: list[int], stories: int) -> bool:
    expected = stories * prod(count / stories for count in counts)
    return min(counts) < _FEW or expected <= _CHANCE
