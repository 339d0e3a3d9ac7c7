"""Standing searches: what chats follow, looked for in one new story at a time.

No story is looked up in the archive. What is sought is filed under one key that a story must have
to fit it, the least crowded of its own; so of thousands only those few are looked at that a story
may fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from bot.model import Story
from bot.subscriptions.criteria import Criterion, RequiredTerms, sought
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.story_terms import StoryTerms
from bot.text.stemming import new_stemmer
from bot.text.stopwords import EXTENDED_STOPWORDS

_SHORT = 2  # letters of a word that says little


def fits(subscription: Subscription, story: Story) -> bool:
    """Whether a new story is for a subscription; none is for one that is paused or has ended."""
    if subscription.ended or subscription.paused:
        return False
    stem = new_stemmer()
    words = StoryTerms(story, stem)
    return any(one.fits(words) for one in sought(subscription, stem))


@dataclass(slots=True, eq=False)
class _Search:
    """What all seek who follow the same.

    Attributes:
        ids: Their subscriptions.
        filed: What they seek, any of it.
    """

    ids: set[int] = field(default_factory=set)
    filed: list[_Filed] = field(default_factory=list)


class _Filed:
    """What is sought, as it is filed.

    Thousands may be filed under one key: what keys can tell is told by two looks at sets.

    Attributes:
        sought: What is sought.
        anchors: The keys that it is filed under; whatever fits has one of them.
        others: Further keys that whatever fits has.
        shut_out: Keys that nothing has that fits.
        plain: Whether everything fits that has the ones and not the others.
        ids: The subscriptions.
    """

    __slots__ = ("anchors", "ids", "others", "plain", "shut_out", "sought")

    def __init__(self, one: Criterion, anchors: Sequence[str], ids: set[int]) -> None:
        self.sought = one
        self.anchors = anchors
        keys = one.needs.keys
        self.others = keys.difference(anchors) if len(anchors) == 1 else keys
        self.shut_out = one.shut_out
        self.plain = one.plain
        self.ids = ids


class Matcher:
    """All subscriptions, ready to be asked which of them a story fits."""

    def __init__(self) -> None:
        self._known: dict[int, Subscription] = {}
        self._searches: dict[tuple[TargetKind, str], _Search] = {}
        # As they were put: what lies side by side in memory is read far faster than what does not.
        self._by_anchor: dict[str, dict[_Filed, None]] = {}
        self._stem = new_stemmer()

    def put(self, subscription: Subscription) -> None:
        """Takes in a subscription, in place of what had its id; one that has ended is removed."""
        self.remove(subscription.id)
        if subscription.ended:
            return
        self._known[subscription.id] = subscription
        if not subscription.paused:
            self._search(subscription).ids.add(subscription.id)

    def remove(self, id: int) -> None:  # noqa: A002 - as in Subscription
        """Forgets a subscription, if it is known."""
        known = self._known.pop(id, None)
        if known is None or known.paused:
            return
        search = self._searches[known.kind, known.what]
        search.ids.remove(id)
        if not search.ids:
            del self._searches[known.kind, known.what]
            for one in search.filed:
                self._take_out(one)

    def fitting(self, story: Story) -> Sequence[Subscription]:
        """Those that a new story fits, by their ids."""
        words = StoryTerms(story, self._stem)
        keys = words.anywhere.keys
        near = (self._by_anchor[key] for key in self._by_anchor.keys() & keys)
        found = [
            one.ids
            for one in chain.from_iterable(near)
            if one.others <= keys
            and one.shut_out.isdisjoint(keys)
            and (one.plain or one.sought.fits(words))
        ]
        return [self._known[number] for number in sorted(set().union(*found))]

    def _search(self, subscription: Subscription) -> _Search:
        name = subscription.kind, subscription.what
        if name not in self._searches:
            search = self._searches[name] = _Search()
            search.filed = [self._file(one, search.ids) for one in sought(subscription, self._stem)]
        return self._searches[name]

    def _file(self, one: Criterion, ids: set[int]) -> _Filed:
        filed = _Filed(one, self._anchors(one.needs), ids)
        for key in filed.anchors:
            self._by_anchor.setdefault(key, {})[filed] = None
        return filed

    def _take_out(self, filed: _Filed) -> None:
        for key in filed.anchors:
            del self._by_anchor[key][filed]
            if not self._by_anchor[key]:
                del self._by_anchor[key]

    def _anchors(self, needs: RequiredTerms) -> Sequence[str]:
        """Keys of which one is wherever the needs are met: rare ones, with little filed there."""
        sets = (*((key,) for key in needs.keys), *map(tuple, needs.either))
        return min(sets, key=lambda keys: max(map(self._crowding, keys)))

    def _crowding(self, key: str) -> tuple[bool, int, int, str]:
        return _is_common(key), len(self._by_anchor.get(key, ())), -len(key), key


def _is_common(key: str) -> bool:
    """Whether many stories have a key, as those of topics, of sources and of everyday words."""
    word = key.lstrip("~")
    return ":" in key or word in EXTENDED_STOPWORDS or (word.isascii() and len(word) <= _SHORT)
