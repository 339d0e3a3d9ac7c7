"""Crossposts: publishes posts of announcement channels to the servers that follow them.

Publishing runs in the background: it neither delays a post nor makes it fail. Errors are logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import discord

from adapters.discord.failures import ALREADY_CROSSPOSTED, REQUEST_ERRORS, classify
from adapters.discord.requests import shield_request
from bot.chat.settings import PUBLISH, ChatSettings
from bot.clock import Clock
from bot.errors import ChatGoneError, DatelineError, RetryLaterError, StoreError
from bot.model import Chat
from bot.posting.rate_limiter import RateLimiter

log = logging.getLogger(__name__)

_LIMIT, _WINDOW = 10, 3_600.0
"""Discord's rate limit: messages that can be published per channel, in so many seconds."""

_MAX_CONCURRENT = 4
_MAX_CHANNELS = 10_000  # before idle ones are evicted
_SHUTDOWN_TIMEOUT = 1.0  # seconds for what is being published at the end


@dataclass(slots=True)
class _Channel:
    """The recent crossposts of a channel.

    Attributes:
        times: When they were requested, by the monotonic clock.
        paused_until: The time before which no request makes sense.
        logged: The kinds of failures that were logged.
    """

    times: deque[float] = field(default_factory=deque)
    paused_until: float = float("-inf")
    logged: set[str] = field(default_factory=set)


class Crossposter:
    """Publishes posts where moderators have asked for it, within Discord's rate limit."""

    def __init__(
        self,
        client: discord.Client,
        settings: ChatSettings,
        rate_limiter: RateLimiter,
        clock: Clock,
        hears_of: Callable[[int], bool] = lambda _: True,
    ) -> None:
        """Publishes by a client, which knows the channels of those servers that it hears of."""
        self._client = client
        self._hears_of = hears_of
        self._settings = settings
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._channels: dict[str, _Channel] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MAX_CONCURRENT)

    def schedule(self, chat: Chat, message: int) -> None:
        """Publishes a post in the background, if it is one of an announcement channel."""
        if self._is_far(chat) or self._is_announcement_channel(chat):
            task = asyncio.create_task(self._publish(chat, message))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def finish(self) -> None:
        """Waits a moment for what is being published, and cancels the rest."""
        if self._busy:
            _, late = await asyncio.wait(set(self._busy), timeout=_SHUTDOWN_TIMEOUT)
            for task in late:
                task.cancel()

    def _is_far(self, chat: Chat) -> bool:
        """Tells if only another client hears of a channel, so that Discord has to be asked."""
        return chat.house.isdecimal() and not self._hears_of(int(chat.house))

    def _is_announcement_channel(self, chat: Chat) -> bool:
        """Looks a channel up in the client's cache; asks Discord for nothing."""
        if not chat.id.isdecimal():
            return False
        number = int(chat.id)
        guild = self._client.get_guild(int(chat.house)) if chat.house.isdecimal() else None
        channel = guild.get_channel(number) if guild else self._client.get_channel(number)
        return _is_news(channel)

    async def _publish(self, chat: Chat, message: int) -> None:
        try:
            if await self._settings.is_on(chat.settings, PUBLISH):
                async with self._slots:
                    await self._request(chat, message)
        except StoreError as error:
            self._log_once(chat, "store", str(error))
        except REQUEST_ERRORS as error:
            if getattr(error, "code", 0) != ALREADY_CROSSPOSTED:  # else an earlier try has done it
                self._pause(chat, classify(error))
        except Exception:  # whoever posted does not wait for this, and would never learn of it
            log.exception("Discord: a post in channel %s is not published", chat.id)

    async def _request(self, chat: Chat, message: int) -> None:
        if not self._may_request(chat):
            return
        if self._is_far(chat) and not _is_news(await self._client.fetch_channel(int(chat.id))):
            self._channel(chat).paused_until = self._clock.monotonic() + _WINDOW
            return
        self._channel(chat).times.append(self._clock.monotonic())
        # Under a name of its own, so that it does not count against the channel's posts.
        await self._rate_limiter.acquire_post(f"{chat.id} {message}")
        channel = self._client.get_partial_messageable(int(chat.id))
        await shield_request(self._client, channel.get_partial_message(message).publish())

    def _may_request(self, chat: Chat) -> bool:
        known, now = self._channel(chat), self._clock.monotonic()
        while known.times and known.times[0] <= now - _WINDOW:
            known.times.popleft()
        if len(known.times) >= _LIMIT:
            self._log_once(chat, "limit", f"Discord allows {_LIMIT} an hour in a channel")
        return len(known.times) < _LIMIT and known.paused_until <= now

    def _pause(self, chat: Chat, reason: DatelineError) -> None:
        """Logs a failure, and pauses the channel where another request would fail, too."""
        wait = _WINDOW if isinstance(reason, ChatGoneError) else 0.0
        if isinstance(reason, RetryLaterError):
            wait = reason.wait or 0.0
        self._channel(chat).paused_until = self._clock.monotonic() + wait
        self._log_once(chat, type(reason).__name__, str(reason))

    def _log_once(self, chat: Chat, kind: str, reason: str) -> None:
        logged = self._channel(chat).logged
        if kind not in logged:
            logged.add(kind)
            log.warning("Discord: a post in channel %s was not published: %s", chat.id, reason)

    def _channel(self, chat: Chat) -> _Channel:
        if len(self._channels) > _MAX_CHANNELS:
            self._evict_idle()
        return self._channels.setdefault(chat.id, _Channel())

    def _evict_idle(self) -> None:
        now = self._clock.monotonic()
        self._channels = {
            chat: known
            for chat, known in self._channels.items()
            if known.logged or (known.times and known.times[-1] > now - _WINDOW)
        }


def _is_news(channel: object) -> bool:
    return isinstance(channel, discord.TextChannel) and channel.is_news()
