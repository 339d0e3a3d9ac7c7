"""Fair sharing of one chat's rate: parts kept for some, and no greed at the cost of others.

Each class of traffic has a part of the rate kept for it; all may borrow from the rest, first come,
first served. Of what is free for readers one person may take the less the more they have had
(dynamic thresholds: Choudhury and Hahne, IEEE/ACM Transactions on Networking 6, 1998): alone in a
quiet chat half, among many little, and whoever has had nothing lately always comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.posting.rates import Flow, TrafficClass, Turn

_SPARED = 1
"""Turns that must be free for others, for each that a person has had, before they get another."""


@dataclass(frozen=True, slots=True)
class SharedRate:
    """At most `count` messages in any `seconds`, shared by classes of traffic, and by people.

    Attributes:
        count: The messages.
        seconds: The length of the sliding window.
        kept: The messages of these that are kept for a class, whatever the others send; some must
            be left, which all may use.
    """

    count: int
    seconds: float
    kept: Mapping[TrafficClass, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(self.kept.values()) >= self.count:
            raise ValueError("what is kept for some leaves nothing for the others")

    @property
    def span(self) -> float:
        """The seconds after which a message no longer counts."""
        return self.seconds

    def meter(self) -> FairMeter:
        """Returns a meter that has counted nothing."""
        return FairMeter(self)

    def fits(self, flow: Flow, sent: Counter[Flow], used: Counter[TrafficClass]) -> bool:
        """Tells whether one more message of a flow fits beside what was sent in the window.

        Args:
            flow: The flow.
            sent: How much was sent of each flow.
            used: How much was sent of each class.
        """
        kept = self.kept.get(flow.traffic, 0)
        taken = sum(max(used[traffic], self.kept.get(traffic, 0)) for traffic in TrafficClass)
        free = self.count - taken + max(0, kept - used[flow.traffic])
        return free >= 1 and (not _is_limited(flow) or sent[flow] * _SPARED < free)


def _is_limited(flow: Flow) -> bool:
    return flow.traffic is TrafficClass.READERS and bool(flow.person)


class FairMeter:
    """Implements `bot.posting.rates.Meter`: the turns within a sliding window.

    A turn's time may change after it was counted: the message counts from when it has arrived.
    """

    def __init__(self, rate: SharedRate) -> None:
        self._rate = rate
        self._turns: list[Turn] = []

    def wait(self, flow: Flow, now: float) -> float:
        """Returns the seconds until a flow's next message fits, if nothing is sent till then."""
        turns = sorted(self._recent(now), key=lambda turn: turn.at, reverse=True)
        sent = Counter(turn.flow for turn in turns)
        used = Counter(turn.flow.traffic for turn in turns)
        wait = 0.0
        while not self._rate.fits(flow, sent, used):
            first = turns.pop()  # something is left of them: all fits an empty window
            sent[first.flow] -= 1
            used[first.flow.traffic] -= 1
            # What is being sent counts as sent now, at the earliest.
            wait = min(first.at, now) + self._rate.seconds - now
        return wait

    def count(self, turn: Turn) -> None:
        """Counts a message."""
        self._turns = [*self._recent(turn.at), turn]

    def copy(self, now: float) -> FairMeter:
        """Returns a meter of its own in the same state, with all arrived that is being sent."""
        other = FairMeter(self._rate)
        other._turns = [Turn(turn.flow, min(turn.at, now)) for turn in self._turns]
        return other

    def _recent(self, now: float) -> list[Turn]:
        return [turn for turn in self._turns if turn.at + self._rate.seconds > now]
