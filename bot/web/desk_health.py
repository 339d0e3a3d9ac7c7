"""Health, as the desk on the web shows it at a glance: the process, the posts and each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.request import Services
from bot.ingest.results import SourceState
from bot.model import Source
from bot.monitoring.model import Health, Status
from bot.monitoring.source_health import health_of
from bot.monitoring.status import read_status
from bot.posting.counters import PostingCounters
from bot.secrets import SECRETS

_WORST_FIRST = (
    Health.DEAD,
    Health.FAILING,
    Health.RESTING,
    Health.PAUSED,
    Health.NEW,
    Health.WELL,
)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source, and how it fares.

    Attributes:
        source: The source.
        state: What is known of it.
        health: How it is.
        reason: Why its last poll failed; empty where it did not.
    """

    source: Source
    state: SourceState
    health: Health
    reason: str


@dataclass(frozen=True, slots=True)
class HealthBoard:
    """All of it.

    Attributes:
        status: The state of the process and the store.
        sources: The sources, those that are not well first.
        posting: The counters of each platform, since the start.
        lag: The longest lag of the event loop in the last minute, in seconds.
        versions: The versions of what runs.
    """

    status: Status
    sources: Sequence[SourceHealth]
    posting: Mapping[str, PostingCounters]
    lag: float
    versions: str


async def read_health(services: Services) -> HealthBoard:
    """Reads how all is going.

    Raises:
        StoreError: The store cannot be read.
    """
    now, paused = services.clock.now(), services.paused
    states = await services.store.sources.states()
    known = [
        _fares(services, one, states.get(one.id) or SourceState(one.id))
        for one in services.sources.values()
    ]
    return HealthBoard(
        await read_status(services.store, services.sources, now, paused),
        sorted(known, key=lambda one: _WORST_FIRST.index(one.health)),
        services.gauges.posting(),
        services.gauges.lag.worst,
        services.gauges.versions,
    )


def _fares(services: Services, source: Source, state: SourceState) -> SourceHealth:
    is_paused = source.id in services.paused
    health = Health.PAUSED if is_paused else health_of(state, services.clock.now())
    reason = SECRETS.hide(state.report.error) if state.report else ""
    return SourceHealth(source, state, health, reason)
