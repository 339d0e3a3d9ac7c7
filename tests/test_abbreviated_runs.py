"""Short names in scripts without spaces, and the whole ones that they stand for."""

from __future__ import annotations

import pytest

from bot.search.abbreviated_runs import find_clipped, find_whole_name
from bot.text.tokenizer import fold_in_place


@pytest.mark.parametrize(
    ("short", "title", "name"),
    [
        ("日銀", "日本銀行、利上げ", "日本銀行"),
        ("東電", "東京電力が値上げ", "東京電力"),
        ("衆院", "衆議院の定数", "衆議院"),
        ("入管法", "改正出入国管理法が成立", "入国管理法"),
        ("公取", "公正取引委員会が命令", "公正取引委員会"),
        ("全运会", "第十五届全国运动会在广州开幕", "全国运动会"),
        ("住建部", "住房和城乡建设部推进", "住房和城乡建设部"),
        ("證監會", "中国证券监督管理委员会处罚", "证券监督管理委员会"),
        ("한은", "한국은행, 금리 인하", "한국은행"),
        ("선관위", "선거관리위원회 발표", "선거관리위원회"),
        ("식약처", "식품의약품안전처가 나섰다", "식품의약품안전처"),
        ("케데헌", "케이팝 데몬 헌터스, 후보", "케이팝 데몬 헌터스"),
    ],
)
def test_a_name_is_found_by_its_short_one(short: str, title: str, name: str) -> None:
    found = find_whole_name(fold_in_place(short), fold_in_place(title))

    assert found is not None
    assert title[slice(*found)] == name


@pytest.mark.parametrize(
    ("short", "title"),
    [
        ("日銀", "日本の銀行"),  # a particle parts them
        ("車起火", "車高速起火"),  # letters side by side behind the first
        ("東電", "電力東京"),
        ("日", "日本銀行"),
        ("日本国憲法", "日本国の憲法"),
        ("BOJ", "Bank of Japan"),
    ],
)
def test_other_letters_are_no_short_name(short: str, title: str) -> None:
    assert find_whole_name(fold_in_place(short), fold_in_place(title)) is None


@pytest.mark.parametrize(
    ("clipped", "title", "word"),
    [
        ("マック", "マクドナルドが値上げ", "マクドナルド"),
        ("スマホ", "新型スマートフォン発売", "スマートフォン"),
        ("パソコン", "パーソナルコンピューターの歴史", "パーソナルコンピューター"),
        ("スマホ", "スマイル", ""),
        ("マック", "ハマクラブ", ""),
        ("ッー", "ッーッ", ""),
        ("ッーッ", "ッーッ", ""),
    ],
)
def test_a_word_in_katakana_is_found_by_what_it_is_clipped_to(
    clipped: str, title: str, word: str
) -> None:
    found = find_clipped(clipped, title)

    assert (title[slice(*found)] if found else "") == word
