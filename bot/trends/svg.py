"""SVG (https://www.w3.org/TR/SVG2/): elements and texts, as little of it as our pictures need."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from bot.trends.glyphs import FONT_FAMILY

# What may stand in an XML document at all (https://www.w3.org/TR/xml/#charsets).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 16.0, 12.0, 11.0
MARGIN = 14.0

Value = str | float


class Svg:
    """A picture that is being drawn: elements on a background, with an alternative text.

    Args:
        width: In units, of which a small display shows one with a pixel.
        height: The same.
        background: The colour under everything.
        alt: The text for those who do not see the picture.
    """

    def __init__(self, width: float, height: float, background: str, alt: str) -> None:
        self.width = width
        self.height = height
        self._parts = [f"<title>{_escaped(alt)}</title>"]
        self.add("rect", width=width, height=height, fill=background)

    def add(self, tag: str, **attributes: Value) -> None:
        """Adds an element; an underscore in an attribute's name is a hyphen in SVG."""
        self._parts.append(f"<{tag}{_attributes(attributes)}/>")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        fill: str,
        size: float = TEXT_SIZE,
        anchor: str = "start",
        **more: Value,
    ) -> None:
        """Adds a text on a base line.

        Args:
            x: Where it begins; for the anchor `middle` or `end`, its middle or end.
            y: The base line.
            text: The text.
            fill: Its colour.
            size: The size of the font.
            anchor: `start`, `middle` or `end`.
            more: Other attributes, as in `add`.
        """
        place: dict[str, Value] = {"x": x, "y": y, "text_anchor": anchor}
        given = {**place, "fill": fill, "font_size": size, **more}
        self._parts.append(f"<text{_attributes(given)}>{_escaped(text)}</text>")

    def heading(self, title: str, subtitle: str, text: str, muted: str) -> None:
        """Adds a title, and a smaller line under it, in two colours."""
        self.text(MARGIN, 26, title, fill=text, size=_TITLE_SIZE)
        self.text(MARGIN, 43, subtitle, fill=muted, size=SMALL_SIZE)

    def __str__(self) -> str:
        size = f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
        size += f' width="{_number(self.width)}" height="{_number(self.height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"'
        return f'{head} font-family="{FONT_FAMILY}">{"".join(self._parts)}</svg>'


TITLE_ROOM = _TITLE_SIZE
"""The size of a title's font."""


def _attributes(given: dict[str, Value]) -> str:
    return "".join(
        f" {name.replace('_', '-')}={quoteattr(_number(value))}" for name, value in given.items()
    )


def _number(value: Value) -> str:
    """Returns a number with two decimals at most, which is finer than a pixel."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def smooth_path(points: list[tuple[float, float]]) -> str:
    """Returns a curve through points from left to right, level at each of them.

    Between two points it stays between their heights, so curves that do not cross at the points
    cross nowhere, and no count looks higher than it was.
    """
    (x, y), *rest = points
    height = _number(y)
    path = [f"{_number(x)} {height}"]
    for nx, ny in rest:
        middle, next_height = _number((x + nx) / 2), _number(ny)
        path.append(f"C{middle} {height} {middle} {next_height} {_number(nx)} {next_height}")
        x, height = nx, next_height
    return "".join(path)
