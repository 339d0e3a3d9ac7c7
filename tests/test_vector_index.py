"""The vector index: what is nearest to a question, compared with exact arithmetic."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.meaning.vector_index import VectorIndex, to_bytes, unit_vectors
from bot.search.meaning.vector_space import is_latin

ORIGIN = [0.0, 0.0, 0.5]


def vector(*values: float) -> array[float]:
    return array("f", values)


def direction(*values: float) -> object:
    return unit_vectors([vector(*values)])[0]


def index_of(vectors: dict[int, Sequence[float]]) -> VectorIndex:
    index = VectorIndex(ORIGIN)
    index.add(list(vectors), b"".join(to_bytes(vector(*one)) for one in vectors.values()))
    return index


def test_the_nearest_comes_first() -> None:
    index = index_of({7: (1, 0, 1), 3: (0, 1, 1), 9: (1, 1, 1)})
    found = index.nearest(direction(1, 0.2, 0), 2)
    assert [one.number for one in found] == [7, 9]
    assert found[0].score > found[1].score
    assert len(index) == 3


def test_only_some_stories_may_count() -> None:
    index = index_of({7: (1, 0, 1), 3: (0, 1, 1), 9: (1, 1, 1)})
    assert [one.number for one in index.nearest(direction(1, 0, 0), 5, [3, 9, 11])] == [9, 3]
    assert index.nearest(direction(1, 0, 0), 5, []) == []


def test_a_later_vector_of_a_story_takes_the_place_of_the_one_before() -> None:
    index = index_of({7: (1, 0, 1), 3: (0, 1, 1)})
    index.add([7, 7], to_bytes(vector(0, 0, 1)) + to_bytes(vector(-1, 0, 1)))
    found = index.nearest(direction(1, 0, 0), 9)
    assert [one.number for one in found] == [3, 7]
    assert found[1].score < 0
    assert len(index) == 2


def test_an_empty_index_finds_nothing() -> None:
    assert VectorIndex(ORIGIN).nearest(direction(1, 0, 0), 5) == []


def test_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        VectorIndex(ORIGIN).add([1], b"1234")


def test_more_vectors_than_a_block_holds_are_found_wherever_they_are() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(10_000, 8)).astype(np.float32)
    index = VectorIndex([0.0] * 8)
    for start in range(0, len(rows), 3_000):
        part = rows[start : start + 3_000]
        numbers = range(start + 1, start + 1 + len(part))
        index.add(numbers, b"".join(to_bytes(array("f", one)) for one in part))
    for place in (0, 4_095, 4_096, 9_999):
        (best, _) = index.nearest(unit_vectors([array("f", rows[place])])[0], 2)
        assert best.number == place + 1
        assert best.score > 0.99


_numbers = st.floats(-1, 1, width=32).filter(lambda value: value == 0 or abs(value) > 1e-3)
_vectors = st.lists(_numbers, min_size=3, max_size=3).filter(lambda one: math.hypot(*one) > 0.1)


@given(st.lists(_vectors, min_size=1, max_size=30), _vectors)
def test_scores_are_those_of_exact_arithmetic_but_for_what_bytes_lose(
    vectors: list[list[float]], asked: list[float]
) -> None:
    index = index_of(dict(enumerate(vectors, 1)))
    found = {one.number: one.score for one in index.nearest(unit_vectors([vector(*asked)])[0], 99)}
    length = math.hypot(*asked)
    for number, one in enumerate(vectors, 1):
        unit = [value / math.hypot(*one) for value in one]
        away = [value - origin for value, origin in zip(unit, ORIGIN, strict=True)]
        exact = sum(a * b for a, b in zip(away, asked, strict=True)) / math.hypot(*away) / length
        assert found[number] == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("bike fines", True),
        ("bußgeld für räder", True),
        ("2023", True),
        ("自転車", False),
        ("выборы", False),
        ("NTT法を", False),
        ("iPhone 価格", False),
        ("", True),
    ],
)
def test_scripts_are_told_apart(text: str, latin: bool) -> None:
    assert is_latin(text) is latin
