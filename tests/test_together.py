"""What is done in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from times import settle

from bot.posting.sender import Batcher


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
def together(work: Work) -> Batcher[int, int]:
    return Batcher(work)


async def begun(together: Batcher[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(together.do(number)) for number in numbers]
    await settle()
    return tasks


async def test_what_comes_meanwhile_is_done_in_one_go(
    together: Batcher[int, int], work: Work
) -> None:
    tasks = [*await begun(together, 1), *await begun(together, 2, 3), *await begun(together, 4)]
    assert work.batches == [[1]]
    work.may_go.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


async def test_what_comes_at_once_is_done_at_once(together: Batcher[int, int], work: Work) -> None:
    work.may_go.set()
    assert await asyncio.gather(*(together.do(n) for n in range(5))) == [0, 2, 4, 6, 8]
    assert work.batches == [[0, 1, 2, 3, 4]]


async def test_after_a_rest_it_goes_on(together: Batcher[int, int], work: Work) -> None:
    work.may_go.set()
    for n in range(3):
        assert await together.do(n) == 2 * n
        await settle()
    assert work.batches == [[0], [1], [2]]


async def test_who_is_cancelled_keeps_nobody_from_being_done(
    together: Batcher[int, int], work: Work
) -> None:
    first, second, third = [
        (await begun(together, 1))[0],
        *await begun(together, 2, 3),
    ]
    first.cancel()
    second.cancel()
    work.may_go.set()
    assert await third == 6
    assert work.batches == [[1], [2, 3]]
    assert first.cancelled()
    assert second.cancelled()


async def test_a_failure_is_that_of_all_who_went_together(
    together: Batcher[int, int], work: Work
) -> None:
    work.fails.append(ValueError("oh"))
    gone = await begun(together, 1)
    left = await begun(together, 2)
    work.may_go.set()
    with pytest.raises(ValueError, match="oh"):
        await gone[0]
    assert await left[0] == 4
    work.fails.append(ValueError("oh"))
    ends = await asyncio.gather(together.do(3), together.do(4), return_exceptions=True)
    assert [str(end) for end in ends] == ["oh", "oh"]
    assert await together.do(5) == 10


async def test_a_failure_that_nobody_waits_for_is_no_trouble(
    together: Batcher[int, int], work: Work
) -> None:
    work.fails.append(ValueError("oh"))
    (gone,) = await begun(together, 1)
    gone.cancel()
    work.may_go.set()
    assert await together.do(2) == 4
