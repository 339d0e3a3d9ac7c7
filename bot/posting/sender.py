"""Sends posts: a turn of the rate limiter, a claim, a send, a mark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime

from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    DatelineError,
    PlatformError,
    PlatformLostError,
    RetryLaterError,
    StoreError,
)
from bot.i18n import N_, speak
from bot.model import Chat, Story
from bot.posting.batching import Batcher
from bot.posting.bursts import MENTIONS_READ, BurstLimiter, has_mentioned
from bot.posting.context import DeliveryContext
from bot.posting.endings import EndingNotifier
from bot.posting.messenger import Message, Messenger
from bot.posting.model import Delivery, Failure, Outcome, Post, PostKind, Retry
from bot.posting.monitor import PostingMonitor
from bot.posting.policy import outcome_after
from bot.trends.topic_rows import topic_sparklines

log = logging.getLogger(__name__)

# Messages that have had their turns and may reach the platform together, whatever holds them up.
# With those that go at once (`RateLimiter`) they are fewer than it takes in a moment.
_MAX_IN_FLIGHT = 32
_TIMEOUT = 120.0  # seconds for one
_STORE_RETRY = 2.0  # seconds until a mark that could not be stored is tried again

GONE = N_("the story no longer exists")
UNSEEN = N_("its message cannot be found")


class PostSender:
    """Sends posts by a messenger, each once it is its turn.

    Attributes:
        fatal: The error after which the platform takes nothing more; None while it does.
        waiting: The tasks that wait for their turns and have claimed nothing.
    """

    def __init__(
        self,
        context: DeliveryContext,
        messenger: Messenger,
        sleep: Callable[[float], Awaitable[None]],
        chance: Callable[[], float],
        bursts: BurstLimiter,
        monitor: PostingMonitor,
    ) -> None:
        """Sends by `messenger`.

        Args:
            context: The store, a clock and so on.
            messenger: Sends messages.
            sleep: Waits some seconds.
            chance: Spreads tries over time.
            bursts: Is told of each single post.
            monitor: Is told how each try ended.
        """
        self.fatal: PlatformError | None = None
        self.waiting: set[asyncio.Task[None]] = set()
        self._context = context
        self._messenger = messenger
        self._sleep = sleep
        self._chance = chance
        self._bursts = bursts
        self._monitor = monitor
        self._endings = EndingNotifier(
            context.store,
            context.clock,
            context.composer.names,
            messenger.direct,
            context.language_of,
        )
        self._in_flight = asyncio.Semaphore(_MAX_IN_FLIGHT)
        self._claims = Batcher[int, bool](self._claim)
        self._marks = Batcher[Outcome, None](self._mark)

    async def send(self, post: Post) -> None:
        """Sends a post when its turn has come, and marks the outcome.

        Raises:
            StoreError: The store cannot be asked for the post; nothing was sent.
            PlatformLostError: Another process may post there by now, and decides what becomes of
                it, unless it is marked as sent.
        """
        async with self._turn(post):
            if self.fatal or not await self._claims.do(post.id):
                return
            outcome = await self._try(post)
            if post.kind is PostKind.STORY and _may_have_arrived(outcome):
                outcome = _with_arrival(outcome, self._bursts.record(post.chat))
        is_over = self._monitor.record(post, outcome)
        await self._mark_until_stored(outcome)
        if is_over:
            await self.end_outage()

    async def end_outage(self) -> None:
        """Makes due what waits only because the platform had trouble, since it is back.

        Raises:
            StoreError: The store cannot be used.
        """
        platform, now = self._messenger.platform, self._context.clock.now()
        count = await self._context.store.outbox.hasten(platform, now)
        if count:
            self._monitor.counters.outages += 1
            log.info("%s is back: posts that waited for it: %d", platform, count)

    @asynccontextmanager
    async def _turn(self, post: Post) -> AsyncIterator[None]:
        """Waits for the turn of a post, and has it among those in flight for the block.

        There is room for it first: turns that were taken and cannot be used would add up while the
        platform is slow, and all that had them would go at once.
        """
        async with AsyncExitStack() as stack:
            with self._waits():
                await self._messenger.rate_limiter.wait_for_chat(post.chat.id)
                await stack.enter_async_context(self._in_flight)
                await self._messenger.rate_limiter.acquire_post(post.chat.id)
            yield

    @contextmanager
    def _waits(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("this runs in a task")
        self.waiting.add(task)
        try:
            yield
        finally:
            self.waiting.discard(task)

    async def _try(self, post: Post) -> Outcome:
        """Sends a claimed post; returns the outcome, whatever happens.

        Raises:
            PlatformLostError: It was not sent: another process may do so by now.
        """
        try:
            if self._context.language_of:  # to the end of this task, which sends nothing else
                speak(await self._context.language_of(post.chat))
            if post.kind is PostKind.DIGEST:  # more may have joined it before it was claimed
                parts = await self._context.store.outbox.stories_in(post.id)
                post = replace(post, stories=parts)
            stories = await self._context.store.stories.by_ids(post.stories)
            sparklines = await self._sparklines(post, stories)
            message = self._context.composer.message(
                post, {one.id: one for one in stories}, sparklines
            )
            if message is None:
                return Failure(post.id, GONE)
            message = await self._without_repeated_mention(post, message)
            if self._context.illustrator:
                message = await self._context.illustrator.illustrate(post, message)
            async with asyncio.timeout(_TIMEOUT):
                return await self._send_or_edit(post, message)
        except PlatformLostError:
            raise
        except TimeoutError:
            return await self._handle_error(
                post, RetryLaterError("no response in time", in_doubt=True)
            )
        except Exception as unexpected:  # noqa: BLE001 - a bug over one post keeps no other from going
            return await self._handle_error(post, unexpected)

    async def _sparklines(self, post: Post, stories: Sequence[Story]) -> Mapping[str, str]:
        """Returns the sparklines of a digest's topics, as of when it was gathered."""
        if len(stories) < 2 or post.subscription is None:  # noqa: PLR2004 - no digest
            return {}
        topics = list(dict.fromkeys(one.topics[0] for one in stories if one.topics))
        counts, zone = self._context.store.trends, post.subscription.timezone
        try:
            return await topic_sparklines(counts, topics, post.made, zone)
        except StoreError as error:
            log.warning("a digest goes without sparklines: %s", error)
            return {}

    async def _without_repeated_mention(self, post: Post, message: Message) -> Message:
        """Mentions a role once in a burst: not if another single post has in the minute before.

        It is asked as of the first try, so that a message that may have arrived stays the same.
        """
        if post.kind is not PostKind.STORY or not message.role:
            return message
        at = self._bursts.clock.now() - self._seconds_since_first_try(post)
        outbox = self._context.store.outbox
        times = await outbox.role_times(post.chat, message.role, at - MENTIONS_READ, at)
        return replace(message, role="") if has_mentioned(times, at) else message

    def _seconds_since_first_try(self, post: Post) -> float:
        now = self._context.clock.now()
        return max(0.0, (now - (post.since or now)).total_seconds())

    async def _send_or_edit(self, post: Post, message: Message) -> Outcome:
        platform = self._messenger.platform
        if not self._context.store.outbox.holds_platform(platform):
            raise PlatformLostError(f"a post to {post.chat.id} came too late to be sent")
        if post.kind is not PostKind.EDIT:
            return Delivery(post.id, await self._messenger.send(message))
        if not post.message:
            return Failure(post.id, UNSEEN)
        await self._messenger.edit(message, post.message)
        return Delivery(post.id, post.message)

    async def _handle_error(self, post: Post, error: Exception) -> Outcome:
        now = self._context.clock.now()
        match error:
            case PlatformError():
                self.fatal = error
            case RetryLaterError() if error.wait is not None:
                self._messenger.rate_limiter.pause(post.chat.id, error.wait)
            case ChatMovedError():
                return await self._migrate_chat(post, error, now)
            case ChatGoneError() if post.kind is not PostKind.NOTICE:
                await self._pause_chat(post, error)
            case DatelineError():
                pass
            case _:
                self._monitor.record_bug(post, error)
        known = self._messenger.deduplicates
        return outcome_after(post, error, now, self._chance(), deduplicates=known)

    async def _migrate_chat(self, post: Post, error: ChatMovedError, now: datetime) -> Outcome:
        try:
            new = Chat(post.chat.platform, error.id)
            await self._context.migrate_chat(post.chat, new)
            self._bursts.rename(post.chat, new)
        except StoreError as trouble:
            log.warning("could not record that a chat has moved: %s", trouble)
        return Retry(post.id, now, str(error))

    async def _pause_chat(self, post: Post, error: ChatGoneError) -> None:
        """Pauses what the chat follows, and notifies those who asked for it."""
        try:
            await self._endings.pause(post.chat, error)
        except StoreError as trouble:
            log.warning("could not pause a chat that is gone: %s", trouble)

    async def _mark_until_stored(self, outcome: Outcome) -> None:
        """Marks an outcome: until the store has it, the chat's next post has to wait."""
        while True:
            try:
                return await self._marks.do(outcome)
            except PlatformLostError:
                raise
            except StoreError as error:
                self._monitor.record_store_trouble(error)
                await self._sleep(_STORE_RETRY)

    async def _claim(self, rows: Sequence[int]) -> Sequence[bool]:
        outbox, now = self._context.store.outbox, self._context.clock.now()
        claimed = set(await outbox.claim(self._messenger.platform, rows, now))
        return [row in claimed for row in rows]

    async def _mark(self, outcomes: Sequence[Outcome]) -> Sequence[None]:
        await self._context.store.outbox.mark(outcomes, self._context.clock.now())
        return [None] * len(outcomes)


def _with_arrival(outcome: Outcome, at: float) -> Outcome:
    return replace(outcome, arrived=at) if isinstance(outcome, Delivery | Failure) else outcome


def _may_have_arrived(outcome: Outcome) -> bool:
    return isinstance(outcome, Delivery) or (isinstance(outcome, Retry | Failure) and outcome.doubt)
