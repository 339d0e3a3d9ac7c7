"""Rate limits: enforces Telegram's, and records accepted messages.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import NamedTuple

_MINUTE = 60.0  # seconds


class AcceptedMessage(NamedTuple):
    """A message that the bot sent.

    Attributes:
        at: The time, by the monotonic clock.
    """

    chat: int
    message: int
    at: float
    text: str


class Bucket:
    """A token bucket."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate = rate
        self._most = self._left = most
        self._at = -math.inf

    def wait(self, now: float) -> float:
        """Returns the seconds until there is a token."""
        if now > self._at:
            self._left = min(self._most, self._left + (now - self._at) * self._rate)
            self._at = now
        return max(0.0, (1.0 - self._left) / self._rate)

    def take(self, _now: float) -> None:
        self._left -= 1.0


class Window:
    """A sliding window."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times = deque[float](maxlen=most)

    def wait(self, now: float) -> float:
        """Returns the seconds until one more fits."""
        if len(self._times) < self._most:
            return 0.0
        return max(0.0, self._times[0] + self._seconds - now)

    def take(self, now: float) -> None:
        self._times.append(now)


class Limits:
    """The limits of one bot, overall and per chat."""

    def __init__(
        self,
        *,
        overall: float = 30.0,
        chat: float = 1.0,
        burst: float = 3.0,
        group: int = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begins with nothing sent.

        Args:
            overall: Messages a second, and the size of a burst.
            chat: Messages a second to a private chat or a channel.
            burst: The size of a burst there.
            group: Messages to a group in any minute.
            clock: Returns seconds since a fixed time.
        """
        self._clock = clock
        self._overall = Bucket(overall, overall)
        self._chats = defaultdict[int, Bucket](lambda: Bucket(chat, burst))
        self._groups = defaultdict[int, Window](lambda: Window(group, _MINUTE))

    def take(self, chat: int, kind: str) -> int:
        """Counts a message, or an edit of one; returns 0, or the whole seconds to wait."""
        now = self._clock()
        single: Bucket | Window = (
            self._groups[chat] if kind in {"group", "supergroup"} else self._chats[chat]
        )
        wait = max(self._overall.wait(now), single.wait(now))
        if wait <= 0:
            self._overall.take(now)
            single.take(now)
        return math.ceil(wait)
