"""Shards of a platform, dealt out among the processes that share a store.

A platform with very many chats has its connection in shards, each a part of the chats. The first
one goes with the right to post there; any of the others is held by one process at a time, by a
lock of the store, which ends with its process. So whoever has died is followed by the first one
that looks. Of the processes that live, each shard has an owner, to whom the others hand it over.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, runtime_checkable

from typing_extensions import override

from bot.chat.ports import ChatStore, Platform
from bot.errors import StoreError
from bot.ingest.poll_share import PollShare
from bot.leadership import Leadership
from bot.shard_sessions import ShardSessionStore
from bot.supervision import keep_running, work_until

log = logging.getLogger(__name__)

_LOOK_EVERY = 5.0  # seconds between two looks at how many there are, and at whose each is
_SETTLED_FOR = 60.0  # seconds for which a shard must have been another one's to be handed over
_TRY_EVERY = 2.0  # seconds between two tries to get a shard
_HEAD_START = 4.0  # seconds in which the owner of a shard that is free gets it
_ASK_EVERY = 0.5  # seconds between two tries to get the turn to begin a session
_BETWEEN_SESSIONS = 5.0  # seconds between two sessions that are begun, as Discord wants it


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that is to be served.

    Attributes:
        number: Which, from 0.
        count: How many there are.
        take_turn: Waits for the turn to begin a session, see `ShardAllocator.take_turn`.
        sessions: Keeps its session for the process that has it next.
        wait_until_held: Waits until this process surely has it; for ever, where it has lost it.
    """

    number: int
    count: int
    take_turn: Callable[[int], Awaitable[None]]
    sessions: ShardSessionStore
    wait_until_held: Callable[[], Awaitable[None]]


ServeShard = Callable[[Shard], Awaitable[None]]
"""Serves a shard until it is cancelled."""


