"""Query expansion: from the words that were typed to all that they may mean, from sure to bold.

Each step is a function that makes a `Plan`: other forms of the words, typos corrected by edit
distance, joined words split, split words joined, the last word taken for a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from bot.search.budget import LONG
from bot.search.compounds import pair_shares, recompose, split_compounds
from bot.search.plan import ExpandedTerm, Plan, make_plan, weigh, weigh_with_forms
from bot.search.query import Query, Term
from bot.search.ranking import RankingTerm
from bot.search.term_expansion import TermExpander
from bot.search.vocabulary import Vocabulary
from bot.text.english import is_english_word

ExpansionStep: TypeAlias = Callable[[Query, Vocabulary], Plan]
"""A step of the expansion: makes a plan of a query."""


def near_words(query: Query, vocabulary: Vocabulary) -> list[str]:
    """Returns words of stories that are like a common word which no story holds.

    They begin with it, or are one edit from it. They are neither completions nor corrections, since
    the word was hardly unfinished or mistyped; but they may be offered.
    """
    unknown = [one for one in query.words if one not in vocabulary and is_english_word(one)]
    like = (vocabulary.complete(one, 1) + vocabulary.corrections(one, 1) for one in unknown)
    return list(dict.fromkeys(chain.from_iterable(like)))


def removed_terms(query: Query, rest: Query, vocabulary: Vocabulary) -> list[RankingTerm]:
    """Returns the terms of a query that are not in the rest of it, to boost stories by."""
    terms = (term for term in query.terms if term not in rest.terms)
    return [weigh_with_forms(term, vocabulary).ranking for term in terms]


def literal_plan(query: Query, vocabulary: Vocabulary | None = None) -> Plan:
    """Plans to search for every word as it was typed."""
    return make_plan(
        query,
        [[weigh(term, (), vocabulary) for term in g] for g in query.alternatives],
        vocabulary,
    )


def typo_plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """Plans to search for what may be meant by words with one typo.

    Unknown words are corrected by one edit, joined words split, split words joined, and the last
    word is taken for a prefix.
    """
    return _expand(query, vocabulary, edits=1)


def suggestion_plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """Plans to search for what may be meant as well where stories hold the very words."""
    return _expand(query, vocabulary, edits=1, found=True)


def two_typos_plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """Plans as `typo_plan`, with two edits."""
    return _expand(query, vocabulary, edits=2)


def fuzzy_plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """Plans as `typo_plan`, with words that are only similar to what was typed for unknown ones.

    Known words are taken for typos of others, too, which count far less than they do themselves.
    """
    return _expand(query, vocabulary, edits=3)


def _expand(query: Query, vocabulary: Vocabulary, edits: int, *, found: bool = False) -> Plan:
    expander = TermExpander(
        vocabulary,
        edits,
        found=found,
        alone=len(query.words) == 1,
        shouted=len(query.terms) > 1
        and query.terms[0].typed.isupper()
        and all(one.typed.isupper() for one in query.terms),
    )
    split = split_compounds(query, runs=expander.edits > 2)  # noqa: PLR2004 - some will do then
    last = split.terms[-1]
    doubted = frozenset(split.terms[:LONG])
    shares = pair_shares(query) if expander.edits > 2 else {}  # noqa: PLR2004
    groups = [
        [
            _of_share(expander.expand(t, is_prefix=t is last, is_doubted=t in doubted), shares)
            for t in group
        ]
        for group in split.alternatives
    ]
    is_loose = expander.edits > 2  # noqa: PLR2004
    wider = [
        one for g in groups for one in (g, *recompose(g, expander.vocabulary, is_loose=is_loose))
    ]
    return make_plan(query, wider, expander.vocabulary)


def _of_share(expanded: ExpandedTerm, shares: Mapping[Term, float]) -> ExpandedTerm:
    """Returns a term with its share of the weight, where it is a part of what was typed."""
    share = shares.get(expanded.term, 1.0) if shares else 1.0
    if share == 1:
        return expanded
    ranking = replace(expanded.ranking, weight=expanded.ranking.weight * share)
    return replace(expanded, ranking=ranking)
