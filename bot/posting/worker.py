"""Posts what is in the outbox: claim, commit, send, mark."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.errors import StoreError
from bot.model import Chat
from bot.posting.digest import PostComposer
from bot.posting.messenger import Messenger
from bot.posting.model import Post, PostKind
from bot.posting.policy import OLD, admit, day_began, is_put_off
from bot.posting.ports import PostingStore
from bot.posting.router import SOON, FloodLimits, fresh_since
from bot.posting.sender import PostSender

log = logging.getLogger(__name__)

_AHEAD = 500  # posts that wait for their turns at the same time
_SEEN = 2_000  # due posts that are looked at: some are of chats that have had their share
_NEAR = 1.0  # seconds until a chat may be written to after which others go first
_PAUSE = 0.2  # seconds between two rounds: each asks the store for much
_LOOK = 5.0  # seconds after which the store is asked for what other processes put into it
_TROUBLE = 5.0  # seconds after the store failed
_FINISHING = 2.0  # seconds to finish what is being sent
_PRUNED = 3_600.0  # seconds between two times that old posts are forgotten


@dataclass(frozen=True, slots=True)
class PostingTiming:
    """What time is waited for with.

    Attributes:
        sleep: Waits as many seconds as it is told.
        chance: Spreads tries over time, by numbers from 0 to 1.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


