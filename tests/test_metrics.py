"""Metrics and health: what they show, over HTTP, and that the dashboard shows what there is."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from newsdesk import TestDesk
from prometheus_client.parser import text_string_to_metric_families
from stories import MODERATOR, NOW, HandClock, story

from adapters.monitoring.endpoint import MonitoringEndpoint
from bot.errors import SourceError
from bot.ingest.counters import PollCounters
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.health import HealthCheck
from bot.monitoring.loop_lag import LoopLag
from bot.monitoring.metrics import Gauges, Metrics
from bot.monitoring.status import read_status
from bot.posting.counters import PostingCounters, QueueDepth

DASHBOARD = Path(__file__).parent.parent / "contrib/grafana/dateline.json"
Samples = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """Every sample of an exposition, by its name and labels."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def a_platform(clock: HandClock) -> PostingCounters:
    queue = QueueDepth(3, clock.now())
    return PostingCounters(posts=5, digests=2, edits=1, retries=4, failures=1, queue=queue)


@pytest.fixture
def metrics(desk: TestDesk) -> Metrics:
    """Metrics that everything is counted in."""
    services, connections = desk.dispatcher.services, PlatformConnections(desk.clock)
    connections.expect(["telegram", "discord"])
    connections.note("telegram", True)  # noqa: FBT003 - as its adapter does
    counters = {"telegram": a_platform(desk.clock)}
    gauges = Gauges(desk.clock, lambda: counters, services.poller.counters, connections, LoopLag())
    made = Metrics(gauges)
    desk.dispatcher.timer.on_answer = made.note_answer
    return made


async def test_what_happens_is_counted(desk: TestDesk, metrics: Metrics) -> None:
    await desk.polls(story("Bridge opens"))
    desk.wire.gives.append(SourceError("no response"))
    await desk.dispatcher.services.poller.load(["wire"])
    await desk.ask("/latest")
    await desk.ask("/read 99")
    await desk.ask("/status")
    await desk.ask("/status", MODERATOR)
    metrics.status = await read_status(desk.store, ["wire", "other"], desk.clock.now())
    metrics.note_lag(0.02)
    desk.clock.pass_(90)
    found = samples(metrics.exposition().decode())

    def value(name: str, **labels: str) -> float:
        return found[f"dateline_{name}", tuple(sorted(labels.items()))]

    answered = "answer_seconds_count"
    assert value(answered, command="latest", outcome="answered") == 1
    assert value(answered, command="read", outcome="refused") == 1
    assert value(answered, command="status", outcome="refused") == 1
    assert value(answered, command="status", outcome="answered") == 1
    assert value("polls_total", outcome="news") == 1
    assert value("polls_total", outcome="failed") == 1
    assert value("polled_stories_total", change="new") == 1
    assert value("sends_total", platform="telegram", kind="posts") == 5
    assert value("send_failures_total", platform="telegram", outcome="retries") == 4
    assert value("outbox_depth", platform="telegram") == 3
    assert value("outbox_oldest_seconds", platform="telegram") == 90
    assert value("platform_connected", platform="telegram") == 1
    assert value("platform_connected", platform="discord") == 0
    assert value("loop_lag_seconds_count") == 1
    assert value("sources", health="failing") == 1
    assert value("sources", health="new") == 1
    assert value("stories") == 1
    assert value("last_poll_timestamp_seconds") == NOW.timestamp()


async def test_every_metric_of_the_dashboard_exists(desk: TestDesk, metrics: Metrics) -> None:
    await desk.ask("/latest")
    metrics.status = await read_status(desk.store, ["wire"], desk.clock.now())
    shown = {name for name, _ in samples(metrics.exposition().decode())}
    # what waits on a platform is shown once something does
    shown.add("dateline_outbox_waiting")
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    named = {
        name
        for expr in asked
        for name in re.findall(r"\b((?:dateline|process)_\w+)(?=[{\[])", expr)
    }
    assert len(named) >= len(panels) - 2
    assert named - shown == set()
    unseen = {name for name in shown if name.startswith("dateline_")} - named
    assert {re.sub("_(bucket|count|sum|created|total)$", "", one) for one in unseen} <= {
        "dateline_answer_seconds",
        "dateline_loop_lag_seconds",
        "dateline_scrapes",
    }


