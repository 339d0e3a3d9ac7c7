"""Colours of pictures, for light and for dark surroundings.

The colours of topics can be told apart by people who see no red, no green or no blue, and each
stands out from the background by 3:1, as WCAG 2.2 asks of graphics (criterion 1.4.11); texts stand
out by 4.5:1 (criterion 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture.

    Attributes:
        background: Under everything.
        text: Of what is read first.
        muted: Of what is read second.
        grid: Of lines that guide the eye.
        accent: Of a single topic's line.
        warning: Of what a moderator should look at.
        empty: Of a day without a story.
        scale: Of days with stories, those with few first.
        topics: Of topics, that with most stories first.
    """

    background: str
    text: str
    muted: str
    grid: str
    accent: str
    warning: str
    empty: str
    scale: tuple[str, ...]
    topics: tuple[str, ...]


LIGHT = Theme(
    background="#ffffff",
    text="#1b1f24",
    muted="#57606a",
    grid="#d8dee4",
    accent="#003e91",
    warning="#b3261e",
    empty="#eef1f4",
    scale=("#a9c8ee", "#6d9fdd", "#3570c0", "#003e91"),
    topics=(
        *("#28a1bb", "#4b0000", "#af8d00", "#003e91"),
        *("#b54757", "#822200", "#5f66c4", "#06204a"),
    ),
)

DARK = Theme(
    background="#1b1d22",
    text="#eceef1",
    muted="#a9b1bb",
    grid="#3a3f47",
    accent="#8ab8ff",
    warning="#ff8f84",
    empty="#2a2d33",
    scale=("#2f4a73", "#4a72ad", "#76a3e0", "#bcd7ff"),
    topics=(
        *("#5f9cab", "#ebad7b", "#b28c20", "#abf3ff"),
        *("#b04c51", "#ffe77a", "#5965af", "#bab5ff"),
    ),
)

THEMES = {"light": LIGHT, "dark": DARK}
"""The themes by the names that people choose them by."""
