"""Sends posts: a turn of the rate limiter, a claim, a send, a mark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.errors import ChatGoneError, ChatMovedError, PlatformError, RetryLaterError, StoreError
from bot.i18n import N_
from bot.model import Chat
from bot.posting.batching import Batcher
from bot.posting.context import DeliveryContext
from bot.posting.endings import EndingNotifier
from bot.posting.messenger import Message, Messenger
from bot.posting.model import Delivery, Failure, Outcome, Post, PostKind, Retry
from bot.posting.policy import outcome_after

log = logging.getLogger(__name__)

_MAX_IN_FLIGHT = 48  # messages
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
    ) -> None:
        """Sends by `messenger`; `sleep` waits, `chance` spreads tries over time."""
        self.fatal: PlatformError | None = None
        self.waiting: set[asyncio.Task[None]] = set()
        self._context = context
        self._messenger = messenger
        self._sleep = sleep
        self._chance = chance
        self._in_flight = asyncio.Semaphore(_MAX_IN_FLIGHT)
        self._claims = Batcher[int, bool](self._claim)
        self._marks = Batcher[Outcome, None](self._mark)

    async def send(self, post: Post) -> None:
        """Sends a post when its turn has come, and marks the outcome.

        Raises:
            StoreError: The store cannot be asked for the post; nothing was sent.
        """
        await self._wait_for_turn(post)
        async with self._in_flight:
            if self.fatal or not await self._claims.do(post.row):
                return
            outcome = await self._try(post)
        await self._mark_until_stored(outcome)

    async def _wait_for_turn(self, post: Post) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("this runs in a task")
        self.waiting.add(task)
        try:
            await self._messenger.rate_limiter.acquire_post(post.chat.id)
        finally:
            self.waiting.discard(task)

    async def _try(self, post: Post) -> Outcome:
        """Sends a claimed post; returns the outcome, whatever happens."""
        try:
            stories = await self._context.store.stories.by_ids(post.stories)
            message = self._context.composer.message(post, {one.id: one for one in stories})
            if message is None:
                return Failure(post.row, GONE)
            async with asyncio.timeout(_TIMEOUT):
                return await self._send_or_edit(post, message)
        except TimeoutError:
            return await self._handle_error(
                post, RetryLaterError("no response in time", in_doubt=True)
            )
        except Exception as unexpected:  # noqa: BLE001 - a bug over one post keeps no other from going
            return await self._handle_error(post, unexpected)

    async def _send_or_edit(self, post: Post, message: Message) -> Outcome:
        if post.kind is not PostKind.EDIT:
            return Delivery(post.row, await self._messenger.send(message))
        if not post.message:
            return Failure(post.row, UNSEEN)
        await self._messenger.edit(message, post.message)
        return Delivery(post.row, post.message)

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
            case RetryLaterError() | ChatGoneError():
                pass
            case _:
                log.error("a post to %s failed: %s", post.chat.id, error, exc_info=error)
        known = self._messenger.deduplicates
        return outcome_after(post, error, now, self._chance(), deduplicates=known)

    async def _migrate_chat(self, post: Post, error: ChatMovedError, now: datetime) -> Outcome:
        try:
            await self._context.migrate_chat(post.chat, Chat(post.chat.platform, error.id))
        except StoreError as trouble:
            log.warning("could not record that a chat has moved: %s", trouble)
        return Retry(post.row, now, str(error))

    async def _pause_chat(self, post: Post, error: ChatGoneError) -> None:
        """Pauses what the chat follows, and notifies those who asked for it."""
        context = self._context
        endings = EndingNotifier(
            context.store, context.clock, context.composer.names, self._messenger.direct
        )
        try:
            await endings.pause(post.chat, error)
        except StoreError as trouble:
            log.warning("could not pause a chat that is gone: %s", trouble)

    async def _mark_until_stored(self, outcome: Outcome) -> None:
        """Marks an outcome: until the store has it, the chat's next post has to wait."""
        while True:
            try:
                return await self._marks.do(outcome)
            except StoreError as error:
                log.warning("could not record a post's outcome yet: %s", error)
                await self._sleep(_STORE_RETRY)

    async def _claim(self, rows: Sequence[int]) -> Sequence[bool]:
        claimed = set(await self._context.store.outbox.claim(rows, self._context.clock.now()))
        return [row in claimed for row in rows]

    async def _mark(self, outcomes: Sequence[Outcome]) -> Sequence[None]:
        await self._context.store.outbox.mark(outcomes, self._context.clock.now())
        return [None] * len(outcomes)
