"""Colours of pictures: they stand out, and can be told apart by those who see fewer of them.

The simulations of colour vision are those of Machado, Oliveira and Fernandes (2009), distances
those of Oklab (https://bottosson.github.io/posts/oklab/), contrast that of WCAG 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest

from bot.trends.stream import MOST_TOPICS
from bot.trends.theme import DARK, LIGHT, THEMES, Theme

Vector = tuple[float, float, float]
Matrix = Sequence[Vector]

VISIONS: dict[str, Matrix] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_OKABE_ITO = 0.076  # the least distance of two colours of that palette, by the same measure


def times(matrix: Matrix, vector: Vector) -> Vector:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def linear(colour: str) -> Vector:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def distance(one: str, other: str, vision: Matrix) -> float:
    return math.dist(_lab(one, vision), _lab(other, vision))


def _lab(colour: str, vision: Matrix) -> Vector:
    red, green, blue = (min(1.0, max(0.0, part)) for part in times(vision, linear(colour)))
    long, middle, short = (part ** (1 / 3) for part in times(_LMS, (red, green, blue)))
    return times(_LAB, (long, middle, short))


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@themes
@pytest.mark.parametrize("vision", VISIONS)
def test_topics_can_be_told_apart(theme: Theme, vision: str) -> None:
    least = min(distance(a, b, VISIONS[vision]) for a, b in combinations(theme.topics, 2))
    assert least > 1.5 * _OKABE_ITO


@themes
def test_what_is_drawn_stands_out(theme: Theme) -> None:
    for colour in (*theme.topics, theme.accent, theme.warning):
        assert contrast(colour, theme.background) >= 3


@themes
def test_texts_can_be_read(theme: Theme) -> None:
    assert contrast(theme.text, theme.background) >= 7
    assert contrast(theme.muted, theme.background) >= 4.5


@themes
def test_more_stories_stand_out_more(theme: Theme) -> None:
    steps = [contrast(colour, theme.background) for colour in (theme.empty, *theme.scale)]
    assert all(b > 1.15 * a for a, b in pairwise(steps))
    for vision in VISIONS.values():
        shades = [luminance_seen(colour, vision) for colour in theme.scale]
        assert shades == sorted(shades, reverse=theme is LIGHT)


def luminance_seen(colour: str, vision: Matrix) -> float:
    return _lab(colour, vision)[0]


def test_there_is_a_colour_for_each_topic_of_a_stream() -> None:

    assert {len(theme.topics) for theme in THEMES.values()} == {MOST_TOPICS}
