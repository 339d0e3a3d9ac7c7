"""The rate limiter of a platform: one budget for all messages, and replies before posts."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.posting.fair_queue import FairQueue, QueuePlace
from bot.posting.rates import ChatRate, Flow, Meter, Rate, TrafficClass, Turn

__all__ = ["Rate", "RateLimiter", "RateLimits"]

_LONGEST_NAP = 1.0  # seconds after which whoever waits checks again
_MADE_UP = 0.2  # of the overall rate's window: posts that were held up so long go one after another
_IDLE = 4_096  # chats that are remembered before those are forgotten that may be written to freely

ANYBODY = Flow()
"""The flow of a reply to nobody in particular."""

_POSTS = Flow(TrafficClass.POSTS)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The rate limits of a platform.

    Attributes:
        overall: All messages.
        posts: All messages while posts are sent: a post waits until it fits beside the replies.
        chat: All messages in one chat, by the kind of chat.
        chat_posts: Posts in one chat, which wait until they fit beside all else there.
    """

    overall: Rate
    posts: Rate
    chat: Callable[[str], ChatRate]
    chat_posts: Callable[[str], Rate]


@dataclass(slots=True)
class _Sent:
    """The times of the messages within a sliding window."""

    times: deque[float] = field(default_factory=deque)

    def wait(self, rate: Rate, now: float) -> float:
        """Returns the seconds until one more fits the rate."""
        is_full = len(self.times) >= rate.count
        return max(0.0, self.times[-rate.count] + rate.seconds - now) if is_full else 0.0

    def late(self, rate: Rate, now: float) -> float:
        """Returns for how many seconds one more has fitted the rate; 0 where any number would."""
        is_full = len(self.times) >= rate.count
        return max(0.0, now - self.times[-rate.count] - rate.seconds) if is_full else 0.0


@dataclass(slots=True)
class _Chat:
    """Traffic of a chat: what was sent, and who waits to send.

    Attributes:
        meter: Measures all messages.
        posts_meter: Measures all messages by the rate of posts.
        span: Seconds after which a message counts in neither.
        queue: The replies that wait.
        last: The turn of the last message.
        last_post: The turn of the last post.
        paused_until: The time before which nothing may be sent.
    """

    meter: Meter
    posts_meter: Meter
    span: float
    queue: FairQueue = field(default_factory=FairQueue)
    last: Turn | None = None
    last_post: Turn | None = None
    paused_until: float = 0.0

    def wait(self, flow: Flow, now: float) -> float:
        """Returns the seconds until a flow's next message fits."""
        return max(self.meter.wait(flow, now), self.paused_until - now, 0.0)

    def post_wait(self, now: float) -> float:
        """Returns the seconds until a post fits."""
        return max(self.wait(_POSTS, now), self.posts_meter.wait(_POSTS, now))

    def next_place(self, now: float) -> QueuePlace | None:
        """Returns the first of those who wait that may send now."""
        return self.queue.next(self.meter, now) if self.paused_until <= now else None

    def count(self, turn: Turn) -> None:
        """Counts a message."""
        self.meter.count(turn)
        self.posts_meter.count(turn)
        self.last = turn

    def is_idle(self, now: float) -> bool:
        """Tells whether nothing that is known of it matters any more."""
        is_recent = self.last is not None and self.last.at > now - self.span
        return not (is_recent or len(self.queue) or self.paused_until > now)


