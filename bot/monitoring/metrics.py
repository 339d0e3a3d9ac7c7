"""Metrics in Prometheus' form: https://prometheus.io/docs/concepts/data_model/.

What happens often is counted here as it happens; all else is read when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from typing_extensions import override

from bot import __version__
from bot.clock import Clock
from bot.ingest.counters import PollCounters, PollOutcome
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.loop_lag import LoopLag
from bot.monitoring.model import Health, Status
from bot.posting.counters import PostingCounters

_Key = TypeVar("_Key", bound=tuple[str, ...])
"""The values of a metric's labels."""

_ANSWERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_KINDS = ("posts", "digests", "edits", "notices")
_ENDS = ("retries", "failures", "pauses")


@dataclass(frozen=True, slots=True)
class Gauges:
    """The gauges that metrics are read from when somebody asks.

    Attributes:
        clock: Tells the time.
        posting: The counters of each platform that is posted on.
        polls: Counts polls.
        connections: To the platforms.
        lag: Of the event loop.
    """

    clock: Clock
    posting: Callable[[], Mapping[str, PostingCounters]]
    polls: PollCounters
    connections: PlatformConnections
    lag: LoopLag


class Metrics:
    """All metrics of the process.

    Attributes:
        status: The state of the store, as it was last read; None before that.
    """

    def __init__(self, gauges: Gauges) -> None:
        self.status: Status | None = None
        self._registry = CollectorRegistry()
        self._answers = Histogram(
            "dateline_answer_seconds",
            "Time to answer a command, by how it ended",
            ("command", "outcome"),
            buckets=_ANSWERS,
            registry=self._registry,
        )
        self._lag = Histogram(
            "dateline_loop_lag_seconds",
            "How late the event loop does what is due",
            buckets=_LAGS,
            registry=self._registry,
        )
        self._scrapes = Counter(
            "dateline_scrapes", "Times that metrics were asked for", registry=self._registry
        )
        self._registry.register(_GaugeCollector(gauges, lambda: self.status))
        ProcessCollector(registry=self._registry)

    def note_answer(self, command: str, seconds: float, outcome: str) -> None:
        """Notes that a command was answered."""
        self._answers.labels(command, outcome).observe(seconds)

    def note_lag(self, seconds: float) -> None:
        """Notes a lag of the event loop."""
        self._lag.observe(seconds)

    def exposition(self) -> bytes:
        """Returns all metrics, as text: https://prometheus.io/docs/instrumenting/exposition_formats/."""
        self._scrapes.inc()
        return generate_latest(self._registry)


class _GaugeCollector(Collector):
    """Reads what is counted elsewhere."""

    def __init__(self, gauges: Gauges, status: Callable[[], Status | None]) -> None:
        self._gauges = gauges
        self._status = status

    @override
    def collect(self) -> Iterable[Metric]:
        yield _gauge("info", "The version", ["version"], {(__version__,): 1})
        yield from self._posting()
        yield from self._polling()
        yield from self._process()
        if status := self._status():
            yield from _status_metrics(status)

    def _posting(self) -> Iterable[Metric]:
        posting, now = self._gauges.posting(), self._gauges.clock.now()
        sent = {(p, k): getattr(one, k) for p, one in posting.items() for k in _KINDS}
        ends = {(p, k): getattr(one, k) for p, one in posting.items() for k in _ENDS}
        yield _counter("sends", "Messages that were sent", ["platform", "kind"], sent)
        yield _counter("send_failures", "Tries that failed", ["platform", "outcome"], ends)
        outages = {(p,): one.outages for p, one in posting.items()}
        yield _counter("outages", "Outages of a platform that are over", ["platform"], outages)
        depth = {(p,): one.queue.depth for p, one in posting.items()}
        yield _gauge("outbox_depth", "Posts to be sent now", ["platform"], depth)
        ages = {
            (p,): (now - one.queue.oldest).total_seconds() if one.queue.oldest else 0.0
            for p, one in posting.items()
        }
        yield _gauge("outbox_oldest_seconds", "Age of the oldest of these", ["platform"], ages)

    def _polling(self) -> Iterable[Metric]:
        polls = self._gauges.polls
        outcomes = {(one.value,): polls.outcomes[one] for one in PollOutcome}
        yield _counter("polls", "Polls of sources", ["outcome"], outcomes)
        changes = {("new",): polls.new, ("changed",): polls.changed}
        yield _counter("polled_stories", "Stories that polls brought", ["change"], changes)
        last = polls.last_poll.timestamp() if polls.last_poll else 0.0
        yield _gauge("last_poll_timestamp_seconds", "When a poll last ended", [], {(): last})

    def _process(self) -> Iterable[Metric]:
        connected = {(p,): int(up) for p, up in self._gauges.connections.connected.items()}
        yield _gauge("platform_connected", "1 while it is connected", ["platform"], connected)
        worst = {(): self._gauges.lag.worst}
        yield _gauge("loop_lag_worst_seconds", "Longest lag of the last minute", [], worst)


def _status_metrics(status: Status) -> Iterable[Metric]:
    store = status.store
    health = {(one.value,): status.sources.get(one, 0) for one in Health}
    yield _gauge("sources", "Sources by their health", ["health"], health)
    yield _gauge("stories", "Stories in the store", [], {(): store.stories})
    yield _gauge("chats", "Chats that follow something", [], {(): store.chats})
    yield _gauge("subscriptions", "What chats follow", [], {(): store.subscriptions})
    waiting = {(one.platform,): one.waiting for one in store.posts}
    yield _gauge("outbox_waiting", "Posts that wait for their time", ["platform"], waiting)
    yield _gauge("store_bytes", "Size of the store's files", [], {(): store.disk.used})
    if store.disk.free is not None:
        yield _gauge("disk_free_bytes", "Free space where they lie", [], {(): store.disk.free})


def _counter(name: str, what: str, labels: list[str], values: Mapping[_Key, float]) -> Metric:
    family = CounterMetricFamily(f"dateline_{name}", what, labels=labels)
    for key, value in values.items():
        family.add_metric(list(key), value)
    return family


def _gauge(name: str, what: str, labels: list[str], values: Mapping[_Key, float]) -> Metric:
    family = GaugeMetricFamily(f"dateline_{name}", what, labels=labels)
    for key, value in values.items():
        family.add_metric(list(key), value)
    return family
