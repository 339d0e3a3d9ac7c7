"""Pictures of trends: they can be read, whatever topics are called, and however many there are."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from random import Random
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_texts import faults, size_of, text_boxes

from bot.i18n import load
from bot.trends.axes import TimeAxis, count_ticks
from bot.trends.calendar import MOST_DAYS, draw_calendar
from bot.trends.counts import Series, Trend
from bot.trends.label_layout import spread
from bot.trends.line import draw_line
from bot.trends.periods import TrendPeriod, make_period
from bot.trends.stream import MOST_TOPICS, draw_stream
from bot.trends.svg import Svg, smooth_path
from bot.trends.theme import DARK, LIGHT, Theme
from bot.trends.wording import MAX_ALT, TrendWords

LAST = date(2026, 11, 27)
WORDS = TrendWords(load("en"))
NAMES = (
    "Osaka Expo",
    "大阪府知事選挙",
    "The Ministry of Land, Infrastructure, Transport and Tourism",
    "🚢 Ferries & Ports",
    "<b>&\"'",
    "서울",
    "Čapajev – Ελλάδα",
    "أخبار",
    "W" * 60,
    "NTT",
    "\N{RIGHT-TO-LEFT OVERRIDE}evil",
    "\x00\x1b[31m",
)
_counts = st.integers(0, 40) | st.integers(0, 10**6)
_themes = st.sampled_from([LIGHT, DARK])
_names = st.sampled_from(NAMES) | st.text(max_size=30)
_lasts = st.dates(date(1999, 1, 1), date(2040, 1, 1))


def period(days: int = 84, last: date = LAST, step: int | None = None) -> TrendPeriod:
    return make_period(last, days, ZoneInfo("UTC"), step=step)


def some(counts: list[int], name: str = "Osaka Expo") -> Series:
    return Series(name, tuple(counts))


@st.composite
def trends(draw: st.DrawFn) -> Trend:
    whole = period(draw(st.integers(1, 1500)), draw(_lasts))
    size = len(whole.spans)
    names = draw(st.lists(_names, min_size=1, max_size=MOST_TOPICS))
    rows = [draw(st.lists(_counts, min_size=size, max_size=size)) for _ in names]
    return Trend(whole, tuple(map(Series, names, map(tuple, rows))))


@settings(max_examples=60, deadline=None)
@given(trends(), _themes)
def test_no_two_texts_of_a_stream_touch(trend: Trend, theme: Theme) -> None:
    assert not faults(draw_stream(trend, WORDS, theme))


@settings(max_examples=60, deadline=None)
@given(trends(), _themes)
def test_no_two_texts_of_a_line_touch(trend: Trend, theme: Theme) -> None:
    assert not faults(draw_line(trend.series[0], trend.period, WORDS, theme))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, MOST_DAYS), _lasts, _names, st.randoms(use_true_random=False), _themes)
def test_no_two_texts_of_a_calendar_touch(
    days: int, last: date, name: str, random: Random, theme: Theme
) -> None:
    whole = period(days, last, step=1)
    counts = [random.choice([0, 0, 1, 5, 1_234_567]) for _ in whole.spans]
    assert not faults(draw_calendar(some(counts, name), whole, WORDS, theme))


def test_a_stream_names_each_topic_with_its_number() -> None:
    names = ["Osaka Expo", "大阪", "BYD", "🚢 Ferries & Ports", "A & B", "NTT"]
    rows = [[at + 2] * 12 for at in range(len(names))]
    trend = Trend(period(), tuple(some(row, name) for row, name in zip(rows, names, strict=True)))
    texts = [one.text for one in text_boxes(draw_stream(trend, WORDS, LIGHT))]
    for shown in ("Osaka Expo", "大阪", "BYD", "Ferries & Ports", "A & B", "NTT", "24", "84"):
        assert shown in texts
    assert "What the news was about" in texts
    assert "Stories a week, Sep 5 – Nov 27, 2026" in texts


def test_each_layer_of_a_stream_is_as_high_as_its_count() -> None:
    trend = Trend(period(14), (some([4] * 14, "A"), some([2] * 14, "B"), some([2] * 14, "C")))
    paths = re.findall(r'<path d="M([^"]*)Z" fill="(#\w+)"', draw_stream(trend, WORDS, LIGHT))
    heights = {colour: _height(path) for path, colour in paths}
    highest = heights[LIGHT.topics[0]]
    assert heights == {
        LIGHT.topics[0]: pytest.approx(highest),
        LIGHT.topics[1]: pytest.approx(highest / 2, abs=0.1),
        LIGHT.topics[2]: pytest.approx(highest / 2, abs=0.1),
    }


def _height(path: str) -> float:
    ys = [float(y) for _x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    return max(ys) - min(ys)


def test_a_topic_without_letters_that_can_be_drawn_leaves_no_box() -> None:
    trend = Trend(period(), (some([1] * 12, "أخبار"), some([2] * 12, "خبر")))
    svg = draw_stream(trend, WORDS, LIGHT)
    texts = [one.text for one in text_boxes(svg)]
    assert texts.count("…") == 2
    assert "أخبار" in svg  # for those who have it read to them


def test_a_line_marks_its_peak_and_the_months() -> None:
    counts = [0] * 26
    counts[13] = 1_234
    texts = [one.text for one in text_boxes(draw_line(some(counts), period(182), WORDS, LIGHT))]
    assert "1,234 · Sep 4" in texts
    assert {"Jul", "Aug", "Sep", "Oct", "Nov", "0", "500", "1,000", "1,500"} <= set(texts)


def test_a_calendar_outlines_the_longest_silence() -> None:
    whole = period(60, step=1)
    counts = [3] * 60
    counts[10:17], counts[30:32] = [0] * 7, [0] * 2
    svg = draw_calendar(some(counts, "The Wire"), whole, WORDS, LIGHT)
    assert svg.count(f'stroke="{LIGHT.warning}"') == 7
    texts = [one.text for one in text_boxes(svg)]
    assert "Longest silence: 7 days, Oct 9 – 15, 2026" in texts
    assert {"Mon", "Wed", "Fri", "Oct", "Nov", "153 stories"} <= set(texts)


def test_a_calendar_has_a_box_for_each_day_in_the_row_of_its_weekday() -> None:
    whole = period(14, step=1)
    svg = draw_calendar(some([1] * 14), whole, WORDS, DARK)
    boxes = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="12.6"', svg)
    assert len(boxes) == 14
    rows = sorted({float(y) for _x, y in boxes})
    assert len(rows) == 7
    assert float(boxes[-1][1]) == rows[LAST.weekday()]


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_well_formed_and_says_the_facts(name: str) -> None:
    series = some([0, 3, 1] * 4, name)
    week, day = period(), period(12, step=1)
    for svg in (
        draw_stream(Trend(week, (series,)), WORDS, LIGHT),
        draw_line(series, week, WORDS, DARK),
        draw_calendar(series, day, WORDS, LIGHT),
    ):
        root = ET.fromstring(svg)  # noqa: S314 - our own
        title = root.findtext("{http://www.w3.org/2000/svg}title") or ""
        assert "16 stories" in title
        assert len(title) <= MAX_ALT
        assert size_of(svg)[0] == 400


def test_the_words_of_many_long_names_fit() -> None:
    trend = Trend(period(), tuple(some([1] * 12, "W" * 200) for _ in range(8)))
    alt = WORDS.stream(trend).alt
    assert len(alt) <= MAX_ALT
    assert alt.endswith(".")


@given(
    st.lists(st.floats(0, 200), max_size=9).map(sorted),
    st.floats(1, 20),
)
def test_labels_are_spread_without_overlaps_and_none_moves_for_nothing(
    wanted: list[float], gap: float
) -> None:
    heights = spread(wanted, gap, 0.0, 200.0)
    assert len(heights) == len(wanted)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(heights))
    assert all(-1e-6 <= one <= 200 + 1e-6 for one in heights)
    if all(b - a >= gap for a, b in pairwise(wanted)):
        assert heights == pytest.approx(wanted)


@given(st.integers(0, 10**9))
def test_counts_are_marked_roundly(highest: int) -> None:
    marks = count_ticks(highest)
    assert marks[0] == 0
    assert marks[-1] >= max(1, highest)
    assert 2 <= len(marks) <= 5
    assert len({b - a for a, b in pairwise(marks)}) == 1


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (28, ["Nov 27", "Nov 20", "Nov 13", "Nov 6"]),
        (182, ["Jul", "Aug", "Sep", "Oct", "Nov"]),
        (4 * 366, ["2023", "2024", "2025", "2026"]),
    ],
)
def test_time_is_marked_by_weeks_months_or_years(days: int, expected: list[str]) -> None:
    ticks = TimeAxis(period(days), 0, 400).ticks("en", 11)
    assert [tick.label for tick in ticks] == expected


def test_the_first_month_of_a_year_is_named_by_the_year() -> None:
    ticks = TimeAxis(period(90, date(2027, 2, 20)), 0, 400).ticks("en", 11)
    assert [tick.label for tick in ticks] == ["Dec", "2027", "Feb"]


@given(st.lists(st.floats(0, 300), min_size=2, max_size=20))
def test_a_curve_stays_between_its_points(heights: list[float]) -> None:
    points = [(float(at * 10), y) for at, y in enumerate(heights)]
    numbers = [float(one) for one in re.findall(r"-?[\d.]+", smooth_path(points))]
    ys = numbers[1::2]
    # Control points as high as the two ends keep a Bézier curve between them.
    for at, (low, high) in enumerate(pairwise(heights)):
        first, second, end = ys[1 + 3 * at : 4 + 3 * at]
        assert [first, second, end] == pytest.approx([low, high, high], abs=0.01)


def test_what_xml_cannot_hold_is_left_out() -> None:
    svg = Svg(10, 10, "#fff", "a\x00b\ud800c")
    svg.text(1, 1, "<&\x08>", fill="#000")
    root = ET.fromstring(str(svg))  # noqa: S314 - our own
    assert [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")] == ["<&>"]
