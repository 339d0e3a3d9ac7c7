"""Words of questions in scripts without spaces, parted in the pieces that a story holds."""

from __future__ import annotations

import pytest

from bot.search.run_cover import CoveringText
from bot.search.run_question import RunQuestion


def _everywhere(_pair: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("花莲地震", "台灣花蓮發生規模6.8地震"),
        ("熊本の大雨", "大雨で熊本に線状降水帯"),
        ("架線が切れた", "東急線で架線切れ"),
        ("料金引上げ", "引き上げる料金"),
        ("最低賃金千五百円", "最低賃金、1500円へ"),
        ("熊の被害", "クマ被害が過去最多"),
        ("ランサムウエア", "ランサムウェアの被害"),
        ("ntt法", "ＮＴＴ法の廃止"),
        ("서울버스파업", "서울시 버스 파업"),
        ("전세값", "전셋값 상승"),
        ("쌀", "쌀 수확"),
    ],
)
def test_what_a_title_holds_in_pieces_it_holds_whole(typed: str, title: str) -> None:
    cover = RunQuestion(typed, _everywhere).cover(CoveringText(title, ""))

    assert cover.is_whole
    assert not cover.names


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("花莲地震", "花蓮的海"),
        ("すもうとり", "すもう とりで うとう"),
        ("カラオケ", "カラス、オケラ"),  # syllables of other words
        ("青木", "木が青い"),
        ("쌀", "햅쌀밥"),
        ("h3", "h30"),
    ],
)
def test_what_stands_there_in_part_is_not_whole(typed: str, title: str) -> None:
    assert not RunQuestion(typed, _everywhere).cover(CoveringText(title, "")).is_whole


def test_names_that_were_taken_for_others_are_told() -> None:
    flight = CoveringText("日本航空、機長の飲酒で遅れ", "")

    assert RunQuestion("日航の飲酒", _everywhere).cover(flight).names == (("日航", "日本航空"),)
    match = CoveringText("中国男足负于印尼", "")
    assert RunQuestion("印度尼西亚", _everywhere).cover(match).names == (("印度尼西亚", "印尼"),)


def test_a_title_holds_more_than_a_summary() -> None:
    question = RunQuestion("地震", _everywhere)
    above, below = CoveringText("地震", "被害なし"), CoveringText("被害なし", "地震")

    assert question.cover(above).share > question.cover(below).share > 0.8


def test_one_wrong_letter_is_forgiven_for_the_most_part() -> None:
    title = CoveringText("香港宏福苑大火", "")

    assert RunQuestion("宏褔苑", _everywhere).cover(title).share > 0.6
    assert RunQuestion("宏褔苑", _everywhere).cover(CoveringText("宏大", "")).share < 0.5


def test_what_few_stories_have_weighs_more() -> None:
    def rarity(pair: str) -> float:
        return 0.4 if pair == "감독" else 1.0

    question = RunQuestion("봉준호감독", rarity)
    named, other = CoveringText("봉준호 신작", ""), CoveringText("감독 회의", "")
    assert question.cover(named).share > 2 * question.cover(other).share
