"""The health of sources, by how their last polls ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.ingest.results import SourceState
from bot.monitoring.model import Health, SourceTrouble
from bot.secrets import SECRETS

DEAD_AFTER = timedelta(days=1)
"""The time without a success after which a source that fails is taken for dead."""

_TRIES = 3  # failures in a row before that: one alone may be the first since a long pause
_BADNESS = list(Health)


def health_of(state: SourceState | None, now: datetime) -> Health:
    """Returns the health of a source.

    Args:
        state: What is known of it; None for nothing.
        now: The time.
    """
    report = state.report if state else None
    if state is None or report is None:
        return Health.NEW
    if report.gone:
        return Health.DEAD
    if not report.error:
        return Health.WELL
    if not report.failures:
        return Health.RESTING
    is_long = state.succeeded_at is None or now - state.succeeded_at > DEAD_AFTER
    return Health.DEAD if is_long and report.failures >= _TRIES else Health.FAILING


def troubles(
    states: Mapping[str, SourceState], ids: Iterable[str], now: datetime
) -> tuple[SourceTrouble, ...]:
    """Returns those of the sources that fail or are dead, the worst first."""
    found = [_trouble(states[one], now) for one in ids if one in states]
    bad = [one for one in found if one.health in {Health.FAILING, Health.DEAD}]
    return tuple(sorted(bad, key=lambda one: -_BADNESS.index(one.health)))


def _trouble(state: SourceState, now: datetime) -> SourceTrouble:
    report = state.report
    reason, failures = (report.error, report.failures) if report else ("", 0)
    health = health_of(state, now)
    return SourceTrouble(state.source, health, SECRETS.hide(reason), failures, state.succeeded_at)
