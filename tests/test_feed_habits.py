"""Ten days of feeds with habits: nothing is lost, and next to nothing is posted twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bench.feed_habits import play, ratio, total
from feed_habits import HABITS
from feed_plays import Play, Writer

DAYS = 10
FEW = 2  # errors of one habit, which a bar for all of them would hide


@pytest.mark.slow
@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
async def test_a_habit_costs_next_to_no_story(
    tmp_path: Path, habit: Callable[[Writer], Play]
) -> None:
    made = habit(Writer(7))
    made.order.seed(7)
    outcome = await play(made, DAYS, tmp_path)
    assert outcome.stories > 0
    assert outcome.lost + outcome.repeated < FEW, outcome.wrong


@pytest.mark.slow
async def test_losses_and_repeats_are_counted(tmp_path: Path) -> None:
    """Stories that nothing tells apart but their time are lost."""
    writer = Writer(1)
    alike = {"guid": "one", "url": "https://a.org/1", "title": "Alert", "text": "It is issued."}
    twins = [writer.article(at, **alike) for at in writer.times(3)]
    lost = await play(Play("one for all", twins, windows=(1,)), 6, tmp_path)
    assert lost.lost > 0
    assert ratio(total([lost])) > 0
