"""Where new stories go: to each chat that follows them, now or with its next digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model import Chat, Story
from bot.posting.model import RoutedPost
from bot.posting.ports import News
from bot.search.query import Since
from bot.subscriptions.matcher import Matcher
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import Rhythm

SOON = timedelta(minutes=2)
"""How long what is too much is gathered, so that several sources make but one digest."""


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """What keeps channels from being flooded.

    Attributes:
        late: The age from which a story goes with a digest and not by itself.
        burst: How many stories of one look at a source are posted in a chat, each by itself.
        edits: Whether messages are edited that show stories whose headlines have changed.
    """

    late: timedelta = timedelta(hours=12)
    burst: int = 10
    edits: bool = True


def fresh_since(now: datetime, late: timedelta) -> Since:
    """From when on stories are posted by themselves; of a date, its day counts as a whole."""
    return Since(now - late, (now - late).date())


def is_late(story: Story, now: datetime, late: timedelta) -> bool:
    """Whether a story is too old to be posted by itself."""
    since = fresh_since(now, late)
    if story.date_only:
        return story.published.date() < since.day
    return story.published < since.instant


@dataclass(slots=True)
class SubscriptionRouter:
    """What all chats follow, held in memory; it follows the store.

    Attributes:
        flood_limits: What keeps channels from being flooded.
        posted: Called after something has been put into the outbox.
        matcher: The subscriptions.
        revision: Up to where they are known; see `bot.posting.ports.Router`.
    """

    flood_limits: FloodLimits = field(default_factory=FloodLimits)
    posted: Callable[[], None] = lambda: None
    matcher: Matcher = field(default_factory=Matcher)
    revision: int = 0

    def learn(self, revision: int, changed: Sequence[Subscription]) -> None:
        """See `bot.posting.ports.Router.learn`."""
        for one in changed:
            self.matcher.put(one)
        self.revision = revision

    def news(self, stories: Iterable[Story], now: datetime) -> News:
        """What one look at a source means for the outbox."""
        ids = frozenset(one.id for one in stories)
        return News(ids, BatchRouter(self, now), now, edits=self.flood_limits.edits)


class BatchRouter:
    """Routes what one look at a source brings; implements `bot.posting.ports.Router`."""

    def __init__(self, router: SubscriptionRouter, now: datetime) -> None:
        self._router = router
        self._now = now
        self._posts: Counter[Chat] = Counter()

    @property
    def revision(self) -> int:
        """See `bot.posting.ports.Router.revision`."""
        return self._router.revision

    def learn(self, revision: int, changed: Sequence[Subscription]) -> None:
        """See `bot.posting.ports.Router.learn`."""
        self._router.learn(revision, changed)

    def route(self, story: Story) -> Sequence[RoutedPost]:
        """See `bot.posting.ports.Router.route`."""
        by_chat: dict[Chat, list[Subscription]] = {}
        for one in self._router.matcher.fitting(story):
            by_chat.setdefault(one.chat, []).append(one)
        return [self._routed(story, fitting) for fitting in by_chat.values()]

    def _routed(self, story: Story, fitting: Sequence[Subscription]) -> RoutedPost:
        """One chat's post: by the subscription that wants it first."""
        due = {one.id: one.when.next(self._now, one.timezone) for one in fitting}
        first = min(fitting, key=lambda one: (due[one.id], one.id))
        also = tuple(one.id for one in fitting if one is not first)
        if first.when.rhythm is not Rhythm.AT_ONCE:
            return RoutedPost(first, also, due[first.id], waiting=True)
        flood_limits = self._router.flood_limits
        too_much = is_late(story, self._now, flood_limits.late) or (
            self._posts[first.chat] >= flood_limits.burst
        )
        if too_much:
            return RoutedPost(first, also, self._now + SOON, waiting=True)
        self._posts[first.chat] += 1
        return RoutedPost(first, also, self._now, waiting=False)
