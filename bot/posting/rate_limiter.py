"""The rate limiter of a platform: one budget for all messages, and replies before posts."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.clock import Clock

_LONGEST_NAP = 1.0  # seconds after which whoever waits checks again
_IDLE = 4_096  # chats that are remembered before those are forgotten that may be written to freely


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The rate limits of a platform.

    Attributes:
        overall: All messages.
        posts: All messages while posts are sent: a post waits until it fits beside the replies.
        chat: Replies in one chat, by the kind of chat.
        chat_posts: Posts in one chat, by the kind of chat.
    """

    overall: Rate
    posts: Rate
    chat: Callable[[str], Rate]
    chat_posts: Callable[[str], Rate]


@dataclass(slots=True)
class _Sent:
    """The times of the messages within a sliding window."""

    times: deque[float] = field(default_factory=deque)
    paused_until: float = 0.0

    def wait(self, rate: Rate, now: float) -> float:
        """Returns the seconds until one more fits the rate."""
        is_full = len(self.times) >= rate.count
        fits = self.times[-rate.count] + rate.seconds - now if is_full else 0.0
        return max(fits, self.paused_until - now, 0.0)


class RateLimiter:
    """Gives out turns to send a message.

    A reply never waits behind a post: posts leave a part of the budget free, and none is given a
    turn that a reply waits for. What a turn costs does not depend on how many chats there are, nor
    on how many posts wait.
    """

    def __init__(
        self,
        clock: Clock,
        limits: RateLimits,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Keeps `limits` by a clock; `sleep` waits some seconds."""
        self._clock = clock
        self._limits = limits
        self._sleep = sleep
        self._all = _Sent()
        self._even = _Sent()  # the same as posts are paced by: as if none had been late
        self._chats: OrderedDict[str, _Sent] = OrderedDict()
        self._replies = Counter[str]()  # how many wait, by chat
        self._next_post = asyncio.Lock()  # whoever holds it waits for a turn; the others queue

    async def acquire_reply(self, chat: str) -> None:
        """Waits until a reply may be sent to a chat, and counts it."""
        self._replies[chat] += 1
        try:
            await self._wait(lambda now: self._reply_wait(chat, now))
        finally:
            self._replies[chat] -= 1
            if not self._replies[chat]:
                del self._replies[chat]
        self._count(chat)

    async def acquire_post(self, chat: str) -> None:
        """Waits until a post may be sent to a chat, and counts it."""
        while True:
            # A chat that is to wait is waited for before there is a turn, which others may take.
            await self._wait(lambda now: self._chat_post_wait(chat, now))
            async with self._next_post:
                late = await self._wait(self._post_wait)
                if self.post_delay(chat) <= 0:
                    # Else every post of a long row would be as late as all before it together.
                    self._count(chat, late)
                    return

    def post_delay(self, chat: str) -> float:
        """Returns the seconds until a post may be sent to a chat, as far as that chat is concerned.

        Its rate and its pause count, not what is sent elsewhere.
        """
        return self._chat_post_wait(chat, self._clock.monotonic())

    def pause(self, chat: str, seconds: float) -> None:
        """Sends nothing to a chat for some seconds, because the platform said so."""
        sent = self._chat(chat)
        sent.paused_until = max(sent.paused_until, self._clock.monotonic() + seconds)

    async def _wait(self, wait: Callable[[float], float]) -> float:
        """Waits; returns by how many seconds it was woken too late."""
        late = 0.0
        # Time is what is waited for, and nothing announces it.
        while (seconds := wait(now := self._clock.monotonic())) > 0:
            nap = min(seconds, _LONGEST_NAP)
            await self._sleep(nap)
            late = max(0.0, self._clock.monotonic() - now - nap)
        return late

    def _reply_wait(self, chat: str, now: float) -> float:
        return max(self._all.wait(self._limits.overall, now), self._chat_wait(chat, now))

    def _chat_wait(self, chat: str, now: float) -> float:
        sent = self._chats.get(chat)
        return sent.wait(self._limits.chat(chat), now) if sent else 0.0

    def _chat_post_wait(self, chat: str, now: float) -> float:
        sent = self._chats.get(chat)
        return sent.wait(self._limits.chat_posts(chat), now) if sent else 0.0

    def _post_wait(self, now: float) -> float:
        overall = self._all.wait(self._limits.overall, now)
        # A reply that its own chat holds up, for as long as a flood is punished, needs no turn yet.
        if any(self._chat_wait(one, now) <= 0 for one in self._replies):
            return overall + self._limits.overall.seconds / self._limits.overall.count
        return max(overall, self._even.wait(self._limits.posts, now))

    def _count(self, chat: str, late: float = 0.0) -> None:
        now = self._clock.monotonic()
        self._even.times.append(now - late)
        for sent in (self._all, self._chat(chat)):
            sent.times.append(now)
        _drop_before(self._all.times, now - self._limits.overall.seconds)
        _drop_before(self._even.times, now - self._limits.posts.seconds)
        _drop_before(self._chat(chat).times, now - self._longest(chat))
        self._forget_idle(now)

    def _chat(self, chat: str) -> _Sent:
        return self._chats.setdefault(chat, _Sent())

    def _longest(self, chat: str) -> float:
        """Returns the seconds after which a message in a chat no longer counts."""
        return max(self._limits.chat(chat).seconds, self._limits.chat_posts(chat).seconds)

    def _forget_idle(self, now: float) -> None:
        """Checks a few chats each time: two go for one that comes, and none of it takes long."""
        for _ in range(2 if len(self._chats) > _IDLE else 0):
            chat, sent = self._chats.popitem(last=False)
            is_recent = sent.times and sent.times[-1] > now - self._longest(chat)
            if is_recent or sent.paused_until > now:
                self._chats[chat] = sent


def _drop_before(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
