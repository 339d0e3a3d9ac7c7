"""Related stories of the site's pages: found once, ahead of readers, and never in their way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from stories import story

from bot.errors import StoreBusyError, StoreError
from bot.model import Story
from bot.threads import Foreground
from bot.web.related import RelatedMemory

STORIES = [story(f"Story {number}") for number in range(6)]
ONE = STORIES[0]


class Finder:
    """Finds what a test lets it find, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Story] = []
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.error: StoreError | None = None

    async def __call__(self, told: Story) -> Sequence[str]:
        self.asked.append(told)
        await self.may_go.wait()
        if self.error:
            raise self.error
        return [f"like {told.id}"]


@pytest.fixture
async def finder() -> Finder:
    return Finder()


async def ticks() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def asked_for(finder: Finder, count: int) -> None:
    """Waits until so many were asked for."""
    while len(finder.asked) < count:
        await asyncio.sleep(0.001)


async def test_they_are_found_once_and_remembered(finder: Finder) -> None:
    memory = RelatedMemory(within=20.0)
    found = [await memory.of(ONE, finder) for _ in range(3)]
    assert found == [[f"like {ONE.id}"]] * 3
    assert finder.asked == [ONE]


async def test_a_page_does_without_what_takes_long_and_has_it_later(finder: Finder) -> None:
    memory = RelatedMemory(within=0.0)
    finder.may_go.clear()
    assert await memory.of(ONE, finder) is None
    assert await memory.of(ONE, finder) is None
    finder.may_go.set()
    await ticks()
    assert await memory.of(ONE, finder) == [f"like {ONE.id}"]
    assert finder.asked == [ONE]


async def test_pages_that_do_without_do_not_pile_up(finder: Finder) -> None:
    memory = RelatedMemory(within=0.0)
    finder.may_go.clear()
    assert [await memory.of(one, finder) for one in STORIES] == [None] * 6
    await ticks()
    assert finder.asked == STORIES[:3]
    working = asyncio.create_task(memory.keep_finding(finder, Foreground()))
    finder.may_go.set()
    await asked_for(finder, len(STORIES))
    working.cancel()
    assert {one.id for one in finder.asked} == {one.id for one in STORIES}


async def test_what_is_wrong_is_told_to_who_waits_and_tried_again(finder: Finder) -> None:
    memory = RelatedMemory(within=20.0)
    finder.error = StoreBusyError("busy")
    assert await memory.of(ONE, finder) is None
    finder.error = StoreError("gone")
    with pytest.raises(StoreError, match="gone"):
        await memory.of(ONE, finder)
    finder.error = None
    assert await memory.of(ONE, finder) == [f"like {ONE.id}"]


async def test_what_lists_lead_to_is_found_ahead_the_last_list_first(finder: Finder) -> None:
    memory, foreground = RelatedMemory(within=20.0), Foreground()
    with foreground.working():
        memory.expect(STORIES[:2])
        memory.expect(STORIES[2:])
        working = asyncio.create_task(memory.keep_finding(finder, foreground))
        await ticks()
        assert finder.asked == []  # somebody waits for something else
    await asked_for(finder, len(STORIES))
    assert finder.asked == STORIES[::-1]
    await memory.of(ONE, finder)
    assert len(finder.asked) == len(STORIES)
    working.cancel()


async def test_it_goes_on_after_what_is_wrong(finder: Finder) -> None:
    memory = RelatedMemory(within=20.0)
    working = asyncio.create_task(memory.keep_finding(finder, Foreground()))
    finder.error = StoreError("gone")
    memory.expect([ONE])
    await ticks()
    finder.error = None
    memory.expect(STORIES[1:2])
    await asked_for(finder, 2)
    assert finder.asked == STORIES[:2]
    assert not working.done()
    working.cancel()
