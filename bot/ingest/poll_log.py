"""Log lines about polls: what a report is worth, and trouble of the store once a minute."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StoreBusyError, StoreError
from bot.ingest.results import LoadReport, SourceState

log = logging.getLogger(__name__)

_PAUSE = 60.0  # seconds between two lines about the store


@dataclass(slots=True)
class PollLog:
    """Logs how polls end; `clock` tells the time."""

    clock: Clock
    _warned_at: float = -math.inf

    def warn_of_store(self, error: StoreError) -> None:
        """Logs trouble of the store: once a minute, however many polls it concerns."""
        now = self.clock.monotonic()
        is_told = now - self._warned_at < _PAUSE
        self._warned_at = self._warned_at if is_told else now
        level = logging.DEBUG if is_told else logging.WARNING
        when = "within" if isinstance(error, StoreBusyError) else "in"
        log.log(level, "trying again %s a minute: %s", when, error)

    @staticmethod
    def log_report(report: LoadReport, before: SourceState | None, *, is_outage: bool) -> None:
        """Logs a report of interest: an error once, and none that another one explains."""
        if report.error:
            known = before.report.error if before and before.report else ""
            is_explained = report.put_off or (report.reached is False and is_outage)
            is_old = report.error == known or is_explained
            level = logging.DEBUG if is_old else logging.WARNING
            log.log(level, "%s: %s", report.source, report.error, extra={"source": report.source})
        elif report.new or report.changed or report.unreadable or report.warnings:
            log.info(
                "%s: %d new, %d changed, %d unchanged, %d unreadable%s",
                report.source,
                report.new,
                report.changed,
                report.unchanged,
                len(report.unreadable),
                "".join(f"; warning: {one.reason}" for one in report.warnings[:1]),
                extra={"source": report.source, "new": report.new, "changed": report.changed},
            )
        if report.left_out and not report.error:
            log.warning(
                "%s: %d stories wait for another day (feeds.max_stories_a_day, max_text_a_day)",
                report.source,
                report.left_out,
            )
