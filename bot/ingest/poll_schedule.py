"""The schedule of polls: when each source is due, and what an outage or a restart changes."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.ingest.backoff import NetworkState, after_rest, next_check, seconds_until_check
from bot.ingest.push_pacer import PushPacer
from bot.ingest.results import LoadReport
from bot.model import Source

log = logging.getLogger(__name__)

_NEVER = 3600.0 * 24 * 365  # seconds
_RETRY_SPREAD = 30.0  # seconds over which sources that failed are tried again at once


class PollSchedule:
    """Tells when sources are due, by their last reports and by the state of the network."""

    def __init__(
        self, clock: Clock, chance: Callable[[], float], on_recovery: Callable[[], None]
    ) -> None:
        """Prepares a schedule.

        Args:
            clock: Tells the time.
            chance: Spreads polls over time, by numbers from 0 to 1.
            on_recovery: Called when the network is back after an outage.
        """
        self._clock = clock
        self._chance = chance
        self._on_recovery = on_recovery
        self._network = NetworkState()
        self._unreached: set[str] = set()
        self._retry_at: dict[str, float] = {}  # by the monotonic clock
        self._not_before: dict[str, float] = {}  # likewise
        self._pushes = PushPacer(clock)
        self._at_once: set[str] = set()

    @property
    def is_outage(self) -> bool:
        """True while there seems to be no network."""
        return self._network.is_down

    def begin(self, reports: Iterable[LoadReport]) -> None:
        """Takes the last reports of an earlier process; what had failed is tried soon."""
        for report in reports:
            self._note_reached(report)
            if report.failures and not report.asked and not report.gone:
                self._retry_soon(report.source)

    def seconds_until_due(self, source: Source, report: LoadReport | None) -> float:
        """Returns the seconds until a source is due; 0 or less when it is."""
        earliest = self._not_before.get(source.id, -math.inf)
        return max(self._wait(source, report), earliest - self._clock.monotonic())

    def hasten(self, source: str) -> bool:
        """Lets a source be due soon that is said to have something new, unless it fails.

        Returns False when that is known already.
        """
        return self._pushes.request(source)

    def begin_poll(self, source: str) -> None:
        """Notes that a poll of a source begins."""
        self._pushes.begin(source)
        self._at_once.discard(source)

    def postpone(self, source: str, seconds: float) -> None:
        """Lets a source wait, whose poll came to no report."""
        self._not_before[source] = self._clock.monotonic() + seconds

    def poll_at_once(self, source: str) -> None:
        """Lets a source be due now, whatever its last report says: it is another one since."""
        self._at_once.add(source)
        self._not_before.pop(source, None)

    def forget(self, source: str) -> None:
        """Forgets a source that is polled no more."""
        self._at_once.discard(source)
        self._retry_at.pop(source, None)
        self._not_before.pop(source, None)
        self._unreached.discard(source)
        self._network = self._network.without(source)
        self._pushes.forget(source)

    def _wait(self, source: Source, report: LoadReport | None) -> float:
        if report is None or source.id in self._at_once:
            return 0.0
        if report.gone:
            return _NEVER
        wait = seconds_until_check(report, source.every, self._clock.now())
        retry = self._retry_at.get(source.id)
        wait = wait if retry is None else min(wait, retry - self._clock.monotonic())
        return wait if report.error else min(wait, self._pushes.seconds_until_due(source.id))

    def complete(self, report: LoadReport, source: Source, began: datetime) -> LoadReport:
        """Returns the report of a poll, which began then, with the time of the next one."""
        self._retry_at.pop(source.id, None)
        self._not_before.pop(source.id, None)
        if not report.error:
            fruitful = bool(report.new or report.changed)
            self._pushes.complete(report.source, source.every, fruitful=fruitful)
        self._note_network(report)
        if report.put_off:
            due = after_rest(report.at, report.asked, self._chance())
            return replace(report, next_check=due)
        outage = report.reached is False and self.is_outage
        failures = max(report.failures - 1, 1) if outage else report.failures
        due = next_check(
            report.at,
            source.every,
            failures=failures,
            asked=report.asked,
            chance=self._chance(),
            outage=outage,
            began=began,
        )
        return replace(report, failures=failures, next_check=due)

    def _note_network(self, report: LoadReport) -> None:
        """Notes whether the host answered; after an outage all that it concerned is tried soon."""
        was_down = self.is_outage
        self._note_reached(report)
        if self.is_outage and not was_down:
            log.warning("no source can be reached; is the network away? I keep trying")
        if was_down and not self.is_outage:
            log.warning("sources can be reached again; what failed meanwhile is tried now")
            self._on_recovery()
            for source in self._unreached:
                self._retry_soon(source)

    def _note_reached(self, report: LoadReport) -> None:
        self._network = self._network.after(report.source, reached=report.reached)
        if report.reached:
            self._unreached.discard(report.source)
        elif report.reached is False or report.put_off:
            self._unreached.add(report.source)

    def _retry_soon(self, source: str) -> None:
        self._retry_at[source] = self._clock.monotonic() + self._chance() * _RETRY_SPREAD
