"""One post after the other, from its turn to its mark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.clock import Clock
from bot.errors import ChatGoneError, ChatMovedError, PlatformError, RetryLaterError, StoreError
from bot.i18n import N_
from bot.model import Chat
from bot.posting.digest import PostComposer
from bot.posting.endings import EndingNotifier
from bot.posting.messenger import Message, Messenger
from bot.posting.model import Delivery, Failure, Outcome, Post, PostKind, Retry
from bot.posting.policy import ended
from bot.posting.ports import PostingStore

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Does at once all that came while the last go was under way."""

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        """Does things by `work`, which gives a result for each, in their order."""
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._going: asyncio.Task[None] | None = None

    async def do(self, thing: T) -> R:
        """Does a thing, and returns its result.

        Whoever is cancelled here does not keep it from being done. What `work` raises is raised for
        all that were done at once.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._go())
        return await done

    async def _go(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await self._work([thing for thing, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits is to have it
                for done in _awaited(batch):
                    done.set_exception(error)
            else:
                for (_, done), result in zip(batch, results, strict=True):
                    if not done.done():
                        done.set_result(result)


def _awaited(batch: Sequence[tuple[T, asyncio.Future[R]]]) -> list[asyncio.Future[R]]:
    """Those that somebody still waits for."""
    return [done for _, done in batch if not done.done()]


log = logging.getLogger(__name__)

_AT_ONCE = 48  # messages on their way
_LONGEST = 120.0  # seconds for one
_AGAIN = 2.0  # seconds before the store is told again what it could not be told

GONE = N_("the story is no more")
UNSEEN = N_("its message is not known")


class DeliveryContext(Protocol):
    """What is needed to send; see `bot.posting.worker.DeliveryContext`."""

    @property
    def store(self) -> PostingStore: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def composer(self) -> PostComposer: ...  # noqa: D102
    @property
    def moved(self) -> Callable[[Chat, Chat], Awaitable[None]]: ...  # noqa: D102


class PostSender:
    """Sends posts by a messenger, each once it is its turn.

    Attributes:
        over: Why the platform takes nothing more; None while it does.
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
        self.over: PlatformError | None = None
        self.waiting: set[asyncio.Task[None]] = set()
        self._context = context
        self._messenger = messenger
        self._sleep = sleep
        self._chance = chance
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._claims = Batcher[int, bool](self._claim)
        self._marks = Batcher[Outcome, None](self._mark)

    async def send(self, post: Post) -> None:
        """Sends a post when its turn has come, and has the store remember how that ended.

        Raises:
            StoreError: The store cannot be asked for the post; nothing was sent.
        """
        await self._turn(post)
        async with self._gate:
            if self.over or not await self._claims.do(post.row):
                return
            end = await self._try(post)
        await self._told(end)

    async def _turn(self, post: Post) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("this runs in a task")
        self.waiting.add(task)
        try:
            await self._messenger.rate_limiter.post(post.chat.id)
        finally:
            self.waiting.discard(task)

    async def _try(self, post: Post) -> Outcome:
        """Sends a claimed post; returns how that ended, whatever that is."""
        try:
            stories = await self._context.store.stories.by_ids(post.stories)
            message = self._context.composer.message(post, {one.id: one for one in stories})
            if message is None:
                return Failure(post.row, GONE)
            async with asyncio.timeout(_LONGEST):
                return await self._sent(post, message)
        except TimeoutError:
            return await self._failed(post, RetryLaterError("no answer in time", in_doubt=True))
        except Exception as error:  # noqa: BLE001 - a bug over one post keeps no other from going
            return await self._failed(post, error)

    async def _sent(self, post: Post, message: Message) -> Outcome:
        if post.kind is not PostKind.EDIT:
            return Delivery(post.row, await self._messenger.send(message))
        if not post.message:
            return Failure(post.row, UNSEEN)
        await self._messenger.edit(message, post.message)
        return Delivery(post.row, post.message)

    async def _failed(self, post: Post, error: Exception) -> Outcome:
        now = self._context.clock.now()
        match error:
            case PlatformError():
                self.over = error
            case RetryLaterError() if error.wait is not None:
                self._messenger.rate_limiter.pause(post.chat.id, error.wait)
            case ChatMovedError():
                return await self._moved(post, error, now)
            case ChatGoneError() if post.kind is not PostKind.NOTICE:
                await self._gone(post, error)
            case RetryLaterError() | ChatGoneError():
                pass
            case _:
                log.error("a post to %s failed: %s", post.chat.id, error, exc_info=error)
        known = self._messenger.knows_repeats
        return ended(post, error, now, self._chance(), knows_repeats=known)

    async def _moved(self, post: Post, error: ChatMovedError, now: datetime) -> Outcome:
        try:
            await self._context.moved(post.chat, Chat(post.chat.platform, error.id))
        except StoreError as trouble:
            log.warning("a chat that has moved cannot be kept: %s", trouble)
        return Retry(post.row, now, str(error))

    async def _gone(self, post: Post, error: ChatGoneError) -> None:
        """Pauses what the chat follows, and notifies those who asked for it."""
        context = self._context
        endings = EndingNotifier(
            context.store, context.clock, context.composer.names, self._messenger.direct
        )
        try:
            await endings.pause(post.chat, error)
        except StoreError as trouble:
            log.warning("a chat that is gone cannot be paused: %s", trouble)

    async def _told(self, end: Outcome) -> None:
        """Has the store remember an end: until then the chat's next post has to wait."""
        while True:
            try:
                return await self._marks.do(end)
            except StoreError as error:
                log.warning("how a post ended cannot be remembered yet: %s", error)
                await self._sleep(_AGAIN)

    async def _claim(self, rows: Sequence[int]) -> Sequence[bool]:
        claimed = set(await self._context.store.outbox.claim(rows, self._context.clock.now()))
        return [row in claimed for row in rows]

    async def _mark(self, ends: Sequence[Outcome]) -> Sequence[None]:
        await self._context.store.outbox.mark(ends, self._context.clock.now())
        return [None] * len(ends)
