"""Criteria of subscriptions and topics, parsed to be matched against one story after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from sys import intern

from bot.search.query import Query, Term, parse
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_terms import (
    ANY_STORY,
    FieldTerms,
    StoryTerms,
    TermKind,
    TermRow,
    letter_key,
    source_key,
    stem_key,
    topic_key,
)
from bot.text.irregular_words import irregular_forms
from bot.text.stemming import Stem, plural_or_singular
from bot.text.tokenizer import gram_phrase, is_run, whole_words


@dataclass(frozen=True, slots=True)
class RequiredTerms:
    """Terms that must all be there.

    Attributes:
        keys: The keys that must be there.
        either: Sets of keys, of each of which at least one must be there.
        rows: Lists of rows, of each of which at least one must be there.
    """

    keys: frozenset[str] = frozenset()
    either: tuple[frozenset[str], ...] = ()
    rows: tuple[tuple[TermRow, ...], ...] = ()

    @property
    def plain(self) -> bool:
        """True when there is nothing but keys."""
        return not self.either and not self.rows

    def are_met(self, fields: FieldTerms) -> bool:
        """Returns True when fields have all of the terms."""
        # Thousands are asked of one story, and most of them have no such sets and rows.
        return (
            self.keys <= fields.keys
            and not (self.either and any(map(fields.keys.isdisjoint, self.either)))
            and not (self.rows and not all(any(map(fields.has_row, rows)) for rows in self.rows))
        )


@dataclass(frozen=True, slots=True)
class Criterion:
    """Terms that a story must have, and others that it must not have.

    Attributes:
        needs: The terms that it must have.
        without: Terms of which it must have none, wherever they stand.
        in_title: True when the needs must stand in the title.
    """

    needs: RequiredTerms
    without: tuple[RequiredTerms, ...] = ()
    in_title: bool = False

    @property
    def excluded_keys(self) -> frozenset[str]:
        """Keys of which it must have none; all there is to `without` when it is plain."""
        alone = (needs.keys for needs in self.without if needs.plain and len(needs.keys) == 1)
        return frozenset().union(*alone)

    @property
    def plain(self) -> bool:
        """True when the keys of the needs, and those that are excluded, say it all."""
        known = all(needs.plain and len(needs.keys) == 1 for needs in self.without)
        return self.needs.plain and known and not self.in_title

    def is_met(self, story: StoryTerms) -> bool:
        """Returns True when a story has all that it must have, and nothing that it must not."""
        fields = story.title if self.in_title else story.anywhere
        return self.needs.are_met(fields) and not (
            self.without and any(needs.are_met(story.anywhere) for needs in self.without)
        )


def criteria(subscription: Subscription, stem: Stem) -> tuple[Criterion, ...]:
    """Returns the criteria of a subscription: a story is to meet any of them.

    Filters of a search by date, and its order, mean nothing here.
    """
    if subscription.kind is TargetKind.EVERYTHING:
        return (Criterion(_key(ANY_STORY)),)
    if subscription.kind is TargetKind.TOPIC:
        return (Criterion(_key(topic_key(subscription.what))),)
    if subscription.kind is TargetKind.SOURCE:
        return (Criterion(_key(source_key(subscription.what))),)
    return query_criteria(parse(subscription.what), stem)


def literal_criteria(query: Query) -> tuple[Criterion, ...]:
    """Returns the criteria of a query that means its words as they are typed, without inflections.

    Its filters mean nothing, but for `in:title`; a query without a word has no criteria.
    """
    quoted = (tuple(replace(term, quoted=True) for term in group) for group in query.alternatives)
    return query_criteria(replace(query, alternatives=tuple(quoted), filters=()), str)


def query_criteria(query: Query, stem: Stem) -> tuple[Criterion, ...]:
    """Returns the criteria of a query: a story is to meet any of them; none for no words."""
    filters = _filters(query)
    # Filters by themselves are something to ask for; a query without either is not.
    groups = query.alternatives or (((),) if filters else ())
    without = tuple(_needs(replace(term, quoted=True), stem) for term in query.without)
    needs = (_all([*filters, *(_needs(term, stem) for term in group)]) for group in groups)
    return tuple(Criterion(one, without, query.in_title) for one in needs)


def _filters(query: Query) -> list[RequiredTerms]:
    """Returns what the filters ask for; of several of one name the last one, as in a search."""
    filters = dict(query.filters)
    topic, source = filters.get("topic"), filters.get("source")
    found = [] if topic is None else [_key(topic_key(topic))]
    return found if source is None else [*found, _key(source_key(source.lower()))]


def _needs(term: Term, stem: Stem) -> RequiredTerms:
    if any(map(is_run, term.words)):
        return _runs(term)
    if not term.quoted:
        return _inflected(term.words, stem)
    return RequiredTerms(frozenset(term.words), rows=_adjacent(TermRow(term.words)))


def _inflected(words: Sequence[str], stem: Stem) -> RequiredTerms:
    """Words or others of the same stems; one by itself also in the other number, and irregular."""
    stems = tuple(map(stem, words))
    keys = frozenset(map(stem_key, stems))
    if len(words) > 1:
        return RequiredTerms(keys, rows=_adjacent(TermRow(stems, TermKind.STEMS)))
    forms = (*plural_or_singular(words[0]), *irregular_forms(words[0]))
    others = [one for one in forms if stem(one) not in stems]
    return RequiredTerms(either=(keys.union(others),)) if others else RequiredTerms(keys)


def _adjacent(row: TermRow) -> tuple[tuple[TermRow, ...], ...]:
    """Returns the row that is asked for beyond its words: none, when it is of one only."""
    return ((row,),) if len(row.pieces) > 1 else ()


def _runs(term: Term) -> RequiredTerms:
    """A term of a script without spaces, which the search finds by pairs of letters."""
    letters = [is_run(word) and len(word) == 1 for word in term.words]
    keys = frozenset(
        letter_key(word) if letter else word
        for word, letter in zip(term.words, letters, strict=True)
    )
    if len(term.words) == 1:
        return RequiredTerms(keys)
    pieces = gram_phrase(term.words)
    rows = [TermRow(tuple(pieces), TermKind.GRAMS, prefix=letters[-1])]
    whole = tuple(whole_words(term.typed))
    if len(whole) > 1 or not all(map(is_run, term.words)):
        rows.append(TermRow(whole))  # between spaces, words stand there as they are
    return RequiredTerms(keys, rows=(tuple(rows),))


def _key(key: str) -> RequiredTerms:
    return RequiredTerms(frozenset((key,)))


def _all(parts: Sequence[RequiredTerms]) -> RequiredTerms:
    # Of a key that many ask for there is one object, which then is at hand in the processor.
    return RequiredTerms(
        frozenset(map(intern, chain.from_iterable(part.keys for part in parts))),
        tuple(chain.from_iterable(part.either for part in parts)),
        tuple(chain.from_iterable(part.rows for part in parts)),
    )
