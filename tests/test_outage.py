"""When the network is away, no source backs off, and all are polled as soon as it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import ScriptedSource, TestDesk, desk_over
from stories import NOW, HandClock, story

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.errors import SourceError
from bot.ingest.backoff import NetworkState, next_check
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Source

QUARTER = timedelta(minutes=15)
HOURS = 3_600.0


def unreachable(host: str = "example.org") -> SourceError:
    return SourceError(f"the host {host} has no address", reached=False)


def answer(*titles: str, source: str = "wire") -> FetchResult:
    return FetchResult(tuple(story(one, source=source) for one in titles), reached=True)


def state(polls: Iterable[tuple[str, bool | None]]) -> NetworkState:
    found = NetworkState()
    for source, reached in polls:
        found = found.after(source, reached=reached)
    return found


# The decision


@pytest.mark.parametrize(
    ("polls", "down"),
    [
        ([], False),
        ([("a", True)], False),
        ([("a", False)], True),  # the only one
        ([("a", True), ("b", True), ("c", True), ("a", False)], False),
        ([("a", True), ("b", True), ("c", True), ("a", False), ("b", False)], True),
        ([("a", True), ("b", True), ("a", False), ("b", True), ("a", False)], False),
        ([("a", True), ("b", False), ("c", False)], False),  # two that are dead, one that is not
        ([("a", True), ("b", False), ("a", False)], True),
        ([("a", False), ("archive", None)], True),
        ([("a", False), ("b", False), ("a", True)], False),
    ],
)
def test_when_the_network_is_down(polls: list[tuple[str, bool | None]], down: bool) -> None:
    assert state(polls).is_down is down


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from((True, False, None)))))
def test_it_is_never_down_right_after_an_answer(polls: list[tuple[str, bool | None]]) -> None:
    assert not state([*polls, ("a", True)]).is_down


def test_during_an_outage_the_pace_is_gentle_and_never_doubled() -> None:
    def wait(every: timedelta, failures: int) -> timedelta:
        due = next_check(NOW, every, failures=failures, asked=0, chance=0.5, outage=True)
        return due - NOW

    assert [wait(QUARTER, n) for n in (1, 5, 100)] == [timedelta(minutes=5)] * 3
    assert wait(timedelta(minutes=1), 9) == timedelta(minutes=1)


# The poller


async def _outage(desk: TestDesk, hours: float) -> int:
    """The network is away for some hours; returns how many polls there were."""
    poller = desk.dispatcher.services.poller
    end = desk.clock.monotonic() + hours * HOURS
    before = len(desk.wire.asked) + len(desk.other.asked)
    while desk.clock.monotonic() < end:
        desk.wire.gives, desk.other.gives = [unreachable()], [unreachable("other.org")]
        desk.clock.pass_(await poller.poll_due() + 0.01)
    return len(desk.wire.asked) + len(desk.other.asked) - before


async def test_after_eight_hours_without_a_network_all_is_polled_within_minutes(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    poller = desk.dispatcher.services.poller
    desk.wire.gives = [answer("Before")]
    desk.other.gives = [answer("Other", source="other")]
    await poller.poll_due()
    polls = await _outage(desk, 8)
    assert polls < 8 * 12 * 2 * 1.2  # one in five minutes of each

    came_back = desk.clock.monotonic()
    desk.wire.gives, desk.other.gives = [answer("After")], [answer("After", source="other")]
    while True:
        wait = await poller.poll_due()
        if not (desk.wire.gives or desk.other.gives):
            break
        desk.clock.pass_(wait + 0.01)
    assert desk.clock.monotonic() - came_back < 6 * 60
    states = await desk.store.sources.states()
    assert {one.report and one.report.failures for one in states.values()} == {0}
    told = [one.getMessage() for one in caplog.records]
    assert len([one for one in told if "is the network away?" in one]) == 1
    assert len([one for one in told if "can be reached again" in one]) == 1
    assert len(told) < 6, told


async def test_a_dead_host_backs_off_while_others_answer(desk: TestDesk) -> None:
    poller = desk.dispatcher.services.poller
    end = desk.clock.monotonic() + 48 * HOURS
    while desk.clock.monotonic() < end:
        desk.wire.gives, desk.other.gives = [unreachable()], [answer("a", source="other")]
        desk.clock.pass_(await poller.poll_due() + 0.01)
    assert len(desk.other.asked) > 170
    assert len(desk.wire.asked) < 12


async def test_at_the_start_what_failed_last_is_tried_at_once(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with desk_over(path) as desk:
        for _ in range(6):
            desk.wire.gives = [SourceError("the response was 500", reached=True)]
            desk.other.gives = [SourceError("too many", wait=7_200.0, reached=True)]
            await desk.dispatcher.services.poller.load()
    async with desk_over(path) as desk:
        poller = desk.dispatcher.services.poller
        desk.wire.gives = [answer("a")]
        assert await poller.poll_due() == pytest.approx(15.0)
        desk.clock.pass_(15.0)
        await poller.poll_due()
        assert (len(desk.wire.asked), len(desk.other.asked)) == (1, 0)  # the other asked to wait


async def test_many_sources_that_failed_are_not_all_tried_in_the_same_moment(
    tmp_path: Path,
) -> None:
    sources = [ScriptedSource(Source(f"s{n}", "S", "feed", QUARTER)) for n in range(20)]
    chances = cycle(n / 20 for n in range(20))
    moments: list[float] = []
    async with desk_over(tmp_path / "d.db") as desk:
        for _ in range(2):
            for one in sources:
                one.gives = [unreachable()]
            clock = HandClock()
            poller = Poller(desk.store, clock, sources, StoryEnricher(), lambda: next(chances))
            moments.clear()
            while any(one.gives for one in sources):
                moments.append(clock.monotonic())
                clock.pass_(await poller.poll_due())
    assert len(moments) == 20
    assert moments[-1] == pytest.approx(28.5)


# Through the real fetcher


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("http://nowhere.invalid/rss", False),
        ("http://127.0.0.1:1/rss", False),  # nothing listens there
        ("/silent", False),
        ("/busy", True),
        ("http://10.0.0.5/rss", None),  # refused by ourselves
    ],
)
async def test_a_fetch_tells_whether_the_host_answered(url: str, reached: bool | None) -> None:
    async with FeedServer().running() as server:
        server.answers("/silent", Answer(hold=asyncio.Event()))
        server.answers("/busy", Answer(status=503))
        politeness = Politeness(allow_hosts=(server.host, "127.0.0.1:1"), timeout=0.3)
        async with Fetcher(politeness) as fetcher:
            with pytest.raises(FetchError) as error:
                await fetcher.fetch(server.url(url) if url.startswith("/") else url)
    assert error.value.reached is reached


async def test_when_the_network_is_back_hosts_that_are_let_be_are_asked_again(
    desk: TestDesk,
) -> None:
    back: list[int] = []
    third = ScriptedSource(Source("third", "Third", "feed", QUARTER))
    sources = (desk.wire, desk.other, third)
    poller = Poller(
        desk.store,
        desk.clock,
        sources,
        StoryEnricher(),
        chance=lambda: 0.5,
        on_network_back=lambda: back.append(1),
    )
    let_be = SourceError("it did not respond a moment ago", wait=300, put_off=True)
    rounds: list[list[FetchResult | Exception]] = [
        [answer("a")] * 3,
        [unreachable(), unreachable(), let_be],
    ]
    for ends in rounds:
        for source, end in zip(sources, ends, strict=True):
            source.gives.append(end)
        await poller.poll_due()
        desk.clock.pass_(QUARTER.total_seconds())
    assert back == []
    desk.wire.gives.append(answer("b"))
    await poller.load(["wire"], again=False)
    assert back == [1]
    desk.clock.pass_(16)  # half of the time over which they are spread
    for source in sources[1:]:
        source.gives.append(answer("c"))
    await poller.poll_due()
    assert [len(source.asked) for source in sources] == [3, 3, 3]
