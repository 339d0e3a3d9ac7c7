"""Flood control: a sliding window of the single posts that each chat was sent lately."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.clock import Clock
from bot.i18n import N_
from bot.model import Chat
from bot.posting.steady_clock import SteadyClock

CROWDED = N_("too much came at once")
"""The reason for which what exceeds a burst waits for a digest."""

WINDOW = timedelta(minutes=1)
"""In any such time a chat is sent at most one burst of single posts."""

_MAX_CHATS = 4_096  # that are remembered; what the others were sent is read from the store again


MENTIONS_READ = 3_600.0
"""The seconds of posts that are read to tell which of them mentioned a role."""


def has_mentioned(times: Iterable[float], at: float) -> bool:
    """Returns whether one of the posts that go with a role mentioned it in the minute before.

    Each has that came a minute or more after the last that had.

    Args:
        times: When they arrived, in their order.
        at: The time.
    """
    latest = float("-inf")
    for time in times:
        if time - latest >= WINDOW.total_seconds():
            latest = time
    return at - latest < WINDOW.total_seconds()


class Pile(NamedTuple):
    """Posts of a chat that exceeded a burst, and wait for their digest.

    Attributes:
        first: The id of the first of them.
        digest_at: When the digest is gathered.
    """

    first: int
    digest_at: datetime


@dataclass(slots=True)
class _Singles:
    """The times of a chat's single posts within the window, and the digest that others join.

    Attributes:
        times: When single posts were sent.
        piled_until: Until when others pile up; like `times` by the steady clock.
        digest_at: The same by the wall clock, as the store has it; None before the first pile.
        first: The id of the first post in the pile: what comes after it joins it, and overtakes
            nothing.
    """

    times: deque[float] = field(default_factory=deque)
    piled_until: float = float("-inf")
    digest_at: datetime | None = None
    first: int = 0


class BurstLimiter:
    """Limits each chat to a burst of single posts in any minute.

    Time is counted by a steady clock: neither a jump of the wall clock nor a restart makes a flood.

    Attributes:
        burst: How many single posts a minute; it may be changed.
    """

    def __init__(self, clock: Clock, steady: SteadyClock, burst: int) -> None:
        """Limits each chat to `burst` single posts a minute; something must go, so to one at least.

        With a burst of 0 nothing that can wait goes by itself.
        """
        self._clock = clock
        self._steady = steady
        self.burst = burst
        self._chats: OrderedDict[Chat, _Singles] = OrderedDict()

    @property
    def clock(self) -> SteadyClock:
        """The clock that it counts by."""
        return self._steady

    def knows(self, chat: Chat) -> bool:
        """Returns whether it knows what a chat was sent in the last minute."""
        return chat in self._chats

    def window_start(self) -> float:
        """Returns the steady time since which single posts count now."""
        return self._steady.now() - WINDOW.total_seconds()

    def restore(self, chat: Chat, sent: Iterable[float], in_doubt: int = 0) -> None:
        """Takes in when a chat was sent single posts, as the store knows it.

        Args:
            chat: The chat.
            sent: When, by the steady clock; a time that is still to come counts as now.
            in_doubt: How many others may have been sent; they count as sent just now.
        """
        now, before = self._steady.now(), self.window_start()
        times = sorted(min(at, now) for at in sent if at > before)
        self._chats[chat] = _Singles(deque([*times, *[now] * in_doubt]))
        self._forget_idle()

    def record(self, chat: Chat) -> float:
        """Counts a single post that has arrived, or may have; returns when, by the steady clock."""
        now = self._steady.now()
        self._chats.setdefault(chat, _Singles()).times.append(now)
        self._chats.move_to_end(chat)
        return now

    def rename(self, old: Chat, new: Chat) -> None:
        """Counts for a chat's new id what was sent to its old one."""
        known = self._chats.pop(old, None)
        if known is not None:
            others = self._chats.get(new, _Singles())
            known.times = deque(sorted((*known.times, *others.times)))
            self._chats[new] = known if known.digest_at else replace(others, times=known.times)

    def free(self, chat: Chat) -> int:
        """Returns how many single posts a chat may be sent now."""
        return max(0, self.burst - len(self._recent(chat).times))

    def wait(self, chat: Chat) -> float:
        """Returns the seconds until a chat may be sent what has to go by itself."""
        times, most = self._recent(chat).times, max(1, self.burst)
        if len(times) < most:
            return 0.0
        return max(0.0, times[-most] + WINDOW.total_seconds() - self._steady.now())

    def pile(self, chat: Chat) -> Pile | None:
        """Returns the pile that waits for its digest in a chat; None when there is none."""
        known = self._recent(chat)
        if known.digest_at is None or known.piled_until <= self._steady.now():
            return None
        return Pile(known.first, known.digest_at)

    def start_pile(self, chat: Chat, pile: Pile) -> None:
        """Lets what comes until the digest join the pile, unless there is one already."""
        known = self._recent(chat)
        if known.piled_until <= self._steady.now():
            seconds = (pile.digest_at - self._clock.now()).total_seconds()
            known.piled_until = self._steady.now() + seconds
            known.first, known.digest_at = pile

    def _recent(self, chat: Chat) -> _Singles:
        known = self._chats.setdefault(chat, _Singles())
        before = self.window_start()
        while known.times and known.times[0] <= before:
            known.times.popleft()
        return known

    def _forget_idle(self) -> None:
        """Forgets the chats that were sent nothing for the longest time."""
        while len(self._chats) > _MAX_CHATS:
            self._chats.popitem(last=False)
