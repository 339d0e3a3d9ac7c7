"""Months of subscriptions at hubs that behave in any way, under a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import HandClock

from bot.errors import SourceError
from bot.ingest.websub.callbacks import HubCalls
from bot.ingest.websub.model import HubLinks, HubSubscription, Mode, Phase
from bot.ingest.websub.ports import Hubs, WebSubStore
from bot.ingest.websub.subscriber import WebSubSubscriber
from bot.ingest.websub.subscriptions import HubSubscriptions

HUBS = ("https://a.example/", "https://b.example/")
LINKS = HubLinks(HUBS, "https://news.example/feed.xml")
DAY = 86_400.0
_ENOUGH = 30  # turns of the event loop in which the subscriber wakes and does what is due


class MemoryStore(WebSubStore):
    """Keeps subscriptions for as long as a test lasts."""

    def __init__(self) -> None:
        self.rows: dict[str, HubSubscription] = {}

    async def subscriptions(self) -> Sequence[HubSubscription]:
        return tuple(self.rows.values())

    async def update(
        self, saved: Iterable[HubSubscription] = (), removed: Iterable[HubSubscription] = ()
    ) -> None:
        for one in removed:
            self.rows.pop(one.callback, None)
        for one in saved:
            self.rows[one.callback] = one


@dataclass
class World(Hubs):
    """A subscriber and its hubs, which behave as a test says.

    Attributes:
        behaviours: Of the next requests; well behaved when there are none left.
        active: The callbacks that are pushed to, with their secrets.
        down: The hubs that cannot be reached.
    """

    behaviours: list[str]
    lease: int = 10 * 86_400
    clock: HandClock = field(default_factory=HandClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    asked: list[tuple[float, Mode, str]] = field(default_factory=list)
    active: dict[str, str] = field(default_factory=dict)
    late: list[HubSubscription] = field(default_factory=list)
    down: frozenset[str] = frozenset()

    def start(self) -> None:
        """Begins a process; what an earlier one kept in memory is gone."""
        kept = HubSubscriptions(self.store, self.clock, "https://bot.example/websub")
        self.calls = HubCalls(kept, self.clock, lambda _: None, lambda: 0.5)
        self.subscriber = WebSubSubscriber(kept, self, self.clock, {"wire"}, lambda _: _yield())
        self.subscriptions = kept

    async def request(self, subscription: HubSubscription, mode: Mode) -> None:
        self.asked.append((self.clock.monotonic(), mode, subscription.callback))
        assert len(subscription.secret) == 43
        behaviour = self.behaviours.pop(0) if self.behaviours else "verifies"
        behaviour = "fails" if subscription.hub in self.down else behaviour
        if behaviour == "fails":
            raise SourceError("the response was 500", wait=30.0)
        if behaviour == "denies":
            await self.calls.deny(subscription.token, subscription.topic, "no")
        elif behaviour == "verifies":
            await self.verify(subscription, mode)
        elif behaviour == "verifies late":
            self.late.append(subscription)

    async def verify(self, one: HubSubscription, mode: Mode = Mode.SUBSCRIBE) -> None:
        if await self.calls.verify(one.token, mode.value, one.topic, str(self.lease)):
            if mode is Mode.SUBSCRIBE:
                self.active[one.callback] = one.secret
            else:
                self.active.pop(one.callback, None)

    async def run(self, seconds: float) -> None:
        """Lets time pass, and everything be done that is due then."""
        self.clock.pass_(seconds)
        for one in self.late:
            await self.verify(one)
        self.late.clear()
        for _ in range(_ENOUGH):
            await asyncio.sleep(0)
        while self.subscriptions.due():
            await asyncio.sleep(0)


async def _yield() -> None:
    await asyncio.sleep(0)


async def _play(world: World, steps: Iterable[float], restarts: frozenset[int]) -> None:
    task: asyncio.Task[None] | None = None
    for number, seconds in enumerate(steps):
        if task is None or number in restarts:
            await _end(task)
            world.start()
            await world.subscriber.load()
            world.subscriber.note_links("wire", LINKS)
            task = asyncio.create_task(world.subscriber.keep_subscribed())
        await world.run(seconds)
        _check(world)
    await _end(task)


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        assert not task.done() or task.exception() is None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _check(world: World) -> None:
    """What is always true."""
    wanted = [one for one in world.store.rows.values() if one.phase is not Phase.LEAVING]
    assert 1 <= len(wanted) <= 2
    assert all(one.hub in HUBS and one.topic == LINKS.topic for one in wanted)
    assert sum(one.phase is Phase.ACTIVE for one in wanted) <= 2
    assert {one.token for one in wanted} == {one.token for one in world.subscriptions.of("wire")}


BEHAVIOURS = ["verifies", "verifies late", "accepts", "fails", "denies"]


@settings(max_examples=60)
@given(
    behaviours=st.lists(st.sampled_from(BEHAVIOURS), max_size=25),
    steps=st.lists(st.floats(1, 2 * DAY), min_size=5, max_size=40),
    restarts=st.frozensets(st.integers(1, 30), max_size=4),
)
def test_whatever_hubs_do_there_is_one_subscription_in_the_end(
    behaviours: list[str], steps: list[float], restarts: frozenset[int]
) -> None:
    world = World(behaviours)

    async def play() -> None:
        await _play(world, steps, restarts)
        world.behaviours.clear()
        await _play(world, [DAY] * 20, frozenset())

    asyncio.run(play())
    (kept,) = world.store.rows.values()
    assert kept.is_pushed(world.clock.now())
    assert kept.callback in world.active
    assert world.active[kept.callback] == kept.secret


@settings(max_examples=30)
@given(steps=st.lists(st.floats(60, DAY), min_size=30, max_size=80))
def test_a_good_hub_pushes_without_a_gap_and_is_asked_seldom(steps: list[float]) -> None:
    world = World([])
    began = world.clock.monotonic()

    async def play() -> None:
        world.start()
        await world.subscriber.load()
        world.subscriber.note_links("wire", LINKS)
        task = asyncio.create_task(world.subscriber.keep_subscribed())
        for seconds in steps:
            await world.run(seconds)
            _check(world)
            now = world.clock.now()
            assert any(one.is_pushed(now) for one in world.store.rows.values())
        await _end(task)

    asyncio.run(play())
    days = (world.clock.monotonic() - began) / DAY
    assert len(world.asked) <= 2 * (days / 6 + 1)
    callbacks = [callback for _, mode, callback in world.asked if mode is Mode.SUBSCRIBE]
    assert len(callbacks) == len(set(callbacks))


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", ["accepts", "fails", "denies"])
def test_a_bad_hub_is_asked_no_more_than_daily_in_the_end(behaviour: str) -> None:
    world = World([behaviour] * 10_000)
    asyncio.run(_play(world, [600.0] * 6 * 24 * 30, frozenset()))
    late = [at for at, _, _ in world.asked if at > 20 * DAY]
    assert len(late) <= 11
    assert len(world.asked) <= 45


@pytest.mark.parametrize("hub", HUBS)
def test_where_one_hub_is_down_the_other_pushes_within_minutes(hub: str) -> None:
    world = World([], down=frozenset(HUBS) - {hub})
    asyncio.run(_play(world, [60.0] * 5, frozenset()))
    (kept,) = world.store.rows.values()
    assert (kept.phase, kept.hub) == (Phase.ACTIVE, hub)
    callbacks = {callback for _, _, callback in world.asked}
    assert len(callbacks) == len(world.asked)  # none is used for two hubs


@settings(max_examples=10)
@given(jump=st.timedeltas(timedelta(days=-3_000), timedelta(days=3_000)))
def test_a_clock_that_is_set_ends_nothing_for_good(jump: timedelta) -> None:
    world = World([])

    async def play() -> None:
        await _play(world, [DAY] * 3, frozenset())
        world.clock.set_by(jump)
        await _play(world, [60.0] * 3, frozenset())
        world.clock.set_by(-jump)
        await _play(world, [60.0] * 30, frozenset())

    asyncio.run(play())
    now = world.clock.now()
    active = [one for one in world.store.rows.values() if one.is_pushed(now)]
    assert active
    for one in active:
        assert one.lease_end
        assert one.lease_end - now <= timedelta(days=10)
