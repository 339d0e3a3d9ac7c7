"""Questions in runs without spaces: what of them only asks."""

from __future__ import annotations

import pytest

from bot.text.run_questions import particle_at_end, parts_of_question


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("リニアはどうなった", "リニア"),
        ("大相撲の優勝は誰ですか", "大相撲の優勝"),
        ("ガソリンの値段について教えてください", "ガソリンの値段"),
        ("値上げはいつからですか？", "値上げ"),
        ("知事は誰が選ばれた", "知事 選ばれた"),
        ("兵庫県知事選とは", "兵庫県知事選"),
        ("ぶどう", "ぶどう"),  # no `どう`
        ("ドイツ", "ドイツ"),
        ("桜まつり", "桜まつり"),
        ("何", ""),
        ("高考什么时候改革", "高考 改革"),
        ("茅台价格跌了吗", "茅台价格跌"),
        ("请问美联储降息", "美联储降息"),
        ("香港樓市的最新消息", "香港樓市"),
        ("为了", "为了"),
        ("출산율은", "출산율"),
        ("파업했나요", "파업"),
        ("발사했다", "발사"),
        ("통과됐나요", "통과"),
        ("알려줘", ""),
        ("대한민국", "대한민국"),
        ("news", "news"),
    ],
)
def test_what_only_asks_is_left_out(typed: str, parts: str) -> None:
    assert parts_of_question(typed) == parts.split()


def test_a_noun_alone_may_end_as_a_particle_does() -> None:
    assert parts_of_question("고양이", is_alone=True) == ["고양이"]
    assert parts_of_question("고양이") == ["고양"]
    assert parts_of_question("물가는", is_alone=True) == ["물가"]
    assert particle_at_end("강원도") == 2
    assert particle_at_end("강원도", is_alone=True) == 3
