"""Rates of messages, and the meters that tell when the next message fits one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


class TrafficClass(Enum):
    """Classes of traffic in one chat, which may have parts of its rate kept for them."""

    READERS = auto()
    MODERATORS = auto()
    POSTS = auto()
    NOTICES = auto()  # of the bot's own, such as the one that says where answers come


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of messages: those of one class that are sent for one person.

    Attributes:
        traffic: The class.
        person: The person's id; empty for nobody in particular.
    """

    traffic: TrafficClass = TrafficClass.READERS
    person: str = ""


@dataclass(eq=False, slots=True)
class Turn:
    """A turn to send one message.

    Attributes:
        flow: The flow it was given to.
        at: When the message counts as sent, in seconds of a monotonic clock: infinite while it is
            being sent, and minus infinity when it never will be.
    """

    flow: Flow
    at: float


class Meter(Protocol):
    """Measures what is sent in a chat against a rate."""

    def wait(self, flow: Flow, now: float) -> float:
        """Returns the seconds until a flow's next message fits, if nothing is sent till then."""
        ...

    def count(self, turn: Turn) -> None:
        """Counts a message."""
        ...

    def copy(self, now: float) -> Meter:
        """Returns a meter of its own in the same state, with all arrived that is being sent."""
        ...


class ChatRate(Protocol):
    """A rate of messages in one chat."""

    @property
    def span(self) -> float:
        """The seconds after which a message no longer counts."""
        ...

    def meter(self) -> Meter:
        """Returns a meter that has counted nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `seconds`: a sliding window."""

    count: int
    seconds: float

    @property
    def span(self) -> float:
        """The seconds after which a message no longer counts."""
        return self.seconds

    def meter(self) -> SlidingWindow:
        """Returns a meter that has counted nothing."""
        return SlidingWindow(self)


class SlidingWindow:
    """Implements `Meter`: the times of the last messages."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._times = deque[float](maxlen=rate.count)

    def wait(self, _flow: Flow, now: float) -> float:
        """Returns the seconds until the next message fits."""
        if len(self._times) < self._rate.count:
            return 0.0
        return max(0.0, self._times[0] + self._rate.seconds - now)

    def count(self, turn: Turn) -> None:
        """Counts a message."""
        self._times.append(turn.at)

    def copy(self, _now: float) -> SlidingWindow:
        """Returns a meter of its own in the same state."""
        other = SlidingWindow(self._rate)
        other._times.extend(self._times)
        return other


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """A burst of `burst` messages at any speed, and then one every `seconds`."""

    burst: int
    seconds: float

    @property
    def span(self) -> float:
        """The seconds after which a message no longer counts."""
        return self.burst * self.seconds

    def meter(self) -> BucketMeter:
        """Returns a meter of a full bucket."""
        return BucketMeter(self)


class BucketMeter:
    """Implements `Meter`: a token bucket, as the time at which it will be full again (GCRA)."""

    def __init__(self, rate: TokenBucket) -> None:
        self._rate = rate
        self._full_at = float("-inf")

    def wait(self, _flow: Flow, now: float) -> float:
        """Returns the seconds until there is a token."""
        allowed = (self._rate.burst - 1) * self._rate.seconds
        return max(0.0, self._full_at - allowed - now)

    def count(self, turn: Turn) -> None:
        """Takes a token."""
        self._full_at = max(self._full_at, turn.at) + self._rate.seconds

    def copy(self, _now: float) -> BucketMeter:
        """Returns a meter of its own in the same state."""
        other = BucketMeter(self._rate)
        other._full_at = self._full_at
        return other
