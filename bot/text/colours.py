"""Colours: each source's own, by which readers know it at a glance."""

from __future__ import annotations

import colorsys
import hashlib

_LIGHTNESS, _SATURATION = 0.5, 0.65  # seen well on dark and on light


def stable_colour(name: str) -> int:
    """Returns a colour that is always the same for a name, and seldom that of another."""
    hue = hashlib.blake2b(name.encode(), digest_size=2).digest()
    rgb = colorsys.hls_to_rgb(int.from_bytes(hue) / 65_536, _LIGHTNESS, _SATURATION)
    red, green, blue = (round(255 * part) for part in rgb)
    return red << 16 | green << 8 | blue
