"""Time expressions in Chinese, Japanese and Korean: runs of letters without spaces around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from bot.search.time_expressions.atom import Certainty
from bot.search.time_expressions.calendar import FIRST_YEAR, LAST_YEAR, Calendar, Period, one_day
from bot.search.time_expressions.orders import Order, Phrase

_DAYS: Mapping[int, str] = {
    0: "今日 今天 本日 きょう 今朝 今晩 今夜 今晚 오늘",
    -1: "昨日 昨天 きのう 昨夜 昨晩 昨晚 어제 어젯밤",
    -2: "一昨日 おととい 前天 그저께",
    1: "明日 明天 내일",
}
_SIDES: Mapping[tuple[str, int], str] = {
    ("week", -1): "先週 上周 上週 上星期 上個星期 上个星期 지난주 지난\u00a0주",
    ("week", 0): "今週 本周 本週 这周 這週 这星期 이번주",
    ("week", -2): "先々週 先先週 上上周 上上週 上上星期 지지난주",
    ("month", -2): "先々月 先先月 上上个月 上上個月 上上月 지지난달",
    ("month", -1): "先月 上个月 上個月 上月 지난달",
    ("month", 0): "今月 本月 这个月 這個月 이번달",
    ("year", -1): "昨年 去年 작년 지난해",
    ("year", -2): "一昨年 재작년",
    ("year", 0): "今年 本年 올해",
    ("year", 1): "来年 來年 明年 내년",
    ("weekend", -1): "先週末 上周末 上週末 지난주말",
    ("weekend", 0): "今週末 本周末 本週末 这周末 이번주말",
}
_UNITS: Mapping[str, str] = {"日": "day", "天": "day", "일": "day", "週": "week", "周": "week"} | {
    "주": "week",
    "月": "month",
    "개월": "month",
    "달": "month",
    "年": "year",
    "년": "year",
}
_NUMERALS: Mapping[str, int] = {
    **{sign: value for value, sign in enumerate("一二三四五六七八九十", 1)},
    "十一": 11,
    "十二": 12,
    "两": 2,
    "兩": 2,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
}
_SEASONS: Mapping[str, int] = {
    "春": 3,
    "夏": 6,
    "秋": 9,
    "冬": 12,
    "봄": 3,
    "여름": 6,
    "가을": 9,
    "겨울": 12,
}
_ORDERS: Mapping[Order, str] = {
    Order.NEWEST: "最新 最近 一番新しい いちばん新しい 最も新しい 新しい順"
    " 최신 최근 가장최근 제일최근 최신순",
    Order.OLDEST: "最古 最早 最旧 最舊 一番古い いちばん古い 最も古い 古い順"
    " 가장오래된 제일오래된 오래된순",
}
_WEEKDAYS = ("月一월", "火二화", "水三수", "木四목", "金五금", "土六토", "日天일")
"""The signs of Monday to Sunday in Japanese, Chinese and Korean."""

_WEEKS = {"上": -1, "先": -1, "지난": -1, "这": 0, "這": 0, "本": 0, "今": 0, "이번": 0}

_WORDS: dict[str, tuple[str, object]] = {
    **{word: ("day", days) for days, row in _DAYS.items() for word in row.split(" ")},
    **{word: ("side", side) for side, row in _SIDES.items() for word in row.split(" ")},
    **{word: ("order", order) for order, row in _ORDERS.items() for word in row.split(" ")},
}


def _any_of(words: Iterable[str]) -> str:
    """Returns a pattern for any of some words, the longest first; some may have a space in them."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.sub("(지난|이번|가장|제일)", r"\1 ?", re.escape(word)) for word in ordered)


_YEARS_BESIDE: Mapping[str, int] = {
    word: steps
    for (unit, steps), row in _SIDES.items()
    for word in row.split(" ")
    if unit == "year"
}
_TIME = re.compile(
    rf"(?:(?:(?P<year>\d{{4}})\s?[年년]度?|(?P<beside>{_any_of(_YEARS_BESIDE)}))(?:の|的|의)?\s?)?"
    rf"(?:(?P<month>\d{{1,2}}|{_any_of(_NUMERALS)})\s?[月월]"
    r"(?:(?:の|的)?\s?(?P<day>\d{1,2})\s?[日号號일])?"
    rf"|(?P<season>{_any_of(_SEASONS)})天?(?!季))"
    r"|(?P<alone>\d{4})\s?[年년](?!\s?\d)"
    rf"|(?P<count>\d{{1,3}}|{_any_of(_NUMERALS)})\s?(?:[个個ヶか])?(?P<unit>[日天일週周주月달年년]|개월)間?"
    r"\s?(?:前|전)"
    r"|(?<![毎每])(?:(?P<week>[今先]週|[上这這本](?=[周週星])|(?:지난|이번) ?주)(?:の|的|의)?\s?)?"
    r"(?P<weekday>[月火水木金土日]曜日?|(?:周|週|星期)[一二三四五六日](?![本])|星期天"
    r"|[월화수목금토일]요일)"
    rf"|(?P<word>{_any_of(_WORDS)})"
)
_TOPIC = re.compile(r"(?:についての?|に関する|の|的|에 ?(?:대한|관한)|의)\s*\Z")
_NEWS = re.compile(
    r"\s?(?:ニュース|記事|情報|話題|新闻|新聞|消息|报道|報導|뉴스|소식|기사)(?![^\W\d_a-z])"
)
_SINCE = re.compile(r"\s?(?:以来|以降|以後|以后|から|부터|이후|起)(?:の|的|의)?")
_BEFORE = re.compile(r"\s?(?:以前|より前|之前|이전)(?:の|的|의)?")
_UNTIL = re.compile(r"\s?(?:まで|为止|為止|까지)(?:の|的|의)?")
_PARTICLE = re.compile(r"[のに的의에]")


