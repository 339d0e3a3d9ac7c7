"""What a subscription asks of a story, made ready to be looked for in one story after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from sys import intern

from bot.search.query import Query, Term, parse
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_terms import (
    FieldTerms,
    StoryTerms,
    TermKind,
    TermRow,
    letter_key,
    source_key,
    stem_key,
    topic_key,
)
from bot.text.stemming import Stem, plural_or_singular
from bot.text.tokenizer import gram_phrase, is_run, whole_words


@dataclass(frozen=True, slots=True)
class RequiredTerms:
    """What must be there, all of it.

    Attributes:
        keys: These keys.
        either: Of each of these sets of keys at least one.
        rows: Of each of these lists of rows at least one.
    """

    keys: frozenset[str] = frozenset()
    either: tuple[frozenset[str], ...] = ()
    rows: tuple[tuple[TermRow, ...], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether the keys say it all."""
        return not self.either and not self.rows

    def are_met(self, fields: FieldTerms) -> bool:
        """Whether fields have all of it."""
        # Thousands are asked of one story, and most of them have no such sets and rows.
        return (
            self.keys <= fields.keys
            and not (self.either and any(map(fields.keys.isdisjoint, self.either)))
            and not (self.rows and not all(any(map(fields.hold, rows)) for rows in self.rows))
        )


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a story is to have, and what not.

    Attributes:
        needs: This.
        without: None of these, wherever they stand.
        in_title: Whether the needs are looked for in the title only.
    """

    needs: RequiredTerms
    without: tuple[RequiredTerms, ...] = ()
    in_title: bool = False

    @property
    def shut_out(self) -> frozenset[str]:
        """Keys of which it must have none; all there is to `without` when it is plain."""
        alone = (needs.keys for needs in self.without if needs.plain and len(needs.keys) == 1)
        return frozenset().union(*alone)

    @property
    def plain(self) -> bool:
        """Whether the keys of the needs, and those that are shut out, say it all."""
        known = all(needs.plain and len(needs.keys) == 1 for needs in self.without)
        return self.needs.plain and known and not self.in_title

    def fits(self, story: StoryTerms) -> bool:
        """Whether a story has what it is to have, and nothing else."""
        fields = story.title if self.in_title else story.anywhere
        return self.needs.are_met(fields) and not (
            self.without and any(needs.are_met(story.anywhere) for needs in self.without)
        )


def sought(subscription: Subscription, stem: Stem) -> tuple[Criterion, ...]:
    """What a subscription asks of a story: any of these.

    What a search says of dates and of an order means nothing here.
    """
    if subscription.kind is TargetKind.TOPIC:
        return (Criterion(_key(topic_key(subscription.what))),)
    if subscription.kind is TargetKind.SOURCE:
        return (Criterion(_key(source_key(subscription.what))),)
    return _searched(parse(subscription.what), stem)


def _searched(query: Query, stem: Stem) -> tuple[Criterion, ...]:
    filters = _filtered(query)
    # Filters by themselves are something to ask for; a query without either is not.
    groups = query.alternatives or (((),) if filters else ())
    without = tuple(_needs(replace(term, quoted=True), stem) for term in query.without)
    needs = (_all([*filters, *(_needs(term, stem) for term in group)]) for group in groups)
    return tuple(Criterion(one, without, query.in_title) for one in needs)


def _filtered(query: Query) -> list[RequiredTerms]:
    """What the filters ask; of several of one name the last one, as in a search."""
    filters = dict(query.filters)
    topic, source = filters.get("topic"), filters.get("source")
    found = [] if topic is None else [_key(topic_key(topic))]
    return found if source is None else [*found, _key(source_key(source.lower()))]


def _needs(term: Term, stem: Stem) -> RequiredTerms:
    if any(map(is_run, term.words)):
        return _runs(term)
    if not term.quoted:
        return _inflected(term.words, stem)
    return RequiredTerms(frozenset(term.words), rows=_in_a_row(TermRow(term.words)))


def _inflected(words: Sequence[str], stem: Stem) -> RequiredTerms:
    """Words or others of the same stems; one by itself may also be in the other number."""
    stems = tuple(map(stem, words))
    keys = frozenset(map(stem_key, stems))
    if len(words) > 1:
        return RequiredTerms(keys, rows=_in_a_row(TermRow(stems, TermKind.STEMS)))
    others = [one for one in plural_or_singular(words[0]) if stem(one) not in stems]
    return RequiredTerms(either=(keys.union(others),)) if others else RequiredTerms(keys)


def _in_a_row(row: TermRow) -> tuple[tuple[TermRow, ...], ...]:
    """What a row asks beyond its words: nothing, when it is of one only."""
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
    rows = [TermRow(tuple(pieces), TermKind.GRAMS, begun=letters[-1])]
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
