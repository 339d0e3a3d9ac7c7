"""How alike titles and texts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.similarity import TitleLikeness, compare_titles, sketch, text_likeness

OTHER, REWORDED, CORRECTED, SAME = TitleLikeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Mayor recieves cranes", "Mayor receives cranes", CORRECTED),
        ("Four percent more", "Four per cent more", CORRECTED),
        ("The harbor is closed", "The harbour is closed", CORRECTED),
        ("Cranes sold!", "CRANES  SOLD", SAME),
        ("Six hours of talks on cranes", "Six hours of talks: cranes to be sold", REWORDED),
        ("Open thread 51", "Open thread 52", OTHER),
        ("Briefing of 22 November", "Briefing of 23 November", OTHER),
        ("Tuesday", "Thursday", OTHER),
        ("Men's final", "Women's final", REWORDED),
        ("Rain", "Cranes sold", OTHER),
        ("", "", OTHER),
        ("!", "?", OTHER),
        ("東京で地震", "東京で地震", SAME),
        ("東京で地震", "大阪で火事", OTHER),
    ],
)
def test_titles(one: str, other: str, likeness: TitleLikeness) -> None:
    assert compare_titles(one, other) is likeness
    assert compare_titles(other, one) is likeness


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_titles_can_be_compared(one: str, other: str) -> None:
    assert compare_titles(one, other) == compare_titles(other, one)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    likeness = text_likeness(sketch(one), sketch(other))
    assert 0 <= likeness <= 1
    assert likeness == text_likeness(sketch(other), sketch(one))


def test_texts_that_were_edited_are_alike_and_others_are_not() -> None:
    words = [f"word{n * 7 % 311}" for n in range(300)]
    edited = [*words[:150], "added", *words[151:]]
    others = [f"other{n * 7 % 311}" for n in range(300)]
    whole = sketch(" ".join(words))
    assert text_likeness(whole, whole) == 1
    assert text_likeness(whole, sketch(" ".join(edited))) > 0.8
    assert text_likeness(whole, sketch(" ".join([*words[:150], *others[:150]]))) < 0.6
    assert text_likeness(whole, sketch(" ".join(others))) == 0
    assert text_likeness(whole, b"") == 0
    assert len(whole) <= 128


def test_a_script_without_spaces_is_compared_by_its_signs() -> None:
    one = "東京の港で大きなクレーンが売られたと市長が述べた。町は新しい橋を建てる。"
    assert text_likeness(sketch(one), sketch(one.replace("新しい", "古い"))) > 0.6
    assert text_likeness(sketch(one), sketch("大阪では雨が降り続き、電車が止まっている。")) < 0.2
