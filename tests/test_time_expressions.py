"""What a question says of time: a table of what people type, and what holds for every text."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.time_expressions.calendar import Calendar, Grain, Period, intersect
from bot.search.time_expressions.lexicon import lexicon
from bot.search.time_expressions.orders import Order
from bot.search.time_expressions.reading import Reading, may_hold_time, read_times

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday
LEXICON = lexicon("en")


def read(
    text: str, now: datetime = NOW, zone: ZoneInfo = UTC_ZONE, known: frozenset[str] = frozenset()
) -> Reading:
    return read_times(text, Calendar(now, zone), LEXICON, known.__contains__)


def days(text: str, now: datetime = NOW, zone: ZoneInfo = UTC_ZONE) -> str:
    """The first and the last day of the period that a question names: `2023-10-01 2023-10-31`."""
    period = read(text, now, zone).period
    assert period is not None, text
    first = period.first.isoformat() if period.first else "…"
    last = (period.end - timedelta(days=1)).isoformat() if period.end else "…"
    return first if first == last else f"{first} {last}"


# A question, what is left of it, and the first and the last day.
PERIODS = """
# days
yesterday | | 2026-11-24
today | | 2026-11-25
news today | news | 2026-11-25
today's news | news | 2026-11-25
today in japan | in japan | 2026-11-25
earlier today | | 2026-11-25
yesterday's storm | storm | 2026-11-24
storm yesterday morning | storm | 2026-11-24
the day before yesterday | | 2026-11-23
tomorrow | | 2026-11-26
tonight | | 2026-11-25
this morning | | 2026-11-25
last night | | 2026-11-24 2026-11-25
oct 21 2023 | | 2023-10-21
Oct. 21st, 2023 | | 2023-10-21
october 21 | | 2026-10-21
21 October | | 2026-10-21
21st of october 2023 tokyo | tokyo | 2023-10-21
tokyo 21 oct '23 | tokyo | 2023-10-21
2023 oct 21 | | 2023-10-21
2023-10-21 | | 2023-10-21
2023/10/21 | | 2023-10-21
21/10 | | 2026-10-21
10/21 | | 2026-10-21
21/10/2023 | | 2023-10-21
10/21/2023 | | 2023-10-21
21.10.2023 | | 2023-10-21
what happened on october 21 | what happened | 2026-10-21
on the 21st | | 2026-11-21
on the 27th | | 2026-10-27
november 28 | | 2025-11-28
may 5 | | 2026-05-05
february 29 | | 2024-02-29
friday, october 20, 2023 | | 2023-10-20
# weekdays
on monday | | 2026-11-23
on wednesday | | 2026-11-25
storm on thursday | storm | 2026-11-19
last friday | | 2026-11-20
last wednesday | | 2026-11-18
this friday | | 2026-11-27
thursday last week | | 2026-11-19
thursday of last week | | 2026-11-19
last week thursday | | 2026-11-19
strike sunday before last | strike | 2026-11-15
twenty fourth of december 2025 | | 2025-12-24
the fourth of july | | 2026-07-04
november fifth storm | storm | 2026-11-05
storm on or after november 5 | storm | 2026-11-05 …
storm on or before november 5 | storm | … 2026-11-05
storm b4 november 5 | storm | … 2026-11-04
3rd quarter storm | storm | 2026-07-01 2026-09-30
im dritten quartal | | 2026-07-01 2026-09-30
im ersten halbjahr 2026 | | 2026-01-01 2026-06-30
zu silvester | | 2025-12-31
uber weihnachten | | 2025-12-24 2025-12-26
what happened this past weekend | what happened | 2026-11-21 2026-11-22
this past friday | | 2026-11-20
the week starting november 9 | | 2026-11-09 2026-11-15
since the 20th | | 2026-11-20 …
storm from the 16th to the 18th | storm | 2026-11-16 2026-11-18
two weeks ago today | | 2026-11-11
vaccine q3 | vaccine | 2026-07-01 2026-09-30
wildfires summer 25 | wildfires | 2025-06-01 2025-08-31
vom 16. bis zum 18. november | | 2026-11-16 2026-11-18
lastweek nurses | nurses | 2026-11-16 2026-11-22
storm since new year | storm | 2026-01-01 …
the first half of october | | 2026-10-01 2026-10-15
storm in the second half of october 2025 | storm | 2025-10-16 2025-10-31
between the 20th and the 23rd of october | | 2026-10-20 2026-10-23
yesterdays storm | storm | 2026-11-24
show me octobers storms | show me storms | 2026-10-01 2026-10-31
fridays strike | strike | 2026-11-20
wildfire a week ago sunday | wildfire | 2026-11-15
storm two weeks ago friday | storm | 2026-11-06
stories from the 15th | stories | 2026-11-15
floods in the nineties | floods | 1990-01-01 1999-12-31
storm xmas 2025 | storm | 2025-12-24 2025-12-26
storm christmas day 2025 | storm | 2025-12-25
next wednesday | | 2026-12-02
monday's headlines | headlines | 2026-11-23
friday night fire | fire | 2026-11-20
on sat | | 2026-11-21
between monday and wednesday | | 2026-11-23 2026-11-25
from friday to monday | | 2026-11-20 2026-11-23
on monday or tuesday | | 2026-11-23 2026-11-24
# weeks of a month or a year, and those before the last
in the first week of june | | 2026-06-01 2026-06-07
strikes in the second week of january 2024 | strikes | 2024-01-08 2024-01-14
the last week of june budget | budget | 2026-06-24 2026-06-30
last week of 2025 | | 2025-12-25 2025-12-31
3rd week of october last year | | 2025-10-15 2025-10-21
the week before last | | 2026-11-09 2026-11-15
budget weekend before last | budget | 2026-11-14 2026-11-15
the month before last | | 2026-09-01 2026-09-30
year before last | | 2024-01-01 2024-12-31
# a year that is told by today
november last year | | 2025-11-01 2025-11-30
last year october | | 2025-10-01 2025-10-31
fires in the summer of last year | fires | 2025-06-01 2025-08-31
q3 last year | | 2025-07-01 2025-09-30
21 october last year | | 2025-10-21
# halves, and winters of two years
budget h1 2024 | budget | 2024-01-01 2024-06-30
h2 of 2025 | | 2025-07-01 2025-12-31
floods winter 2023/24 | floods | 2023-12-01 2024-02-29
the winter of 2023-24 | | 2023-12-01 2024-02-29
# weeks
china last week | china | 2026-11-16 2026-11-22
last week china | china | 2026-11-16 2026-11-22
stories from last week about china | stories about china | 2026-11-16 2026-11-22
this week | | 2026-11-23 2026-11-29
next week's summit | summit | 2026-11-30 2026-12-06
the week of october 17 2023 | | 2023-10-16 2023-10-22
last weekend | | 2026-11-21 2026-11-22
over the weekend | | 2026-11-21 2026-11-22
this weekend | | 2026-11-28 2026-11-29
a week ago | | 2026-11-16 2026-11-22
two weeks ago | | 2026-11-09 2026-11-15
two weekends ago | | 2026-11-14 2026-11-15
vor 1 wochenende | | 2026-11-21 2026-11-22
earlier this week | | 2026-11-23 2026-11-29
# months
october 2023 | | 2023-10-01 2023-10-31
osaka expo in october 2023 | osaka expo | 2023-10-01 2023-10-31
in october 2023 osaka expo | osaka expo | 2023-10-01 2023-10-31
october 2023 osaka expo | osaka expo | 2023-10-01 2023-10-31
osaka expo, oct 2023 | osaka expo, | 2023-10-01 2023-10-31
2023 october | | 2023-10-01 2023-10-31
2023-10 | | 2023-10-01 2023-10-31
10/2023 | | 2023-10-01 2023-10-31
october of 2023 | | 2023-10-01 2023-10-31
storm in november | storm | 2026-11-01 2026-11-30
storm in december | storm | 2025-12-01 2025-12-31
storm oct | storm | 2026-10-01 2026-10-31
october storm | storm | 2026-10-01 2026-10-31
storm last month | storm | 2026-10-01 2026-10-31
this month | | 2026-11-01 2026-11-30
last october | | 2026-10-01 2026-10-31
last december | | 2025-12-01 2025-12-31
sept 2024 | | 2024-09-01 2024-09-30
a month ago | | 2026-10-01 2026-10-31
early october 2023 | | 2023-10-01 2023-10-10
mid-october 2023 | | 2023-10-11 2023-10-20
late october | | 2026-10-21 2026-10-31
end of last month | | 2026-10-21 2026-10-31
the beginning of october 2023 | | 2023-10-01 2023-10-10
october 3-10 2023 expo | expo | 2023-10-03 2023-10-10
3 to 10 october 2023 | | 2023-10-03 2023-10-10
# quarters, seasons, years, decades
Q3 2024 | | 2024-07-01 2024-09-30
2024 q3 earnings | earnings | 2024-07-01 2024-09-30
earnings in q3 | earnings | 2026-07-01 2026-09-30
third quarter of 2024 | | 2024-07-01 2024-09-30
last quarter | | 2026-07-01 2026-09-30
first half of 2023 | | 2023-01-01 2023-06-30
in the summer of 2025 | | 2025-06-01 2025-08-31
summer 2025 | | 2025-06-01 2025-08-31
fires in the summer | fires | 2026-06-01 2026-08-31
last winter | | 2025-12-01 2026-02-28
winter 2025 | | 2025-12-01 2026-02-28
in 2023 | | 2023-01-01 2023-12-31
news from 2023 | news | 2023-01-01 2023-12-31
ntt 2023 | ntt | 2023-01-01 2023-12-31
2023 ntt | ntt | 2023-01-01 2023-12-31
last year | | 2025-01-01 2025-12-31
china this year | china | 2026-01-01 2026-12-31
this year so far | | 2026-01-01 2026-12-31
early 2023 | | 2023-01-01 2023-04-30
late last year | | 2025-09-01 2025-12-31
the start of the year | | 2026-01-01 2026-04-30
two years ago | | 2024-01-01 2024-12-31
the 1990s | | 1990-01-01 1999-12-31
in the 90s | | 1990-01-01 1999-12-31
in 2023 and 2024 | | 2023-01-01 2024-12-31
# since, after
since november 20 | | 2026-11-20 …
since november 26 | | 2025-11-26 …
storm since monday | storm | 2026-11-23 …
since yesterday | | 2026-11-24 …
since october | | 2026-10-01 …
since 2023 ntt | ntt | 2023-01-01 …
since last week | | 2026-11-16 …
as of november 20 | | 2026-11-20 …
starting november 20 | | 2026-11-20 …
from november 20 onwards | | 2026-11-20 …
after october 21 | | 2026-10-22 …
after october 2023 | | 2023-11-01 …
# before, until
before november 15 | | … 2026-11-14
expo before october 2023 | expo | … 2023-09-30
before yesterday | | … 2026-11-23
prior to 2023 | | … 2022-12-31
until november 10 | | … 2026-11-10
until the end of october | | … 2026-10-31
up to october 2023 | | … 2023-10-31
# between, from … to
between october and november 2023 | | 2023-10-01 2023-11-30
expo between october 2023 and november 2023 | expo | 2023-10-01 2023-11-30
between november 1 and 15 | | 2026-11-01 2026-11-15
between 1 and 15 november | | 2026-11-01 2026-11-15
between december 2025 and february | | 2025-12-01 2026-02-28
between november 20 and today | | 2026-11-20 2026-11-25
from 2020 to 2022 china | china | 2020-01-01 2022-12-31
2020-2022 china | china | 2020-01-01 2022-12-31
from october 2023 to january | | 2023-10-01 2024-01-31
from december to february | | 2025-12-01 2026-02-28
october to december 2023 | | 2023-10-01 2023-12-31
oct-dec 2023 | | 2023-10-01 2023-12-31
october/november 2023 | | 2023-10-01 2023-11-30
between 10/1/2023 and 10/31/2023 | | 2023-10-01 2023-10-31
# up to now
last 3 days | | 2026-11-22 …
storm in the past two weeks | storm | 2026-11-11 …
past month | | 2026-10-25 …
in the last month | | 2026-10-25 …
this past week | | 2026-11-18 …
last 6 months | | 2026-05-25 …
over the last few days | | 2026-11-20 …
last couple of weeks | | 2026-11-11 …
last 24 hours | | 2026-11-24 …
past 48h | | 2026-11-23 …
since 3 days | | 2026-11-22 …
3 days ago | | 2026-11-22
a few days ago | | 2026-11-18 …
# typos
ocotber 2023 | | 2023-10-01 2023-10-31
osaka expo in octobre 2023 | osaka expo | 2023-10-01 2023-10-31
yesterdy storm | storm | 2026-11-24
storm on wensday | storm | 2026-11-25
lsat week | | 2026-11-16 2026-11-22
sicne novmber 20 | | 2026-11-20 …
betwen october and novemebr 2023 | | 2023-10-01 2023-11-30
febuary 2024 | | 2024-02-01 2024-02-29
# German
gestern | | 2026-11-24
Bahn letzte Woche | Bahn | 2026-11-16 2026-11-22
im Oktober 2023 | | 2023-10-01 2023-10-31
seit März | | 2026-03-01 …
vor 3 Tagen | | 2026-11-22
am 21. Oktober 2023 | | 2023-10-21
zwischen Oktober und Dezember 2023 | | 2023-10-01 2023-12-31
Anfang Oktober | | 2026-10-01 2026-10-10
letzten Freitag | | 2026-11-20
vor Oktober 2023 | | … 2023-09-30
diesen Monat | | 2026-11-01 2026-11-30
# Chinese, Japanese, Korean
2023年10月の大阪万博 | 大阪万博 | 2023-10-01 2023-10-31
２０２３年１０月 | | 2023-10-01 2023-10-31
昨日の地震 | 地震 | 2026-11-24
先週 | | 2026-11-16 2026-11-22
今年の選挙 | 選挙 | 2026-01-01 2026-12-31
10月21日 | | 2026-10-21
3日前の地震 | 地震 | 2026-11-22
11月20日以降の火葬場 | 火葬場 | 2026-11-20 …
10月以前 | | … 2026-09-30
去年的洪水 | 洪水 | 2025-01-01 2025-12-31
上周 | | 2026-11-16 2026-11-22
上个月 | | 2026-10-01 2026-10-31
昨天 地震 | 地震 | 2026-11-24
지난주 지진 | 지진 | 2026-11-16 2026-11-22
先々週の地震 | 地震 | 2026-11-09 2026-11-15
上上周 洪水 | 洪水 | 2026-11-09 2026-11-15
지지난주 화재 | 화재 | 2026-11-09 2026-11-15
去年夏天的洪水 | 洪水 | 2025-06-01 2025-08-31
2023年夏の猛暑 | 猛暑 | 2023-06-01 2023-08-31
작년 여름 홍수 | 홍수 | 2025-06-01 2025-08-31
去年十月 | | 2025-10-01 2025-10-31
三天前 | | 2026-11-22
두 달 전 | | 2026-09-01 2026-09-30
両国で一週間前 | 両国で | 2026-11-16 2026-11-22
昨夜の火事 | 火事 | 2026-11-24
지난 주 지진 | 지진 | 2026-11-16 2026-11-22
어제 | | 2026-11-24
2023년 10월 | | 2023-10-01 2023-10-31
10월 21일부터 | | 2026-10-21 …
"""
ROWS = [
    tuple(part.strip() for part in line.split("|"))
    for line in PERIODS.splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "rest", "expected"), ROWS)
def test_a_period_is_understood_wherever_it_stands(text: str, rest: str, expected: str) -> None:
    assert days(text) == expected
    assert read(text).rest() == rest
    assert may_hold_time(text, LEXICON)


@pytest.mark.parametrize(
    ("text", "order", "rest"),
    [
        ("newest china", Order.NEWEST, "china"),
        ("china newest", Order.NEWEST, "china"),
        ("china newest first", Order.NEWEST, "china"),
        ("latest on osaka expo", Order.NEWEST, "on osaka expo"),
        ("the latest news about trains", Order.NEWEST, "about trains"),
        ("most recent trains", Order.NEWEST, "trains"),
        ("what's new in china", Order.NEWEST, "in china"),
        ("recent train crash", Order.NEWEST, "train crash"),
        ("last story about trains", Order.NEWEST, "about trains"),
        ("trains sorted by date", Order.NEWEST, "trains"),
        ("lastest on trains", Order.NEWEST, "on trains"),
        ("neueste Meldungen Bahn", Order.NEWEST, "Bahn"),
        ("最新の地震", Order.NEWEST, "地震"),
        ("最近的地震", Order.NEWEST, "地震"),
        ("최근 지진", Order.NEWEST, "지진"),
        ("what has china done lately", Order.NEWEST, "what has china done"),
        ("trains recently", Order.NEWEST, "trains"),
        ("oldest china", Order.OLDEST, "china"),
        ("trains oldest first", Order.OLDEST, "trains"),
        ("the earliest article on trains", Order.OLDEST, "on trains"),
        ("first story about trains", Order.OLDEST, "about trains"),
        ("first expo", Order.OLDEST, "expo"),
    ],
)
def test_an_order_is_understood(text: str, order: Order, rest: str) -> None:
    found = read(text)
    assert (found.order, found.period, found.rest()) == (order, None, rest)


def test_a_period_and_an_order_go_together() -> None:
    found = read("newest china stories since october 2023")
    assert found.order is Order.NEWEST
    assert found.period == Period(date(2023, 10, 1), None)
    assert found.rest() == "china stories"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since november 1 before november 10", "2026-11-01 2026-11-09"),
        ("before november 10 china since november 1", "2026-11-01 2026-11-09"),
        ("this month since monday", "2026-11-23 2026-11-30"),
        ("last week in 2023", "2026-11-16 2026-11-22"),  # they share nothing: the first counts
    ],
)
def test_several_periods_are_taken_together(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "osaka expo",
        "crematorium fees",
        "windows 11",
        "covid-19 vaccine",
        "route 66",
        "50/50 chance",
        "version 3.10.12",
        "the fall of kabul",
        "raid at mar-a-lago",
        "ind vs aus",
        "sun and sea",
        "a walk in sun",
        "second hand cars",
        "half of the money",
        "weekly magazine",
        "days of thunder",
        "quarter pounder",
        "part time work",
        "new rules for bikes",
        "13/13",
        "1066 battle",
        "5000 jobs",
        "late show",
        "order of merit",
        "since you asked",
        "before the storm",
        "between friends",
        "from tokyo to osaka",
        "last man standing",
        '"last week"',
        '"october 2023" expo',
        "“昨日の地震”",
        "-yesterday expo",
        "topic:today expo",
        'topic:"last week" expo',
        "since:2023-10 expo",
        "地震",
        "大阪万博",
        "부산 지하철",
        "夏の甲子園",
        "三月のライオン",
        "二月堂",
        "五月天演唱会",
        "秋葉原の事件",
        "冬季オリンピック",
    ],
)
def test_a_question_without_a_time_is_unchanged(text: str) -> None:
    found = read(text)
    assert found == Reading(text)
    assert found.rest() == text


@pytest.mark.parametrize(
    "text", ["osaka expo", "what did the minister say", "krematorium", "rail OR road -bus", "don't"]
)
def test_what_cannot_be_a_time_is_told_by_its_words_alone(text: str) -> None:
    assert not may_hold_time(text, LEXICON)


@pytest.mark.parametrize("word", ["yesterdy", "ocotber", "novembr", "wensday"])
def test_a_word_that_stories_hold_is_no_typo(word: str) -> None:
    assert read(f"storm {word}").expressions
    assert read(f"storm {word}", known=frozenset({word})).expressions == ()


@pytest.mark.parametrize(
    "text",
    [
        "samsung phone",
        "marsh fire",
        "mouth cancer",
        "earlier storms",
        "weekly",
        "mondays",
        "sunny",
    ],
)
def test_ordinary_words_are_no_typos_of_times(text: str) -> None:
    assert read(text).expressions == ()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "2026-11-24"), ("Asia/Tokyo", "2026-11-25"), ("America/Los_Angeles", "2026-11-24")],
)
def test_yesterday_is_the_readers(zone: str, expected: str) -> None:
    late = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    assert days("yesterday", late, ZoneInfo(zone)) == expected


def test_the_bounds_of_a_period_are_instants_of_the_readers_zone() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    period = read("october 2023").period
    assert period is not None
    since, before = period.bounds(tokyo)
    assert since is not None
    assert before is not None
    assert since.instant == datetime(2023, 10, 1, tzinfo=tokyo)
    assert before.instant == datetime(2023, 11, 1, tzinfo=tokyo)
    assert (since.day, before.day) == (date(2023, 10, 1), date(2023, 11, 1))


def test_hours_and_parts_of_days_have_their_times() -> None:
    hours = read("last 5 hours").period
    assert hours == Period(date(2026, 11, 25), None, opens=time(7))
    morning = read("this morning").period
    assert morning is not None
    since, before = morning.bounds(UTC_ZONE)
    assert since is not None
    assert since.instant == datetime(2026, 11, 25, tzinfo=UTC)
    assert before is not None
    assert before.instant == NOW


def test_an_old_archive_is_read_by_its_own_time() -> None:
    calendar = Calendar(NOW, UTC_ZONE, newest=date(2023, 11, 29))
    for text, first in (
        ("since november 25", date(2023, 11, 25)),
        ("in december", date(2022, 12, 1)),
        ("on october 21", date(2023, 10, 21)),
    ):
        period = read_times(text, calendar, LEXICON, frozenset[str]().__contains__).period
        assert period is not None
        assert period.first == first


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "grève en octobre 2023", "2023-10-01 2023-10-31"),
        ("es", "huelga octubre 2023", "2023-10-01 2023-10-31"),
        ("ru", "октябрь 2023", "2023-10-01 2023-10-31"),
        ("pt_BR", "21 outubro 2023", "2023-10-21"),
        ("xx", "october 2023", "2023-10-01 2023-10-31"),
    ],
)
def test_the_bots_own_language_gives_its_names(language: str, text: str, expected: str) -> None:
    calendar = Calendar(NOW, UTC_ZONE)
    period = read_times(text, calendar, lexicon(language), frozenset[str]().__contains__).period
    assert period is not None
    assert period.end is not None
    first, _, last = expected.partition(" ")
    assert (str(period.first), str(period.end - timedelta(days=1))) == (first, last or first)


# What holds for every text

WORDS = """
last this next past week weeks month year yesterday today since before until between and from to in
on of the october oct november may march 2023 2024 21 1st 3 friday sun q3 latest newest oldest first
most recent story news ago a couple early late end day 2023-10-21 21/10 10/2023 1990s '23 - – / , .
" s ' weekend summer morning half china 昨日 の 2023年 10月 21日 以降 지난주 上周 gestern vor Tagen
seit Oktober ocotber yesterdy
""".split()
QUESTIONS = st.one_of(
    st.text(max_size=40),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=12).map("".join),
)
MOMENTS = st.integers(-600_000_000, 3_700_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Apia"]).map(ZoneInfo)


@settings(max_examples=EXAMPLES, deadline=None)
@given(QUESTIONS, MOMENTS, ZONES)
def test_no_text_raises_and_every_period_is_in_order(
    text: str, now: datetime, zone: ZoneInfo
) -> None:
    for one in read(text, now, zone).expressions:
        assert (one.period is None) is (one.order is not None)
        if one.period is None:
            continue
        since, before = one.period.bounds(zone)
        assert since or before
        if since and before:
            assert since.instant < before.instant
            assert since.day < before.day


@pytest.mark.parametrize("time", ["friday", "october 2023", "3 days ago", "last week"])
def test_only_the_first_of_very_many_times_are_read(time: str) -> None:
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    found = read(f"the {time} storm " * 40, moment)
    assert 1 < len(found.expressions) <= 8
    assert read(f"the {time} storm", moment).expressions[0].text == found.expressions[0].text


@settings(max_examples=EXAMPLES, deadline=None)
@given(QUESTIONS, MOMENTS)
def test_what_is_taken_out_can_be_put_back(text: str, now: datetime) -> None:
    found = read(text, now)
    kept, end = [], 0
    for one in found.expressions:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        kept.append(text[end : one.start])
        end = one.end
    kept.append(text[end:])
    taken = [*(one.text for one in found.expressions), ""]
    assert "".join(piece for pair in zip(kept, taken, strict=True) for piece in pair) == text
    if found.expressions:
        assert found.rest() == " ".join(" ".join(kept).split())
        assert found.rest([]) == text


@settings(max_examples=EXAMPLES, deadline=None)
@given(QUESTIONS, MOMENTS)
def test_what_was_understood_had_a_candidate(text: str, now: datetime) -> None:
    if read(text, now).expressions:
        assert may_hold_time(text, LEXICON)


@given(st.text(alphabet="bcdfghjklpqrtvwxz ", max_size=40))
def test_words_that_are_no_times_are_left_alone(text: str) -> None:
    assert read(text, known=frozenset(text.split())).rest() == text


PERIOD = st.builds(
    lambda first, length: Period(first, first + timedelta(days=length)),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(1, 1000),
)


@given(PERIOD, PERIOD)
def test_what_periods_share_is_within_both(one: Period, other: Period) -> None:
    shared = intersect(one, other)
    assert one.first
    assert one.end
    assert other.first
    assert other.end
    if shared is None:
        assert one.end <= other.first or other.end <= one.first
    else:
        assert shared.first == max(one.first, other.first)
        assert shared.end == min(one.end, other.end)


def test_the_grain_of_a_period_is_kept_for_its_name() -> None:
    grains = {
        "october 2023": Grain.MONTH,
        "in 2023": Grain.YEAR,
        "q3 2024": Grain.QUARTER,
        "yesterday": Grain.DAY,
    }
    for text, grain in grains.items():
        period = read(text).period
        assert period is not None
        assert period.grain is grain
