"""Japanese words in runs without spaces: the particles between them, and words in kana."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bot.text.tokenizer import fold, is_run, words

_PARTICLES = frozenset("がをはにのでともへや")
_JOINING = "っりきしいちみけげえれめせぎび"
"""Kana that end a verb's stem within a compound, and may be left out there."""

_OKURIGANA = re.compile(
    f"(?<=[\u3400-\u9fff])[{_JOINING}](?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]{{2}})[{_JOINING}]\\Z"
    f"|(?<=[\u3400-\u9fff][{_JOINING}][\u3400-\u9fff])[{_JOINING}]\\Z"
)
_OKURIGANA_BETWEEN = re.compile(f"(?<=[\u3400-\u9fff])[{_JOINING}](?=[\u3400-\u9fff])")
_PAIR = 2
_ADJECTIVE = "い"  # behind an ideograph: `高い` says more than `高`, which begins a hundred words

# Animals, plants, food and illnesses, which newspapers write in kana where readers type the
# ideograph, and words whose ideographs have a reading only together. Those are left out whose kana
# stand in nearly any text: `しか`, `たい`, `なし`.
_IN_KANA = dict(
    pair.split("=")
    for pair in """
    熊=くま 猪=いのしし 狼=おおかみ 狐=きつね 狸=たぬき 鼠=ねずみ 兎=うさぎ 犬=いぬ 猫=ねこ 豚=ぶた
    鶏=にわとり 羊=ひつじ 鯨=くじら 烏=からす 雀=すずめ 燕=つばめ 蛇=へび 亀=かめ 鰐=わに 蛍=ほたる
    蝉=せみ 鮪=まぐろ 鰻=うなぎ 鯖=さば 鰹=かつお 鰯=いわし 蛸=たこ 海老=えび 帆立=ほたて
    河豚=ふぐ 米=こめ 麦=むぎ 桜=さくら 桃=もも 苺=いちご 林檎=りんご 蜜柑=みかん 葡萄=ぶどう
    葱=ねぎ 茸=きのこ 卵=たまご 煙草=たばこ 眼鏡=めがね 葉書=はがき 玩具=おもちゃ 寿司=すし
    蜂=はち 蜜蜂=みつばち 昆布=こんぶ 胡瓜=きゅうり 南瓜=かぼちゃ 人参=にんじん 玉葱=たまねぎ
    大蒜=にんにく 饂飩=うどん 西瓜=すいか 檜=ひのき 向日葵=ひまわり 紫陽花=あじさい
    麻疹=はしか 蕁麻疹=じんましん 喘息=ぜんそく 癌=がん 怪我=けが 火傷=やけど 風邪=かぜ
    黴=かび 錆=さび 噂=うわさ 嘘=うそ 雪崩=なだれ 吹雪=ふぶき 紅葉=もみじ 七夕=たなばた
    浴衣=ゆかた 土産=みやげ 果物=くだもの 相撲=すもう 砂利=じゃり 白髪=しらが 老舗=しにせ
    大人=おとな 子供=子ども 友達=ともだち 迷子=まいご 素人=しろうと 博士=はかせ 息子=むすこ
    行方=ゆくえ 餃子=ぎょうざ 煎餅=せんべい 饅頭=まんじゅう 団子=だんご 蝋燭=ろうそく 硝子=がらす
    珈琲=こーひー 馬鈴薯=じゃがいも 薩摩芋=さつまいも お節=おせち 御節=おせち
    """.split()
)


_V = re.compile("ヴ[ァィェォ]?")
_V_ROW = {"ァ": "バ", "ィ": "ビ", "": "ブ", "ェ": "ベ", "ォ": "ボ"}
_LOOSE = str.maketrans("ァィゥェォャュョッヵヶ", "アイウエオヤユヨツカケ", "ー・")
_KATAKANA = {sign: chr(sign + 0x60) for sign in range(0x3041, 0x3097)}


