from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.plausibility import is_plausible_slip, likely_slips
from bot.search.spelling import one_edit_away


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teh", "the"),
        ("epxo", "expo"),
        ("tram", "trsm"),
        ("exoo", "expo"),
        ("rooof", "roof"),
        ("bal", "ball"),
        ("wrld", "world"),
        ("wave", "weve"),
        ("тарм", "трам"),
    ],
)
def test_what_fingers_do_to_short_words_is_plausible(typed: str, meant: str) -> None:
    assert is_plausible_slip(typed, meant)
    assert is_plausible_slip(meant, typed)


@pytest.mark.parametrize(("typed", "meant"), [("uper", "super"), ("lood", "flood")])
def test_the_first_letter_may_be_left_out_of_four_and_more(typed: str, meant: str) -> None:
    assert is_plausible_slip(typed, meant)


@pytest.mark.parametrize(("typed", "meant"), [("piks", "picks"), ("bron", "brown")])
def test_any_letter_may_be_left_out_of_a_word_that_is_not_short(typed: str, meant: str) -> None:
    assert is_plausible_slip(typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aws", "as"),
        ("meti", "met"),
        ("ntt", "not"),
        ("ldp", "lsp"),
        ("kgb", "kfb"),
        ("nba", "npa"),
        ("bike", "like"),
        ("fines", "tines"),
        ("shot", "show"),
        ("usb", "us"),
        ("nhk", "nht"),
    ],
)
def test_other_words_at_one_edit_are_not(typed: str, meant: str) -> None:
    assert not is_plausible_slip(typed, meant)


@given(st.text("abciksytrüж", min_size=3, max_size=4))
def test_all_that_is_plausible_is_among_what_is_likely(typed: str) -> None:
    letters = {*string.ascii_lowercase, *"üж"}
    plausible = {
        one
        for one in one_edit_away(typed, letters)
        if one != typed and is_plausible_slip(typed, one)
    }
    assert plausible <= set(likely_slips(typed, letters)) <= set(one_edit_away(typed, letters))
