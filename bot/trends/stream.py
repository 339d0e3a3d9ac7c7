"""Picture of what the news was about: a stream of topics, named at its right edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.trends.axes import TimeAxis
from bot.trends.counts import Series, Trend
from bot.trends.glyphs import drawable, fit, text_width
from bot.trends.label_layout import spread
from bot.trends.svg import MARGIN, SMALL_SIZE, TEXT_SIZE, Svg, smooth_path
from bot.trends.theme import Theme
from bot.trends.wording import TrendWords

MOST_TOPICS = 8
"""Topics of a stream; of more, nobody could tell the colours apart."""

_WIDTH, _HEIGHT = 400.0, 270.0
_TOP, _BOTTOM = 60.0, 238.0
_RIGHT = 232.0  # where the stream ends
_LABELS = 252.0  # where the names begin
_LINE = 21.0  # between two names
_FEW = 12  # stories of a span; where there are never more, the stream is narrower
_GAP = 6.0  # between a name and its number


@dataclass(frozen=True, slots=True)
class _TopicLayer:
    """A topic's part of the stream.

    Attributes:
        series: The topic.
        colour: Its colour.
        top: The heights of its upper edge.
        bottom: Those of its lower edge.
    """

    series: Series
    colour: str
    top: Sequence[float]
    bottom: Sequence[float]

    @property
    def end(self) -> float:
        """Its middle at the right edge."""
        return (self.top[-1] + self.bottom[-1]) / 2


def draw_stream(trend: Trend, words: TrendWords, theme: Theme) -> str:
    """Draws the stream as SVG; of more topics than `MOST_TOPICS`, the first ones."""
    caption = words.stream(trend)
    svg = Svg(_WIDTH, _HEIGHT, theme.background, caption.alt)
    svg.heading(drawable(caption.title), drawable(caption.subtitle), theme.text, theme.muted)
    axis = TimeAxis(trend.period, MARGIN, _RIGHT)
    for tick in axis.ticks(words.language, SMALL_SIZE):
        svg.add("line", x1=tick.at, x2=tick.at, y1=_TOP, y2=_BOTTOM, stroke=theme.grid)
        svg.text(
            tick.at, _BOTTOM + 16, tick.label, fill=theme.muted, size=SMALL_SIZE, anchor="middle"
        )
    layers = list(_layers(trend.series[:MOST_TOPICS], theme))
    for layer in layers:
        _draw_layer(svg, layer, axis.places, theme)
    _draw_labels(svg, layers, words, theme)
    return str(svg)


def _layers(series: Sequence[Series], theme: Theme) -> Iterator[_TopicLayer]:
    """Stacks topics around the middle, the largest ones inside, so that small ones bend less."""
    totals = [sum(column) for column in zip(*(one.counts for one in series), strict=True)]
    scale = (_BOTTOM - _TOP) / max([_FEW, *totals])
    middle = (_TOP + _BOTTOM) / 2
    edge = [middle - total * scale / 2 for total in totals]
    for one in _inside_out(series):
        below = [height + count * scale for height, count in zip(edge, one.counts, strict=True)]
        yield _TopicLayer(one, theme.topics[series.index(one)], edge, below)
        edge = below


def _inside_out(series: Sequence[Series]) -> list[Series]:
    return [*reversed(series[::2]), *series[1::2]]


def _draw_layer(svg: Svg, layer: _TopicLayer, places: Sequence[float], theme: Theme) -> None:
    upper = smooth_path(list(zip(places, layer.top, strict=True)))
    lower = smooth_path(list(zip(reversed(places), reversed(layer.bottom), strict=True)))
    # A line in the colour of the background parts neighbours for whoever sees no colours at all.
    svg.add(
        "path", d=f"M{upper}L{lower}Z", fill=layer.colour, stroke=theme.background, stroke_width=1.2
    )


def _draw_labels(svg: Svg, layers: Sequence[_TopicLayer], words: TrendWords, theme: Theme) -> None:
    wanted = [layer.end for layer in layers]
    heights = spread(wanted, _LINE, _TOP + _LINE / 2, _BOTTOM - _LINE / 2)
    for layer, height in zip(layers, heights, strict=True):
        _draw_leader(svg, layer, height)
        number = words.number(layer.series.total)
        room = _WIDTH - MARGIN - _LABELS - _GAP - text_width(number, SMALL_SIZE)
        name = fit(drawable(layer.series.name) or "…", TEXT_SIZE, room)
        svg.text(_LABELS, height + 4, name, fill=theme.text)
        svg.text(
            _WIDTH - MARGIN, height + 4, number, fill=theme.muted, size=SMALL_SIZE, anchor="end"
        )


def _draw_leader(svg: Svg, layer: _TopicLayer, height: float) -> None:
    """Leads from a topic's end to its name; of one that has ended, its last height."""
    curve = smooth_path([(_RIGHT + 2, layer.end), (_LABELS - 6, height)])
    svg.add("path", d=f"M{curve}", fill="none", stroke=layer.colour, stroke_width=2.5)
