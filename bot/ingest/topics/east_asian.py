"""Names in Japanese texts, by the classes of their characters: katakana, ideographs, Latin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.text.name_keys import name_key
from bot.ingest.topics.model import NameKind, StoryName

_KANA = re.compile(r"[\u3041-\u30ff]")
_RUN = re.compile(
    r"[\u30a1-\u30fa\u30fc\u3005\u3007\u4e00-\u9fffA-Za-z0-9ａ-ｚＡ-Ｚ０-９]"
    r"[\u30a1-\u30fa\u30fc・\u3005\u3007\u4e00-\u9fffA-Za-z0-9ａ-ｚＡ-Ｚ０-９&＆-]*"
)
_PIECE = re.compile(
    r"[\u30a1-\u30fa\u30fc]{3,}(?:・[\u30a1-\u30fa\u30fc]{2,})*"
    r"|[\u3005\u3007\u4e00-\u9fff]{2,}|[A-ZＡ-Ｚ][A-Za-zＡ-Ｚａ-ｚ&＆-]+"
)
_COUNTED = re.compile(r"[0-9０-９一二三四五六七八九十百千万億兆]+[年月日時分円人件個台社名歳回割億兆万%]*")
_HONORIFICS = re.compile(
    r"(?:氏|首相|大統領|社長|会長|容疑者|被告|選手|監督|大臣|知事|市長|長官|議員|教授|さん|側|製|法|案|内|間|後|前|時|的|化|性)$"
)
_EVERYDAY = frozenset(
    """
    今回 今年 昨年 来年 同日 同社 政府 日本 発表 記者 会見 問題 必要 可能 場合 以上 以下 関係 開始 予定
    実施 対応 対象 影響 状況 結果 方針 計画 検討 全国 国内 海外 世界 午前 午後 現在 最大 最高 最新 最終
    最初 一部 一方 一般 自分 時間 期間 理由 内容 情報 調査 説明 利用 企業 会社 市場 東京 写真 動画 記事
    続報 速報 共同 時事 朝日 毎日 読売 産経 株式会社 新聞 通信 以来 以降 一時 多数 大手 増加 減少 拡大 強化
    専門家 関係者 担当者 参加 開催 決定 確認 導入 提供 販売 開発 運営 活動 事業 サービス システム ニュース
    メディア インターネット サイト ページ データ グループ センター プロジェクト イベント コメント インタビュー
    """.split()
)
_LONGEST = 12
_FEW = 2
_MOST = 6


def is_japanese(text: str) -> bool:
    """Tells if a text is Japanese: it has kana."""
    return _KANA.search(text) is not None


def japanese_names(texts: Sequence[str]) -> list[StoryName]:
    """Returns the names and words that a Japanese story is about.

    A run of katakana, ideographs and Latin letters is a name or several; what stands in several
    different runs is one by itself: マイナンバー in マイナンバーカード and マイナンバー制度.

    Args:
        texts: The headline, and the paragraphs.
    """
    runs = [_runs(text) for text in texts]
    flat = Counter(run for row in runs for run in row)
    title = set(runs[0]) if runs else set()
    found = _recurring(flat)
    rated = {
        name: _weight(name, flat, title) for name in found if not _is_within_another(name, found, flat)
    }
    best = sorted(rated.items(), key=lambda item: (-item[1], -len(item[0])))
    return [
        StoryName(name_key(name), name, NameKind.NAME, weight)
        for name, weight in best
        if weight > _FEW
    ][:_MOST]


def _runs(text: str) -> list[str]:
    return [bare for match in _RUN.finditer(text) if (bare := _strip(match[0]))]


def _strip(run: str) -> str:
    """Strips numbers, and titles behind the names of people."""
    bare = _COUNTED.sub(" ", run).strip(" ・-&＆")
    bare = max(bare.split(" "), key=len)
    return _HONORIFICS.sub("", bare) if len(bare) > _FEW else bare


def _recurring(flat: Counter[str]) -> set[str]:
    """Returns runs, and parts of one class of characters that stand in several of them."""
    parts: Counter[str] = Counter()
    for run in flat:
        parts.update({match[0] for match in _PIECE.finditer(run)})
    shared = {part for part, runs in parts.items() if runs > 1}
    whole = {run for run in flat if _PIECE.search(run)}
    return {name for name in shared | whole if _may_be_name(name)}


def _may_be_name(name: str) -> bool:
    return _FEW <= len(name) <= _LONGEST and name not in _EVERYDAY and not name.islower()


def _mentions(name: str, flat: Counter[str]) -> int:
    return sum(count for run, count in flat.items() if name in run)


def _is_within_another(name: str, found: set[str], flat: Counter[str]) -> bool:
    """Tells if a name stands nowhere but in a longer one."""
    mine = _mentions(name, flat)
    return any(name != other and name in other and _mentions(other, flat) == mine for other in found)


def _weight(name: str, flat: Counter[str], title: set[str]) -> int:
    in_title = any(name in run for run in title)
    return _mentions(name, flat) + (2 if in_title else 0)
