"""Stories of many dates, and questions with times in them.

The clock stands at noon on Monday, November 23, 2026.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from stories import story

from bot.model import Story


def dated(when: str, title: str, text: str = "Nothing else.") -> Story:
    """A story of a day or, with a time in it, of a moment (UTC)."""
    at = datetime.fromisoformat(when).replace(tzinfo=UTC)
    return story(title, text, published=at, date_only="T" not in when)


NEWS = (
    dated("2026-11-23T09:00", "Parliament opens"),
    dated("2026-11-22T20:00", "Storm warning issued", "Wind on the coast."),
    dated("2026-11-20", "Market closes early"),
    dated("2026-11-18", "China exports fall", "Less was shipped."),
    dated("2026-11-16T08:00", "Ferries delayed", "By fog."),
    dated("2026-10-20", "Storm hits coast", "Roofs were damaged."),
    dated("2026-10-05", "China builds reactors"),
    dated("2025-11-21", "Black Friday deals", "Shops are full."),
    dated("2025-07-10", "Fires in the south", "A hot season."),
    dated("2025-02-02", "The Sunday Times sold"),
    dated("2025-01-02", "Oldest woman dies at 117", "She lived in Japan."),
    dated("2024-09-01", "October Surprise: what campaigns fear"),
    dated("2023-12-30", "2023 in review", "A long year."),
    dated("2023-11-28", "Osaka Expo cost rises", "The pavilion costs more."),
    dated("2023-11-10", "Buses for the 2025 Osaka Expo", "Electric buses from China."),
    dated("2023-10-21", "NTT law to be revised", "The telecom company asked for it."),
    dated("2023-10-14", "Osaka Expo sells tickets", "Few were bought."),
    dated("2023-09-01", "Theresa May writes a book"),
    dated("2023-08-24", "China bans seafood"),
    dated("2023-06-04", "Women march in Warsaw"),
    dated("2022-05-05", "Museum reopens", "It may close again."),
)


IN_PERIODS: Sequence[tuple[str, Sequence[str]]] = [
    ("osaka expo in october 2023", ["Osaka Expo sells tickets"]),
    ("october 2023 osaka expo", ["Osaka Expo sells tickets"]),
    ("in oct 2023 what happened with the osaka expo?", ["Osaka Expo sells tickets"]),
    ("osaka expo before november 2023", ["Osaka Expo sells tickets"]),
    ("osaka expo since november 20, 2023", ["Osaka Expo cost rises"]),
    ("china last week", ["China exports fall"]),
    ("what happened in china last week", ["China exports fall"]),
    ("last month's china news", ["China builds reactors"]),
    ("china between august and november 2023", ["China bans seafood", "Buses for the"]),
    ("china 2023", ["China bans seafood", "Buses for the"]),
    ("china this year", ["China exports fall", "China builds reactors"]),
    ("storm last month", ["Storm hits coast"]),
    ("storms in october", ["Storm hits coast"]),
    ("october storm", ["Storm hits coast"]),
    ("storm yesterday", ["Storm warning issued"]),
    ("yesterday's storm", ["Storm warning issued"]),
    ("any storms on sunday?", ["Storm warning issued"]),
    ("storm since monday", []),
    ("ferries last monday", ["Ferries delayed"]),
    ("ferries a week ago", ["Ferries delayed"]),
    ("china 5 days ago", ["China exports fall"]),
    ("fires in the summer of 2025", ["Fires in the south"]),
    ("fires q3 2025", ["Fires in the south"]),
    ("ntt 2023", ["NTT law to be revised"]),
    ("ntt oct 21 2023", ["NTT law to be revised"]),
    ("ntt on 2023-10-21", ["NTT law to be revised"]),
    ("ntt law late october 2023", ["NTT law to be revised"]),
    ("china ocotber 2026", ["China builds reactors"]),
    ("yesterdy storm", ["Storm warning issued"]),
    ("reactors aus 2026", ["China builds reactors"]),
    ("china im Oktober 2026", ["China builds reactors"]),
    ("china letzte Woche", ["China exports fall"]),
    ("china 2026年10月", ["China builds reactors"]),
    ("reactors OR ferries last week", ["Ferries delayed"]),
    ("storm -roofs this year", ["Storm warning issued"]),
    ("tickets in the last quarter of 2023", ["Osaka Expo sells tickets"]),
    ("china more than two years ago", ["China bans seafood", "Buses for the"]),
    ("osaka 10.2023", ["Osaka Expo sells tickets"]),
    ("10/2023-11/2023 tickets", ["Osaka Expo sells tickets"]),
    ("osaka way back in october 2023", ["Osaka Expo sells tickets"]),
    ("storm since last christmas", ["Storm warning issued", "Storm hits coast"]),
    ("storm 11/22/2026", ["Storm warning issued"]),
    ("china 18/11/2026", ["China exports fall"]),
    ("storm am 20.10.", ["Storm hits coast"]),
    ("storm 日曜日", ["Storm warning issued"]),
    ("storm 周日", ["Storm warning issued"]),
    ("storm 일요일", ["Storm warning issued"]),
    ("china 先週の水曜日", ["China exports fall"]),
    ("china 上周三", ["China exports fall"]),
    ("china 지난주 수요일", ["China exports fall"]),
    ("chinaの先週のニュース", ["China exports fall"]),
]
"""Searches in a period, and the stories that are right; none where there are none then."""

PERIODS = [
    ("oct 21 2023", "NTT law to be revised", 1),
    ("october 2023", "NTT law to be revised", 2),
    ("stories of october 2023", "NTT law to be revised", 2),
    ("what happened on october 21", "NTT law to be revised", 1),  # of the last year that has
    ("between october and november 2023", "Osaka Expo cost rises", 4),
    ("news from 2023", "2023 in review", 8),
    ("2023", "2023 in review", 8),
    ("since november 20", "Parliament opens", 3),
    ("before november 15", "Storm hits coast", 16),
    ("before october 2023", "Theresa May writes a book", 4),
    ("yesterday", "Storm warning issued", 1),
    ("what happened yesterday?", "Storm warning issued", 1),
    ("anything new today?", "Parliament opens", 1),
    ("today's news", "Parliament opens", 1),
    ("show me the latest from last week", "Storm warning issued", 4),
    ("news since friday", "Parliament opens", 3),
    ("last 3 days", "Parliament opens", 3),
    ("headlines from this month please", "Parliament opens", 5),
    ("october", "Storm hits coast", 2),
    ("2022", "Museum reopens", 1),
    ("the last quarter of 2023", "2023 in review", 5),
    ("last month of 2023", "2023 in review", 1),
    ("second half of 2023", "2023 in review", 7),
    ("the last week of 2023", "2023 in review", 1),
    ("stories older than two years", "October Surprise: what campaigns fear", 10),
    ("over a year ago", "Black Friday deals", 14),
    ("less than a week old", "Parliament opens", 5),
    ("newer than 3 days", "Parliament opens", 3),
    ("back in 2023", "2023 in review", 8),
    ("the year 2023", "2023 in review", 8),
]
"""Periods alone, the first of their stories, and how many they have."""

IN_ORDER: Sequence[tuple[str, Sequence[str]]] = [
    ("newest china", ["China exports fall", "China builds reactors", "Buses", "China bans"]),
    ("china, newest first", ["China exports fall", "China builds reactors", "Buses"]),
    ("what's new in china", ["China exports fall", "China builds reactors", "Buses"]),
    ("latest on osaka expo", ["Osaka Expo cost rises", "Buses", "Osaka Expo sells"]),
    ("what is the latest on the osaka expo", ["Osaka Expo cost", "Buses", "Osaka Expo sells"]),
    ("most recent stories about the osaka expo", ["Osaka Expo cost", "Buses"]),
    ("oldest china", ["China bans seafood", "Buses", "China builds", "China exports"]),
    ("china oldest first", ["China bans seafood", "Buses", "China builds", "China exports"]),
    ("first story about the osaka expo", ["Osaka Expo sells", "Buses", "Osaka Expo cost"]),
    ("first osaka expo story", ["Osaka Expo sells", "Buses", "Osaka Expo cost"]),
    ("earliest china 2023", ["China bans seafood", "Buses"]),
    ("last china story", ["China exports fall", "China builds reactors", "Buses"]),
    ("chinaの最新ニュース", ["China exports fall", "China builds reactors", "Buses"]),
    ("china 最新消息", ["China exports fall", "China builds reactors", "Buses"]),
    ("china 최신 뉴스", ["China exports fall", "China builds reactors", "Buses"]),
    ("chinaについての一番古い記事", ["China bans seafood", "Buses", "China builds"]),
    ("china 가장 오래된 기사", ["China bans seafood", "Buses", "China builds"]),
    ("three latest on china", ["China exports fall", "China builds reactors", "Buses"]),
    ("latest 3 china stories", ["China exports fall", "China builds reactors", "Buses"]),
    ("what is your newest story", ["Parliament opens", "Storm warning issued"]),
    ("oldest stories", ["Museum reopens", "Women march", "China bans"]),
    ("oldest stories of 2023", ["Women march", "China bans", "Theresa May"]),
]
"""Questions for an order, and the beginnings of the titles in it."""

AS_WORDS = [
    ("october surprise", "October Surprise: what campaigns fear"),
    ("the october surprise of the campaigns", "October Surprise: what campaigns fear"),
    ("2023 in review", "2023 in review"),
    ("theresa may", "Theresa May writes a book"),
    ("may", "Theresa May writes a book"),
    ("women march", "Women march in Warsaw"),
    ("march in warsaw", "Women march in Warsaw"),
    ("sunday times", "The Sunday Times sold"),
    ("who sold the sunday times", "The Sunday Times sold"),
    ("black friday", "Black Friday deals"),
    ("black friday shops", "Black Friday deals"),
    ("osaka expo 2025", "Buses for the 2025 Osaka Expo"),
    ("2025 osaka expo buses", "Buses for the 2025 Osaka Expo"),
    ("oldest woman", "Oldest woman dies at 117"),
    ("museum may close", "Museum reopens"),
    ("woman oldest 117", "Oldest woman dies at 117"),
]
"""Questions whose times are words, since a story holds them so, and that story."""
