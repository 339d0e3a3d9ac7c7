"""Images in HTML, by the attributes of their tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.sources.feed.html_tokens import attributes, expand_entities

_WIDTH = re.compile(r"([0-9]{1,5})(?:px)?\s*;?\s*$")
_STYLED = re.compile(r"(?<![\w-])(width|height)\s*:\s*([0-9]{1,5})px", re.IGNORECASE)
# Where pages that load images lazily keep their URLs.
_LAZY_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_MAX_ALT = 4_000  # characters as written, far more than are shown
_MAX_EMOJI = 4  # an image that stands for an emoji has it as its text
_MAX_WRITTEN = len("&#x1F468;") * _MAX_EMOJI


@dataclass(frozen=True, slots=True)
class HtmlImage:
    """An image in HTML.

    Attributes:
        address: As written.
        width: In pixels; 0 when it does not say.
        height: In pixels; 0 when it does not say.
        alt: It in words, as written; empty when it does not say.
    """

    address: str
    width: int = 0
    height: int = 0
    alt: str = ""


def emoji_of(tag: str) -> str:
    """Returns the emoji that an image stands for; empty for any other image.

    Args:
        tag: As written.
    """
    if tag.isascii() and "&" not in tag:
        return ""
    text = attributes(tag).get("alt", "").strip()
    if len(text) > _MAX_WRITTEN:
        return ""
    text = expand_entities(text)
    return text if len(text) <= _MAX_EMOJI and not text.isascii() else ""


def image_of(tag: str) -> HtmlImage | None:
    """Returns an image by its tag as written; None for one without an address."""
    found = attributes(tag)
    address = found.get("src")
    if not address or address.startswith("data:"):
        address = _lazy_address(found)
    if not address:
        return None
    alt = expand_entities(found.get("alt", "")[:_MAX_ALT])
    return HtmlImage(expand_entities(address.strip()), *_size(found), alt)


def _lazy_address(attributes: Mapping[str, str]) -> str:
    """Returns the address of an image that pages load later; empty for none."""
    addresses = (
        *(attributes.get(name) for name in _LAZY_ATTRIBUTES),
        next(iter(attributes.get("srcset", "").split()), None),
    )
    return next((each for each in addresses if each and not each.startswith("data:")), "")


def _size(attributes: Mapping[str, str]) -> tuple[int, int]:
    """Returns width and height in pixels."""
    size = {"width": 0, "height": 0}
    if style := attributes.get("style"):
        for name, pixels in _STYLED.findall(style):
            size[name.lower()] = int(pixels)
    for name in size:
        if (written := attributes.get(name)) and (digits := _WIDTH.match(written.strip())):
            size[name] = int(digits[1])
    return size["width"], size["height"]
