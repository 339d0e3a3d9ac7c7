"""Counters of polling since the start: what metrics and a health check show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.ingest.results import LoadReport


class PollOutcome(StrEnum):
    """Outcomes of a poll."""

    NEWS = "news"  # something was new or changed
    NOTHING = "nothing"  # all was as before
    FAILED = "failed"
    PUT_OFF = "put_off"  # the host is let be


@dataclass(slots=True)
class PollCounters:
    """Counts of how polls ended, and when.

    Attributes:
        outcomes: Polls, by how they ended.
        new: Stories that were new.
        changed: Stories that had changed.
        last_poll: When a poll last ended; None for none.
        looked: When it was last seen what is due, by the monotonic clock; None before that.
    """

    outcomes: Counter[PollOutcome] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    last_poll: datetime | None = None
    looked: float | None = None

    def note(self, report: LoadReport) -> None:
        """Counts a poll."""
        self.outcomes[_outcome(report)] += 1
        self.new += report.new
        self.changed += report.changed
        self.last_poll = report.at


def _outcome(report: LoadReport) -> PollOutcome:
    if report.error:
        return PollOutcome.PUT_OFF if report.put_off else PollOutcome.FAILED
    return PollOutcome.NEWS if report.new or report.changed else PollOutcome.NOTHING
