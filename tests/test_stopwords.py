"""The words of a question, stripped from around others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.stopwords import strip_stopwords


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("what happened in china please", "china"),
        ("what's the latest on the osaka expo?", "osaka expo"),
        ("stories about prime minister of japan", "prime minister of japan"),
        ("show me my number news", "my number"),
        ("on WHO", "WHO"),
        ("the US and the IT sector", "US and the IT sector"),
        ('about "the who"', '"the who"'),
        ("-bus and rail", "-bus and rail"),
        ("topic:World about rail", "topic:World about rail"),
        ("what is it", "what is it"),
        ("", ""),
    ],
)
def test_only_what_stands_around_is_stripped(text: str, left: str) -> None:
    assert strip_stopwords(text) == left


@given(st.text(max_size=60))
def test_what_is_left_is_a_piece_of_the_text(text: str) -> None:
    left = strip_stopwords(text)
    assert all(word in text for word in left.split())
    assert left or not text
