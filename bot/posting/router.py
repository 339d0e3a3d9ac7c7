"""Routing: which chats a new story goes to, each at once or with its next digest."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.model import Chat, Story
from bot.posting.model import RoutedPost
from bot.posting.ports import SubscriptionChanges
from bot.search.query import Since
from bot.subscriptions.matcher import Matcher
from bot.subscriptions.model import EventPosts, Subscription
from bot.subscriptions.schedule import Rhythm

SOON = timedelta(minutes=2)
"""Time for which what is too much is gathered, so that several sources make but one digest."""

EDITABLE_FOR = timedelta(days=2)
"""Age up to which a message is edited when the headline of its story changes."""

MAX_POSTS = 20_000
"""Posts after which routing stops, between two stories: so many rows are written at once."""


NOTHING_BEFORE: Mapping[str, Story] = MappingProxyType({})
"""For stories that are new to everybody."""


@dataclass(slots=True)
class FloodLimits:
    """Limits that keep channels from being flooded; they may change while the bot runs.

    Attributes:
        late: The age from which a story goes with a digest and not by itself.
        burst: How many stories are posted in a chat in any minute, each by itself.
        edits: Whether messages are edited that show stories whose headlines have changed.
        events: What of an event is posted where a subscription does not say.
    """

    late: timedelta = timedelta(hours=12)
    burst: int = 10
    edits: bool = True
    events: EventPosts = EventPosts.ALL


def fresh_since(now: datetime, late: timedelta) -> Since:
    """The moment from which on stories are posted by themselves; a date counts as a whole day."""
    return Since(now - late, (now - late).date())


def is_late(story: Story, now: datetime, late: timedelta) -> bool:
    """True for a story that is too old to be posted by itself."""
    since = fresh_since(now, late)
    if story.date_only:
        return story.published.date() < since.day
    return story.published < since.instant


@dataclass(frozen=True, slots=True)
class Routing:
    """The posts of some new stories, decided by the subscriptions of one moment.

    Attributes:
        posts: For each story at most one a chat.
        stories: How many stories were routed, from the first on.
        revision: Up to where subscriptions were known; see `SubscriptionChanges.since`. None when
            none was asked.
    """

    posts: tuple[RoutedPost, ...]
    stories: int
    revision: int | None


NOT_ROUTED = Routing((), 0, None)
"""For stories that are news to nobody."""


@dataclass(frozen=True, slots=True)
class _News:
    """Stories to route; see `SubscriptionRouter.route`."""

    stories: Sequence[Story]
    before: Mapping[str, Story]


@dataclass(slots=True)
class SubscriptionRouter:
    """Routes new stories by all chats' subscriptions, which it keeps in memory.

    Attributes:
        subscriptions: The subscriptions in the store, whose changes are read before each routing.
        flood_limits: Limits that keep channels from being flooded.
        on_enqueued: Called after posts have been put into the outbox.
        max_posts: Posts after which routing stops, between two stories.
    """

    subscriptions: SubscriptionChanges
    flood_limits: FloodLimits = field(default_factory=FloodLimits)
    on_enqueued: Callable[[], None] = lambda: None
    max_posts: int = MAX_POSTS
    _matcher: Matcher = field(default_factory=Matcher)
    _revision: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def route(
        self,
        stories: Sequence[Story],
        now: datetime,
        sent: Mapping[Chat, int],
        before: Mapping[str, Story] = NOTHING_BEFORE,
    ) -> Routing:
        """Routes new stories by the subscriptions as they are now.

        Args:
            stories: The stories, with their topics; the rest of them is left when their posts
                become too many.
            now: The time.
            sent: How many stories of the same poll each chat gets by themselves already.
            before: Those of the stories, by id, that are new only to some: as they were when they
                were routed before. Subscriptions that they matched then are left out.

        Raises:
            StoreError: The subscriptions cannot be read.
        """
        async with self._lock:  # one reads and routes at a time, so that no older state comes last
            revision, changed = await self.subscriptions.since(self._revision)
            # A story may be for very many chats: nobody is to wait for that on the event loop.
            return await asyncio.to_thread(
                self._updated_and_routed, revision, changed, _News(stories, before), now, sent
            )

    def _updated_and_routed(
        self,
        revision: int,
        changed: Sequence[Subscription],
        news: _News,
        now: datetime,
        sent: Mapping[Chat, int],
    ) -> Routing:
        for one in changed:
            self._matcher.put(one)
        self._revision = revision
        chats = ChatRouter(self.flood_limits, now, sent)
        posts: list[RoutedPost] = []
        routed = 0
        for story in news.stories:
            if len(posts) >= self.max_posts:
                break
            posts += chats.route(story, self._matching(story, news.before.get(story.id), now))
            routed += 1
        return Routing(tuple(posts), routed, revision)

    def _matching(
        self, story: Story, before: Story | None, now: datetime
    ) -> Sequence[Subscription]:
        """Returns the subscriptions that a story matches, and did not match before."""
        matching = self._matcher.matching(story, now)
        if before is None:
            return matching
        had = {one.id for one in self._matcher.matching(before, now)}
        return [one for one in matching if one.id not in had]


class ChatRouter:
    """Decides each chat's post of a story, in a burst of stories that come at once."""

    def __init__(self, flood_limits: FloodLimits, now: datetime, sent: Mapping[Chat, int]) -> None:
        self._flood_limits = flood_limits
        self._now = now
        self._sent = Counter(sent)

    def route(self, story: Story, matching: Sequence[Subscription]) -> list[RoutedPost]:
        """Returns the posts of a story, one for each chat of the subscriptions that it matches."""
        by_chat: dict[Chat, list[Subscription]] = {}
        for one in matching:
            by_chat.setdefault(one.chat, []).append(one)
        return [self._post(story, of_chat) for of_chat in by_chat.values()]

    def _post(self, story: Story, matching: Sequence[Subscription]) -> RoutedPost:
        """Returns one chat's post: by the subscription that wants it first.

        It goes by one that is paused only where all are, and waits until that is resumed.
        """
        due = {one.id: one.when.next(self._now, one.timezone) for one in matching}
        first = min(matching, key=lambda one: (bool(one.paused), due[one.id], one.id))
        also = tuple(one.id for one in matching if one is not first)
        at, waiting = self._time(story, first, due[first.id])
        once = (first.events or self._flood_limits.events) is EventPosts.ONCE
        return RoutedPost(story.id, first, also, at, waiting, once)

    def _time(self, story: Story, first: Subscription, due: datetime) -> tuple[datetime, bool]:
        """Returns when a story goes, and whether it waits for a digest until then."""
        if first.paused:
            return self._now, True
        if first.when.rhythm is not Rhythm.AT_ONCE:
            return due, True
        if self._is_too_much(story, first.chat):
            return self._now + SOON, True
        self._sent[first.chat] += 1
        return self._now, False

    def _is_too_much(self, story: Story, chat: Chat) -> bool:
        limits = self._flood_limits
        return is_late(story, self._now, limits.late) or self._sent[chat] >= limits.burst