def test_every_metric_of_the_dashboard_is_asked_of_the_chosen_instance() -> None:
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    for panel in panels:
        for target in panel["targets"]:
            assert 'instance=~"$instance"' in target["expr"], panel["title"]
    ids = [panel["id"] for panel in panels]
    assert len(set(ids)) == len(ids)


def healthy(clock: HandClock) -> HealthCheck:
    connections, polls = PlatformConnections(clock), PollCounters(looked=clock.monotonic())
    connections.expect(["telegram"])
    connections.note("telegram", True)  # noqa: FBT003 - as its adapter does
    return HealthCheck(clock, LoopLag(), connections, polls)


def test_a_process_is_ill_when_nothing_but_a_restart_may_mend_it() -> None:
    clock = HandClock()
    check = healthy(clock)
    clock.pass_(60)
    assert check.problems() == ()
    check.lag.note(0.5)
    assert check.problems() == ()
    check.lag.note(12.5)
    check.connections.note("telegram", False)  # noqa: FBT003 - as its adapter does
    clock.pass_(299)
    assert check.problems() == ("the event loop was held up for 12.5 s",)
    clock.pass_(302)
    held_up, lost, idle = check.problems()
    assert lost == "no platform is connected for 601 s"
    assert idle == "nothing was polled for 661 s"
    check.connections.note("telegram", False)  # noqa: FBT003 - once more: it stays lost since then
    assert check.problems()[1] == lost
    assert held_up


def test_one_platform_that_is_connected_is_enough() -> None:
    clock = HandClock()
    check = healthy(clock)
    check.connections.expect(["discord"])
    clock.pass_(400)
    check.polls.looked = clock.monotonic()
    assert check.problems() == ()
    assert check.as_json()["platforms"] == {"telegram": True, "discord": False}


def test_a_process_that_stands_by_is_healthy() -> None:
    clock = HandClock()
    standing_by = {"telegram", "upkeep"}
    check = replace(healthy(clock), standing_by=standing_by)
    check.connections.note("telegram", False)  # noqa: FBT003 - as its adapter does
    clock.pass_(400)
    assert check.problems() == ()
    assert check.as_json()["standing_by"] == ["telegram", "upkeep"]
    standing_by.clear()
    assert check.problems() == ("no platform is connected for 400 s",)


def test_a_process_whose_store_does_not_answer_is_healthy_and_not_ready() -> None:
    trouble = ["the store does not answer"]
    check = replace(healthy(HandClock()), store_trouble=lambda: trouble[0])
    assert check.problems() == ()
    assert check.readiness() == {"status": "failing", "problems": trouble}
    trouble[0] = ""
    assert check.readiness() == {"status": "ok", "problems": []}


@pytest.mark.slow
async def test_the_loop_s_lag_is_measured() -> None:
    lag = LoopLag()
    came = asyncio.Event()
    lag.on_lag = lambda _: came.set()
    measuring = asyncio.create_task(lag.keep_measuring())
    await came.wait()
    assert lag.worst >= 0
    measuring.cancel()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """The address of an endpoint whose health a test sets."""
    told: dict[str, object] = {"status": "ok"}

    async def metrics() -> bytes:
        return b"dateline_x 1\n"

    listen = f"127.0.0.1:{free_port()}"
    ready: dict[str, object] = {"status": "failing"}
    async with MonitoringEndpoint(lambda: told, lambda: ready, metrics).listening(listen):
        yield f"http://{listen}"


@pytest.mark.server
async def test_the_endpoint_answers_what_it_is_asked_for_and_nothing_else(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        ours = (("/healthz", 200), ("/readyz", 503), ("/metrics", 200))
        for path, status in (*ours, ("/", 404), ("/x/metrics", 404)):
            async with session.get(address + path) as response:
                assert response.status == status, path
        async with session.post(f"{address}/metrics") as response:
            assert response.status == 405
        async with session.get(f"{address}/metrics") as response:
            assert response.content_type == "text/plain"
            assert await response.text() == "dateline_x 1\n"