def find_in_runs(text: str, calendar: Calendar) -> Iterator[tuple[int, int, Phrase]]:
    """Finds the time expressions in a text: where each begins and ends, and what it means.

    The particles that join it to what follows belong to it.
    """
    if text.isascii():
        return
    for match in _TIME.finditer(text):
        found = _meaning(match, calendar)
        if found is None:
            continue
        end, phrase = match.end(), found
        if found.period is not None:
            end, phrase = _bounded(text, end, found, found.period)
        particle = _PARTICLE.match(text, end)
        end = particle.end() if particle else end
        news = _NEWS.match(text, end)
        topic = _TOPIC.search(text, 0, match.start()) if news else None
        yield topic.start() if topic else match.start(), news.end() if news else end, phrase


def _meaning(match: re.Match[str], calendar: Calendar) -> Phrase | None:
    if match["word"]:
        return _word(match["word"].replace(" ", ""), calendar)
    if match["weekday"]:
        return Phrase(0, _weekday(match["weekday"], match["week"], calendar), None, Certainty.BARE)
    if match["count"]:
        unit = _UNITS[match["unit"]]
        day = calendar.back(_number(match["count"]), unit)
        period = calendar.around(day, unit) if day else None
    elif match["alone"]:
        year = int(match["alone"])
        period = calendar.year(year) if FIRST_YEAR <= year <= LAST_YEAR else None
    else:
        period = _of_year(match, calendar)
    return Phrase(0, period, certainty=Certainty.NAMED) if period else None


def _weekday(name: str, week: str | None, calendar: Calendar) -> Period:
    """Returns the last such day, or that of last week or of this one."""
    sign = name[:1] if name[1:2] in {"曜", "요"} else name[-1:]
    weekday = next(at for at, signs in enumerate(_WEEKDAYS) if sign in signs)
    if week is None:
        return calendar.weekday(weekday, calendar.today + timedelta(days=1))
    steps = next(by for begin, by in _WEEKS.items() if week.startswith(begin))
    monday = calendar.today + timedelta(days=7 * steps - calendar.today.weekday())
    return one_day(monday + timedelta(days=weekday))


def _number(text: str) -> int:
    return _NUMERALS.get(text) or int(text)


def _of_year(match: re.Match[str], calendar: Calendar) -> Period | None:
    """Returns a date or a season; what is not written in digits is one beside its year alone."""
    year = int(match["year"] or 0)
    if match["beside"]:
        year = calendar.today.year + _YEARS_BESIDE[match["beside"].replace(" ", "")]
    if year and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if match["season"]:
        return calendar.months(year, _SEASONS[match["season"]], 3) if year else None
    if not (year or match["month"].isdecimal()):
        return None
    month, day = _number(match["month"]), int(match["day"] or 0)
    return calendar.date_of_year(month, day or None, year or None) if 1 <= month <= 12 else None  # noqa: PLR2004


def _word(word: str, calendar: Calendar) -> Phrase | None:
    kind, value = _WORDS[word]
    match kind, value:
        case "order", Order():
            return Phrase(0, order=value)
        case "day", int():
            day = calendar.back(-value, "day")
            period = one_day(day) if day else None
        case "side", (str() as unit, int() as steps):
            period = calendar.next_to(unit, steps)
        case _:
            raise AssertionError(f"no meaning is listed for {word}")
    return Phrase(0, period, certainty=Certainty.NAMED) if period else None


def _bounded(text: str, end: int, phrase: Phrase, period: Period) -> tuple[int, Phrase]:
    """Reads what follows a time: since, before, until."""
    bounds = (
        (_SINCE, Period(period.first, None)),
        (_BEFORE, Period(None, period.first)),
        (_UNTIL, Period(None, period.end)),
    )
    for pattern, bounded in bounds:
        match = pattern.match(text, end)
        if match:
            return match.end(), Phrase(0, bounded, certainty=phrase.certainty)
    return end, phrase
