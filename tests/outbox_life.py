"""A process that posts, whose time jumps and which may die between any two steps of its work."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar, cast

from stories import NOW

from bot.chat.ports import Store
from bot.i18n import load
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Messenger
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import EventPosts

_T = TypeVar("_T")

_NAP = 0.25  # seconds: who sleeps no longer is woken without being told
_CHANGES = {
    "claim",
    "mark",
    "recover",
    "prune",
    "gather",
    "put_off",
    "pile_up",
    "hasten",
    "notify",
    "pause",
    "move",
}
_PARTS = {
    "chats",
    "ingest",
    "outbox",
    "search",
    "sources",
    "stories",
    "subscriptions",
    "trends",
}
FLOOD_LIMITS = FloodLimits(burst=3, events=EventPosts.ONCE)


_OWNER = ContextVar[set[asyncio.Task[Any]] | None]("owner", default=None)
"""The tasks of the process that is running just now."""


def own_tasks(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, _T] | Generator[Any, None, _T],
    **given: Any,
) -> asyncio.Task[_T]:
    """Makes a task that belongs to the process which asks for it; a task factory."""
    task = asyncio.Task(cast(Coroutine[Any, Any, _T], work), loop=loop, **given)
    owner = _OWNER.get()
    if owner is not None:
        owner.add(task)
        task.add_done_callback(owner.discard)
    return task


async def everybody_waits() -> None:
    """Lets every task go on until it waits for an answer, for time, or for the store."""
    for _ in range(30):
        await asyncio.sleep(0)


class JumpingTime:
    """A clock that leaps, as that of a computer that slept; whoever slept meanwhile is woken."""

    def __init__(self) -> None:
        self._passed = self._booted = 0.0
        self._wrong = timedelta()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self._passed) + self._wrong

    def monotonic(self) -> float:
        return self._passed - self._booted

    def epoch(self) -> str:
        return f"boot at {self._booted}"

    @property
    def passed(self) -> float:
        """The true time, in seconds."""
        return self._passed

    def reboot(self) -> None:
        """Lets monotonic time begin anew, for the next process."""
        self._booted = self._passed

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._passed + seconds, next(self._order), woken))
        await woken

    def jump(self, seconds: float) -> None:
        self._passed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._passed:
            woken = heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)

    def set_wrong(self, by: timedelta) -> None:
        """Puts the clock, but not what passes, forward or back."""
        self._wrong += by

    def nap(self) -> bool:
        """Lets the little time pass that somebody waits for; False when nobody does."""
        while self._sleepers and self._sleepers[0][2].done():
            heappop(self._sleepers)
        if not self._sleepers or self._sleepers[0][0] - self._passed > _NAP:
            return False
        self.jump(max(0.0, self._sleepers[0][0] - self._passed))
        return True


@dataclass
class Death:
    """When a process is to die: at a certain one of the next changes to the store.

    Attributes:
        changes: At which one.
        is_made: Whether that is still made.
    """

    changes: int
    is_made: bool


@dataclass
class Watch:
    """Sees every call of a store, and lets none come back to a process that is dead.

    Attributes:
        made: Told the name and the arguments of each call that was made.
        death: What the process is to die of.
        dead: True from then on.
    """

    made: Callable[[str, tuple[Any, ...], dict[str, Any]], None]
    death: Death | None = None
    dead: bool = False
    _under_way: int = 0
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, function: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        """Makes a call once all before it have ended and everybody else waits for something.

        So what happens does not depend on how fast the threads of the store are.
        """
        self._under_way += 1
        try:
            async with self._one_at_a_time:
                await everybody_waits()
                return await self._made(function, *args, **named)
        finally:
            self._under_way -= 1
            self._idle.set()

    async def idle(self) -> None:
        """Waits until no call is under way, or whoever made them is dead."""
        while self._under_way and not self.dead:
            self._idle.clear()
            await self._idle.wait()

    @property
    def is_idle(self) -> bool:
        return self.dead or not self._under_way

    async def _made(self, function: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        is_last = self._is_last(function.__name__)
        if self.dead or (is_last and self.death and not self.death.is_made):
            await self._die()
        result = await function(*args, **named)
        self.made(function.__name__, args, named)
        if is_last:
            await self._die()
        return result

    def _is_last(self, name: str) -> bool:
        if self.death is None or name not in _CHANGES:
            return False
        self.death.changes -= 1
        return self.death.changes == 0

    async def _die(self) -> None:
        self.dead = True
        self._idle.set()
        await asyncio.get_running_loop().create_future()  # until it is cancelled


class _Watched:
    """A store, or a part of it, whose calls are watched."""

    def __init__(self, inner: object, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if name in _PARTS:
            return _Watched(value, self._watch)
        return partial(self._watch.call, value) if inspect.iscoroutinefunction(value) else value


class Process:
    """A process that posts what is in a store.

    Attributes:
        store: As somebody else sees it, such as a command.
        router: Where new stories go.
        workers: Who posts.
        watch: Sees what it does to the store.
    """

    def __init__(self, store: Store, time: JumpingTime, messenger: Messenger, watch: Watch) -> None:
        self.store = store
        self.watch = watch
        self._tasks: set[asyncio.Task[Any]] = set()
        watched = cast(Store, _Watched(store, watch))
        composer = PostComposer(DisplayNames(load("en"), {}))
        context = DeliveryContext(watched, time, composer, FLOOD_LIMITS, watched.chats.move)
        self.workers = PostingWorkers(context, PostingTiming(time.sleep, lambda: 0.5))
        self.router = SubscriptionRouter(store.subscriptions, FLOOD_LIMITS, self.workers.wake)
        mine = _OWNER.set(self._tasks)
        self._work = asyncio.create_task(self.workers.run(messenger))
        _OWNER.reset(mine)

    async def check(self) -> None:
        """Raises what it has ended with."""
        if self._work.done():
            await self._work

    async def killed(self) -> None:
        """Ends it where it stands; nothing more is written."""
        await self.watch.idle()
        self.watch.dead = True
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.store.aclose()


async def rest(processes: Sequence[Process], time: JumpingTime) -> None:
    """Waits until processes do nothing but wait: for answers, for time, or for nothing any more."""
    while True:
        await everybody_waits()
        busy = next((one for one in processes if not one.watch.is_idle), None)
        if busy:
            await busy.watch.idle()
        elif any(one.watch.dead for one in processes) or not time.nap():
            break
    for one in processes:
        await one.check()
