"""Picture of a source: a calendar of days, which shows when it was silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale

from bot.trends.axes import month_label
from bot.trends.counts import Series, longest_silence
from bot.trends.glyphs import drawable, fit, text_width
from bot.trends.periods import WEEK, TrendPeriod
from bot.trends.svg import MARGIN, SMALL_SIZE, TITLE_ROOM, Svg, Value
from bot.trends.theme import Theme
from bot.trends.wording import TrendWords

MOST_DAYS = 53 * WEEK
"""Days of a calendar; of more, a day would be too small to see."""

_WIDTH = 400.0
_TOP = 78.0
_SIDE = 34.0  # room for the names of days
_LARGEST = 15.0  # of a day's box, with the gap beside it
_NAMED = (0, 2, 4)  # rows whose days are named


@dataclass(frozen=True, slots=True)
class _Grid:
    """Places of days: a column for each week, a row for each day of it, from Monday on.

    Attributes:
        first: The first day.
        size: The distance of two boxes.
    """

    first: date
    size: float

    def place(self, day: date) -> tuple[float, float]:
        """Returns the upper left corner of a day's box."""
        monday = self.first - timedelta(days=self.first.weekday())
        column, row = divmod((day - monday).days, WEEK)
        return MARGIN + _SIDE + column * self.size, _TOP + row * self.size


def draw_calendar(series: Series, period: TrendPeriod, words: TrendWords, theme: Theme) -> str:
    """Draws the calendar as SVG; the period's spans are days."""
    caption = words.calendar(series, period)
    weeks = (len(period.spans) + period.first.weekday() + WEEK - 1) // WEEK
    grid = _Grid(period.first, min(_LARGEST, (_WIDTH - 2 * MARGIN - _SIDE) / weeks))
    height = _TOP + WEEK * grid.size + 34
    svg = Svg(_WIDTH, height, theme.background, caption.alt)
    title = fit(drawable(caption.title) or "…", TITLE_ROOM, _WIDTH - 2 * MARGIN)
    subtitle = fit(drawable(caption.subtitle), SMALL_SIZE, _WIDTH - 2 * MARGIN)
    svg.heading(title, subtitle, theme.text, theme.muted)
    _draw_names(svg, grid, period, words, theme)
    silent = _longest_silence(series, period)
    for span, count in zip(period.spans, series.counts, strict=True):
        colour = _colour(count, series.highest, theme)
        _draw_day(svg, grid, span.first, colour, theme.warning if span.first in silent else "")
    _draw_legend(svg, height - 14, series, words, theme)
    return str(svg)


def _longest_silence(series: Series, period: TrendPeriod) -> frozenset[date]:
    silence = longest_silence(series.counts)
    if silence is None:
        return frozenset()
    spans = period.spans[silence.first : silence.first + silence.length]
    return frozenset(span.first for span in spans)


def _colour(count: int, highest: int, theme: Theme) -> str:
    if count <= 0:
        return theme.empty
    steps = len(theme.scale)
    return theme.scale[min(steps - 1, count * steps // (highest + 1))]


def _draw_day(svg: Svg, grid: _Grid, day: date, colour: str, outline: str) -> None:
    x, y = grid.place(day)
    side = grid.size * 0.84
    rim: dict[str, Value] = (
        {"stroke": outline, "stroke_width": max(0.8, grid.size / 10)} if outline else {}
    )
    svg.add("rect", x=x, y=y, width=side, height=side, rx=grid.size / 7, fill=colour, **rim)


def _draw_names(
    svg: Svg, grid: _Grid, period: TrendPeriod, words: TrendWords, theme: Theme
) -> None:
    days = Locale.parse(words.language).days["format"]["abbreviated"]
    for row in _NAMED:
        y = _TOP + row * grid.size + grid.size / 2 + 3.5
        name = fit(drawable(days[row]), SMALL_SIZE, _SIDE - 4)
        svg.text(MARGIN, y, name, fill=theme.muted, size=SMALL_SIZE)
    free = MARGIN + _SIDE
    for span in period.spans:
        if span.first.day != 1:
            continue
        x, _y = grid.place(span.first)
        name = drawable(month_label(span.first, words.language))
        if free <= x <= _WIDTH - MARGIN - text_width(name, SMALL_SIZE):
            svg.text(x, _TOP - 7, name, fill=theme.muted, size=SMALL_SIZE)
            free = x + text_width(name, SMALL_SIZE) + 3


def _draw_legend(svg: Svg, y: float, series: Series, words: TrendWords, theme: Theme) -> None:
    """Shows what the colours mean: from no story to the most of a day."""
    x = MARGIN + _SIDE
    for label, colours in (("0", (theme.empty, *theme.scale)), (words.number(series.highest), ())):
        svg.text(x, y, label, fill=theme.muted, size=SMALL_SIZE)
        x += text_width(label, SMALL_SIZE) + 6
        for colour in colours:
            svg.add("rect", x=x, y=y - 9, width=10, height=10, rx=1.5, fill=colour)
            x += 13
        x += 4 if colours else 0
    total = words.stories(series.total)
    svg.text(_WIDTH - MARGIN, y, total, fill=theme.muted, size=SMALL_SIZE, anchor="end")
