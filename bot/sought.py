"""What a subscription asks of a story, made ready to be looked for in one story after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.query import Query, Term, parse
from bot.stems import Stem, other_number
from bot.story_words import (
    Fields,
    Row,
    StoryWords,
    letter_key,
    row,
    run_row,
    source_key,
    stem_key,
    topic_key,
)
from bot.subscriptions import Followed, Subscription
from bot.words import gram_row, is_run, whole_words


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there, all of it.

    Attributes:
        keys: These keys.
        either: Of each of these sets of keys at least one.
        rows: Of each of these lists of rows at least one.
    """

    keys: frozenset[str] = frozenset()
    either: tuple[frozenset[str], ...] = ()
    rows: tuple[tuple[Row, ...], ...] = ()

    def are_met(self, fields: Fields) -> bool:
        """Whether fields have all of it."""
        return (
            self.keys <= fields.keys
            and not any(map(fields.keys.isdisjoint, self.either))
            and all(any(map(fields.hold, rows)) for rows in self.rows)
        )


@dataclass(frozen=True, slots=True)
class Sought:
    """What a subscription asks of a story.

    Attributes:
        alternatives: Any of these.
        without: None of these, wherever they stand.
        in_title: Whether the alternatives are looked for in the title only.
    """

    alternatives: tuple[Needs, ...]
    without: tuple[Needs, ...] = ()
    in_title: bool = False

    def fits(self, story: StoryWords) -> bool:
        """Whether a story has what is asked."""
        fields = story.title if self.in_title else story.anywhere
        return any(needs.are_met(fields) for needs in self.alternatives) and not any(
            needs.are_met(story.anywhere) for needs in self.without
        )


def sought(subscription: Subscription, stem: Stem) -> Sought:
    """What a subscription asks of a story; what a search says of dates and order has no meaning."""
    if subscription.kind is Followed.TOPIC:
        return Sought((_key(topic_key(subscription.what)),))
    if subscription.kind is Followed.SOURCE:
        return Sought((_key(source_key(subscription.what)),))
    return _searched(parse(subscription.what), stem)


def _searched(query: Query, stem: Stem) -> Sought:
    filters = _filtered(query)
    # Filters by themselves are something to ask for; a query without either is not.
    groups = query.alternatives or (((),) if filters else ())
    return Sought(
        tuple(_all([*filters, *(_needs(term, stem) for term in group)]) for group in groups),
        tuple(_needs(replace(term, quoted=True), stem) for term in query.without),
        query.in_title,
    )


def _filtered(query: Query) -> list[Needs]:
    """What the filters ask; of several of one name the last one, as in a search."""
    filters = dict(query.filters)
    topic, source = filters.get("topic"), filters.get("source")
    found = [] if topic is None else [_key(topic_key(topic))]
    return found if source is None else [*found, _key(source_key(source.lower()))]


def _needs(term: Term, stem: Stem) -> Needs:
    if any(map(is_run, term.words)):
        return _runs(term)
    if not term.quoted:
        return _inflected(term.words, stem)
    return Needs(frozenset(term.words), rows=_next_to_each_other(row(term.words), term.words))


def _inflected(words: Sequence[str], stem: Stem) -> Needs:
    """Words or others of the same stems; one by itself may also be in the other number."""
    stems = [*map(stem, words)]
    keys = frozenset(map(stem_key, stems))
    rows = _next_to_each_other(row(stems, stems=True), words)
    others = [] if rows else [one for one in other_number(words[0]) if stem(one) not in stems]
    return Needs(either=(keys.union(others),)) if others else Needs(keys, rows=rows)


def _next_to_each_other(wanted: Row, words: Sequence[str]) -> tuple[tuple[Row, ...], ...]:
    """What a row asks beyond its words: nothing, when it is of one only."""
    return ((wanted,),) if len(words) > 1 else ()


def _runs(term: Term) -> Needs:
    """A term of a script without spaces, which the search finds by pairs of letters."""
    letters = [is_run(word) and len(word) == 1 for word in term.words]
    keys = frozenset(
        letter_key(word) if letter else word
        for word, letter in zip(term.words, letters, strict=True)
    )
    if len(term.words) == 1:
        return Needs(keys)
    pieces = gram_row(term.words)
    rows = [run_row(pieces, begun=letters[-1])]
    if len(pieces) > len(term.words) or not all(map(is_run, term.words)):
        rows.append(row(whole_words(term.typed)))  # between spaces, words stand there as they are
    return Needs(keys, rows=(tuple(rows),))


def _key(key: str) -> Needs:
    return Needs(frozenset((key,)))


def _all(parts: Sequence[Needs]) -> Needs:
    return Needs(
        frozenset().union(*(part.keys for part in parts)),
        tuple(chain.from_iterable(part.either for part in parts)),
        tuple(chain.from_iterable(part.rows for part in parts)),
    )