_REAL = PostingTiming()


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What is needed to post.

    Attributes:
        store: Keeps the outbox.
        clock: Tells the time.
        composer: Says what posts say.
        flood_limits: What keeps channels from being flooded.
        moved: Called with a chat's old and new id, to keep all that was kept for it.
    """

    store: PostingStore
    clock: Clock
    composer: PostComposer
    flood_limits: FloodLimits
    moved: Callable[[Chat, Chat], Awaitable[None]]


class PostingWorkers:
    """Posts on any number of platforms, on each by a worker of its own."""

    def __init__(self, context: DeliveryContext, timing: PostingTiming = _REAL) -> None:
        self._context = context
        self._timing = timing
        self._workers: set[_Worker] = set()

    def wake(self) -> None:
        """Tells that something has been put into the outbox."""
        for worker in self._workers:
            worker.woken.set()

    async def run(self, messenger: Messenger) -> None:
        """Posts by a messenger, until it is cancelled.

        Raises:
            PlatformError: The platform lets the bot in no more.
        """
        worker = _Worker(self._context, messenger, self._timing)
        self._workers.add(worker)
        try:
            await worker.run()
        finally:
            self._workers.discard(worker)


class _Worker:
    """Posts on one platform.

    Attributes:
        woken: Set when there may be something to do.
    """

    def __init__(
        self, context: DeliveryContext, messenger: Messenger, timing: PostingTiming
    ) -> None:
        self.woken = asyncio.Event()
        self._context = context
        self._platform = messenger.platform
        self._rate_limiter = messenger.rate_limiter
        self._timing = timing
        self._line = PostSender(context, messenger, timing.sleep, timing.chance)
        self._busy: dict[Chat, asyncio.Task[None]] = {}
        self._began = self._pruned = float("-inf")

    async def run(self) -> None:
        """See `PostingWorkers.run`."""
        await self._begin()
        try:
            while True:
                await self._rest(await self._guarded())
        finally:
            await self._end()

    async def _begin(self) -> None:
        """Takes the right to post, and makes due again what a process died over."""
        told = ""
        while why := await self._obstacle():
            if why != told:
                log.warning("nothing is posted on %s: %s", self._platform, why)
                told = why
            await self._timing.sleep(_TROUBLE)

    async def _obstacle(self) -> str:
        """Why nothing can be posted; an empty text once all is ready."""
        outbox = self._context.store.outbox
        try:
            if not await outbox.hold(self._platform):
                return "another process posts there from the same store"
            lost = await outbox.recover(self._platform, self._context.clock.now(), dead=True)
        except StoreError as error:
            return str(error)
        if lost:
            log.warning("%s: %d posts were on their way at the end; again", self._platform, lost)
        return ""

    async def _guarded(self) -> float:
        """A round, whatever happens to the store; returns the seconds until the next one."""
        if self._line.over:
            raise self._line.over
        try:
            return await self._round()
        except StoreError as error:
            log.warning("nothing can be posted on %s now: %s", self._platform, error)
            return _TROUBLE

    async def _round(self) -> float:
        """Begins to send what is due; returns the seconds until there may be more."""
        await self._timing.sleep(max(0.0, self._began + _PAUSE - self._context.clock.monotonic()))
        self._began = self._context.clock.monotonic()
        self.woken.clear()
        outbox, now = self._context.store.outbox, self._context.clock.now()
        await self._tidy(now)
        await outbox.gather(self._platform, now)
        begun = 0
        for post in await outbox.due(self._platform, now, _SEEN):
            if len(self._busy) >= _AHEAD:
                break
            if post.chat not in self._busy and self._rate_limiter.free(post.chat.id) < _NEAR:
                self._busy[post.chat] = asyncio.create_task(self._deliver(post))
                begun += 1
        if begun:
            return _LOOK
        return await self._until_next(now)

    async def _until_next(self, now: datetime) -> float:
        due = await self._context.store.outbox.next_due(self._platform, now)
        if due is None:
            return _LOOK
        # What is due and was not begun waits for its chat's turn.
        return min(_LOOK, max((due - now).total_seconds(), _NEAR / 2))

    async def _tidy(self, now: datetime) -> None:
        passed = self._context.clock.monotonic()
        if passed - self._pruned > _PRUNED:
            self._pruned = passed
            await self._context.store.outbox.prune(now)
            await self._context.store.outbox.recover(self._platform, now, dead=False)

    async def _rest(self, seconds: float) -> None:
        """Waits, unless there is something to do before."""
        waiting = asyncio.ensure_future(self._timing.sleep(seconds))
        waking = asyncio.create_task(self.woken.wait())
        try:
            await asyncio.wait({waiting, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            waking.cancel()

    async def _deliver(self, post: Post) -> None:
        try:
            if await self._admitted(post):
                await self._line.send(post)
        except StoreError as error:
            log.warning("a post to %s has to wait: %s", post.chat.id, error)
            await self._timing.sleep(_TROUBLE)
        finally:
            del self._busy[post.chat]
            if len(self._busy) <= _AHEAD // 2 or self._line.over:
                self.woken.set()

    async def _admitted(self, post: Post) -> bool:
        """Whether a post may be sent now; if not, the store is told until when it waits."""
        store, now = self._context.store, self._context.clock.now()
        end = admit(post, now, await self._posted_today(post, now))
        if end is not None:
            await store.outbox.mark([end], now)
        elif await self._put_off(post, now):
            return False
        return end is None

    async def _posted_today(self, post: Post, now: datetime) -> int:
        """How many stories its subscription has posted in its day, each by itself."""
        chosen = post.subscription
        if chosen is None or not chosen.most:
            return 0
        began = day_began(now, chosen.timezone)
        return await self._context.store.outbox.posted_since(chosen.id, began)

    async def _put_off(self, post: Post, now: datetime) -> bool:
        """Puts off all that is too old to go by itself, if this post is."""
        store, late = self._context.store, self._context.flood_limits.late
        stories = await store.stories.by_ids(post.stories) if post.kind is PostKind.STORY else ()
        if not any(is_put_off(post, story, now, late) for story in stories):
            return False
        await store.outbox.put_off(self._platform, fresh_since(now, late), now + SOON, OLD)
        return True

    async def _end(self) -> None:
        """Lets what is being sent be sent; what waits for its turn is left for the next start."""
        for task in self._line.waiting:
            task.cancel()
        tasks = list(self._busy.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_FINISHING)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
