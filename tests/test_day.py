"""Some hours of a simulated clock; `make day` shows a whole day of more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from day import Day

from bot.posting.model import State


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_hours_of_news_and_troubles(tmp_path: Path) -> None:
    day = Day(tmp_path / "d.db", sources=8, chats=30, seed=5)
    await day.run(5)
    seen, posts = day.seen(), await day.posts()
    assert len(seen) > 50
    for at, post in posts.items():
        doubts = post.doubts + post.deaths
        if post.state is State.SENT and not doubts:
            assert seen[at] == 1, post  # neither lost nor twice
        elif post.state in {State.WAITING, State.DUE, State.PAUSED}:
            assert seen[at] <= doubts, post
        else:
            assert 1 - bool(post.reason) <= seen[at] <= 1 + doubts, post
    assert seen.keys() <= posts.keys()
    assert Counter(post.state for post in posts.values())[State.SENDING] == 0