def content_pairs(pairs: Sequence[str]) -> list[str]:
    """Returns the pairs of neighbours that may tell stories apart, of those of a run.

    A particle and what begins behind it are of no word together; an ideograph alone before one is
    a word by itself: of `熊が出た`, only `熊` and `出` are. All are returned where none is left.
    """
    return list(dict.fromkeys(_content(pairs))) or [*pairs]


def in_ideographs(pairs: Sequence[str]) -> Iterator[str]:
    """Yields a run's ideographs where it begins with a word that is also written in kana.

    `たまご`, `まご` gives `卵`; one in kana alone is no part of another word.
    """
    if not (pairs and all(map(is_run, pairs))):
        return
    run = fold(pairs[0] + "".join(pair[-1] for pair in pairs[1:]))
    for word, kana in _kana_words().items():
        rest = run.removeprefix(kana)
        if rest != run and (not rest or rest[0] in _PARTICLES or not _is_hiragana(rest[0])):
            yield word + rest


def without_okurigana(pairs: Sequence[str]) -> list[tuple[str, ...]]:
    """Returns a run's pairs of neighbours without the kana that may be left out between ideographs.

    `引っ`, `っ越`, `越し` gives `引越`; nothing where there are none.
    """
    if not (len(pairs) > 1 and all(map(is_run, pairs))):
        return []
    run = fold(pairs[0] + "".join(pair[-1] for pair in pairs[1:]))
    bare = _OKURIGANA.sub("", run)
    return [tuple(words(bare))] if bare != run and len(bare) > 1 else []


def written_in_kana(text: str) -> Iterator[str]:
    """Yields a text with each of its words that is also written in kana so: `クマ被害`."""
    for word, kana in _IN_KANA.items():
        if word in text:
            yield text.replace(word, kana.translate(_KATAKANA))


def bare_of_okurigana(text: str) -> str:
    """Returns a text without the kana that may be left out between ideographs: `引上げ`."""
    return _OKURIGANA_BETWEEN.sub("", text)


def loosely_spelt(text: str) -> str:
    """Returns a text in which words of other languages are spelt alike, however they are in kana.

    Long vowels and small letters are written by some and not by others: `サーバー` and `サーバ`,
    `ウェア` and `ウエア`, `ヴァ` and `バ`. Katakana alone are changed.
    """
    return _V.sub(lambda match: _V_ROW[match[0][1:]], text).translate(_LOOSE)


def with_okurigana(pair: str) -> list[tuple[str, ...]]:
    """Returns two ideographs with each of the kana that may stand between them: `引っ越`."""
    if len(pair) != _PAIR or not all(map(_is_ideograph, pair)):
        return []
    return [(pair[0] + kana, kana + pair[1]) for kana in _JOINING]


def in_kana(pairs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yields a run's pairs of neighbours with each of its words that is also written in kana so.

    `熊被`, `被害` gives `くま`, `ま被`, `被害`.
    """
    if not (pairs and all(map(is_run, pairs))):
        return
    run = fold(pairs[0] + "".join(pair[-1] for pair in pairs[1:]))
    for word, kana in _kana_words().items():
        if word in run:
            yield tuple(words(run.replace(word, kana)))


@cache
def _kana_words() -> dict[str, str]:
    return {fold(word): kana for word, kana in _IN_KANA.items()}


def _content(pairs: Sequence[str]) -> Iterator[str]:
    for at, (before, pair) in enumerate(zip(("", *pairs), pairs, strict=False), 1):
        first, second = pair[:1], pair[1:]
        if first in _PARTICLES and not _is_hiragana(second):
            if at == len(pairs) > 1:
                yield second  # no other pair begins with it
            continue
        is_alone = before[1:] != first or before[:1] in _PARTICLES
        is_stem = _is_hiragana(second) and second != _ADJECTIVE
        yield first if is_alone and not _is_kana(first) and is_stem else pair


def _is_hiragana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u309f"


def _is_ideograph(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def _is_kana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u30ff"
