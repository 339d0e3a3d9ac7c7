"""The parts of the store that posting needs, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Chat
from bot.posting.counters import QueueDepth
from bot.posting.model import Outcome, Post
from bot.posting.outbox_ports import Bursts, Pauses
from bot.search.ports import StoryStore
from bot.search.query import Since
from bot.subscriptions.model import Subscription
from bot.subscriptions.post_template import PostTemplate
from bot.trends.ports import TrendStore


class SubscriptionChanges(Protocol):
    """The changes of subscriptions, for whoever keeps them in memory."""

    async def since(self, revision: int) -> tuple[int, Sequence[Subscription]]:
        """Returns the revision now, and what was changed since another one, the ended included.

        Raises:
            StoreError: They cannot be read.
        """
        ...


class Subscriptions(SubscriptionChanges, Protocol):
    """The subscriptions of all chats. Every method may raise StoreError."""

    async def put(self, subscription: Subscription) -> Subscription:
        """Keeps a subscription; returns it with its id.

        What the chat already follows in that thread keeps its id and takes on the new settings; it
        is no longer paused. What waits to be posted by it waits for the new time.
        """
        ...

    async def set_template(self, id: int, template: PostTemplate) -> bool:  # noqa: A002 - as in Subscription
        """Gives one another template, which changes nothing else; False when it has ended."""
        ...

    async def of(self, chat: Chat) -> Sequence[Subscription]:
        """Returns those of a chat in all its threads that have not ended, the oldest first."""
        ...

    async def is_anything_followed(self) -> bool:
        """Returns True when there is a subscription that has not ended."""
        ...

    async def posted_chats(self, platform: str) -> Sequence[Chat]:
        """Returns a platform's chats, each thread of them once, of which not all is paused."""
        ...

    async def end(self, id: int, now: datetime) -> None:  # noqa: A002 - as in Subscription
        """Ends one. What waits to be posted by it goes by another that it fits, or not at all."""
        ...

    async def pause(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        """Pauses all of a chat and, of a server, of its channels; returns those that were not.

        What is to be posted there, and what comes meanwhile, waits until they are resumed.
        """
        ...

    async def pause_thread(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        """Pauses only those of the chat's thread, as `pause` does."""
        ...

    async def paused(self, platform: str) -> Sequence[Subscription]:
        """Returns all on a platform that are paused, the oldest first."""
        ...

    async def resume(
        self,
        chat: Chat,
        now: datetime,
        *,
        digest_at: datetime | None = None,
        by_hand: bool = False,
    ) -> int:
        """Resumes all that `pause` would pause; returns how many were paused.

        What waited goes as one digest; what was put into the outbox more than a week ago is given
        up.

        Args:
            chat: The chat, or the server.
            now: The time.
            digest_at: When what waited goes; None for at once.
            by_hand: True when a person asks for it; else what people paused stays so.
        """
        ...

    async def set_zone(self, house: Chat, zone: str, now: datetime) -> None:
        """Puts those of a chat, or of a server's channels, into another time zone."""
        ...


class Outbox(Bursts, Pauses, Protocol):
    """The queue of what is to be posted, and what was. Every method may raise StoreError.

    Rows come into it with the stories, by `IngestStore.write`.
    """

    async def due(self, platform: str, now: datetime, limit: int) -> Sequence[Post]:
        """Returns of each chat its first post that is not sent, if it is due; the oldest first.

        None of a chat for which something is being sent.
        """
        ...

    async def claim(self, platform: str, ids: Sequence[int], now: datetime) -> Sequence[int]:
        """Claims posts under a lease, each for one caller only; returns those that it was given.

        Raises:
            PlatformLostError: The platform's lock was lost; nothing is claimed.
        """
        ...

    async def mark(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Records the outcomes of tries, all in one transaction.

        Raises:
            PlatformLostError: A platform's lock was lost. Of what was tried there, only what has
                arrived was recorded: what becomes of the rest, whoever has the lock decides.
        """
        ...

    async def lock_platform(self, platform: str) -> bool:
        """Locks a platform, so that nobody else posts there, for as long as the store is open.

        A store that several machines share may lose the lock before: when this process was stopped,
        or cut off from the store, for some seconds.

        Returns:
            False when another process has it; it is free again once that has ended, however it did.

        Raises:
            StoreError: It cannot be told.
        """
        ...

    def holds_platform(self, platform: str) -> bool:
        """Tells, without asking, if a platform that was locked is surely still locked."""
        ...

    async def recover(self, platform: str, now: datetime, *, dead: bool) -> int:
        """Makes due again what was claimed and never marked.

        Args:
            platform: On which platform.
            now: The time.
            dead: True to take all for lost, since nobody else posts; else only what was claimed
                so long ago that its lease has run out.

        Returns:
            How many they were; whether they arrived is not known, and their `deaths` say so.

        Raises:
            PlatformLostError: The platform's lock was lost; nothing was changed.
        """
        ...

    async def repair_times(self, platform: str, now: datetime) -> None:
        """Repairs times that a wrong clock has set, as `bot.posting.clock_repair` says."""
        ...

    async def prune(self, now: datetime) -> None:
        """Deletes what is older than `bot.posting.retention` says."""
        ...

    async def put_off(self, platform: str, before: Since, until: datetime, reason: str) -> int:
        """Has all that is due and was published earlier wait, so that it goes as one digest.

        What has been gathered once is left as it is. Returns how many there were.
        """
        ...

    async def queue_depth(self, platform: str) -> QueueDepth:
        """Returns how much is to be sent, beside what waits for its time."""
        ...

    async def queue_depth_of(self, chat: Chat) -> QueueDepth:
        """Returns the same of one chat."""
        ...

    async def gather(self, platform: str, now: datetime) -> int:
        """Makes digests of what waits and whose time has come: one for each chat and thread.

        One story alone goes as itself. Returns how many posts have become due.
        """
        ...

    async def next_due(self, platform: str, now: datetime) -> datetime | None:
        """Returns when the next post becomes due or is to be gathered; None when there is none."""
        ...

    async def count_sent_since(self, subscription: int, since: datetime) -> int:
        """Counts the stories that were sent each by itself, by a subscription, since then."""
        ...

    async def of_chat(self, chat: Chat, limit: int, offset: int = 0) -> Sequence[Post]:
        """Returns a chat's stories, the newest first; those in a digest as posts of their own.

        The state and the message of one that was gathered are those of its digest, whose doubts
        are its own, too.
        """
        ...

    async def of_story(self, chat: Chat, story: str) -> Post | None:
        """Returns a story's post in a chat, as `of_chat` does; None when there is none."""
        ...

    async def notify(
        self, subscription: Subscription, text: str, chat: Chat, now: datetime
    ) -> None:
        """Puts a notice into the outbox: `text`, for a chat, about a subscription."""
        ...

    async def counts(self, platform: str) -> Mapping[str, int]:
        """Counts the posts in each state, by its name.

        Beside these, `doubts`: how often it was not known whether one had arrived.
        """
        ...


class PostingStore(Protocol):
    """The parts of the store that posting needs."""

    @property
    def subscriptions(self) -> Subscriptions:
        """The subscriptions of all chats."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The queue of posts."""
        ...

    @property
    def stories(self) -> StoryStore:
        """The stories in posts."""
        ...

    @property
    def trends(self) -> TrendStore:
        """Counts of stories by time."""
        ...
