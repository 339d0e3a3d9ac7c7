"""The health of the process that serves, for whoever restarts it: what only a restart may mend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.clock import Clock
from bot.ingest.counters import PollCounters
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.loop_lag import LoopLag

_LAG = 10.0  # seconds
_LOST = 300.0  # seconds without any platform
_IDLE = 600.0  # seconds without a look at what is due; there is one a minute


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """Checks the process.

    Attributes:
        clock: Tells the time.
        lag: Of its event loop.
        connections: To the platforms.
        polls: Counts polls.
        standing_by: What this process leaves to another one, and takes over when that ends.
        store_trouble: Returns why the store does not answer; an empty text while it does.
    """

    clock: Clock
    lag: LoopLag
    connections: PlatformConnections
    polls: PollCounters
    standing_by: Collection[str] = ()
    store_trouble: Callable[[], str] = str

    def problems(self) -> tuple[str, ...]:
        """Returns what is wrong, a line each; nothing when it is well."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.lag.worst > _LAG:
            yield f"the event loop was held up for {self.lag.worst:.1f} s"
        stands_by = any(one in self.standing_by for one in self.connections.connected)
        if not stands_by and self.connections.seconds_lost() > _LOST:
            yield f"no platform is connected for {self.connections.seconds_lost():.0f} s"
        looked = self.polls.looked
        if looked is not None and self.clock.monotonic() - looked > _IDLE:
            yield f"nothing was polled for {self.clock.monotonic() - looked:.0f} s"

    def readiness(self) -> dict[str, object]:
        """Returns what `/readyz` shows: whether readers can be sent here now.

        A store that does not answer mends itself, or its server must be: no restart helps there.
        """
        trouble = self.store_trouble()
        problems = [*self.problems(), *([trouble] if trouble else [])]
        return {"status": "failing" if problems else "ok", "problems": problems}

    def as_json(self) -> dict[str, object]:
        """Returns what `/healthz` shows."""
        problems, last = self.problems(), self.polls.last_poll
        return {
            "status": "failing" if problems else "ok",
            "problems": list(problems),
            "loop_lag_seconds": round(self.lag.worst, 4),
            "platforms": dict(self.connections.connected),
            "standing_by": sorted(self.standing_by),
            "last_poll": last.isoformat() if last else None,
            "last_poll_seconds_ago": (
                round((self.clock.now() - last).total_seconds(), 1) if last else None
            ),
        }