@dataclass
class ShardAllocator:
    """Deals out the shards of a platform, and the turns to begin their sessions.

    Attributes:
        platform: Its name, as offices have it.
        leadership: Holds an office for each shard that this process serves.
        notes: Where the number of shards stands, for all processes.
        share: Knows the processes that live.
        sessions: Keeps the shards' sessions.
    """

    platform: str
    leadership: Leadership
    notes: ChatStore
    share: PollShare
    sessions: ShardSessionStore
    _turns: dict[int, asyncio.Lock] = field(
        default_factory=lambda: defaultdict[int, asyncio.Lock](asyncio.Lock)
    )
    _ends: set[asyncio.Task[None]] = field(default_factory=set)

    def shard(self, number: int, count: int) -> Shard:
        """Returns a shard, of so many, as it is to be served."""
        held = partial(self._wait_until_held, self._office(number))
        return Shard(number, count, self.take_turn, self.sessions, held)

    async def note_count(self, count: int) -> None:
        """Tells all processes how many shards there are, the first one included.

        Raises:
            StoreError: It could not be told.
        """
        if await self._count() != count:
            await self.notes.set_note(self._note, str(count))

    async def take_turn(self, number: int) -> None:
        """Waits for the turn to begin a session: one in five seconds, over all processes.

        Args:
            number: Whose turn; a platform may allow several at once, by the shard's number.
        """
        turn = self._turns[number]
        await turn.acquire()
        try:
            while not await self._may_begin(number):
                await self.leadership.timing.sleep(_ASK_EVERY)
        except BaseException:
            turn.release()
            raise
        ending = asyncio.create_task(self._end_turn(number, turn))
        self._ends.add(ending)
        ending.add_done_callback(self._ends.discard)

    async def _may_begin(self, number: int) -> bool:
        try:
            return await self.leadership.locks.acquire(self._turn_office(number))
        except StoreError as error:  # the platform refuses what comes too soon, and is asked again
            log.debug("a session is begun without its turn: %s", error)
            return True

    async def _end_turn(self, number: int, turn: asyncio.Lock) -> None:
        try:
            await self.leadership.timing.sleep(_BETWEEN_SESSIONS)
        finally:
            turn.release()
            with suppress(StoreError):
                await self.leadership.locks.release(self._turn_office(number))

    async def keep_serving(self, serve: ServeShard) -> None:
        """Serves the shards beside the first one that fall to this process, until cancelled."""
        count = 1
        while True:
            count = await self._count_or(count)
            serving = [
                asyncio.create_task(self._keep_shard(self.shard(number, count), serve))
                for number in range(1, count)
            ]
            try:
                while await self._count_or(count) == count:
                    await self.leadership.timing.sleep(_LOOK_EVERY)
            finally:
                for one in serving:
                    one.cancel()
                await asyncio.gather(*serving, return_exceptions=True)

    async def _count_or(self, known: int) -> int:
        """Returns how many shards there are; as many as before while the store does not answer."""
        try:
            return await self._count()
        except StoreError as error:
            log.debug("the number of shards cannot be read: %s", error)
            return known

    async def _count(self) -> int:
        return int(await self.notes.note(self._note) or 1)

    async def _keep_shard(self, shard: Shard, serve: ServeShard) -> None:
        office = self._office(shard.number)
        try:
            await keep_running(
                office, partial(self._take_turns, office, shard, serve), self.leadership.timing
            )
        finally:
            with suppress(StoreError):
                await self.leadership.locks.release(office)

    async def _take_turns(self, office: str, shard: Shard, serve: ServeShard) -> None:
        """Serves a shard whenever this process has it, until cancelled."""
        while True:
            await self._wait_for(office)
            await self.leadership.lead(office, partial(self._serve, office, shard, serve))
            log.info("%s: handed over to the process that owns it", office)
            await self.leadership.locks.release(office)

    async def _wait_for(self, office: str) -> None:
        """Waits until this process has a shard; where another one owns it, that goes first."""
        sleep = self.leadership.timing.sleep
        while True:
            is_ours = await self._try_to_get(office)
            if is_ours and not self.share.owns(office):
                await self.leadership.locks.release(office)
                await sleep(_HEAD_START)
                is_ours = await self._try_to_get(office)
            if is_ours:
                return
            await sleep(_TRY_EVERY)

    async def _wait_until_held(self, office: str) -> None:
        while not await self._try_to_get(office):
            await self.leadership.timing.sleep(_ASK_EVERY)

    async def _try_to_get(self, office: str) -> bool:
        try:
            return await self.leadership.locks.acquire(office)
        except StoreError as error:
            log.debug("%s: %s", office, error)
            return False

    async def _serve(self, office: str, shard: Shard, serve: ServeShard) -> None:
        """Serves a shard until another process is to have it."""
        await work_until(serve(shard), self._until_anothers(office))

    async def _until_anothers(self, office: str) -> None:
        timing = self.leadership.timing
        since = timing.monotonic()
        while timing.monotonic() - since < _SETTLED_FOR:
            await timing.sleep(_LOOK_EVERY)
            if self.share.owns(office):
                since = timing.monotonic()

    def _office(self, number: int) -> str:
        """Returns the office of a shard; that of the first is its platform's."""
        return f"{self.platform}/{number}" if number else self.platform

    @property
    def _note(self) -> str:
        return f"{self.platform} shards"

    def _turn_office(self, number: int) -> str:
        return f"{self.platform} session {number}"


@runtime_checkable
class ShardedPlatform(Platform, Protocol):
    """A platform whose shards several processes can serve."""

    async def serve_shard(self, shard: Shard) -> None:
        """Answers in the chats of a shard, and posts nothing, until it is cancelled.

        The first one, 0, goes with `serve`.
        """
        ...


@dataclass(frozen=True, slots=True)
class DealtPlatform(Platform):
    """A platform of which this process serves what falls to it.

    Attributes:
        platform: The platform.
        allocator: Deals its shards out.
        first: Serves it, with its first shard, while this process leads there.
    """

    platform: ShardedPlatform
    allocator: ShardAllocator
    first: Platform

    @property
    @override
    def name(self) -> str:
        return self.platform.name

    @override
    async def serve(self) -> None:
        dealing = partial(self.allocator.keep_serving, self.platform.serve_shard)
        beside = asyncio.create_task(
            keep_running(f"the shards of {self.name}", dealing, self.allocator.leadership.timing)
        )
        try:
            await self.first.serve()
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
