"""Plans of a search: the terms of a query with all their forms, for the store and the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.search.budget import LONG, FormCount, count_form, work_of_all
from bot.search.occurrences import Form
from bot.search.query import Query, Term
from bot.search.ranking import INFLECTED, RankingTerm
from bot.search.vocabulary import Vocabulary
from bot.text.initials import MARK
from bot.text.tokenizer import is_run

_PREFIX_FROM, _COMPLETIONS = 3, 20  # letters of a real prefix; words that stand for another one
_MOST_POSTINGS = 60_000  # of all words with a real prefix together, which are put in order first
_EXPRESSION, _LONG_EXPRESSION = 600, 150  # words and phrases of one expression, and of a long one
_UNKNOWN = 0.3  # the weight of a word that nothing is like beside a rare one


MAX_FORMS = 12
"""Other forms of one word that are searched for."""

MAX_HEARD = 8
"""Words that one may be which was spelled by ear."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as it is to be searched for and ranked.

    Attributes:
        query: For the store.
        ranking: For the ranking: the same alternatives with the quality of each form.
        work: Postings that the index goes through at most, as `bot.search.budget` counts them.
        is_hopeless: True when it is known that no story matches.
        most: Stories that match at most; None where that is not known.
    """

    query: Query
    ranking: tuple[tuple[RankingTerm, ...], ...]
    work: int = 0
    is_hopeless: bool = False
    most: int | None = None

    @property
    def is_ambiguous(self) -> bool:
        """True when a story's text must be seen to know which form of a term it holds."""
        return any(len(one.forms) > 1 or one.prefix for group in self.ranking for one in group)


@dataclass(frozen=True, slots=True)
class ExpandedTerm:
    """A term beside all that may be ranked in its place.

    Attributes:
        term: The term.
        ranking: All that may stand in its place.
        counts: The counts of each form of that; empty where they are not known.
        is_hopeless: True when no story holds any of that.
        begun: Stories that hold what begins with it, where that may stand in its place.
    """

    term: Term
    ranking: RankingTerm
    counts: tuple[FormCount, ...] = ()
    is_hopeless: bool = False
    begun: int = 0

    @property
    def most(self) -> int | None:
        """Stories that hold any of that, at most; None where that is not known."""
        return self.begun + sum(one.stories for one in self.counts) if self.counts else None


def may_change(term: Term) -> bool:
    """Tells if something else may stand in a term's place: it is one word, and not in quotes."""
    return not term.quoted and len(term.words) == 1 and not is_run(term.words[0])


def other_forms(word: str, vocabulary: Vocabulary) -> list[tuple[Form, float]]:
    """Returns the other forms of a word that stories hold, the commonest first."""
    return [((other,), INFLECTED) for other in vocabulary.inflections(word)[:MAX_FORMS]]


def weigh(
    term: Term,
    others: Sequence[tuple[Form, float]],
    vocabulary: Vocabulary | None,
    prefix: float = 0.0,
) -> ExpandedTerm:
    """Weighs a term by the rarity of its commonest form."""
    if prefix and vocabulary is not None and _is_too_common(term, vocabulary):
        # So much begins with it that the commonest words must do for all.
        completions = vocabulary.complete(term.words[0], _COMPLETIONS)
        others = [*others, *(((word,), prefix) for word in completions if word != term.words[0])]
        prefix = 0.0
    forms = ((term.words, 1.0), *others)
    weight, counts, is_hopeless, begun = 1.0, list[FormCount](), False, 0
    if vocabulary is not None:
        counts = [count_form(form, vocabulary.count) for form, _ in forms]
        most = max(one.stories for one in counts)
        alike = most or (prefix and vocabulary.has_prefix(term.words[-1]))
        if not alike and term.typed.isupper():  # initials are not counted
            alike = any(form[0].startswith(MARK) for form, _ in forms)
        weight = vocabulary.weight(most) if alike else vocabulary.weight(1) * _UNKNOWN
        is_hopeless = not (prefix or most) and all(
            any(map(vocabulary.is_unknown, form)) for form, _ in forms
        )
        begun = vocabulary.count_with(term.words[-1]) if prefix or term.prefix else 0
    return ExpandedTerm(term, RankingTerm(forms, weight, prefix), tuple(counts), is_hopeless, begun)


