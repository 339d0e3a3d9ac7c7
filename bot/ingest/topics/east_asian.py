"""Names in Japanese texts, by the classes of their characters: katakana, ideographs, Latin.

Without a dictionary: a run of such characters between hiragana and signs is a name, or several that
stand together. What stands in several different runs is one by itself: マイナンバー in
マイナンバーカード and in マイナンバー制度.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from bot.ingest.topics.model import NameKind, StoryName
from bot.text.name_keys import name_key

_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_IDEOGRAPHS = "\u3005\u3007\u4e00-\u9fff"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_SIGNS = rf"{_KATAKANA}{_IDEOGRAPHS}A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
# A name in hiragana is known only where a sentence or a quote begins with it.
_RUN = re.compile(rf"(?:(?<![\w])[ぁ-ん]{{2,4}}(?=[{_KATAKANA}]{{2}}))?[{_SIGNS}][{_SIGNS}・&＆-]*")
_PIECE = re.compile(
    rf"[{_KATAKANA}]{{3,}}(?:・[{_KATAKANA}]{{2,}})*|[{_IDEOGRAPHS}]{{2,}}"
    r"|[A-ZＡ-Ｚ][A-Za-zＡ-Ｚａ-ｚ0-9&＆-]+"
)
_NUMBERS = re.compile(
    r"[0-9０-９][0-9０-９,.]*(?:[万億兆]?[年月日時分秒円人件個台社名歳回割倍度号位棟便株ドル%％]*)"
    r"|(?<![一二三四五六七八九十百])[一二三四五六七八九十百]+(?:年|月|日|時|人|件|社|歳|回|倍)"
)
_HONORIFICS = re.compile(
    r"(?:氏|首相|大統領|社長|会長|容疑者|被告|選手|監督|大臣|知事|市長|長官|議員|教授|側|製|案|内|間|後|前|時|中)$"
)
_EVERYDAY = frozenset(
    """
    今回 今年 昨年 来年 同日 同社 政府 日本 発表 記者 会見 問題 必要 可能 場合 以上 以下 関係 開始
    予定 実施 対応 対象 影響 状況 結果 方針 計画 検討 全国 国内 海外 世界 午前 午後 現在 最大 最高
    最新 最終 最初 一部 一方 一般 自分 時間 期間 理由 内容 情報 調査 説明 利用 企業 会社 市場 東京
    写真 動画 記事 続報 速報 共同 時事 朝日 毎日 読売 産経 株式会社 新聞 通信 以来 以降 一時 多数
    大手 増加 減少 拡大 強化 専門家 関係者 担当者 参加 開催 決定 確認 導入 提供 販売 開発 運営
    活動 事業 記者会見 記者団 見通し サービス システム ニュース メディア サイト ページ データ
    センター プロジェクト イベント コメント インタビュー トラブル ポイント メンバー チーム
    シーズン スタート
    """.split()
)
_PARTICLES = frozenset("はがをにのとでもやへかなら、。「」『』（）()！？!?　 ")
_DOES = ("する", "した", "して", "しない", "します", "され", "させ", "しよ")
_LONGEST = 14
_ADDITION = 4  # signs that make no other name of one: カード
_PAIR = 2  # ideographs of a word that may be any
_TWICE, _THRICE = 2, 3
_TITLE = 2  # mentions that one in the headline is worth
_MOST = 6


def is_japanese(text: str) -> bool:
    """Tells if a text is Japanese: it has hiragana."""
    return _HIRAGANA.search(text) is not None


def japanese_names(texts: Sequence[str]) -> list[StoryName]:
    """Returns the names and words that a Japanese story is about, the weightiest first.

    Args:
        texts: The headline, and the paragraphs.
    """
    rows = [_runs(text) for text in texts]
    runs = Counter(run for row in rows for run in row)
    whole = "\n".join(texts)
    candidates = {run for run in runs if _may_be_name(run)} | _shared(runs)
    names = {one: _mentions(one, runs) for one in candidates if not _is_done(one, whole)}
    kept = [one for one in names if names[one] >= _needed(one) and not _is_part(one, names, runs)]
    title = rows[0] if rows else []
    rated = {one: names[one] + _TITLE * any(one in run for run in title) for one in kept}
    best = sorted(kept, key=lambda one: (-rated[one], -len(one), one))[:_MOST]
    return [
        StoryName(name_key(one), one, NameKind.NAME, rated[one], _short(one, names, runs))
        for one in best
    ]


def _runs(text: str) -> list[str]:
    found = []
    for match in _RUN.finditer(text):
        behind = text[match.end() : match.end() + 1]
        found += [
            bare
            for part in _NUMBERS.sub(" ", match[0]).split()
            if (bare := _strip(part, behind if match[0].endswith(part) else ""))
        ]
    return found


def _strip(run: str, behind: str) -> str:
    """Strips titles behind names, and an ideograph to which what stands behind belongs: 続く."""
    bare = run.strip("・-&＆")
    if behind and _HIRAGANA.match(behind) and behind not in _PARTICLES and behind not in "しさす":
        bare = re.sub(rf"[{_IDEOGRAPHS}]$", "", bare)
    return _HONORIFICS.sub("", bare) if len(bare) > _PAIR else bare


def _shared(runs: Counter[str]) -> set[str]:
    """Returns parts of one class of characters that stand in several different runs."""
    parts = {match[0] for run in runs for match in _PIECE.finditer(run)}
    return {
        part
        for part in parts
        if _may_be_name(part) and sum(_stands_in(part, run) for run in runs) > 1
    }


def _stands_in(part: str, run: str) -> bool:
    return run.startswith(part) or run.endswith(part)


def _may_be_name(name: str) -> bool:
    if not _PAIR <= len(name) <= _LONGEST or name in _EVERYDAY:
        return False
    return _PIECE.search(name) is not None


def _mentions(name: str, runs: Counter[str]) -> int:
    return sum(count for run, count in runs.items() if name in run)


def _needed(name: str) -> int:
    """Returns how often a name has to stand in a story; a word of two ideographs may be any."""
    return _THRICE if len(name) <= _PAIR else _TWICE


def _is_done(name: str, text: str) -> bool:
    """Tells if a word is what somebody does: 検討する."""
    return any(f"{name}{does}" in text for does in _DOES)


def _longer(name: str, runs: Counter[str]) -> set[str]:
    return {run for run in runs if run != name and name in run}


def _is_part(name: str, names: Collection[str], runs: Counter[str]) -> bool:
    """Tells if a name is a part of one other, or that one's addition to a name that is there."""
    longer = _longer(name, runs)
    if len(longer) == 1 and not longer.isdisjoint(names):
        return True
    shorter = (one for one in names if one != name and name.startswith(one))
    return any(len(_longer(one, runs)) > 1 and len(name) - len(one) <= _ADDITION for one in shorter)


def _short(name: str, names: Collection[str], runs: Counter[str]) -> tuple[str, ...]:
    """Returns the keys of the parts of a name that mean it: 大谷 for 大谷翔平."""
    parts = (one for one in names if one != name and one in name and one in runs)
    return tuple(sorted(name_key(one) for one in parts if len(_longer(one, runs)) == 1))
