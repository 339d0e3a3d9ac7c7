"""The sources of a poller that change while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from newsdesk import OTHER, WIRE, ScriptedSource, TestDesk
from stories import NOW, story

from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult
from bot.live_mapping import DerivedMapping, LiveMapping
from bot.model import Source

NEW = Source("new", "The New One", "archive", timedelta(minutes=15))


@dataclass
class ModedSource(ScriptedSource):
    """Notes why it is polled, too."""

    modes: list[PollMode] = field(default_factory=list)

    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self.modes.append(mode)
        return await super().fetch(signature, mode)


def source(model: Source = WIRE, *titles: str, times: int = 1) -> ModedSource:
    """A source that gives stories of these titles at each of its polls."""
    stories = tuple(story(title, source=model.id, published=NOW) for title in titles)
    return ModedSource(model, [FetchResult(stories) for _ in range(times)])


@dataclass
class Polls:
    """A poller over a real store."""

    desk: TestDesk
    poller: Poller

    def change(
        self, *sources: ScriptedSource, paused: Iterable[str] = (), anew: Iterable[str] = ()
    ) -> None:
        self.poller.replace_sources(sources, frozenset(paused), tuple(anew))

    async def due(self) -> float:
        return await self.poller.poll_due()

    async def stories(self, name: str) -> int:
        states = await self.desk.store.sources.states()
        return states[name].stories if name in states else 0


@pytest.fixture
def polls(desk: TestDesk) -> Polls:
    return Polls(desk, Poller(desk.store, desk.clock, (), StoryEnricher(), lambda: 0.5))


async def test_new_ones_are_polled_and_the_others_keep_their_timetable(polls: Polls) -> None:
    wire = source(WIRE, "A")
    polls.change(wire)
    await polls.due()
    polls.desk.clock.pass_(600)
    new = source(NEW, "N")
    polls.change(wire, new)
    assert await polls.due() == pytest.approx(300, abs=60)
    assert (len(wire.asked), len(new.asked)) == (1, 1)


async def test_one_that_is_removed_is_polled_no_more_and_known_again_when_it_comes_back(
    polls: Polls,
) -> None:
    wire, other = source(WIRE, "A", times=2), source(OTHER, "B", times=3)
    polls.change(wire, other)
    await polls.due()
    polls.change(other)
    polls.desk.clock.pass_(1_000)
    await polls.due()
    assert (len(wire.asked), len(other.asked)) == (1, 2)
    polls.change(wire, other)
    await polls.due()
    assert await polls.stories("wire") == 1
    assert len(wire.asked) == 2


@pytest.mark.slow
async def test_a_poll_that_is_under_way_ends_as_it_would_have_ended(polls: Polls) -> None:
    wire = source(WIRE, "A", "B")
    wire.may_go.clear()
    polls.change(wire)
    polling = asyncio.create_task(polls.due())
    await wire.was_asked.wait()
    polls.change()
    wire.may_go.set()
    await polling
    assert await polls.stories("wire") == 2
    polls.desk.clock.pass_(10_000)
    await polls.due()
    assert len(wire.asked) == 1


async def test_one_that_comes_back_meanwhile_waits_for_the_poll_that_is_under_way(
    polls: Polls,
) -> None:
    wire, again = source(WIRE, "A", "B"), source(WIRE, "A", "B", "C")
    wire.may_go.clear()
    polls.change(wire)
    polling = asyncio.create_task(polls.due())
    await wire.was_asked.wait()
    polls.change()
    polls.change(again, anew=["wire"])
    waiting = asyncio.create_task(polls.due())
    await asyncio.sleep(0.02)
    assert again.asked == []  # one poll of a source at a time
    wire.may_go.set()
    await asyncio.gather(polling, waiting)
    await polls.due()
    assert again.modes == [PollMode.FULL]
    assert await polls.stories("wire") == 3


async def test_polling_goes_on_while_sources_come_and_go(polls: Polls) -> None:
    first, second = source(WIRE, "A"), source(NEW, "N")
    polls.change(first)
    polling = asyncio.create_task(polls.poller.keep_polling())
    await first.was_asked.wait()
    polls.change(second)
    await second.was_asked.wait()
    polls.change()
    while await polls.stories("new") == 0:
        await asyncio.sleep(0.005)
    assert not polling.done()
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling


async def test_a_paused_one_is_not_polled_until_it_is_resumed(polls: Polls) -> None:
    wire, other = source(WIRE, "A", times=2), source(OTHER, "B", times=2)
    polls.change(wire, other, paused=["wire"])
    polls.poller.wake("wire")  # its hub knows nothing of that
    await polls.due()
    assert wire.asked == []
    assert [one.source for one in await polls.poller.load()] == ["other"]
    assert await polls.poller.load_unloaded() == []
    polls.change(wire, other)
    await polls.due()
    assert len(wire.asked) == 1


async def test_one_that_is_paused_after_it_was_found_to_be_due_is_left_alone(polls: Polls) -> None:
    wire = source(WIRE, "A", times=2)
    polls.change(wire)
    wire.may_go.clear()
    asked = asyncio.create_task(polls.poller.load(["wire"]))
    await wire.was_asked.wait()
    due = asyncio.create_task(polls.due())  # waits for the poll that is under way
    await asyncio.sleep(0.02)
    polls.change(wire, paused=["wire"])
    wire.may_go.set()
    await asyncio.gather(asked, due)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "trouble",
    [SourceError("the site says that it is gone", gone=True), SourceError("no such host")],
    ids=["gone", "failing"],
)
async def test_one_that_is_read_from_elsewhere_is_read_at_once_and_as_a_whole(
    polls: Polls, trouble: SourceError
) -> None:
    wire = source(WIRE)
    wire.gives = [trouble]
    polls.change(wire)
    await polls.due()
    moved = source(WIRE, "A")
    polls.change(moved)
    await polls.due()
    assert moved.asked == []  # another name or interval is no reason
    polls.change(moved, anew=["wire"])
    await polls.due()
    assert moved.modes == [PollMode.FULL]
    assert await polls.stories("wire") == 1


async def test_it_is_read_as_a_whole_until_that_has_worked(polls: Polls) -> None:
    polls.change(source(WIRE, "A"))
    await polls.due()
    moved = source(WIRE, "B", times=2)
    moved.gives[:0] = [SourceError("no answer", reached=True)]
    polls.change(moved, anew=["wire"])
    for _ in range(3):
        await polls.due()
        polls.desk.clock.pass_(4_000)
    assert moved.modes == [PollMode.FULL, PollMode.FULL, PollMode.SCHEDULED]


async def test_no_story_is_written_while_topics_change(polls: Polls) -> None:
    wire = source(WIRE, "A")
    polls.change(wire)
    async with polls.poller.between_writes():
        polling = asyncio.create_task(polls.due())
        await wire.was_asked.wait()
        await asyncio.sleep(0.05)
        assert await polls.stories("wire") == 0
    await polling
    assert await polls.stories("wire") == 1


def test_whoever_holds_a_live_mapping_sees_what_was_last_put_into_it() -> None:
    live = LiveMapping({"a": 1})
    doubled = DerivedMapping(live, lambda one: 2 * one)
    begun = iter(live)
    live.put({"b": 2, "c": 3})
    assert (list(begun), dict(live), dict(doubled)) == (["a"], {"b": 2, "c": 3}, {"b": 4, "c": 6})
    assert ("a" in live, live.get("a"), doubled.get("a"), len(doubled)) == (False, None, None, 2)
