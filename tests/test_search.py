from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW

from bot.ports import Candidate
from bot.query import parse
from bot.search import Vocabulary, loosened, mended, rank

KNOWN = Vocabulary(
    {
        "osaka": 9,
        "expo": 5,
        "export": 4,
        "crematorium": 2,
        "cremation": 3,
        "bus": 7,
        "the": 90,
        "pavilion": 3,
        "2025": 4,
    }
)


def _even(_word: str) -> float:
    return 1.0


def _titles(typed: str, *candidates: Candidate) -> list[str]:
    return [hit.title for hit in rank(parse(typed), candidates, _even)]


def _story(title: str, summary: str = "", days: int = 0) -> Candidate:
    return Candidate(title, title, summary, NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("crematorum", "crematorium"),
        ("crematoriumm", "crematorium"),
        ("crmeatorium", "crematorium"),
        ("krematorium", "crematorium"),
        ("pavillon", "pavilion"),
        ("osaca", "osaka"),
        ("xepo", "expo"),
    ],
)
def test_the_nearest_word_is_found(slip: str, word: str) -> None:
    assert KNOWN.nearest(slip) == word


@pytest.mark.parametrize("word", ["teh", "bsu", "zzzzzzz", "2026", "osakka1", ""])
def test_short_words_numbers_and_strangers_are_left_alone(word: str) -> None:
    assert KNOWN.nearest(word) is None


def test_the_commonest_of_equally_near_words_is_taken() -> None:
    known = Vocabulary({"trains": 1, "trails": 9})
    assert known.nearest("traixs") == "trails"


@given(st.sampled_from(["crematorium", "pavilion", "cremation"]), st.data())
def test_any_one_slip_in_a_long_word_is_mended(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("qxzw"))
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
    ]
    assert {KNOWN.nearest(slip) for slip in slips} == {word}


def test_only_unknown_words_are_mended_and_the_last_may_be_unfinished() -> None:
    better = mended(parse("osaka exp"), KNOWN)
    assert (better.words, better.terms[-1].prefix) == (("osaka", "exp"), True)
    better = mended(parse('"osakka expo" cremation'), KNOWN)
    assert (better.words, better.terms[0].words) == (
        ("osaka", "expo", "cremation"),
        ("osaka", "expo"),
    )
    same = parse("cremation bus")
    assert mended(same, KNOWN) == same


def test_loosened_takes_any_term() -> None:
    assert loosened(parse('"a b" c -d')) == parse('"a b" OR c -d')


def test_rare_words_weigh_more_and_unknown_ones_nothing() -> None:
    assert KNOWN.weight("crematorium") > KNOWN.weight("bus") > KNOWN.weight("the") > 0
    assert KNOWN.weight("nothing") == 0


def test_title_before_summary_before_text_then_newer_first() -> None:
    in_text = _story("Other")
    in_summary = _story("Money", "The expo costs more.")
    in_title = _story("Expo cost", days=900)
    newer = _story("Expo bus", days=1)
    assert _titles("expo", in_text, in_summary, in_title, newer) == [
        "Expo bus",
        "Expo cost",
        "Money",
        "Other",
    ]


def test_words_in_order_before_words_apart() -> None:
    assert _titles("osaka expo", _story("Expo in Osaka"), _story("The Osaka Expo", days=9)) == [
        "The Osaka Expo",
        "Expo in Osaka",
    ]


def test_more_words_in_the_title_before_fewer() -> None:
    candidates = [_story("Osaka"), _story("Crematorium"), _story("Osaka pavilion")]
    hits = rank(parse("osaka crematorium pavilion"), candidates, KNOWN.weight, partial=True)
    assert [hit.title for hit in hits] == ["Osaka pavilion", "Crematorium", "Osaka"]


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_every_score_lies_between_0_and_1(title: str, summary: str, typed: str) -> None:
    for hit in rank(parse(typed), [_story(title, summary)], KNOWN.weight):
        assert 0 <= hit.score <= 1
