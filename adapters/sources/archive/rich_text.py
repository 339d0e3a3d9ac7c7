"""Paragraphs and pictures of HTML in archives."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.sources.feed.html_blocks import extract_text
from adapters.sources.feed.html_text import clean_paragraphs, one_line
from adapters.sources.feed.images import best_image
from adapters.sources.feed.links import absolute_url, strip_tracking
from adapters.sources.feed.model import Markup, RawItem
from bot.model import Paragraph

_LONGEST_LINE = 2_000


def html_paragraphs(html: str) -> tuple[tuple[Paragraph, ...], Sequence[str]]:
    """Returns the paragraphs of HTML, as readers of a page see them, and its images."""
    found = extract_text(html)
    return clean_paragraphs(found), found.images


def plain_line(text: str) -> str:
    """Returns a title or a description as one clean line; it may be HTML, or plain."""
    return one_line(Markup(text), _LONGEST_LINE)


def first_image(images: Sequence[str], base: str) -> str | None:
    """Returns the URL of the first image that is neither an icon nor a tracking pixel."""
    found = best_image(RawItem(), images, base)
    return found.url if found else None


def web_url(address: str, base: str = "") -> str | None:
    """Returns an address as an http or https URL without tracking parameters; None for none."""
    return strip_tracking(absolute_url(address, base))
