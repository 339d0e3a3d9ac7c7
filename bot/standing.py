"""Standing searches: what chats follow, looked for in one new story at a time.

No story is looked up in the archive. Each search is filed under one word that a story must hold to
fit it, the least crowded of its own; so of thousands only those few are looked at that a story
may fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bot.fillers import LIKELY_FILLERS
from bot.model import Story
from bot.sought import Needs, Sought, sought
from bot.stems import new_stem
from bot.story_words import StoryWords
from bot.subscriptions import Followed, Subscription

_SHORT = 2  # letters of a word that says little


def fits(subscription: Subscription, story: Story) -> bool:
    """Whether a new story is for a subscription; none is for one that is paused or has ended."""
    if subscription.ended or subscription.paused:
        return False
    stem = new_stem()
    return sought(subscription, stem).fits(StoryWords(story, stem))


@dataclass(slots=True, eq=False)
class _Search:
    """What one or more subscriptions ask for.

    Attributes:
        sought: What they ask.
        keys: What every story has that fits.
        plain: Whether every story fits that has these.
        anchors: The keys that it is filed under: whatever fits has one of them.
        ids: The subscriptions.
    """

    sought: Sought
    keys: frozenset[str] = frozenset()
    plain: bool = False
    anchors: tuple[str, ...] = ()
    ids: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        if len(self.sought.alternatives) == 1:
            (needs,) = self.sought.alternatives
            self.keys = needs.keys
            self.plain = self.sought == Sought((Needs(needs.keys),))


class Standing:
    """All subscriptions, ready to be asked which of them a story fits."""

    def __init__(self) -> None:
        self._known: dict[int, Subscription] = {}
        self._searches: dict[tuple[Followed, str], _Search] = {}
        self._filed: dict[str, set[_Search]] = {}
        self._stem = new_stem()

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
        search.ids.discard(id)
        if not search.ids:
            del self._searches[known.kind, known.what]
            self._take_out(search)

    def fitting(self, story: Story) -> Sequence[Subscription]:
        """Those that a new story fits, by their ids."""
        words = StoryWords(story, self._stem)
        keys = words.anywhere.keys
        near = chain.from_iterable(self._filed[key] for key in self._filed.keys() & keys)
        found = [
            search.ids
            for search in near
            if search.keys <= keys and (search.plain or search.sought.fits(words))
        ]
        return [self._known[number] for number in sorted(set().union(*found))]

    def _search(self, subscription: Subscription) -> _Search:
        name = subscription.kind, subscription.what
        search = self._searches.get(name)
        if search is None:
            search = self._searches[name] = _Search(sought(subscription, self._stem))
            self._file(search)
        return search

    def _file(self, search: _Search) -> None:
        chosen = (self._anchor(needs) for needs in search.sought.alternatives)
        search.anchors = tuple(set(chain.from_iterable(chosen)))
        for key in search.anchors:
            self._filed.setdefault(key, set()).add(search)

    def _take_out(self, search: _Search) -> None:
        for key in search.anchors:
            self._filed[key].discard(search)
            if not self._filed[key]:
                del self._filed[key]

    def _anchor(self, needs: Needs) -> Iterable[str]:
        """Keys of which one is wherever the needs are met: rare ones, with little filed there."""
        sets = (*((key,) for key in needs.keys), *needs.either)
        return min(sets, key=lambda keys: max(map(self._crowding, keys)))

    def _crowding(self, key: str) -> tuple[bool, int, int, str]:
        return _is_common(key), len(self._filed.get(key, ())), -len(key), key


def _is_common(key: str) -> bool:
    """Whether many stories have a key, as those of topics, of sources and of everyday words."""
    word = key.lstrip("~")
    return ":" in key or word in LIKELY_FILLERS or (word.isascii() and len(word) <= _SHORT)
