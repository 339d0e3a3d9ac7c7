from __future__ import annotations

import pytest
from tools.han_variants import PATH, as_text, han_variants

from bot.text.tokenizer import fold, fold_in_place, grams, words


def test_the_table_is_what_the_dictionaries_say() -> None:
    assert PATH.read_text(encoding="utf-8") == as_text(han_variants())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("大阪・関西万博", "大阪・關西萬博"),
        ("高鐵", "高铁"),
        ("カメラ", "かめら"),
        ("ｶﾒﾗ", "カメラ"),
        ("ＮＴＴ法", "NTT法"),
        ("㈱", "(株)"),
    ],
)
def test_what_readers_take_for_the_same_is_the_same(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert grams(one) or one == "㈱"


def test_folding_in_place_keeps_each_sign_where_it_was() -> None:
    text = "關西の高鐵とカメラ"
    assert len(fold_in_place(text)) == len(text)
    assert fold_in_place(text) == fold(text)


def test_wide_letters_between_spaces_are_indexed_too() -> None:
    assert grams("ＮＴＴ wins") == "ntt"
    assert grams("NTT wins") == ""
