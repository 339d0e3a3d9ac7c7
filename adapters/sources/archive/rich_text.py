"""Paragraphs and pictures of HTML in archives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adapters.sources.feed.html_blocks import extract_blocks
from adapters.sources.feed.html_images import HtmlImage
from adapters.sources.feed.html_text import clean_line, one_line
from adapters.sources.feed.images import best_image
from adapters.sources.feed.links import absolute_url, strip_tracking
from adapters.sources.feed.model import Markup, RawItem
from bot.model import Paragraph

_LONGEST_HEADING = 200
_LONGEST_LINE = 2_000


def html_paragraphs(html: str) -> tuple[tuple[Paragraph, ...], Sequence[HtmlImage]]:
    """Returns the paragraphs of HTML, as readers of a page see them, and its images."""
    blocks, images = extract_blocks(html)
    return tuple(_paragraphs(blocks)), images


def plain_line(text: str) -> str:
    """Returns a title or a description as one clean line; it may be HTML, or plain."""
    return one_line(Markup(text), _LONGEST_LINE)


def first_image(images: Sequence[HtmlImage], base: str) -> str | None:
    """Returns the URL of the first image that is neither an icon nor a tracking pixel."""
    return best_image(RawItem(), images, base)


def web_url(address: str, base: str = "") -> str | None:
    """Returns an address as an http or https URL without tracking parameters; None for none."""
    return strip_tracking(absolute_url(address, base))


def _paragraphs(blocks: Iterable[tuple[str, bool]]) -> Iterator[Paragraph]:
    for text, heading in blocks:
        line = clean_line(text)
        if line:
            yield Paragraph(line, heading=heading and len(line) <= _LONGEST_HEADING)
