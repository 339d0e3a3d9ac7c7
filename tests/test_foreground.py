"""What nobody waits for gives way to what somebody does, and comes all the same."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from newsdesk import TestDesk
from stores import open_sqlite
from stories import NOW, HandClock, story
from typing_extensions import override

from bot.ingest.batch import StoryBatch
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import decide
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import Fingerprint, StoryRecord
from bot.ingest.shared_stories import match_shared
from bot.ingest.story_writer import StoryWriter
from bot.threads import Foreground, background, pace, pause
from store.ingest import SqlIngest


async def test_a_thread_goes_on_when_nothing_is_under_way() -> None:
    foreground = Foreground()
    foreground.give_way(longest=60.0)
    with foreground.working():
        pass
    foreground.give_way(longest=60.0)  # would take a minute, were it still counted


async def test_a_thread_waits_for_the_last_of_what_is_under_way() -> None:
    foreground, passed = Foreground(), threading.Event()

    def compute() -> None:
        foreground.give_way(longest=60.0)
        passed.set()

    with foreground.working():
        with foreground.working():
            thread = asyncio.create_task(asyncio.to_thread(compute))
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        assert not passed.is_set()
    await thread
    assert passed.is_set()


async def test_what_fails_is_no_longer_under_way() -> None:
    foreground = Foreground()
    with pytest.raises(ValueError, match="one that fails"), foreground.working():
        _fail()
    assert foreground.is_idle


def _fail() -> None:
    raise ValueError("one that fails")


async def test_a_thread_goes_on_at_last_though_there_is_always_something_under_way() -> None:
    foreground = Foreground()
    with foreground.working():
        await asyncio.to_thread(foreground.give_way, 0.001)


async def test_answers_are_counted_while_they_are_made(desk: TestDesk) -> None:
    await desk.has(story("Harbour opens", "The harbour has opened."))
    counted: list[bool] = []
    foreground = desk.dispatcher.services.foreground

    def note(_command: str, _seconds: float, _outcome: str) -> None:
        counted.append(foreground.is_idle)

    desk.dispatcher.timer.on_answer = note
    await desk.ask("/latest")
    assert counted == [False]
    assert foreground.is_idle


@pytest.mark.parametrize(
    ("command", "counts"), [("latest", True), ("nothing", True), ("reload", False)]
)
async def test_what_waits_for_the_background_is_no_answer_that_it_gives_way_to(
    desk: TestDesk, command: str, *, counts: bool
) -> None:
    foreground = desk.dispatcher.services.foreground
    with desk.dispatcher.answering(command):
        assert foreground.is_idle is not counts
    assert foreground.is_idle


# Threads of the background


class NotedPauses:
    """A way of giving way that notes in which threads it was asked, and for how long."""

    def __init__(self, *, is_quiet: bool = True) -> None:
        self.threads: list[int] = []
        self.longest: list[float] = []
        self._is_quiet = is_quiet

    def __call__(self, longest: float = 0.0) -> bool:
        self.threads.append(threading.get_ident())
        self.longest.append(longest)
        return self._is_quiet


def _compute(seconds: float) -> float:
    end = time.thread_time() + seconds
    while (now := time.thread_time()) < end:
        pass
    return now


async def test_a_thread_gives_way_between_pieces_but_not_between_the_tiniest() -> None:
    pauses = NotedPauses()
    with background(pauses):
        assert await asyncio.to_thread(lambda: list(pace(range(1_000)))) == [*range(1_000)]
        tiny = len(pauses.threads)
        await asyncio.to_thread(lambda: [_compute(0.01) for _ in pace(range(5))])
    assert tiny < 100
    assert len(pauses.threads) - tiny >= 4
    assert threading.get_ident() not in pauses.threads


async def test_the_event_loop_gives_way_to_nobody() -> None:
    pauses = NotedPauses()
    with background(pauses):
        assert list(pace("abc")) == ["a", "b", "c"]
        pause()
    assert pauses.threads == []


async def test_a_thread_that_somebody_waits_for_gives_way_to_nobody() -> None:
    pauses = NotedPauses()
    with background(pauses):
        pass
    await asyncio.to_thread(lambda: [_compute(0.006) for _ in pace(range(2))])
    assert pauses.threads == []


def _known(count: int) -> dict[str, Fingerprint]:
    return {one.key: fingerprint(one) for one in (story(f"Old {n}", "x") for n in range(count))}


def _record(number: int, source: str) -> StoryRecord:
    one = story(f"Story {number}", "It is told.", source=source, url=f"https://a.example/{number}")
    return StoryRecord(one, fingerprint(one))


PURE = {
    "change detection": lambda: decide(_known(3), [story(f"New {n}", "y") for n in range(3)]),
    "shared stories": lambda: match_shared([_record(1, "wire")], [_record(1, "other")]),
}


@pytest.mark.parametrize("compute", PURE.values(), ids=PURE)
async def test_what_a_poll_computes_gives_way(compute: Callable[[], object]) -> None:
    pauses = NotedPauses()
    with background(pauses):
        await asyncio.to_thread(_in_a_new_stint, compute)
    assert pauses.threads


def _in_a_new_stint(compute: Callable[[], object]) -> None:
    _compute(0.01)
    compute()


class NotedIngest(SqlIngest):
    """An ingest that notes the batches that it is to write."""

    batches: list[StoryBatch]

    @override
    async def write(self, batch: StoryBatch) -> int:
        self.batches.append(batch)
        return 0


@pytest.mark.parametrize(
    ("is_quiet", "sizes"), [(True, [250]), (False, [100, 100, 50])], ids=["quiet", "beside readers"]
)
async def test_batches_are_smaller_while_readers_wait(
    tmp_path: Path, sizes: list[int], *, is_quiet: bool
) -> None:
    pauses = NotedPauses(is_quiet=is_quiet)
    records = [_record(number, "wire") for number in range(250)]
    decision = decide({}, [one.story for one in records])
    async with await open_sqlite(tmp_path / "dateline.db") as store:
        ingest = NotedIngest(store.ingest._connections)  # noqa: SLF001 - the same, noted
        store.ingest, ingest.batches = ingest, []
        writer = StoryWriter(store, HandClock(), StoryEnricher(), pauses)
        await writer.write("wire", records, decision, BatchWriter(ingest, None, decision, NOW))
    assert [len(one.stories) for one in ingest.batches] == sizes
    written = [one.story for batch in ingest.batches for one in batch.stories]
    assert written == [one.story for one in records]
    assert len(pauses.longest) == len(sizes)
    assert min(pauses.longest) > 0
