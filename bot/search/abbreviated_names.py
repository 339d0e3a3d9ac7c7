"""Abbreviated names: what is asked for by a name is found where only its abbreviation stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.search.budget import LONG
from bot.search.occurrences import Form, LongText
from bot.search.plan import ExpandedTerm, Plan, make_plan, may_change, other_form, weigh
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.vocabulary import Vocabulary
from bot.text.english import is_english_word
from bot.text.initials import MARK, abbreviations
from bot.text.stopwords import STOPWORDS

_ASKED = 3  # abbreviations that are looked up for one question
_READ = 3  # stories with a name that are looked at


class _Name(NamedTuple):
    """A row of words that may be a name: where it begins and ends, and its abbreviation."""

    start: int
    end: int
    short: str

    @property
    def initials(self) -> str:
        """The token by which the index knows names of these initials."""
        return f"{MARK}{self.short}"


async def abbreviation_plan(
    store: SearchStore,
    query: Query,
    vocabulary: Vocabulary,
    holding: Sequence[Candidate] | None = None,
) -> Plan | None:
    """Plans to search for the abbreviation of a name in a query: `FTC` for `fair trade commission`.

    Only what some story spells as a name, capitals and all, has an abbreviation; None where
    nothing has.

    Args:
        store: The stories.
        query: What is asked for.
        vocabulary: Their words.
        holding: Stories, with their texts: all that hold all words of the query; None where that
            is not known.

    Raises:
        StoreError: The store cannot be read.
    """
    groups = [
        group
        for terms in query.alternatives
        if (group := await _abbreviate(store, terms, vocabulary, holding))
    ]
    return make_plan(query, groups, vocabulary) if groups else None


async def _abbreviate(
    store: SearchStore,
    terms: tuple[Term, ...],
    vocabulary: Vocabulary,
    holding: Sequence[Candidate] | None,
) -> list[ExpandedTerm]:
    if len(terms) > LONG or not all(map(may_change, terms)):
        return []
    words = tuple(term.words[0] for term in terms)
    names = list(islice(_possible_names(words, vocabulary), _ASKED))
    if holding is not None and all(len(words) == one.end - one.start for one in names):
        spelt = _spelt_in(holding, words, names)
    else:
        spelt = await _spelt_names(store, words, names)
    for start, end, short in spelt:
        before, after = (_weigh(part, vocabulary) for part in (terms[:start], terms[end:]))
        return [*before, other_form(short, vocabulary), *after]
    return []


def _possible_names(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[_Name]:
    """Yields rows of words that stories hold, whose initials stories hold as a word."""
    for start, end, short in abbreviations(words):
        is_held = short in vocabulary and all(word in vocabulary for word in words[start:end])
        if is_held and not is_english_word(short):
            yield _Name(start, end, short)


async def _spelt_names(store: SearchStore, words: Form, names: Sequence[_Name]) -> Sequence[_Name]:
    """Returns the names that stories spell, capitals and all; asks the store once, if at all."""
    if not names:
        return ()
    both = tuple((Term(words[one.start : one.end]), Term((one.initials,))) for one in names)
    found = await store.candidates(Query(both), Filter(), _READ, texts=True)
    return _spelt_in(found, words, names)


def _spelt_in(stories: Sequence[Candidate], words: Form, names: Sequence[_Name]) -> Sequence[_Name]:
    """Returns the names that stories spell, of those that are at hand."""
    if not names:
        return ()
    texts = [LongText(f"{one.title}. {one.summary} {one.text or ''}") for one in stories]
    return [
        one
        for one in names
        if any(t.holds(words[one.start : one.end]) and t.holds((one.initials,)) for t in texts)
    ]


def _weigh(terms: Sequence[Term], vocabulary: Vocabulary) -> list[ExpandedTerm]:
    plain = (term for term in terms if not STOPWORDS.issuperset(term.words))
    return [weigh(term, (), vocabulary) for term in plain]
