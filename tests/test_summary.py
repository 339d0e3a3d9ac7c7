from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import story

from bot.ingest.summary import LENGTH, opening, sentences


@pytest.mark.parametrize(
    "text",
    [
        "He came on Nov. 28, 2023.| It rained.",
        "Services of U.S. firms.| The jury is out.",
        "It was sold to the U.S. The price is not known.".replace("U.S. The", "U.S.| The"),
        "Kosaido Co. of Tokyo bought it.",
        "It was made by Kosaido Co.| The firm is old.",
        "Ranked No. 2 by Dr. J. R. Smith Jr. of St. Ives.",
        "What?!?!?!| Now????",
        "“It is late.”| She left (at ten.)| Then it rained…| Really.",
        "It rose 1.5 percent to 3.2.| Nobody cared.",
        "No full stop at the end",
        "会場は大阪です。|費用は高い。",
        "Visit example.org today.| It is free.",
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str) -> None:
    expected = [part.strip() for part in text.split("|")]
    assert sentences(text.replace("|", "")) == expected


@given(st.text(alphabet=st.sampled_from("ab. !?A”。\n…"), max_size=60))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_summary_is_the_opening_sentences_that_fit_whole() -> None:
    sentence = "This sentence has exactly fifty characters in it.."
    assert len(sentence) == 50
    text = " ".join([sentence] * 9)
    assert opening(story("t", text)) == " ".join(
        [sentence] * 5
    )  # 5 * 50 + 4 spaces; 6 are too long


def test_a_summary_goes_on_into_the_next_paragraph_but_not_under_a_subheading() -> None:
    assert opening(story("t", "One.\nTwo.\n# Elsewhere\nThree.")) == "One. Two."
    assert opening(story("t", "# First things\nOne.")) == "One."


def test_a_first_sentence_that_is_too_long_is_cut_between_words() -> None:
    summary = opening(story("t", "word " * 100))
    assert summary.endswith("word…")
    assert len(summary) <= LENGTH
    assert len(opening(story("t", "x" * 1_000))) <= LENGTH
    assert opening(story("t")) == ""


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp"]), min_size=1), max_size=5)
)
def test_no_summary_is_longer_than_it_may_be(lines: list[str]) -> None:
    assert len(opening(story("t", "\n".join(lines)))) <= LENGTH
