"""What nobody waits for gives way to what somebody does, and comes all the same."""

from __future__ import annotations

import asyncio
import threading

import pytest
from newsdesk import TestDesk
from stories import story

from bot.threads import Foreground


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
