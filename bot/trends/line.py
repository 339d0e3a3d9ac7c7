"""Picture of one topic: its stories over time, with the most of them marked."""

from __future__ import annotations

from bot.trends.axes import TimeAxis, count_ticks, scaled
from bot.trends.counts import Series
from bot.trends.glyphs import drawable, fit, text_width
from bot.trends.periods import TrendPeriod
from bot.trends.svg import MARGIN, SMALL_SIZE, TITLE_ROOM, Svg
from bot.trends.theme import Theme
from bot.trends.wording import TrendWords

_WIDTH, _HEIGHT = 400.0, 230.0
_TOP, _BOTTOM = 74.0, 198.0
_DOTS = 60  # spans of which each gets a dot


def draw_line(series: Series, period: TrendPeriod, words: TrendWords, theme: Theme) -> str:
    """Draws one topic's line as SVG."""
    caption = words.line(series, period)
    svg = Svg(_WIDTH, _HEIGHT, theme.background, caption.alt)
    title = fit(drawable(caption.title) or "…", TITLE_ROOM, _WIDTH - 2 * MARGIN)
    subtitle = fit(drawable(caption.subtitle), SMALL_SIZE, _WIDTH - 2 * MARGIN)
    svg.heading(title, subtitle, theme.text, theme.muted)
    marks = count_ticks(series.highest)
    left = MARGIN + max(text_width(words.number(mark), SMALL_SIZE) for mark in marks) + 14
    _draw_counts(svg, marks, left, words, theme)
    axis = TimeAxis(period, left, _WIDTH - MARGIN - 8)
    for tick in axis.ticks(words.language, SMALL_SIZE):
        svg.add("line", x1=tick.at, x2=tick.at, y1=_BOTTOM, y2=_BOTTOM + 4, stroke=theme.muted)
        svg.text(
            tick.at, _BOTTOM + 17, tick.label, fill=theme.muted, size=SMALL_SIZE, anchor="middle"
        )
    _draw_curve(svg, series, marks[-1], axis, theme)
    if series.total:
        _draw_peak(svg, series, marks[-1], axis, words, theme)
    return str(svg)


def _draw_counts(svg: Svg, marks: list[int], left: float, words: TrendWords, theme: Theme) -> None:
    heights = scaled(marks, marks[-1], _TOP, _BOTTOM)
    for mark, height in zip(marks, heights, strict=True):
        svg.add("line", x1=left - 8, x2=_WIDTH - MARGIN, y1=height, y2=height, stroke=theme.grid)
        number = words.number(mark)
        svg.text(left - 12, height + 4, number, fill=theme.muted, size=SMALL_SIZE, anchor="end")


def _draw_curve(svg: Svg, series: Series, most: int, axis: TimeAxis, theme: Theme) -> None:
    places = axis.places
    points = list(zip(places, scaled(series.counts, most, _TOP, _BOTTOM), strict=True))
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    under = f"M{places[0]:.1f} {_BOTTOM}L{line}L{places[-1]:.1f} {_BOTTOM}Z"
    svg.add("path", d=under, fill=theme.accent, fill_opacity=0.16)
    svg.add(
        *("path",),
        d=f"M{line}",
        fill="none",
        stroke=theme.accent,
        stroke_width=2,
        stroke_linejoin="round",
    )
    if len(points) <= _DOTS:
        for x, y in points:
            svg.add("circle", cx=x, cy=y, r=2, fill=theme.accent)


def _draw_peak(
    svg: Svg, series: Series, most: int, axis: TimeAxis, words: TrendWords, theme: Theme
) -> None:
    """Marks the span with most stories by their number and its last day."""
    x = axis.places[series.peak]
    (y,) = scaled([series.highest], most, _TOP, _BOTTOM)
    span = axis.period.spans[series.peak]
    label = drawable(f"{words.number(series.highest)} · {words.day(span.last, axis.period)}")
    half = text_width(label, SMALL_SIZE) / 2
    middle = min(max(x, axis.left + half), _WIDTH - MARGIN - half)
    svg.add("circle", cx=x, cy=y, r=4, fill=theme.accent, stroke=theme.background, stroke_width=2)
    svg.text(
        middle,
        y - 9,
        label,
        fill=theme.text,
        size=SMALL_SIZE,
        anchor="middle",
        stroke=theme.background,  # so that no line of the grid runs through it
        stroke_width=4,
        paint_order="stroke",
    )
