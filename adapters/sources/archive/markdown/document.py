"""Turns Markdown into paragraphs, as readers of the page see them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt

from adapters.sources.archive.markdown.footnotes import number_footnotes
from adapters.sources.archive.markdown.template_tags import strip_template_tags
from adapters.sources.archive.rich_text import html_paragraphs
from adapters.sources.feed.html_blocks import HtmlImage
from bot.model import Paragraph


def markdown_paragraphs(text: str) -> tuple[tuple[Paragraph, ...], Sequence[HtmlImage]]:
    """Returns the paragraphs of a post in Markdown, and its images."""
    markdown = number_footnotes(strip_template_tags(text))
    return html_paragraphs(_parser().render(markdown))


def template_paragraphs(html: str) -> tuple[tuple[Paragraph, ...], Sequence[HtmlImage]]:
    """Returns the paragraphs of a post in HTML, and its images."""
    return html_paragraphs(strip_template_tags(html))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
