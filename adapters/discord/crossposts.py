"""Publishes posts of announcement channels to the servers that follow them.

That never holds up a post, nor makes it fail; what cannot be published is told in the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

import discord

from adapters.discord.failures import PUBLISHED, TROUBLE, failure
from adapters.discord.requests import whole
from bot.chat.settings import PUBLISH, ChatSettings
from bot.clock import Clock
from bot.errors import ChatGoneError, DatelineError, RetryLaterError, StoreError
from bot.model import Chat
from bot.posting.rate_limiter import RateLimiter

log = logging.getLogger(__name__)

_MOST, _WINDOW = 10, 3_600.0
"""Messages that Discord lets be published of a channel, in so many seconds."""

_AT_ONCE = 4
_REMEMBERED = 10_000  # channels, before those are forgotten of which nothing is to be known
_ENDING = 1.0  # seconds for what is being published at the end


@dataclass(slots=True)
class _Channel:
    """What was published of a channel.

    Attributes:
        times: When.
        rests_until: Until when it makes no sense to ask.
        told: The kinds of failures that the log has.
    """

    times: deque[float] = field(default_factory=deque)
    rests_until: float = float("-inf")
    told: set[str] = field(default_factory=set)


class Crossposts:
    """Publishes, where moderators have asked for it."""

    def __init__(
        self,
        client: discord.Client,
        settings: ChatSettings,
        rate_limiter: RateLimiter,
        clock: Clock,
    ) -> None:
        self._client = client
        self._settings = settings
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._channels: dict[str, _Channel] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def begin(self, chat: Chat, message: int) -> None:
        """Publishes a message that was sent, if it is to be; returns at once."""
        if self._is_news(chat):
            task = asyncio.create_task(self._publish(chat, message))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def finish(self) -> None:
        """Gives what is being published a moment, and leaves the rest."""
        if self._busy:
            _, late = await asyncio.wait(set(self._busy), timeout=_ENDING)
            for task in late:
                task.cancel()

    def _is_news(self, chat: Chat) -> bool:
        """Whether it is an announcement channel, as far as Discord has told unasked."""
        if not chat.id.isdecimal():
            return False
        number = int(chat.id)
        guild = self._client.get_guild(int(chat.house)) if chat.house.isdecimal() else None
        channel = guild.get_channel(number) if guild else self._client.get_channel(number)
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def _publish(self, chat: Chat, message: int) -> None:
        try:
            if await self._settings.is_on(chat.settings, PUBLISH):
                async with self._turns:
                    await self._ask(chat, message)
        except StoreError as error:
            self._tell(chat, "store", str(error))
        except TROUBLE as error:
            if getattr(error, "code", 0) != PUBLISHED:  # else an earlier try has done it
                self._failed(chat, failure(error))

    async def _ask(self, chat: Chat, message: int) -> None:
        if not self._may_ask(chat):
            return
        self._channel(chat).times.append(self._clock.monotonic())
        await self._rate_limiter.acquire_post(
            f"{chat.id} {message}"
        )  # takes no turn of the channel's posts
        channel = self._client.get_partial_messageable(int(chat.id))
        await whole(self._client, channel.get_partial_message(message).publish())

    def _may_ask(self, chat: Chat) -> bool:
        known, now = self._channel(chat), self._clock.monotonic()
        while known.times and known.times[0] <= now - _WINDOW:
            known.times.popleft()
        if len(known.times) >= _MOST:
            self._tell(chat, "limit", f"Discord takes {_MOST} an hour of a channel")
        return len(known.times) < _MOST and known.rests_until <= now

    def _failed(self, chat: Chat, reason: DatelineError) -> None:
        """Tells of a failure; where asking again would be refused again, nothing is asked."""
        wait = _WINDOW if isinstance(reason, ChatGoneError) else 0.0
        if isinstance(reason, RetryLaterError):
            wait = reason.wait or 0.0
        self._channel(chat).rests_until = self._clock.monotonic() + wait
        self._tell(chat, type(reason).__name__, str(reason))

    def _tell(self, chat: Chat, kind: str, reason: str) -> None:
        told = self._channel(chat).told
        if kind not in told:
            told.add(kind)
            log.warning("Discord: a post in channel %s is not published: %s", chat.id, reason)

    def _channel(self, chat: Chat) -> _Channel:
        if len(self._channels) > _REMEMBERED:
            self._forget()
        return self._channels.setdefault(chat.id, _Channel())

    def _forget(self) -> None:
        now = self._clock.monotonic()
        self._channels = {
            chat: known
            for chat, known in self._channels.items()
            if known.told or (known.times and known.times[-1] > now - _WINDOW)
        }
