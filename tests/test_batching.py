"""Batches: what comes while one is under way is done in the next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from times import settle

from bot.posting.batching import Batcher


@dataclass
class Work:
    """Doubles numbers when it may; fails with what is in `fails`."""

    batches: list[list[int]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(numbers))
        await self.may_go.wait()
        if self.fails:
            raise self.fails.pop(0)
        return [2 * number for number in numbers]


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def batcher(work: Work) -> Batcher[int, int]:
    return Batcher(work)


async def start(batcher: Batcher[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(batcher.do(number)) for number in numbers]
    await settle()
    return tasks


async def test_what_comes_meanwhile_is_done_in_one_go(
    batcher: Batcher[int, int], work: Work
) -> None:
    tasks = [*await start(batcher, 1), *await start(batcher, 2, 3), *await start(batcher, 4)]
    assert work.batches == [[1]]
    work.may_go.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


async def test_what_comes_at_once_is_done_at_once(batcher: Batcher[int, int], work: Work) -> None:
    work.may_go.set()
    assert await asyncio.gather(*(batcher.do(n) for n in range(5))) == [0, 2, 4, 6, 8]
    assert work.batches == [[0, 1, 2, 3, 4]]


async def test_after_a_rest_it_goes_on(batcher: Batcher[int, int], work: Work) -> None:
    work.may_go.set()
    for n in range(3):
        assert await batcher.do(n) == 2 * n
        await settle()
    assert work.batches == [[0], [1], [2]]


async def test_who_is_cancelled_keeps_nobody_from_being_done(
    batcher: Batcher[int, int], work: Work
) -> None:
    first, second, third = [
        (await start(batcher, 1))[0],
        *await start(batcher, 2, 3),
    ]
    first.cancel()
    second.cancel()
    work.may_go.set()
    assert await third == 6
    assert work.batches == [[1], [2, 3]]
    assert first.cancelled()
    assert second.cancelled()


async def test_a_failure_is_that_of_all_who_went_together(
    batcher: Batcher[int, int], work: Work
) -> None:
    work.fails.append(ValueError("oh"))
    gone = await start(batcher, 1)
    left = await start(batcher, 2)
    work.may_go.set()
    with pytest.raises(ValueError, match="oh"):
        await gone[0]
    assert await left[0] == 4
    work.fails.append(ValueError("oh"))
    ends = await asyncio.gather(batcher.do(3), batcher.do(4), return_exceptions=True)
    assert [str(end) for end in ends] == ["oh", "oh"]
    assert await batcher.do(5) == 10


async def test_a_failure_that_nobody_waits_for_is_no_trouble(
    batcher: Batcher[int, int], work: Work
) -> None:
    work.fails.append(ValueError("oh"))
    (gone,) = await start(batcher, 1)
    gone.cancel()
    work.may_go.set()
    assert await batcher.do(2) == 4
