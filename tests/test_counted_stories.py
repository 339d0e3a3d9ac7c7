"""Counts of stories in questions."""

from __future__ import annotations

import pytest

from bot.text.counted_stories import without_counts


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("three stories on trams", "stories on trams"),
        ("top 10 articles", "top articles"),
        ("a few headlines", "a headlines"),
        ("three little pigs", "three little pigs"),
        ("2023 stories", "2023 stories"),
        ("seven news", "seven news"),
        ("stories of three", "stories of three"),
        ("", ""),
    ],
)
def test_only_counts_of_stories_are_left_out(line: str, left: str) -> None:
    assert without_counts(line.split()) == tuple(left.split())
