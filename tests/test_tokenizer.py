from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.tokenizer import _fold, fold, gram_phrase, grams, is_run, whole_words, words

SCRIPTS = st.text(
    st.characters(categories=("L", "N", "Z", "P"), max_codepoint=0x052F)
    | st.sampled_from("大阪万博東京ひらカナ오사카엑스포々ー〇"),
    max_size=30,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It’s a CAFÉ; Ångström's 2,000", "it s a cafe angstrom s 2 000"),
        ("snake_case C++ #tag a.b", "snake case c tag a b"),
        ("Ärger naïve Ελλάδα", "arger naive ελλάδα"),
        ("Straße Øre Łódź", "straße øre łodz"),
        ("Йод, ёж и Їжак", "йод ёж и їжак"),
        ("ΟΔΟΣ οδός", "οδοσ οδόσ"),
        ("İstanbul", "istanbul"),
        ("大阪万博", "大阪 阪万 万博"),
        ("大 阪", "大 阪"),
        ("大阪・万博", "大阪 万博"),
        ("大阪expo2025年", "大阪 expo2025 年"),
        ("오사카 엑스포", "오사 사카 엑스 스포"),
        ("かなカナ", "かな なか かな"),
        ("人々とデータ", "人々 々と とで でー ーた"),
        ("🙂 … ¿?", ""),
        ("", ""),
    ],
)
def test_words_are_compared_without_case_accents_or_marks(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize("text", ["Café Йод ёж", "が ガ", "오사카 엑스포", "Άλφα ΰ", "Łódź İ"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_and_their_marks_are_one_however_they_are_encoded(text: str, form: str) -> None:
    encoded = unicodedata.normalize("NFC" if form == "NFC" else "NFD", text)

    assert words(encoded) == words(text)
    assert fold(encoded) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"), [("йод", "иод"), ("ёж", "еж"), ("が", "か"), ("ά", "α"), ("п", "p")]
)
def test_marks_that_make_another_letter_are_kept(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_a_folded_text_keeps_its_marks_and_spaces() -> None:
    assert fold("Café – “ΟΔΌΣ” 大阪!") == "cafe – “οδόσ” 大阪!"


@pytest.mark.parametrize("word", ["大", "大阪", "かな", "オ", "오사카", "々", "\U00020000"])
def test_a_run_is_of_scripts_without_spaces(word: str) -> None:
    assert is_run(word)


@pytest.mark.parametrize("word", ["", "expo", "2025", "大阪expo", "йод", "大 阪", "é", "ไทย"])
def test_anything_else_is_no_run(word: str) -> None:
    assert not is_run(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Osaka Café Йод", ""),
        ("", ""),
        ("大", "大"),
        ("大阪万博", "大阪 阪万 万博 博"),
        ("The 大阪 expo", "大阪 阪"),
        ("大阪Expo and Expo", "大阪 阪 expo"),
        ("2025年", "2025 年"),
    ],
)
def test_grams_hold_each_pair_and_the_last_letter_of_a_run(text: str, expected: str) -> None:
    assert grams(text) == expected


@given(SCRIPTS)
def test_no_word_is_empty_or_changes_when_it_is_cut_again(text: str) -> None:
    found = words(text)

    assert all(found)
    assert words(" ".join(found)) == found


@given(SCRIPTS)
def test_a_run_has_at_most_two_letters_and_every_one_is_among_the_grams(text: str) -> None:
    runs = [word for word in words(text) if is_run(word)]

    assert all(len(run) <= 2 for run in runs)
    assert set(runs) <= set(grams(text).split())
    assert bool(runs) == bool(grams(text))
    letters = {one[0] for one in grams(text).split()}
    assert {letter for run in runs for letter in run} <= letters


@given(SCRIPTS, SCRIPTS)
def test_texts_are_cut_each_by_itself(one: str, other: str) -> None:
    assert words(f"{one} {other}") == [*words(one), *words(other)]


@given(st.text())
def test_folding_twice_is_folding_once_and_case_makes_no_difference(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(fold(text)) == words(text)


@given(st.text(st.characters(max_codepoint=0x30FF) | st.sampled_from("éñüÅøßŠıİйёЁ“’…–🙂€")))
def test_the_short_way_folds_as_the_long_one(text: str) -> None:
    assert fold(text) == _fold(text.lower())


def test_whole_words_are_words_with_their_runs_in_one_piece() -> None:
    assert whole_words("The CAFÉ, 大阪万博 2025年") == ["the", "cafe", "大阪万博", "2025年"]


@pytest.mark.parametrize(
    "text", ["大阪万博", "大阪 万博", "年", "2025年の計画", "大阪expo東京", "오사카 비용"]
)
def test_words_in_a_row_have_a_row_in_the_grams(text: str) -> None:
    assert f" {' '.join(gram_phrase(words(text)))}" in f" {grams(text)}"