class RateLimiter:
    """Gives out turns to send a message.

    A reply never waits behind a post: posts leave a part of the budget free, and none is given a
    turn that a reply waits for. Within a chat replies go first come, first served. What a turn
    costs does not depend on how many chats there are, nor on how many posts wait.
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
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._waiting = Counter[str]()  # how many replies wait, by chat
        self._next_post = asyncio.Lock()  # whoever holds it waits for a turn; the others queue

    @property
    def clock(self) -> Clock:
        """The clock that it counts by."""
        return self._clock

    async def acquire_reply(self, chat: str, flow: Flow = ANYBODY) -> Turn:
        """Waits until a reply may be sent to a chat, and counts it."""
        with self.queue_reply(chat, flow) as place:
            turn = await self.turn(place)
        if turn is None:
            raise AssertionError("it was waited for without a limit")
        return turn

    def try_reply(self, chat: str, flow: Flow = ANYBODY) -> Turn | None:
        """Counts a reply to a chat if it may be sent at once, with nobody before it; else None."""
        now = self._clock.monotonic()
        self._give_turns(chat, now)
        if max(self._all.wait(self._limits.overall, now), self._chat(chat).wait(flow, now)) > 0:
            return None
        return self._count(chat, flow, now)

    def reply_wait(self, chat: str, flow: Flow = ANYBODY) -> float:
        """Predicts the seconds until a reply may be sent to a chat, after those who wait there."""
        now, known = self._clock.monotonic(), self._chat(chat)
        queued = known.queue.wait(known.meter, flow, now)
        return max(queued, self._all.wait(self._limits.overall, now), known.paused_until - now)

    def has_room(self, chat: str, flow: Flow = ANYBODY) -> bool:
        """Tells whether one more reply may wait for a chat; see `FairQueue.has_room`."""
        return self._chat(chat).queue.has_room(flow)

    @contextmanager
    def queue_reply(self, chat: str, flow: Flow = ANYBODY) -> Iterator[QueuePlace]:
        """Gives a place in a chat's queue of replies for the block; see `turn`."""
        place, queue = QueuePlace(chat, flow), self._chat(chat).queue
        queue.enter(place)
        self._waiting[chat] += 1
        try:
            yield place
        finally:
            queue.leave(place)
            if place.turn and not place.is_taken:
                self.give_back(place.turn)
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._waiting[chat]

    async def turn(self, place: QueuePlace, patience: float = math.inf) -> Turn | None:
        """Waits for the turn of a reply in a queue; returns None after `patience` seconds."""
        deadline = self._clock.monotonic() + patience

        def wait(now: float) -> float:
            self._give_turns(place.chat, now)
            if place.turn or now >= deadline:
                return 0.0
            return min(self._reply_wait(place, now), deadline - now)

        await self._wait(wait)
        place.is_taken = place.turn is not None
        return place.turn

    async def wait_for_chat(self, chat: str) -> None:
        """Waits until a post may be sent to a chat, as far as that chat is concerned."""
        await self._wait(lambda now: self._chat_post_wait(chat, now))

    async def acquire_post(self, chat: str) -> None:
        """Waits until a post may be sent to a chat, and counts it."""
        while True:
            # A chat that is to wait is waited for before there is a turn, which others may take.
            await self.wait_for_chat(chat)
            ready = self._clock.monotonic()
            async with self._next_post:
                await self._wait(self._post_wait)
                if self.post_delay(chat) <= 0:
                    now = self._clock.monotonic()
                    even = self._even_time(ready, now)
                    self._chat(chat).last_post = self._count(chat, _POSTS, now, even)
                    return

    def post_delay(self, chat: str) -> float:
        """Returns the seconds until a post may be sent to a chat, as far as that chat is concerned.

        Its rate and its pause count, not what is sent elsewhere.
        """
        return self._chat_post_wait(chat, self._clock.monotonic())

    @contextmanager
    def sending(self, turn: Turn | None) -> Iterator[None]:
        """Counts a message as of when the platform has taken it, which is within the block."""
        if turn is None:
            yield
            return
        turn.at = math.inf
        try:
            yield
        finally:
            turn.at = self._clock.monotonic()

    def last_post(self, chat: str) -> Turn | None:
        """Returns the turn of the last post to a chat, for `sending`; None if that is forgotten."""
        known = self._chats.get(chat)
        return known.last_post if known else None

    def give_back(self, turn: Turn) -> None:
        """Gives back a turn for which nothing was sent."""
        turn.at = -math.inf

    def pause(self, chat: str, seconds: float) -> None:
        """Sends nothing to a chat for some seconds, because the platform said so."""
        known = self._chat(chat)
        known.paused_until = max(known.paused_until, self._clock.monotonic() + seconds)

    async def _wait(self, wait: Callable[[float], float]) -> None:
        # Time is what is waited for, and nothing announces it.
        while (seconds := wait(self._clock.monotonic())) > 0:
            await self._sleep(min(seconds, _LONGEST_NAP))

    def _give_turns(self, chat: str, now: float) -> None:
        """Gives turns to those who wait in a chat and may send now, in their order."""
        known = self._chat(chat)
        while self._all.wait(self._limits.overall, now) <= 0:
            place = known.next_place(now)
            if place is None:
                return
            known.queue.leave(place)
            place.turn = self._count(chat, place.flow, now)

    def _reply_wait(self, place: QueuePlace, now: float) -> float:
        chat_wait = self._chat(place.chat).wait(place.flow, now)
        return max(self._all.wait(self._limits.overall, now), chat_wait)

    def _chat_post_wait(self, chat: str, now: float) -> float:
        known = self._chats.get(chat)
        return known.post_wait(now) if known else 0.0

    def _post_wait(self, now: float) -> float:
        overall = self._all.wait(self._limits.overall, now)
        # A reply that its own chat holds up, for as long as a flood is punished, needs no turn yet.
        if any(self._chat(chat).next_place(now) for chat in self._waiting):
            return overall + self._limits.overall.seconds / self._limits.overall.count
        return max(overall, self._even.wait(self._limits.posts, now))

    def _even_time(self, ready: float, now: float) -> float:
        """Returns when a post that was ready at a time would have gone, had all been on time.

        Else a row of posts would be as late as all that held up each of them together: a nap that
        was too long, a process that had no turn of the machine. What may be made up for is bounded,
        since what was taken on time may reach the platform late, together with that.
        """
        even = now - self._even.late(self._limits.posts, now)
        return max(even, ready, now - self._limits.overall.seconds * _MADE_UP)

    def _count(self, chat: str, flow: Flow, now: float, even: float | None = None) -> Turn:
        turn = Turn(flow, now)
        self._even.times.append(now if even is None else even)
        self._all.times.append(now)
        self._chat(chat).count(turn)
        _drop_before(self._all.times, now - self._limits.overall.seconds)
        _drop_but(self._even.times, self._limits.posts.count)
        self._forget_idle(now)
        return turn

    def _chat(self, chat: str) -> _Chat:
        known = self._chats.get(chat)
        if known is None:
            rate, posts = self._limits.chat(chat), self._limits.chat_posts(chat)
            known = _Chat(rate.meter(), posts.meter(), max(rate.span, posts.span))
            self._chats[chat] = known
        return known

    def _forget_idle(self, now: float) -> None:
        """Checks a few chats each time: two go for one that comes, and none of it takes long."""
        for _ in range(2 if len(self._chats) > _IDLE else 0):
            chat, known = self._chats.popitem(last=False)
            if not known.is_idle(now):
                self._chats[chat] = known


def _drop_but(times: deque[float], last: int) -> None:
    while len(times) > last:
        times.popleft()


def _drop_before(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
