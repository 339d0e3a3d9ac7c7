"""Sparklines: counts as a row of blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.sparkline import sparkline

_BLOCKS = "▁▂▃▄▅▆▇█"
_counts = st.lists(st.integers(0, 10**9), max_size=60)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], ""),
        ([0, 0, 0], "▁▁▁"),
        ([4], "█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], _BLOCKS),
        ([1, 1, 1], "███"),
        ([0, 1, 1000], "▁▂█"),
        ([10, 5, 0, 5], "█▅▁▅"),
    ],
)
def test_counts_become_blocks(counts: list[int], expected: str) -> None:
    assert sparkline(counts) == expected


@given(_counts)
def test_each_count_is_a_block_and_more_is_never_lower(counts: list[int]) -> None:
    row = sparkline(counts)
    levels = [_BLOCKS.index(block) for block in row]
    assert len(row) == len(counts)
    for count, level in zip(counts, levels, strict=True):
        assert (level == 0) == (count == 0)
        assert level == max(
            one for other, one in zip(counts, levels, strict=True) if other <= count
        )


@given(_counts.filter(any))
def test_the_highest_count_is_the_full_block(counts: list[int]) -> None:
    assert sparkline(counts)[counts.index(max(counts))] == "█"
