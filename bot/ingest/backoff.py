"""Backoff: when a source is polled again, the later the more often polls have failed in a row.

Beside it stands what makes such a time wrong: the network was away, or the clock was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ingest.results import LoadReport

_LONGEST = timedelta(days=1)  # between two tries of a source that fails
_LONGEST_ASKED = timedelta(days=31)  # that a source may ask to wait; more is a mistake
_OUTAGE_PACE = timedelta(minutes=5)  # between two tries of a source while there is no network
# Of the time, so that sources of one host do not all come at once, each time. It leaves half of the
# tenth by which a poll may be late to whatever else a poll may wait for.
_EARLIER, _LATER = 0.1, 0.05
_AGAIN, _AGAIN_SPREAD = 1.0, 5.0  # seconds after the end of a host's rest
_SHORTEST = 0.1  # of the interval: between the end of a poll and the beginning of the next one
_DOUBLINGS = 16  # after so many failures the longest time is reached, whatever it began with
_ROUNDING = 1.0  # seconds
_ENOUGH_FALLEN = 2  # hosts that fail at once while none answers: that is no trouble of theirs


def next_check(  # noqa: PLR0913 - all that the time depends on
    now: datetime,
    every: timedelta,
    *,
    failures: int,
    asked: float,
    chance: float,
    outage: bool = False,
    began: datetime | None = None,
) -> datetime:
    """Returns when to poll a source again.

    Args:
        now: When the last poll ended.
        every: How often to poll while all is well.
        failures: How many polls in a row have failed; each doubles the time, up to a day.
        asked: Seconds that the source itself asked to wait; a month at most counts.
        chance: From 0 to 1: where in the spread the time falls.
        outage: True when the poll failed since there is no network; failures do not count then.
        began: When the last poll began, from which the interval is counted; None for `now`.
    """
    wait = every
    if outage:
        wait = min(every, _OUTAGE_PACE)
    elif failures:
        wait = min(every * 2 ** min(failures, _DOUBLINGS), max(_LONGEST, every))
    spread = 2 * chance - 1
    wait *= 1 + spread * (_LATER if spread > 0 else _EARLIER)
    took = now - began if began and began <= now else timedelta()
    return now + max(wait - took, every * _SHORTEST, _asked_wait(asked))


def after_rest(now: datetime, asked: float, chance: float) -> datetime:
    """Returns when to poll a source whose host is let be.

    Args:
        now: The time.
        asked: Seconds that it is let be.
        chance: From 0 to 1: where in the spread the time falls.
    """
    return now + _asked_wait(asked) + timedelta(seconds=_AGAIN + chance * _AGAIN_SPREAD)


def _asked_wait(asked: float) -> timedelta:
    return min(timedelta(seconds=min(asked, _LONGEST_ASKED.total_seconds())), _LONGEST_ASKED)


def seconds_until_check(report: LoadReport, every: timedelta, now: datetime) -> float:
    """Returns the seconds until a source is due, 0 or less when it is.

    A time that lies further away than the source's own timetable allows was set by a clock that
    was wrong, or for another timetable; the source is due then.
    """
    due = report.next_check or report.at + every
    wait = (due - now).total_seconds()
    last = max(
        next_check(now, every, failures=report.failures, asked=report.asked, chance=1.0),
        after_rest(now, report.asked, 1.0),
    )
    return wait if wait <= (last - now).total_seconds() + _ROUNDING else 0.0


@dataclass(frozen=True, slots=True)
class NetworkState:
    """State of the network, as far as the outcomes of polls tell it.

    Attributes:
        reachable: The sources whose hosts answered the last time they were asked.
        fallen: Those whose hosts answered before, and do not since no host has answered.
        unanswered: True when the last host that was asked did not answer.
    """

    reachable: frozenset[str] = frozenset()
    fallen: frozenset[str] = frozenset()
    unanswered: bool = False

    @property
    def is_down(self) -> bool:
        """True when all hosts fail at once: that is no trouble of theirs.

        A host that had failed before says nothing; of those that had not, two are enough.
        """
        return self.unanswered and (not self.reachable or len(self.fallen) >= _ENOUGH_FALLEN)

    def without(self, source: str) -> NetworkState:
        """Returns the state without a source that is polled no more."""
        return replace(self, reachable=self.reachable - {source}, fallen=self.fallen - {source})

    def after(self, source: str, *, reached: bool | None) -> NetworkState:
        """Returns the state after a poll.

        Args:
            source: The source's id.
            reached: Whether its host answered; None when no host was asked.
        """
        if reached is None:
            return self
        if reached:
            return NetworkState(self.reachable | {source})
        if source not in self.reachable:
            return replace(self, unanswered=True)
        return NetworkState(self.reachable - {source}, self.fallen | {source}, unanswered=True)
