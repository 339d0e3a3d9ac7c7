"""Of many questions at once, all are acknowledged before the core gets those that can wait."""

from __future__ import annotations

import asyncio

import pytest
from virtual_time import in_virtual_time

from adapters.discord.crowd import Crowd


class Questions:
    """Questions of a crowd, of which each is acknowledged after so many seconds."""

    def __init__(self, concurrent: int) -> None:
        self.crowd = Crowd(concurrent)
        self.acknowledged: list[float] = []
        self.begun: list[float] = []
        self.in_core = self.most_in_core = 0
        self._start = asyncio.get_running_loop().time()

    async def ask(self, at: float, acknowledged_after: float, answered_after: float) -> None:
        await asyncio.sleep(at)
        with self.crowd.joining():
            with self.crowd.acknowledging():
                await asyncio.sleep(acknowledged_after)
            self.acknowledged.append(self._now())
            async with self.crowd.slot():
                self.begun.append(self._now())
                self.in_core += 1
                self.most_in_core = max(self.most_in_core, self.in_core)
                await asyncio.sleep(answered_after)
                self.in_core -= 1

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._start


CROWDS = {
    "all at once": [(0.0, 0.1, 0.05)] * 20,
    "one slower than the others": [(0.0, 0.05, 0.05)] * 9 + [(0.0, 0.4, 0.05)],
    "one after the other": [(n * 0.004, 0.03, 0.2) for n in range(30)],
    "acknowledged before the next comes": [(n * 0.008, 0.001, 0.1) for n in range(12)],
}


@pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
@in_virtual_time
async def test_no_question_is_begun_before_all_are_acknowledged(
    crowd: list[tuple[float, float, float]],
) -> None:
    questions = Questions(4)
    await asyncio.gather(*(questions.ask(*one) for one in crowd))
    assert min(questions.begun) >= max(questions.acknowledged)
    assert len(questions.begun) == len(crowd)
    assert questions.most_in_core == 4


@in_virtual_time
async def test_an_acknowledgement_that_hangs_holds_up_the_others_for_a_second() -> None:
    questions = Questions(4)
    await asyncio.gather(questions.ask(0, 60, 0.1), *(questions.ask(0, 0.1, 0.1) for _ in range(8)))
    others = sorted(questions.begun)[:8]
    assert others[0] == pytest.approx(1.0)
    assert others[-1] == pytest.approx(1.1)


@in_virtual_time
async def test_a_stream_without_an_end_is_answered_as_it_comes() -> None:
    questions = Questions(4)
    await asyncio.gather(*(questions.ask(n * 0.005, 0.02, 0.002) for n in range(300)))
    waits = [
        begun - acknowledged
        for begun, acknowledged in zip(questions.begun, questions.acknowledged, strict=True)
    ]
    assert max(waits) < 1.1
    assert max(waits[-50:]) < 0.1  # what was held at first has been caught up with


@in_virtual_time
async def test_a_new_crowd_is_held_anew() -> None:
    questions = Questions(2)
    await asyncio.gather(*(questions.ask(0, 0.1, 0.1) for _ in range(6)))
    await asyncio.gather(
        questions.ask(0, 0.3, 0.1), *(questions.ask(0, 0.1, 0.1) for _ in range(5))
    )
    assert min(questions.begun[6:]) >= max(questions.acknowledged)


@in_virtual_time
async def test_a_question_waits_for_a_slot_for_some_seconds_only() -> None:
    questions = Questions(1)
    await asyncio.gather(questions.ask(0, 0.01, 60), questions.ask(0, 0.02, 0.1))
    assert questions.begun[1] == pytest.approx(questions.acknowledged[1] + 5.0, abs=0.1)
