"""Watchers over the process that serves: heartbeat, alerts, health and metrics."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.chat.dispatcher import Dispatcher
from bot.chat.request import Services
from bot.config.schema import AlertsConfig
from bot.errors import StoreError
from bot.leadership import UPKEEP, Leadership
from bot.live_mapping import DerivedMapping
from bot.monitoring.alerts.model import AlertLimits
from bot.monitoring.alerts.watcher import AlertWatcher
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.gauges import ProcessGauges
from bot.monitoring.health import HealthCheck
from bot.monitoring.heartbeat import keep_beating
from bot.monitoring.loop_lag import LoopLag
from bot.monitoring.status import read_status
from bot.posting.counters import PostingCounters
from bot.posting.worker import PostingWorkers
from bot.supervision import keep_running

if TYPE_CHECKING:
    from bot.monitoring.metrics import Metrics

log = logging.getLogger(__name__)


def make_watcher(
    config: AlertsConfig, services: Services, offsets: ClockOffsets, wake: Callable[[], None]
) -> AlertWatcher:
    """Returns what tells the operator of trouble, in the chats that are configured for that."""
    return AlertWatcher(
        store=services.store,
        clock=services.clock,
        offsets=offsets,
        words=services.translations,
        sources=DerivedMapping(services.sources, lambda one: one.name),
        chats=config.chats_model(),
        limits=AlertLimits(config.min_free),
        wake=wake,
        paused=lambda: services.paused,
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """Watches over the process.

    Attributes:
        dispatcher: Answers questions.
        workers: Post.
        watcher: Tells the operator of trouble; None where nobody is told.
        listen: The address of `/healthz` and `/metrics`; empty for none.
        connections: To the platforms.
        lag: Of the event loop.
        leadership: Says which platforms this process stands by for.
    """

    dispatcher: Dispatcher
    workers: PostingWorkers
    watcher: AlertWatcher | None
    listen: str
    connections: PlatformConnections
    lag: LoopLag
    leadership: Leadership

    @property
    def gauges(self) -> ProcessGauges:
        """Tells what the process knows of itself, for `/status` and the desk on the web."""
        return ProcessGauges(self._posting, self.lag)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watches for as long as the block lasts."""
        tasks: Sequence[asyncio.Task[None]] = [asyncio.create_task(one) for one in self._works()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _works(self) -> Iterator[Coroutine[Any, Any, None]]:
        services = self.dispatcher.services
        beating = partial(keep_beating, services.store.chats, services.clock)
        yield keep_running("the heartbeat", beating)
        yield self.lag.keep_measuring()
        if self.watcher:
            watching = partial(self.leadership.lead, UPKEEP, self.watcher.keep_watching)
            yield keep_running("alerts", watching)
        if self.listen:
            yield self._serve_metrics()

    async def _serve_metrics(self) -> None:
        # Only the process that serves needs it and what it is made of.
        from adapters.monitoring.endpoint import MonitoringEndpoint  # noqa: PLC0415

        health, metrics = self._health(), self._exposition(self._metrics())
        endpoint = MonitoringEndpoint(health.as_json, health.readiness, metrics)
        try:
            async with endpoint.listening(self.listen):
                log.info("health and metrics: http://%s/healthz, /readyz, /metrics", self.listen)
                await asyncio.Event().wait()
        except OSError as error:
            log.warning(
                "monitoring.listen: cannot listen on %s, so there are no metrics: %s",
                *(self.listen, error.strerror or error),
            )

    def _health(self) -> HealthCheck:
        services = self.dispatcher.services
        polls = services.poller.counters
        leadership = self.leadership
        return HealthCheck(
            *(services.clock, self.lag, self.connections, polls),
            leadership.standing_by,
            lambda: leadership.store_trouble,
        )

    def _metrics(self) -> Metrics:
        """Makes the metrics, and has everything counted in them from now on."""
        # Only the process that serves needs the library, which takes a while to import.
        from bot.monitoring.metrics import Gauges, Metrics  # noqa: PLC0415

        services = self.dispatcher.services
        polls = services.poller.counters
        metrics = Metrics(Gauges(services.clock, self._posting, polls, self.connections, self.lag))
        self.dispatcher.timer.on_answer = metrics.note_answer
        self.lag.on_lag = metrics.note_lag
        return metrics

    def _posting(self) -> Mapping[str, PostingCounters]:
        return self.workers.counters

    def _exposition(self, metrics: Metrics) -> Callable[[], Coroutine[Any, Any, bytes]]:
        services = self.dispatcher.services

        async def expose() -> bytes:
            with suppress(StoreError):  # all else is to be seen all the more
                now = services.clock.now()
                given = (services.store, services.sources, now, services.paused)
                metrics.status = await read_status(*given)
            return metrics.exposition()

        return expose
