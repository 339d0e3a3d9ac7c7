"""Abbreviated names: what is asked for by a name is found where only its abbreviation stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.search.budget import LONG
from bot.search.plan import ExpandedTerm, Plan, make_plan, may_change, other_form, weigh
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.vocabulary import Vocabulary
from bot.text.english import is_english_word
from bot.text.initials import MARK, abbreviations, initials
from bot.text.stopwords import STOPWORDS

_ASKED = 3  # abbreviations that are looked up for one question
_READ = 3  # stories with a name that are looked at


async def abbreviation_plan(
    store: SearchStore, query: Query, vocabulary: Vocabulary
) -> Plan | None:
    """Plans to search for the abbreviation of a name in a query: `FTC` for `fair trade commission`.

    Only what some story spells as a name, capitals and all, has an abbreviation; None where
    nothing has.

    Raises:
        StoreError: The store cannot be read.
    """
    groups = [
        group
        for terms in query.alternatives
        if (group := await _abbreviate(store, terms, vocabulary))
    ]
    return make_plan(query, groups) if groups else None


async def _abbreviate(
    store: SearchStore, terms: tuple[Term, ...], vocabulary: Vocabulary
) -> list[ExpandedTerm]:
    if len(terms) > LONG or not all(map(may_change, terms)):
        return []
    words = [term.words[0] for term in terms]
    found = (
        one for one in abbreviations(words) if one[2] in vocabulary and not is_english_word(one[2])
    )
    for start, end, short in islice(found, _ASKED):
        if await _is_name(store, tuple(words[start:end]), short):
            before, after = (_weigh(part, vocabulary) for part in (terms[:start], terms[end:]))
            return [*before, other_form(short, vocabulary), *after]
    return []


def _weigh(terms: Sequence[Term], vocabulary: Vocabulary) -> list[ExpandedTerm]:
    plain = (term for term in terms if not STOPWORDS.issuperset(term.words))
    return [weigh(term, (), vocabulary) for term in plain]


async def _is_name(store: SearchStore, words: tuple[str, ...], short: str) -> bool:
    """Tells if a story spells words as a name that has these initials."""
    phrase = Query(((Term(words),),))
    found = await store.candidates(phrase, Filter(), _READ, texts=True)
    return any(f"{MARK}{short}" in initials(_whole(one)) for one in found)


def _whole(candidate: Candidate) -> str:
    return f"{candidate.title}. {candidate.summary} {candidate.text or ''}"
