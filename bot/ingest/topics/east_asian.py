"""Names in Japanese texts, by the classes of their characters: katakana, ideographs, Latin.

Without a dictionary: a run of such characters between hiragana and signs is a name, or several that
stand together. What stands in several different runs is one by itself: マイナンバー in
マイナンバーカード and in マイナンバー制度.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from bot.ingest.topics.model import NameKind, StoryName
from bot.ingest.topics.stated import HONORIFICS, in_brackets, people
from bot.text.name_keys import name_key

_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_IDEOGRAPH = re.compile("[\u3005\u3007\u4e00-\u9fff]")
_IDEOGRAPHS = "\u3005\u3007\u4e00-\u9fff"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_SIGNS = rf"{_KATAKANA}{_IDEOGRAPHS}A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
# A name in hiragana is known only where a sentence or a quote begins with it.
_RUN = re.compile(rf"(?:(?<![\w])[ぁ-ん]{{2,4}}(?=[{_KATAKANA}]{{2}}))?[{_SIGNS}][{_SIGNS}・&＆-]*")
_PIECE = re.compile(
    rf"[{_KATAKANA}]{{3,}}(?:・[{_KATAKANA}]{{2,}})*|[{_IDEOGRAPHS}]{{2,}}"
    r"|[A-ZＡ-Ｚ][A-Za-zＡ-Ｚａ-ｚ0-9&＆-]+"
)
_SUBJECT = re.compile(rf"([{_SIGNS}・]{{2,14}})、")  # of the headline: `日銀、…`
_NUMBERS = re.compile(
    r"[0-9０-９][0-9０-９,.]*(?:[万億兆]?[年月日時分秒円人件個台社名歳回割倍度号位棟便株ドル%％]*)"
    r"|(?<![一二三四五六七八九十百])[一二三四五六七八九十百]+(?:年|月|日|時|人|件|社|歳|回|倍)"
)
_HONORIFICS = re.compile(rf"(?:{HONORIFICS}|側|製|案|内|間|後|前|時|中)$")
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
    surnames = _surnames(whole, runs)
    candidates = {run for run in runs if _may_be_name(run)} | _shared(runs) | surnames.keys()
    names = {one: _mentions(one, runs) for one in candidates if not _is_done(one, whole)}
    for person, surname in surnames.items():
        names[person] = names.get(person, 0) + runs[surname]
        names.pop(surname, None)
    if (subject := _SUBJECT.match(whole)) and subject[1] in names:
        names[subject[1]] += 1
    kept = [one for one in names if names[one] >= _needed(one) and not _is_part(one, names, runs)]
    title = rows[0] if rows else []
    rated = {one: names[one] + _TITLE * any(one in run for run in title) for one in kept}
    best = sorted(kept, key=lambda one: (-rated[one], -len(one), one))[:_MOST]
    short = _stated(whole, best)
    short |= {(person, surname) for person, surname in surnames.items() if surname}
    return [
        StoryName(name_key(one), one, NameKind.NAME, rated[one], _short(one, names, runs, short))
        for one in best
    ]


def _surnames(whole: str, runs: Counter[str]) -> dict[str, str]:
    """Returns the people of a text, with the surnames that stand there alone; empty for none."""
    return {
        person: next((run for run in (person[:2], person[:3]) if runs[run]), "")
        for person in people(whole)
        if not runs[person] or len(person) > _PAIR
    }


def _stated(whole: str, names: Collection[str]) -> set[tuple[str, str]]:
    """Returns names with what the text says they are, too: `日銀` with `日本銀行`."""
    pairs = list(in_brackets(whole))
    return {
        pair for one, other in pairs for pair in ((one, other), (other, one)) if pair[0] in names
    }


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
        if _may_be_name(part)
        and sum(_stands_in(part, run) for run in runs) > 1
        # What only ends others is what they all are: 自動車, リーグ.
        and any(run.startswith(part) for run in runs)
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
    """Tells if a word is what somebody does: 検討する, 一本化."""
    if name.endswith("化") and len(name) <= _ADDITION:
        return True
    return any(f"{name}{does}" in text for does in _DOES)


def _longer(name: str, runs: Counter[str]) -> set[str]:
    return {run for run in runs if run != name and name in run}


def _is_part(name: str, names: Mapping[str, int], runs: Counter[str]) -> bool:
    """Tells if a name is a part of one other, or that one's addition to a name that is there."""
    longer = _longer(name, runs)
    if len(longer) == 1 and not _is_whole(name, runs):
        (only,) = longer
        if names.get(only, 0) >= _needed(only):
            return True
    if any(_always_in(name, one, names) for one in longer):
        return True
    shorter = (one for one in names if one != name and name.startswith(one))
    return any(len(_longer(one, runs)) > 1 and len(name) - len(one) <= _ADDITION for one in shorter)


def _always_in(name: str, longer: str, names: Mapping[str, int]) -> bool:
    """Tells if a name stands nowhere but in a longer one that recurs: マイナス in マイナス金利."""
    return names.get(longer, 0) >= max(names[name], _needed(longer))


def _is_whole(name: str, runs: Counter[str]) -> bool:
    """Tells if a name is no short one for the longer ones: NTT for NTT法."""
    return (
        runs[name] > 0
        and _IDEOGRAPH.search(name) is None
        and all(
            one.startswith(name) and _IDEOGRAPH.match(one, len(name)) for one in _longer(name, runs)
        )
    )


def _short(
    name: str, names: Collection[str], runs: Counter[str], stated: Collection[tuple[str, str]]
) -> tuple[str, ...]:
    """Returns the keys of the parts of a name that mean it: 大谷 for 大谷翔平."""
    parts = {
        one
        for one in names
        if one != name and one in name and one in runs and not _is_whole(one, runs)
        if len(_longer(one, runs)) == 1
    }
    parts |= {other for one, other in stated if one == name}
    return tuple(sorted(map(name_key, parts)))