def weigh_with_forms(term: Term, vocabulary: Vocabulary) -> ExpandedTerm:
    """Weighs a term beside its other forms."""
    others = other_forms(term.words[0], vocabulary) if may_change(term) else ()
    return weigh(term, others, vocabulary)


def _is_too_common(term: Term, vocabulary: Vocabulary) -> bool:
    """Tells if so much begins with a term that finding all of it would take long."""
    prefix = term.words[0]
    return may_change(term) and (
        len(prefix) < _PREFIX_FROM or vocabulary.count_with(prefix) > _MOST_POSTINGS
    )


def other_form(word: str, vocabulary: Vocabulary) -> ExpandedTerm:
    """Returns a word that was not typed, but is another form of what was, as a term."""
    expanded = weigh(Term((word,)), (), vocabulary)
    return replace(expanded, ranking=replace(expanded.ranking, forms=(((word,), INFLECTED),)))


def count_excluded(query: Query, vocabulary: Vocabulary) -> list[FormCount]:
    """Counts what a query excludes, which the index goes through beside the rest."""
    return [count_form(one.words, vocabulary.count) for one in query.without]


def make_plan(
    query: Query, groups: Sequence[Sequence[ExpandedTerm]], vocabulary: Vocabulary | None
) -> Plan:
    """Makes a plan of alternatives, within the bound of what one expression may hold.

    Args:
        query: What is asked for.
        groups: The terms of each alternative, with all that may be meant by them.
        vocabulary: Counts what the query excludes; None where that is not known yet.
    """
    excluded = count_excluded(query, vocabulary) if vocabulary is not None else []
    groups = _limit_forms(groups)
    terms = tuple(tuple(_store_term(one) for one in group) for group in groups)
    ranking = tuple(tuple(one.ranking for one in group) for group in groups)
    work = sum(work_of_all([one.counts for one in group], excluded) for group in groups)
    is_hopeless = all(any(one.is_hopeless for one in group) for group in groups)
    most = _most_matches(groups)
    return Plan(replace(query, alternatives=terms), ranking, work, is_hopeless, most)


def _most_matches(groups: Sequence[Sequence[ExpandedTerm]]) -> int | None:
    """Returns how many stories match at most: of each alternative those with its rarest term."""
    known = [[one.most for one in group if one.most is not None] for group in groups]
    return sum(map(min, known)) if all(known) else None


def _limit_forms(groups: Sequence[Sequence[ExpandedTerm]]) -> Sequence[Sequence[ExpandedTerm]]:
    """Leaves to each term so many of its forms, the best, that the expression has its bound."""
    terms = sum(map(len, groups))
    bound = _LONG_EXPRESSION if any(len(group) > LONG for group in groups) else _EXPRESSION
    if sum(len(one.ranking.forms) for group in groups for one in group) <= bound:
        return groups
    most = max(1, bound // terms)
    return [[_first_forms(one, most) for one in group] for group in groups]


def _first_forms(one: ExpandedTerm, most: int) -> ExpandedTerm:
    ranking = replace(one.ranking, forms=one.ranking.forms[:most])
    return replace(one, ranking=ranking, counts=one.counts[:most])


def _store_term(expanded: ExpandedTerm) -> Term:
    term, ranking = expanded.term, expanded.ranking
    if len(ranking.forms) == 1 and not ranking.prefix:
        return term if not term.also else replace(term, also=())
    also = tuple(form for form, _ in ranking.forms[1:])
    is_prefix = term.prefix or ranking.prefix > 0
    return Term(term.words, is_prefix, also, term.quoted, term.typed)
