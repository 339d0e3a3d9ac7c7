"""How a source fares, in the store and in `/sources`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from stories import MODERATOR, NOW, day, story

from bot.errors import SourceError
from bot.ingest.results import FetchResult, SourceState
from bot.reply import Reply

QUARTER = timedelta(minutes=15)


async def _state(desk: TestDesk) -> SourceState:
    return (await desk.store.sources.states())["wire"]


async def _look(desk: TestDesk, gives: FetchResult | Exception) -> SourceState:
    desk.wire.gives = [gives]
    await desk.dispatcher.services.poller.load(["wire"], again=False)
    return await _state(desk)


def _line(reply: Reply) -> str:
    return next(entry.text for entry in reply.entries if entry.name == "The Wire")


async def test_failures_are_counted_and_put_further_and_further_off(desk: TestDesk) -> None:
    first = await _look(desk, FetchResult((story("a"),), signature="one"))
    assert first.report
    assert (first.succeeded_at, first.report.next_check) == (NOW, NOW + QUARTER)
    desk.clock.pass_(QUARTER.total_seconds())
    for failures in (1, 2, 3):
        state = await _look(desk, SourceError("the response was 500"))
        assert state.report
        assert (state.report.failures, state.report.error) == (failures, "the response was 500")
        assert state.report.next_check == desk.clock.now() + QUARTER * 2**failures
        assert (state.succeeded_at, state.signature) == (NOW, "one")
    well = await _look(desk, FetchResult(signature="two"))
    assert well.report
    assert (well.report.failures, well.succeeded_at) == (0, desk.clock.now())
    assert well.report.next_check == desk.clock.now() + QUARTER


async def test_what_a_source_asks_for_is_kept(desk: TestDesk) -> None:
    asked = await _look(desk, SourceError("too many requests", wait=7_200))
    assert asked.report
    assert asked.report.next_check == NOW + timedelta(hours=2)
    fresh = await _look(desk, FetchResult(fresh_for=3_600))
    assert fresh.report
    assert fresh.report.next_check == NOW + timedelta(hours=1)


async def test_the_schedule_survives_a_restart(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "n.db") as desk:
        before = await _look(desk, SourceError("no", wait=86_400))
    async with desk_over(tmp_path / "n.db") as desk:
        assert await _state(desk) == before


async def test_a_source_that_is_gone_is_looked_at_only_when_a_person_asks(desk: TestDesk) -> None:
    gone = await _look(desk, SourceError("the response was 410 Gone", gone=True))
    assert gone.report
    assert gone.report.gone
    told = _line(await desk.ask("/sources", MODERATOR))
    assert "the response was 410 Gone" in told
    assert "no longer checked, except by /reload" in told
    desk.wire.gives = [FetchResult()]
    await desk.ask("/reload wire", MODERATOR)
    back = await _state(desk)
    assert back.report
    assert not back.report.gone


async def test_sources_tell_moderators_how_each_fares_and_readers_only_what_they_need(
    desk: TestDesk,
) -> None:
    stories = tuple(story(f"Story {n}", published=NOW - timedelta(days=n)) for n in range(60))
    await _look(desk, FetchResult(stories))
    assert "60 stories · newest Nov 23, 2026 · 1 a day · checked" in _line(
        await desk.ask("/sources")
    )
    await _look(desk, SourceError("no response within 30 s"))
    await _look(desk, SourceError("no response within 30 s"))
    told = _line(await desk.ask("/sources", MODERATOR))
    assert "last 2 checks failed: no response within 30 s" in told
    assert told.endswith("last read 1 minute ago · next check in 1 hour")
    assert "no answer" not in _line(await desk.ask("/sources"))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((0, 0, 0, 0.5) * 30, "newest Nov 23, 2026 · 4 a day · checked"),
        (range(0, 40, 2), "newest Nov 23, 2026 · 4 a week · checked"),
        (range(0, 60, 10), "newest Nov 23, 2026 · 3 a month · checked"),
        ((29, 300), "newest Oct 25, 2026 · 1 a month · checked"),
        ((31, 32, 33), "3 stories · nothing new since Oct 23, 2026 · checked"),
        (range(1_000, 1_060), "60 stories · nothing new since Feb 27, 2024 · checked"),
    ],
)
async def test_a_rate_is_told_in_whole_stories_and_none_of_a_source_at_rest(
    desk: TestDesk, days: Iterable[float], told: str
) -> None:
    stories = (story(f"Story {n}", published=NOW - timedelta(days=d)) for n, d in enumerate(days))
    await _look(desk, FetchResult(tuple(stories)))
    assert told in _line(await desk.ask("/sources"))


@pytest.mark.parametrize("bad", [0, 3])
async def test_several_sources_are_looked_at_side_by_side(desk: TestDesk, bad: int) -> None:
    """One that takes its time keeps no other waiting."""
    desk.wire.may_go.clear()
    desk.wire.gives = [FetchResult((story("a", published=day("2026-11-01")),))]
    desk.other.gives = [SourceError("no")] if bad else [FetchResult()]
    loading = asyncio.create_task(desk.dispatcher.services.poller.load())
    async with asyncio.timeout(10):
        while (await desk.store.sources.states()).get("other") is None:
            await asyncio.sleep(0.01)
    assert not loading.done()
    desk.wire.may_go.set()
    assert [report.new for report in await loading] == [1, 0]
