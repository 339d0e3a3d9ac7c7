"""Reads our own SVG: its texts with the boxes that they fill, and whether they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from bot.trends.glyphs import text_width

_SVG = "{http://www.w3.org/2000/svg}"
_ASCENT, _DESCENT = 0.75, 0.22  # of the font's size: what letters fill above and below the line
_SMALLEST = 11  # units, which are pixels on a small display
_SHIFT = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True)
class TextBox:
    """A text and the box that it fills."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    def touches(self, other: TextBox) -> bool:
        is_beside = self.right <= other.left or other.right <= self.left
        return not (is_beside or self.bottom <= other.top or other.bottom <= self.top)


def text_boxes(svg: str) -> list[TextBox]:
    return [_box(one) for one in ET.fromstring(svg).iter(f"{_SVG}text")]  # noqa: S314 - our own


def _box(one: ET.Element) -> TextBox:
    text, size = one.text or "", float(one.attrib["font-size"])
    width = text_width(text, size)
    left = float(one.attrib["x"]) - width * _SHIFT[one.attrib["text-anchor"]]
    line = float(one.attrib["y"])
    return TextBox(text, left, line - size * _ASCENT, left + width, line + size * _DESCENT, size)


def size_of(svg: str) -> tuple[float, float]:
    _x, _y, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())  # noqa: S314
    return width, height


def faults(svg: str) -> Sequence[str]:
    """Returns which texts touch, are too small to read, or do not fit into the picture."""
    boxes, (width, height) = text_boxes(svg), size_of(svg)
    touching = [f"{a.text!r} {b.text!r}" for a, b in combinations(boxes, 2) if a.touches(b)]
    outside = [
        f"{one.text!r} is cut"
        for one in boxes
        if one.left < 0 or one.top < 0 or one.right > width or one.bottom > height
    ]
    small = [f"{one.text!r} is small" for one in boxes if one.size < _SMALLEST]
    return [*touching, *outside, *small]
