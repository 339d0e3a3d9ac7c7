"""Threads below posts of a channel, to talk about each; and the names of posts' threads."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import discord

from adapters.discord.failures import (
    REQUEST_ERRORS,
    THREAD_EXISTS,
    TOO_MANY_THREADS,
    classify,
)
from adapters.discord.posts import thread_name
from adapters.discord.requests import shield_request
from bot.clock import Clock
from bot.errors import PlatformError, RetryLaterError
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter

log = logging.getLogger(__name__)

# No header and no page tells of this limit (https://github.com/discord/discord-api-docs/issues/1900).
_RENAMES, _WINDOW = 2, 600.0  # changes of a thread's name, in so many seconds
_PAUSE = 30.0  # seconds before a name is tried again after an error for now
_MAX_TRIES = 5
_MAX_THREADS = 1_000  # whose renames are remembered
_SHUTDOWN_TIMEOUT = 1.0  # seconds for what is being renamed at the end


@dataclass(frozen=True, slots=True)
class _Rename:
    """A name that a thread is to have, and how often it was tried."""

    name: str
    tries: int = 0


@dataclass(slots=True)
class PostThreads:
    """Opens threads below posts, and renames those whose headline has changed.

    Attributes:
        client: Is logged in.
        rate_limiter: The rate limits that all requests share.
        clock: Measures how long ago a thread was renamed.
        sleep: Waits some seconds.
    """

    client: discord.Client
    rate_limiter: RateLimiter
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _wanted: dict[int, _Rename] = field(default_factory=dict)
    _renamed: dict[int, deque[float]] = field(default_factory=dict)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def open_below(self, message: Message, sent: int) -> None:
        """Opens the thread of a post that has arrived, unless it has one.

        The post stands without a thread where that can never be.

        Raises:
            RetryLaterError: It is to be tried again, with the post, which will be there once.
        """
        channel = self.client.get_partial_messageable(
            int(message.chat.id), guild_id=int(message.chat.house)
        )
        if channel.guild is None:  # during an outage of it
            raise _to_be_retried(RetryLaterError("the server is not known yet"))
        # Under a name of its own, so that it does not count against the channel's posts.
        await self.rate_limiter.acquire_post(f"{message.chat.id} {sent}")
        opening = channel.get_partial_message(sent).create_thread(name=thread_name(message.reply))
        try:
            await shield_request(self.client, opening)
        except REQUEST_ERRORS as error:
            _check_open(error, message)

    async def rename(self, thread: int, name: str) -> None:
        """Renames a thread of the bot's own where its name is another.

        Where Discord wants that to wait, it is done in the background: no post waits for it.
        """
        is_waiting = thread in self._wanted
        self._wanted[thread] = _Rename(name)
        if not is_waiting and (wait := await self._try(thread)):
            task = asyncio.create_task(self._try_until_done(thread, wait))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def reopen(self, thread: int, name: str) -> None:
        """Reopens an archived thread of the bot's own, under a name that is perhaps new."""
        found = await self._find(thread)
        if found is not None:
            await shield_request(self.client, found.edit(archived=False, name=name))

    async def finish(self) -> None:
        """Waits a moment for what is being renamed, and cancels the rest."""
        if self._busy:
            _, late = await asyncio.wait(set(self._busy), timeout=_SHUTDOWN_TIMEOUT)
            for task in late:
                task.cancel()

    async def _try_until_done(self, thread: int, wait: float) -> None:
        while wait:
            await self.sleep(wait)
            wait = await self._try(thread)

    async def _try(self, thread: int) -> float:
        """Renames a thread; returns 0, or the seconds after which to try again."""
        if wait := self._wait(thread):
            return wait
        wanted = self._wanted[thread]
        try:
            await self._rename(thread, wanted.name)
        except REQUEST_ERRORS as error:
            reason = classify(error)
            if isinstance(reason, RetryLaterError) and wanted.tries < _MAX_TRIES:
                if self._wanted[thread] is wanted:
                    self._wanted[thread] = _Rename(wanted.name, wanted.tries + 1)
                return reason.wait or _PAUSE
            log.warning("Discord: thread %d keeps its name: %s", thread, reason)
        if self._wanted[thread].name != wanted.name:  # which has come meanwhile
            return self._wait(thread) or _PAUSE
        del self._wanted[thread]
        return 0.0

    async def _rename(self, thread: int, name: str) -> None:
        found = await self._find(thread)
        if found is None or found.name == name or found.archived:
            return  # nobody reads the name of an archived thread below a post
        await self.rate_limiter.acquire_post(f"{thread} name")
        self._renamed.setdefault(thread, deque(maxlen=_RENAMES)).append(self.clock.monotonic())
        while len(self._renamed) > _MAX_THREADS:
            del self._renamed[next(iter(self._renamed))]
        await shield_request(self.client, found.edit(name=name))

    def _wait(self, thread: int) -> float:
        times = self._renamed.get(thread)
        if times is None or len(times) < _RENAMES:
            return 0.0
        return max(0.0, times[0] + _WINDOW - self.clock.monotonic())

    async def _find(self, thread: int) -> discord.Thread | None:
        """Returns a thread as it is now; None where there is none, or none of the bot's own."""
        known = self.client.get_channel(thread)
        if not isinstance(known, discord.Thread):
            try:
                known = await shield_request(self.client, self.client.fetch_channel(thread))
            except discord.NotFound:
                return None
        own = self.client.user
        is_own = own is not None and isinstance(known, discord.Thread) and known.owner_id == own.id
        return known if is_own and isinstance(known, discord.Thread) else None


def _check_open(error: BaseException, message: Message) -> None:
    """Raises the error of a thread that could not be opened where it is to be tried again."""
    reason, code = classify(error), getattr(error, "code", 0)
    if isinstance(reason, RetryLaterError) and code not in TOO_MANY_THREADS:
        raise _to_be_retried(reason) from error
    if isinstance(reason, PlatformError):
        raise reason from error
    if code != THREAD_EXISTS:  # else an earlier try has opened it
        log.warning("Discord: a post in channel %s has no thread: %s", message.chat.id, reason)


def _to_be_retried(reason: RetryLaterError) -> RetryLaterError:
    """Says that the post itself may have arrived, so that it is looked for before it is resent."""
    reason.in_doubt, reason.answered = True, False
    return reason
