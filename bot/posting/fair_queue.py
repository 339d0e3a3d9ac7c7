"""Fair queue of one chat: whoever waits to send there, first come, first served.

Whoever has had their share waits aside, and holds up nobody who has not.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.posting.rates import Flow, Meter, Turn

_MAX_PLACES = 14  # of a class; the last of more would wait for longer than a minute
_MAX_OWN = 3  # of one person


@dataclass(eq=False, slots=True)
class QueuePlace:
    """A place in the queue.

    Attributes:
        chat: The chat's id.
        flow: The flow of the message that waits.
        turn: The turn that was given; None until there is one.
        is_taken: True once whoever waited knows of the turn.
    """

    chat: str
    flow: Flow
    turn: Turn | None = None
    is_taken: bool = False


class FairQueue:
    """The places of those who wait, in the order in which they came."""

    def __init__(self) -> None:
        self._places: list[QueuePlace] = []

    def __len__(self) -> int:
        return len(self._places)

    def enter(self, place: QueuePlace) -> None:
        """Adds a place at the end."""
        self._places.append(place)

    def leave(self, place: QueuePlace) -> None:
        """Removes a place, if it is still there."""
        if place in self._places:
            self._places.remove(place)

    def has_room(self, flow: Flow) -> bool:
        """Tells whether one more may wait: some of each person, and no more than can be served."""
        own = sum(place.flow == flow for place in self._places)
        alike = sum(place.flow.traffic is flow.traffic for place in self._places)
        return alike < _MAX_PLACES and own < _MAX_OWN

    def next(self, meter: Meter, now: float) -> QueuePlace | None:
        """Returns the first place whose message fits now; None if no message does."""
        return next((one for one in self._places if meter.wait(one.flow, now) <= 0), None)

    def wait(self, meter: Meter, flow: Flow, now: float) -> float:
        """Predicts the seconds until whoever comes now would get a turn, if nobody else comes."""
        meter, last, at = meter.copy(now), QueuePlace("", flow), now
        places = FairQueue()
        places._places = [*self._places, last]
        while (place := places.next(meter, at)) is not last:
            if place is None:
                at += min(meter.wait(one.flow, at) for one in places._places)
            else:
                places.leave(place)
                meter.count(Turn(place.flow, at))
        return at - now
