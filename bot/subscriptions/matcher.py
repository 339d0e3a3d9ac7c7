"""Matching of new stories against all subscriptions at once (percolation, a reverse search).

No story is looked up in the store. Each criterion is indexed under one key that a story must have
to meet it, the least crowded of its own; so of thousands only those few are tried that a story may
meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from bot.model import Story
from bot.subscriptions.criteria import Criterion, RequiredTerms, criteria
from bot.subscriptions.filtering import CompiledFilters
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_filters import NO_FILTERS, FilterRefusal
from bot.subscriptions.story_terms import StoryTerms
from bot.text.stemming import new_stemmer
from bot.text.stopwords import EXTENDED_STOPWORDS

_SHORT = 2  # letters of a word that says little


def matches(subscription: Subscription, story: Story) -> bool:
    """Returns True when a story is on the subject of a subscription that has not ended.

    Its filters may keep the story out nevertheless: see `filter_refusal`.
    """
    if subscription.ended:
        return False
    stem = new_stemmer()
    terms = StoryTerms(story, stem)
    return any(one.is_met(terms) for one in criteria(subscription, stem))


def filter_refusal(
    subscription: Subscription, story: Story, now: datetime | None
) -> FilterRefusal | None:
    """Returns what filter of a subscription keeps a story out; None where all let it through.

    Args:
        subscription: The subscription.
        story: The story.
        now: When the story came in; None to ask nothing about its age.
    """
    stem = new_stemmer()
    filters = CompiledFilters(subscription.filters, stem)
    return filters.refusal(story, StoryTerms(story, stem), now)


@dataclass(slots=True, eq=False)
class _SharedTarget:
    """A target of one or more subscriptions.

    Attributes:
        ids: The subscriptions.
        entries: Its criteria, as they are indexed.
    """

    ids: set[int] = field(default_factory=set)
    entries: list[_IndexEntry] = field(default_factory=list)


class _IndexEntry:
    """A criterion, as it is indexed.

    Thousands may be indexed under one key: what keys can decide is decided by two operations on
    sets.

    Attributes:
        criterion: The criterion.
        anchors: The keys that it is indexed under; whatever meets it has one of them.
        others: Further keys that whatever meets it has.
        excluded: Keys that nothing has that meets it.
        plain: True when everything meets it that has the ones and not the others.
        ids: The subscriptions.
    """

    __slots__ = ("anchors", "criterion", "excluded", "ids", "others", "plain")

    def __init__(self, one: Criterion, anchors: Sequence[str], ids: set[int]) -> None:
        self.criterion = one
        self.anchors = anchors
        keys = one.needs.keys
        self.others = keys.difference(anchors) if len(anchors) == 1 else keys
        self.excluded = one.excluded_keys
        self.plain = one.plain
        self.ids = ids


class Matcher:
    """An index of all subscriptions, to find those that a story matches."""

    def __init__(self) -> None:
        self._known: dict[int, Subscription] = {}
        self._targets: dict[tuple[TargetKind, str], _SharedTarget] = {}
        # As they were put: what lies side by side in memory is read far faster than what does not.
        self._by_anchor: dict[str, dict[_IndexEntry, None]] = {}
        self._stem = new_stemmer()
        self._filters: dict[int, CompiledFilters] = {}  # of those that have any

    def put(self, subscription: Subscription) -> None:
        """Takes in a subscription, in place of what had its id; one that has ended is removed."""
        self.remove(subscription.id)
        if subscription.ended:
            return
        self._known[subscription.id] = subscription
        if subscription.filters != NO_FILTERS:
            self._filters[subscription.id] = CompiledFilters(subscription.filters, self._stem)
        self._target(subscription).ids.add(subscription.id)

    def remove(self, id: int) -> None:  # noqa: A002 - as in Subscription
        """Forgets a subscription, if it is known."""
        known = self._known.pop(id, None)
        if known is None:
            return
        self._filters.pop(id, None)
        target = self._targets[known.kind, known.what]
        target.ids.remove(id)
        if not target.ids:
            del self._targets[known.kind, known.what]
            for one in target.entries:
                self._unindex(one)

    def matching(self, story: Story, now: datetime | None = None) -> Sequence[Subscription]:
        """Returns the subscriptions that a new story is for, in the order of their ids.

        Args:
            story: The story.
            now: The time, for filters by age; None to ask nothing about it.
        """
        terms = StoryTerms(story, self._stem)
        keys = terms.anywhere.keys
        near = (self._by_anchor[key] for key in self._by_anchor.keys() & keys)
        found = [
            one.ids
            for one in chain.from_iterable(near)
            if one.others <= keys
            and one.excluded.isdisjoint(keys)
            and (one.plain or one.criterion.is_met(terms))
        ]
        numbers = set[int]().union(*found)
        for number in self._filters.keys() & numbers:
            if self._filters[number].refusal(story, terms, now):
                numbers.remove(number)
        return [self._known[number] for number in sorted(numbers)]

    def _target(self, subscription: Subscription) -> _SharedTarget:
        name = subscription.kind, subscription.what
        if name not in self._targets:
            target = self._targets[name] = _SharedTarget()
            found = criteria(subscription, self._stem)
            target.entries = [self._index(one, target.ids) for one in found]
        return self._targets[name]

    def _index(self, one: Criterion, ids: set[int]) -> _IndexEntry:
        entry = _IndexEntry(one, self._anchors(one.needs), ids)
        for key in entry.anchors:
            self._by_anchor.setdefault(key, {})[entry] = None
        return entry

    def _unindex(self, entry: _IndexEntry) -> None:
        for key in entry.anchors:
            del self._by_anchor[key][entry]
            if not self._by_anchor[key]:
                del self._by_anchor[key]

    def _anchors(self, needs: RequiredTerms) -> Sequence[str]:
        """Returns keys of which one is wherever the needs are met: rare ones with few entries."""
        sets = (*((key,) for key in needs.keys), *map(tuple, needs.either))
        return min(sets, key=lambda keys: max(map(self._crowding, keys)))

    def _crowding(self, key: str) -> tuple[bool, int, int, str]:
        return _is_common(key), len(self._by_anchor.get(key, ())), -len(key), key


def _is_common(key: str) -> bool:
    """Returns True for a key of many stories: of a topic, a source or an everyday word."""
    word = key.lstrip("~")
    return ":" in key or word in EXTENDED_STOPWORDS or (word.isascii() and len(word) <= _SHORT)
